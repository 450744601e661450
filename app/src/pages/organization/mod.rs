//! An organization's own portal: `/org/{id}`. Most of its pages are those that the tenant's administrators have of it.

pub mod applications;
pub mod choose;
pub mod closed;
pub mod layout;
pub mod settings;
pub mod switcher;

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::{SsrMode, path};

use super::admin::organizations::{member, organization};
use super::frame::{Frame, PortalFrame};

/// `/org` and everything below it.
#[component(transparent)]
pub fn PortalRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("org") view=Outlet ssr=SsrMode::Async>
            <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                <Route path=path!("") view=choose::ChoosePage ssr=SsrMode::Async />
            </ParentRoute>
            <ParentRoute path=path!(":organization_id") view=PortalFrame ssr=SsrMode::Async>
                <Route
                    path=path!("members/new")
                    view=organization::members_new::AddMembersPage
                    ssr=SsrMode::Async
                />
                <ParentRoute path=path!("members/:user_id") view=member::MemberLayout ssr=SsrMode::Async>
                    <Route path=path!("") view=member::details::MemberDetailsPage ssr=SsrMode::Async />
                    <Route path=path!("access") view=member::access::MemberAccessPage ssr=SsrMode::Async />
                    <Route path=path!("activity") view=member::activity::MemberActivityPage ssr=SsrMode::Async />
                </ParentRoute>
                <Route
                    path=path!("invitations/:invitation_id")
                    view=organization::invitation_roles::InvitationRolesPage
                    ssr=SsrMode::Async
                />
                <PageRoutes />
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

/// The pages that the navigation leads to.
#[component(transparent)]
fn PageRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=layout::PortalLayout ssr=SsrMode::Async>
            <Route path=path!("") view=organization::overview::OverviewPage ssr=SsrMode::Async />
            <Route path=path!("members") view=organization::members::MembersPage ssr=SsrMode::Async />
            <Route path=path!("invitations") view=organization::invitations::InvitationsPage ssr=SsrMode::Async />
            <Route path=path!("roles") view=organization::roles::OrganizationRolesPage ssr=SsrMode::Async />
            <Route path=path!("applications") view=applications::ApplicationsPage ssr=SsrMode::Async />
            <Route path=path!("audit") view=organization::audit::OrganizationAuditPage ssr=SsrMode::Async />
            <Route path=path!("settings") view=settings::SettingsPage ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
