//! `/admin/organizations/{id}/settings`

use leptos::prelude::*;

#[component]
pub fn OrganizationSettingsPage() -> impl IntoView {}
