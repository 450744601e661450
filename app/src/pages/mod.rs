//! The pages, in folders named as their routes.

pub mod account;
pub mod admin;
pub mod auth;
pub mod errors;
pub mod frame;
pub mod organization;

use leptos::prelude::*;
use leptos_router::components::{Route, Routes};
use leptos_router::{SsrMode, path};

/// Every page there is. Rendered whole on the server: what streams out of order needs scripts.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=frame::NotFound>
            <Route path=path!("") view=frame::Start ssr=SsrMode::Async />
            <Route path=path!("signin") view=auth::signin::SignInPage ssr=SsrMode::Async />
            <Route path=path!("invite/:token") view=auth::invite::InvitePage ssr=SsrMode::Async />
            <Route path=path!("setup/:token") view=auth::setup::SetUpPage ssr=SsrMode::Async />
            <Route path=path!("forgot") view=auth::forgot::ForgotPage ssr=SsrMode::Async />
            <Route path=path!("forgot/sent") view=auth::forgot::SentPage ssr=SsrMode::Async />
            <Route path=path!("reset/:token") view=auth::forgot::ResetPage ssr=SsrMode::Async />
            <account::AccountRoutes />
            <organization::PortalRoutes />
            <admin::AdminRoutes />
        </Routes>
    }
}
