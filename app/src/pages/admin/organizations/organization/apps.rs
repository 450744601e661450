//! `/admin/organizations/{id}/apps`

use leptos::prelude::*;

#[component]
pub fn OrganizationAppsPage() -> impl IntoView {}
