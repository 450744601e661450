//! `/admin/organizations/{id}/members/{user_id}/access`

use leptos::prelude::*;

#[component]
pub fn MemberAccessPage() -> impl IntoView {}
