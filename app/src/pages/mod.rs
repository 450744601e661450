//! The pages, in folders named as their routes.

pub mod account;
pub mod admin;
pub mod auth;
pub mod errors;
pub mod frame;
mod frame_nav;
pub mod organization;
pub mod parts;
pub mod webhooks;

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{Outlet, ParentRoute, Route, Routes};
use leptos_router::{SsrMode, path};

use self::parts::Page;

/// Somebody new registers an organization.
#[component(transparent)]
fn RegisterRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("register") view=Outlet ssr=SsrMode::Async>
            <Route path=path!("") view=Page::Register ssr=SsrMode::Async />
            <Route path=path!("sent") view=Page::RegisterSent ssr=SsrMode::Async />
            <Route path=path!(":token") view=Page::FinishRegistration ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

/// Every page there is. Rendered whole on the server: what streams out of order needs scripts.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=frame::NotFound>
            <Route path=path!("") view=frame::Start ssr=SsrMode::Async />
            <Route path=path!("signin") view=Page::SignIn ssr=SsrMode::Async />
            <Route path=path!("signin/factor") view=Page::SignInFactor ssr=SsrMode::Async />
            <Route path=path!("signin/organization") view=Page::SignInOrganization ssr=SsrMode::Async />
            <Route path=path!("signin/closed") view=Page::SignInClosed ssr=SsrMode::Async />
            <Route path=path!("signin/problem") view=Page::SignInProblem ssr=SsrMode::Async />
            <Route path=path!("signin/leave") view=Page::Leave ssr=SsrMode::Async />
            <Route path=path!("signin/left") view=Page::Left ssr=SsrMode::Async />
            <Route path=path!("invite/:token") view=Page::Invite ssr=SsrMode::Async />
            <Route path=path!("setup/:token") view=Page::SetUp ssr=SsrMode::Async />
            <Route path=path!("forgot") view=Page::Forgot ssr=SsrMode::Async />
            <Route path=path!("forgot/sent") view=Page::ForgotSent ssr=SsrMode::Async />
            <Route path=path!("reset/:token") view=Page::Reset ssr=SsrMode::Async />
            <RegisterRoutes />
            <account::AccountRoutes />
            <organization::PortalRoutes />
            <admin::AdminRoutes />
        </Routes>
    }
}
