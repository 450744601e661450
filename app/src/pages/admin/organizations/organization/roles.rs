//! `/admin/organizations/{id}/roles`

use leptos::prelude::*;

#[component]
pub fn OrganizationRolesPage() -> impl IntoView {}
