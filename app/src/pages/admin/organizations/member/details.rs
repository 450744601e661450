//! `/admin/organizations/{id}/members/{user_id}/`

use leptos::prelude::*;

#[component]
pub fn MemberDetailsPage() -> impl IntoView {}
