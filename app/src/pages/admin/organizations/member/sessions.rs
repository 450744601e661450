//! Where a member is signed in: the tenant's administrators see and end it.

use leptos::prelude::*;

use super::use_member_ids;
use crate::components::user_sessions::UserSessions;

/// `/admin/organizations/{organization_id}/members/{user_id}/sessions`
#[component]
pub fn MemberSessionsPage() -> impl IntoView {
    let ids = use_member_ids();
    let user_id = Signal::derive(move || ids.get().1);
    view! { <UserSessions user_id /> }
}
