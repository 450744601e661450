//! The pages, in folders named as their routes.

pub mod account;
pub mod admin;
pub mod auth;
pub mod errors;
pub mod frame;

use leptos::prelude::*;
use leptos_router::components::{Redirect, Route, Routes};
use leptos_router::{SsrMode, path};

/// Every page there is. Rendered whole on the server: what streams out of order needs scripts.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=errors::NotFound>
            <Route path=path!("") view=|| view! { <Redirect path="/admin" /> } ssr=SsrMode::Async />
            <Route path=path!("signin") view=auth::signin::SignInPage ssr=SsrMode::Async />
            <Route
                path=path!("signin/organization")
                view=auth::organization::OrganizationPage
                ssr=SsrMode::Async
            />
            <Route path=path!("signin/closed") view=auth::organization::ClosedPage ssr=SsrMode::Async />
            <Route path=path!("signin/problem") view=auth::problem::ProblemPage ssr=SsrMode::Async />
            <Route path=path!("signin/leave") view=auth::leave::LeavePage ssr=SsrMode::Async />
            <Route path=path!("signin/left") view=auth::leave::LeftPage ssr=SsrMode::Async />
            <Route path=path!("invite/:token") view=auth::invite::InvitePage ssr=SsrMode::Async />
            <Route path=path!("setup/:token") view=auth::setup::SetUpPage ssr=SsrMode::Async />
            <Route path=path!("forgot") view=auth::forgot::ForgotPage ssr=SsrMode::Async />
            <Route path=path!("forgot/sent") view=auth::forgot::SentPage ssr=SsrMode::Async />
            <Route path=path!("reset/:token") view=auth::forgot::ResetPage ssr=SsrMode::Async />
            <account::AccountRoutes />
            <admin::AdminRoutes />
        </Routes>
    }
}
