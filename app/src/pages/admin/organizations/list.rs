//! `/admin/organizations`

use leptos::prelude::*;

#[component]
pub fn OrganizationsPage() -> impl IntoView {}
