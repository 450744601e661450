//! An organization's own portal: `/org/{id}`. Most of its pages are those that the tenant's administrators have of it.

pub mod applications;
pub mod choose;
pub mod closed;
pub mod layout;
pub mod overview;
pub mod settings;
pub mod switcher;

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::{SsrMode, path};

use super::frame::{Frame, PortalFrame};
use super::parts::Page;

/// `/org` and everything below it.
#[component(transparent)]
pub fn PortalRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("org") view=Outlet ssr=SsrMode::Async>
            <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                <Route path=path!("") view=Page::ChooseOrganization ssr=SsrMode::Async />
            </ParentRoute>
            <ParentRoute path=path!(":organization_id") view=PortalFrame ssr=SsrMode::Async>
                <Route path=path!("members/new") view=Page::AddMembers ssr=SsrMode::Async />
                <ParentRoute path=path!("members/:user_id") view=Page::Member ssr=SsrMode::Async>
                    <Route path=path!("") view=Page::MemberDetails ssr=SsrMode::Async />
                    <Route path=path!("access") view=Page::MemberAccess ssr=SsrMode::Async />
                    <Route path=path!("activity") view=Page::MemberActivity ssr=SsrMode::Async />
                </ParentRoute>
                <Route path=path!("clients/:client_id") view=Page::OrganizationClient ssr=SsrMode::Async />
                <Route path=path!("teams/:team_id") view=Page::Team ssr=SsrMode::Async />
                <Route path=path!("invitations/:invitation_id") view=Page::InvitationRoles ssr=SsrMode::Async />
                <ParentRoute path=path!("webhooks/:webhook") view=Outlet ssr=SsrMode::Async>
                    <Route path=path!("") view=Page::Webhook ssr=SsrMode::Async />
                    <Route path=path!(":event") view=Page::WebhookDelivery ssr=SsrMode::Async />
                </ParentRoute>
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
        <ParentRoute path=path!("") view=Page::Portal ssr=SsrMode::Async>
            <Route path=path!("") view=Page::PortalOverview ssr=SsrMode::Async />
            <Route path=path!("members") view=Page::Members ssr=SsrMode::Async />
            <Route path=path!("teams") view=Page::Teams ssr=SsrMode::Async />
            <Route path=path!("invitations") view=Page::Invitations ssr=SsrMode::Async />
            <Route path=path!("roles") view=Page::OrganizationRoles ssr=SsrMode::Async />
            <Route path=path!("applications") view=Page::PortalApplications ssr=SsrMode::Async />
            <Route path=path!("clients") view=Page::OrganizationClients ssr=SsrMode::Async />
            <Route path=path!("domains") view=Page::OrganizationDomains ssr=SsrMode::Async />
            <Route path=path!("audit") view=Page::OrganizationAudit ssr=SsrMode::Async />
            <Route path=path!("webhooks") view=Page::Webhooks ssr=SsrMode::Async />
            <Route path=path!("settings") view=Page::PortalSettings ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
