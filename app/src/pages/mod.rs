//! The pages, in folders named as their routes.

pub mod account;
pub mod admin;
pub mod auth;
pub mod errors;
pub mod frame;

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Redirect, Route, Routes};
use leptos_router::{SsrMode, path};

/// Every page there is. Rendered whole on the server: what streams out of order needs scripts.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=errors::NotFound>
            <Route path=path!("") view=|| view! { <Redirect path="/admin" /> } ssr=SsrMode::Async />
            <Route path=path!("signin") view=auth::signin::SignInPage ssr=SsrMode::Async />
            <Route path=path!("invite/:token") view=auth::invite::InvitePage ssr=SsrMode::Async />
            <Route path=path!("setup/:token") view=auth::setup::SetUpPage ssr=SsrMode::Async />
            <ParentRoute path=path!("account") view=frame::Frame ssr=SsrMode::Async>
                <Route path=path!("") view=account::AccountPage ssr=SsrMode::Async />
                <Route path=path!("password") view=account::password::PasswordPage ssr=SsrMode::Async />
            </ParentRoute>
            <admin::AdminRoutes />
        </Routes>
    }
}
