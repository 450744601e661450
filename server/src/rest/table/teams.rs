//! Teams of an organization.

use axum::http::{Method, StatusCode};
use guildhall::teams::*;

use crate::rest::route::{Route, route};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const PUT: Method = Method::PUT;
    const DELETE: Method = Method::DELETE;
    const OK: StatusCode = StatusCode::OK;
    const GONE: StatusCode = StatusCode::NO_CONTENT;
    vec![
        route::<CreateTeam>(
            Method::POST,
            "/organizations/{organization_id}/teams",
            StatusCode::CREATED,
        )
        .refuses(&[409]),
        route::<ListTeams>(GET, "/organizations/{organization_id}/teams", OK),
        route::<GetTeam>(GET, "/organizations/{organization_id}/teams/{team_id}", OK),
        route::<UpdateTeam>(PUT, "/organizations/{organization_id}/teams/{team_id}", OK).refuses(&[409, 412]),
        route::<DeleteTeam>(DELETE, "/organizations/{organization_id}/teams/{team_id}", GONE)
            .refuses(&[409, 412]),
        route::<ListTeamMembers>(
            GET,
            "/organizations/{organization_id}/teams/{team_id}/members",
            OK,
        ),
        route::<AddTeamMembers>(
            PUT,
            "/organizations/{organization_id}/teams/{team_id}/members",
            GONE,
        ),
        route::<RemoveTeamMembers>(
            DELETE,
            "/organizations/{organization_id}/teams/{team_id}/members",
            GONE,
        ),
    ]
}
