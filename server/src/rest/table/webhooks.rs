//! Endpoints for events, and what was sent to them: the tenant's, and each organization's.

use axum::http::{Method, StatusCode};
use guildhall::webhooks::*;

use crate::rest::route::{Route, route};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const DELETE: Method = Method::DELETE;
    const OK: StatusCode = StatusCode::OK;
    const CREATED: StatusCode = StatusCode::CREATED;
    const ACCEPTED: StatusCode = StatusCode::ACCEPTED;
    const GONE: StatusCode = StatusCode::NO_CONTENT;
    // The paths of the tenant's endpoints and of an organization's.
    macro_rules! both {
        ($operation:ty, $method:expr, $path:literal, $success:expr, $name:literal) => {
            [
                route::<$operation>($method, concat!("/webhooks", $path), $success),
                route::<$operation>(
                    $method,
                    concat!("/organizations/{organization_id}/webhooks", $path),
                    $success,
                )
                .named($name),
            ]
        };
    }
    let refusing = |routes: [Route; 2], statuses: &[u16]| routes.map(|route| route.refuses(statuses));
    [
        both!(CreateWebhook, POST, "", CREATED, "create_organization_webhook"),
        both!(ListWebhooks, GET, "", OK, "list_organization_webhooks"),
        both!(GetWebhook, GET, "/{webhook_id}", OK, "get_organization_webhook"),
        refusing(
            both!(
                UpdateWebhook,
                PUT,
                "/{webhook_id}",
                OK,
                "update_organization_webhook"
            ),
            &[412],
        ),
        both!(
            DeleteWebhook,
            DELETE,
            "/{webhook_id}",
            GONE,
            "delete_organization_webhook"
        ),
        both!(
            RotateWebhookSecret,
            POST,
            "/{webhook_id}/rotate",
            OK,
            "rotate_organization_webhook_secret"
        ),
        refusing(
            both!(
                SendTestEvent,
                POST,
                "/{webhook_id}/test",
                ACCEPTED,
                "send_organization_test_event"
            ),
            &[409],
        ),
        both!(
            ListDeliveries,
            GET,
            "/{webhook_id}/deliveries",
            OK,
            "list_organization_deliveries"
        ),
        both!(
            GetDelivery,
            GET,
            "/{webhook_id}/deliveries/{event_id}",
            OK,
            "get_organization_delivery"
        ),
        refusing(
            both!(
                ResendDelivery,
                POST,
                "/{webhook_id}/deliveries/{event_id}/resend",
                ACCEPTED,
                "resend_organization_delivery"
            ),
            &[409],
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}
