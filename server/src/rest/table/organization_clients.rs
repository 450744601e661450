//! API applications of organizations.

use axum::http::{Method, StatusCode};
use guildhall::organization_clients::*;

use crate::rest::route::{Route, route};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const OK: StatusCode = StatusCode::OK;
    const LIST: &str = "/organizations/{organization_id}/clients";
    const ONE: &str = "/organizations/{organization_id}/clients/{client_id}";
    vec![
        route::<CreateOrganizationClient>(POST, LIST, StatusCode::CREATED).refuses(&[409]),
        route::<ListOrganizationClients>(GET, LIST, OK),
        route::<GetOrganizationClient>(GET, ONE, OK),
        route::<UpdateOrganizationClient>(Method::PUT, ONE, OK).refuses(&[409, 412]),
        route::<RotateOrganizationClientSecret>(
            POST,
            "/organizations/{organization_id}/clients/{client_id}/rotate",
            OK,
        )
        .refuses(&[412]),
        route::<RevokeOldSecret>(
            Method::DELETE,
            "/organizations/{organization_id}/clients/{client_id}/old-secret",
            OK,
        )
        .refuses(&[409, 412]),
        route::<DeleteOrganizationClient>(Method::DELETE, ONE, StatusCode::NO_CONTENT).refuses(&[412]),
        route::<GetClientSuccession>(
            GET,
            "/organizations/{organization_id}/members/{user_id}/client-succession",
            OK,
        ),
        route::<ListClientSuccessions>(GET, "/organizations/{organization_id}/client-successions", OK),
    ]
}
