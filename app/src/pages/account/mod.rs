//! My account: my record, addresses, password, sessions and organizations, each on a page of its own.

pub mod authenticator;
pub mod emails;
mod ending;
pub mod organizations;
pub mod password;
pub mod preferences;
pub mod profile;
pub mod registrations;
pub mod security;
pub mod sessions;
pub mod verify;

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::hooks::use_location;
use leptos_router::{SsrMode, path};

use super::frame::{Frame, use_me};
use super::parts::Page;
use crate::ui::prelude::*;

/// `/account` and everything below it.
#[component(transparent)]
pub fn AccountRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("account") view=Frame ssr=SsrMode::Async>
            <ParentRoute path=path!("") view=Page::Account ssr=SsrMode::Async>
                <Route path=path!("") view=Page::Profile ssr=SsrMode::Async />
                <Route path=path!("emails") view=Page::Emails ssr=SsrMode::Async />
                <Route path=path!("password") view=Page::Password ssr=SsrMode::Async />
                <Route path=path!("security") view=Page::Security ssr=SsrMode::Async />
                <Route path=path!("security/app") view=Page::AuthenticatorApp ssr=SsrMode::Async />
                <Route path=path!("sessions") view=Page::OwnSessions ssr=SsrMode::Async />
                <Route path=path!("organizations") view=Page::OwnOrganizations ssr=SsrMode::Async />
                <Route path=path!("preferences") view=Page::Preferences ssr=SsrMode::Async />
                <Route path=path!("registrations") view=Page::OwnRegistrations ssr=SsrMode::Async />
                <Route path=path!("registrations/new") view=Page::NewRegistration ssr=SsrMode::Async />
                <Route path=path!("verify/:token") view=Page::Verify ssr=SsrMode::Async />
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

/// The head and tabs around the pages; only the password's own page is open to whoever must change it first.
#[component]
pub fn AccountFrame() -> impl IntoView {
    let path = use_location().pathname;
    let forced = use_me().is_some_and(|me| me.must_change_password);
    let title = Signal::derive(move || {
        let here = path.get();
        let page = match here.trim_end_matches('/').rsplit('/').next() {
            Some("password") if forced => return "Choose a new password".to_owned(),
            Some("emails") => "E-mail and phone",
            Some("password") => "Password",
            Some("security") => "Security",
            Some("app") => "Authenticator app",
            Some("sessions") => "Sessions",
            Some("organizations") => "Organizations",
            Some("preferences") => "Preferences",
            Some("registrations") => "Requested organizations",
            _ if here.ends_with("/registrations/new") => "Create an organization",
            _ if here.contains("/verify/") => "Verify an address",
            _ => return "My account".to_owned(),
        };
        format!("My account · {page}")
    });
    view! {
        <PageHeader title />
        {(!forced)
            .then(|| {
                view! {
                    <Tabs label="My account">
                        <Tab href="/account" label="Profile" exact=true />
                        <Tab href="/account/emails" label="E-mail and phone" />
                        <Tab href="/account/password" label="Password" />
                        <Tab href="/account/security" label="Security" />
                        <Tab href="/account/sessions" label="Sessions" />
                        <Tab href="/account/organizations" label="Organizations" />
                        <Tab href="/account/preferences" label="Preferences" />
                    </Tabs>
                }
            })}
        <Outlet />
    }
}
