//! The tenant admin's portal.

pub mod applications;
pub mod audit;
pub mod home;
pub mod mail;
pub mod mail_templates;
pub mod organizations;
pub mod settings;
pub mod users;

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::{SsrMode, path};

use super::frame::AdminFrame;
use super::parts::Page;
use super::webhooks::WebhookRoutes;

/// `/admin` and everything below it.
#[component(transparent)]
pub fn AdminRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("admin") view=AdminFrame ssr=SsrMode::Async>
            <Route path=path!("") view=Page::Home ssr=SsrMode::Async />
            <organizations::OrganizationRoutes />
            <ApplicationRoutes />
            <Route path=path!("users") view=Page::Users ssr=SsrMode::Async />
            <Route path=path!("users/new") view=Page::NewUser ssr=SsrMode::Async />
            <Route path=path!("users/:user") view=Page::User ssr=SsrMode::Async />
            <Route path=path!("users/:user/sessions") view=Page::UserSessions ssr=SsrMode::Async />
            <Route path=path!("audit") view=Page::Audit ssr=SsrMode::Async />
            <Route path=path!("audit/:record") view=Page::AuditRecord ssr=SsrMode::Async />
            <WebhookRoutes />
            <Route path=path!("mail") view=Page::Mail ssr=SsrMode::Async />
            <Route path=path!("settings") view=Page::Settings ssr=SsrMode::Async />
            <MailTemplateRoutes />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn MailTemplateRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("settings/mail-templates") view=Outlet ssr=SsrMode::Async>
            <Route path=path!("") view=Page::MailTemplates ssr=SsrMode::Async />
            <Route path=path!(":kind/:language") view=Page::MailTemplate ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn ApplicationRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("applications") view=Outlet ssr=SsrMode::Async>
            <Route path=path!("") view=Page::Applications ssr=SsrMode::Async />
            <Route path=path!("new") view=Page::NewApplication ssr=SsrMode::Async />
            <ParentRoute path=path!(":app") view=Page::Application ssr=SsrMode::Async>
                <Route path=path!("") view=Page::ApplicationOverview ssr=SsrMode::Async />
                <Route path=path!("clients") view=Page::Clients ssr=SsrMode::Async />
                <Route path=path!("clients/:client") view=Page::Client ssr=SsrMode::Async />
                <Route path=path!("roles") view=Page::Roles ssr=SsrMode::Async />
                <Route path=path!("role-groups") view=Page::RoleGroups ssr=SsrMode::Async />
                <Route
                    path=path!("organizations")
                    view=Page::ApplicationOrganizations
                    ssr=SsrMode::Async
                />
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
