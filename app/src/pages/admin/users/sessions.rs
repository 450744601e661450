//! Where one person is signed in, and how to end it.

use guildhall::users::GetUser;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::user::{Heading, UserTabs};
use crate::components::read::{Read, id_of, read};
use crate::components::user_sessions::UserSessions;
use crate::rpc::users::get_user;

/// `/admin/users/{id}/sessions`
#[component]
pub fn UserSessionsPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("user").unwrap_or_default()));
    let user = read(
        move || id.get(),
        |id| async move {
            get_user(GetUser {
                user_id: id_of(&id, "user")?,
            })
            .await
        },
    );
    view! {
        <Read resource=user whole=true let:user>
            <Heading user=user.clone() page="Sessions" />
            <UserTabs id=user.user_id.to_string() name=user.label() />
        </Read>
        <UserSessions user_id=id />
    }
}
