//! `/admin/organizations/{id}/apps/{app_id}`

use leptos::prelude::*;

#[component]
pub fn OrganizationAppPage() -> impl IntoView {}
