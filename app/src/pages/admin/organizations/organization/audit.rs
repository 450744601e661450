//! `/admin/organizations/{id}/audit`

use leptos::prelude::*;

#[component]
pub fn OrganizationAuditPage() -> impl IntoView {}
