//! The tenant admin's portal.

pub mod applications;
pub mod audit;
pub mod home;
pub mod organizations;
pub mod settings;
pub mod users;

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route};
use leptos_router::{MatchNestedRoutes, SsrMode, path};

/// Everything below `/admin`.
#[component(transparent)]
pub fn AdminRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("") view=home::HomePage ssr=SsrMode::Async />
        <organizations::OrganizationRoutes />
        <ApplicationRoutes />
        <Route path=path!("users") view=users::UsersPage ssr=SsrMode::Async />
        <Route path=path!("users/new") view=users::new::NewUserPage ssr=SsrMode::Async />
        <Route path=path!("users/:user") view=users::user::UserPage ssr=SsrMode::Async />
        <Route path=path!("audit") view=audit::AuditPage ssr=SsrMode::Async />
        <Route path=path!("audit/:record") view=audit::record::AuditRecordPage ssr=SsrMode::Async />
        <Route path=path!("settings") view=settings::SettingsPage ssr=SsrMode::Async />
    }
    .into_inner()
}

#[component(transparent)]
fn ApplicationRoutes() -> impl MatchNestedRoutes + Clone {
    use applications as pages;
    view! {
        <Route path=path!("applications") view=pages::ApplicationsPage ssr=SsrMode::Async />
        <Route path=path!("applications/new") view=pages::new::NewApplicationPage ssr=SsrMode::Async />
        <ParentRoute path=path!("applications/:app") view=pages::frame::ApplicationFrame ssr=SsrMode::Async>
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
    }
    .into_inner()
}
