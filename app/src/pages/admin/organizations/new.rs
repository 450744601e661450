//! `/admin/organizations/new`

use leptos::prelude::*;

#[component]
pub fn NewOrganizationPage() -> impl IntoView {}
