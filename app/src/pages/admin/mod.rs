//! The tenant admin's portal.

pub mod applications;
pub mod audit;
pub mod home;
pub mod mail;
pub mod organizations;
pub mod settings;
pub mod users;

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::{SsrMode, path};

use super::frame::AdminFrame;

/// `/admin` and everything below it.
#[component(transparent)]
pub fn AdminRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("admin") view=AdminFrame ssr=SsrMode::Async>
            <Route path=path!("") view=home::HomePage ssr=SsrMode::Async />
            <organizations::OrganizationRoutes />
            <ApplicationRoutes />
            <Route path=path!("users") view=users::UsersPage ssr=SsrMode::Async />
            <Route path=path!("users/new") view=users::new::NewUserPage ssr=SsrMode::Async />
            <Route path=path!("users/:user") view=users::user::UserPage ssr=SsrMode::Async />
            <Route path=path!("users/:user/sessions") view=users::sessions::UserSessionsPage ssr=SsrMode::Async />
            <Route path=path!("audit") view=audit::AuditPage ssr=SsrMode::Async />
            <Route path=path!("audit/:record") view=audit::record::AuditRecordPage ssr=SsrMode::Async />
            <Route path=path!("mail") view=mail::MailPage ssr=SsrMode::Async />
            <Route path=path!("settings") view=settings::SettingsPage ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn ApplicationRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    use applications as pages;
    view! {
        <ParentRoute path=path!("applications") view=Outlet ssr=SsrMode::Async>
            <Route path=path!("") view=pages::ApplicationsPage ssr=SsrMode::Async />
            <Route path=path!("new") view=pages::new::NewApplicationPage ssr=SsrMode::Async />
            <ParentRoute path=path!(":app") view=pages::frame::ApplicationFrame ssr=SsrMode::Async>
                <Route path=path!("") view=pages::overview::OverviewPage ssr=SsrMode::Async />
                <Route path=path!("clients") view=pages::clients::ClientsPage ssr=SsrMode::Async />
                <Route path=path!("roles") view=pages::roles::RolesPage ssr=SsrMode::Async />
                <Route path=path!("role-groups") view=pages::role_groups::RoleGroupsPage ssr=SsrMode::Async />
                <Route
                    path=path!("organizations")
                    view=pages::organizations::ApplicationOrganizationsPage
                    ssr=SsrMode::Async
                />
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
