//! `/admin/organizations/{id}/members`

use leptos::prelude::*;

#[component]
pub fn MembersPage() -> impl IntoView {}
