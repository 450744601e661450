//! Organizations: `/admin/organizations` and everything below it.

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::{SsrMode, path};

pub mod list;
pub mod member;
pub mod new;
pub mod organization;

/// The routes below `/admin`.
#[component(transparent)]
pub fn OrganizationRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("organizations") view=Outlet ssr=SsrMode::Async>
            <Route path=path!("") view=list::OrganizationsPage ssr=SsrMode::Async />
            <Route path=path!("new") view=new::NewOrganizationPage ssr=SsrMode::Async />
            <Route
                path=path!(":organization_id/members/new")
                view=organization::members_new::AddMembersPage
                ssr=SsrMode::Async
            />
            <ParentRoute
                path=path!(":organization_id/members/:user_id")
                view=member::MemberLayout
                ssr=SsrMode::Async
            >
                <Route path=path!("") view=member::details::MemberDetailsPage ssr=SsrMode::Async />
                <Route path=path!("access") view=member::access::MemberAccessPage ssr=SsrMode::Async />
                <Route path=path!("sessions") view=member::sessions::MemberSessionsPage ssr=SsrMode::Async />
                <Route path=path!("activity") view=member::activity::MemberActivityPage ssr=SsrMode::Async />
            </ParentRoute>
            <Route
                path=path!(":organization_id/invitations/:invitation_id")
                view=organization::invitation_roles::InvitationRolesPage
                ssr=SsrMode::Async
            />
            <Route
                path=path!(":organization_id/apps/:app_id")
                view=organization::app::OrganizationAppPage
                ssr=SsrMode::Async
            />
            <ParentRoute
                path=path!(":organization_id")
                view=organization::OrganizationLayout
                ssr=SsrMode::Async
            >
                <Route path=path!("") view=organization::overview::OverviewPage ssr=SsrMode::Async />
                <Route path=path!("members") view=organization::members::MembersPage ssr=SsrMode::Async />
                <Route
                    path=path!("invitations")
                    view=organization::invitations::InvitationsPage
                    ssr=SsrMode::Async
                />
                <Route path=path!("apps") view=organization::apps::OrganizationAppsPage ssr=SsrMode::Async />
                <Route path=path!("roles") view=organization::roles::OrganizationRolesPage ssr=SsrMode::Async />
                <Route path=path!("audit") view=organization::audit::OrganizationAuditPage ssr=SsrMode::Async />
                <Route
                    path=path!("settings")
                    view=organization::settings::OrganizationSettingsPage
                    ssr=SsrMode::Async
                />
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
