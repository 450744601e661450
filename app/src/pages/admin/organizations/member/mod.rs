//! One member of an organization: the head and tabs around their pages.

use leptos::prelude::*;
use leptos_router::components::Outlet;

pub mod access;
pub mod activity;
pub mod details;

#[component]
pub fn MemberLayout() -> impl IntoView {
    view! { <Outlet /> }
}
