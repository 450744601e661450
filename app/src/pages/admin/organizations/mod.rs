//! Organizations: `/admin/organizations` and everything below it.

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::{SsrMode, path};

use crate::pages::parts::Page;

pub mod list;
pub mod member;
pub mod new;
pub mod organization;
pub mod registrations;

/// The routes below `/admin`.
#[component(transparent)]
pub fn OrganizationRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("organizations") view=Outlet ssr=SsrMode::Async>
            <Route path=path!("") view=Page::Organizations ssr=SsrMode::Async />
            <Route path=path!("new") view=Page::NewOrganization ssr=SsrMode::Async />
            <Route
                path=path!(":organization_id/members/new")
                view=Page::AddMembers
                ssr=SsrMode::Async
            />
            <ParentRoute
                path=path!(":organization_id/members/:user_id")
                view=Page::Member
                ssr=SsrMode::Async
            >
                <Route path=path!("") view=Page::MemberDetails ssr=SsrMode::Async />
                <Route path=path!("access") view=Page::MemberAccess ssr=SsrMode::Async />
                <Route path=path!("sessions") view=Page::MemberSessions ssr=SsrMode::Async />
                <Route path=path!("activity") view=Page::MemberActivity ssr=SsrMode::Async />
            </ParentRoute>
            <Route
                path=path!(":organization_id/invitations/:invitation_id")
                view=Page::InvitationRoles
                ssr=SsrMode::Async
            />
            <Route
                path=path!(":organization_id/clients/:client_id")
                view=Page::OrganizationClient
                ssr=SsrMode::Async
            />
            <Route path=path!(":organization_id/teams/:team_id") view=Page::Team ssr=SsrMode::Async />
            <Route
                path=path!(":organization_id/apps/:app_id")
                view=Page::OrganizationApp
                ssr=SsrMode::Async
            />
            <ParentRoute
                path=path!(":organization_id/webhooks/:webhook")
                view=Outlet
                ssr=SsrMode::Async
            >
                <Route path=path!("") view=Page::Webhook ssr=SsrMode::Async />
                <Route path=path!(":event") view=Page::WebhookDelivery ssr=SsrMode::Async />
            </ParentRoute>
            <ParentRoute
                path=path!(":organization_id")
                view=Page::Organization
                ssr=SsrMode::Async
            >
                <Route path=path!("") view=Page::OrganizationOverview ssr=SsrMode::Async />
                <Route path=path!("members") view=Page::Members ssr=SsrMode::Async />
                <Route path=path!("teams") view=Page::Teams ssr=SsrMode::Async />
                <Route
                    path=path!("invitations")
                    view=Page::Invitations
                    ssr=SsrMode::Async
                />
                <Route path=path!("apps") view=Page::OrganizationApps ssr=SsrMode::Async />
                <Route path=path!("roles") view=Page::OrganizationRoles ssr=SsrMode::Async />
                <Route path=path!("clients") view=Page::OrganizationClients ssr=SsrMode::Async />
                <Route path=path!("domains") view=Page::OrganizationDomains ssr=SsrMode::Async />
                <Route path=path!("audit") view=Page::OrganizationAudit ssr=SsrMode::Async />
                <Route path=path!("webhooks") view=Page::Webhooks ssr=SsrMode::Async />
                <Route
                    path=path!("settings")
                    view=Page::OrganizationSettings
                    ssr=SsrMode::Async
                />
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
