//! `/admin/organizations/{id}/members/{user_id}/activity`

use leptos::prelude::*;

#[component]
pub fn MemberActivityPage() -> impl IntoView {}
