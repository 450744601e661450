//! Organizations that people register themselves.

use axum::http::{Method, StatusCode};
use guildhall::registrations::*;

use crate::rest::route::{Route, route};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const OK: StatusCode = StatusCode::OK;
    vec![
        route::<ListRegistrations>(GET, "/registrations", OK),
        route::<GetRegistration>(GET, "/registrations/{registration_id}", OK),
        route::<ApproveRegistration>(POST, "/registrations/{registration_id}/approve", OK)
            .refuses(&[409, 412]),
        route::<RejectRegistration>(POST, "/registrations/{registration_id}/reject", OK).refuses(&[409, 412]),
        route::<GetOwnRegistrations>(GET, "/me/registrations", OK),
        route::<RequestOrganization>(POST, "/me/registrations", StatusCode::CREATED).refuses(&[404, 409]),
        route::<WithdrawRegistration>(
            Method::DELETE,
            "/me/registrations/{registration_id}",
            StatusCode::NO_CONTENT,
        )
        .refuses(&[409]),
    ]
}
