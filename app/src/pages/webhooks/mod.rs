//! Endpoints for events: the tenant's at `/admin/webhooks`, an organization's beside its other pages.

pub mod delivery;
pub mod endpoint;
pub mod forms;
pub mod list;

use guildhall::id::OrganizationId;
use guildhall::webhooks::{DeliveryStatus, DisabledBecause, Webhook};
use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{Outlet, ParentRoute, Route};
use leptos_router::{SsrMode, path};

use super::parts::Page;
use crate::components::portal::{InPortal, use_portal};
use crate::components::read::id_of;
use crate::pages::admin::organizations::organization::use_organization_id;
use crate::rpc::RpcError;
use crate::rpc::webhooks::webhooks_path;
use crate::ui::prelude::*;

/// The tenant's, below `/admin`.
#[component(transparent)]
pub fn WebhookRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("webhooks") view=Outlet ssr=SsrMode::Async>
            <Route path=path!("") view=Page::Webhooks ssr=SsrMode::Async />
            <Route path=path!(":webhook") view=Page::Webhook ssr=SsrMode::Async />
            <Route path=path!(":webhook/:event") view=Page::WebhookDelivery ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

/// Whose endpoints an id in the address means: nobody's but the tenant's where there is none.
fn owner(organization_id: &str) -> Result<Option<OrganizationId>, RpcError> {
    if organization_id.is_empty() {
        Ok(None)
    } else {
        id_of(organization_id, "organization").map(Some)
    }
}

/// Where the list of the endpoints around this page is.
fn use_base() -> String {
    webhooks_path(use_portal(), &use_organization_id().get_untracked())
}

/// Says in a form whose endpoint it is about, and where its answer leads back to.
#[component]
fn Whose() -> impl IntoView {
    let organization = use_organization_id().get_untracked();
    view! {
        <input type="hidden" name="organization_id" value=organization />
        <InPortal />
    }
}

/// The state of an endpoint, with its reason.
#[component]
fn WebhookState(webhook: Webhook) -> impl IntoView {
    let (tone, icon, word, why) = match (webhook.enabled, webhook.disabled_because, webhook.failing_since) {
        (true, _, None) => (Tone::Success, Glyph::CheckCircle, "Enabled", None),
        (true, _, Some(_)) => (
            Tone::Warning,
            Glyph::Warning,
            "Failing",
            Some("It did not take the last event."),
        ),
        (false, Some(DisabledBecause::Gone), _) => (
            Tone::Danger,
            Glyph::Block,
            "Disabled",
            Some("It answered that it is gone (410)."),
        ),
        (false, Some(DisabledBecause::Failing), _) => (
            Tone::Danger,
            Glyph::Block,
            "Disabled",
            Some("It took nothing for days."),
        ),
        (false, None, _) => (Tone::Neutral, Glyph::Pause, "Disabled", None),
    };
    view! {
        <Badge tone icon>
            {word}
        </Badge>
        {why.map(|why| view! { <p class="muted">{why}</p> })}
    }
}

/// The state of a delivery.
#[component]
fn DeliveryState(status: DeliveryStatus) -> impl IntoView {
    let (tone, icon) = match status {
        DeliveryStatus::Delivered => (Tone::Success, Glyph::CheckCircle),
        DeliveryStatus::Failed => (Tone::Danger, Glyph::Failed),
        DeliveryStatus::Waiting | DeliveryStatus::Sending => (Tone::Info, Glyph::Clock),
    };
    view! {
        <Badge tone icon>
            {word_of(status)}
        </Badge>
    }
}

fn word_of(status: DeliveryStatus) -> &'static str {
    match status {
        DeliveryStatus::Waiting => "Waiting",
        DeliveryStatus::Sending => "Sending",
        DeliveryStatus::Delivered => "Delivered",
        DeliveryStatus::Failed => "Failed",
    }
}
