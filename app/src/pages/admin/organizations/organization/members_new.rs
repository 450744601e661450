//! `/admin/organizations/{id}/members/new`

use leptos::prelude::*;

#[component]
pub fn AddMembersPage() -> impl IntoView {}
