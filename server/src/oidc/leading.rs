//! Where browsers are led to: another page, or the one that says what is wrong.

use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use guildhall::error::Error;

use crate::web::refusal;

/// The way to another page. What cannot be an address is none of ours.
pub fn see_other(location: &str) -> Response {
    let Ok(value) = HeaderValue::from_str(location) else {
        return refusal::answer(&Error::internal("no address"), true);
    };
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(LOCATION, value);
    response
}

/// What is told to the person, since the application cannot be told. The page stands at its own address, which the browser's
/// part of it goes by.
pub struct Problem(Error);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Problem(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let why = match self.0.reason.as_deref() {
            Some("unknown_client") => "application",
            Some("unknown_redirect_uri") => "address",
            Some("sign_in_over") => "over",
            Some("viewing") => "viewing",
            _ => return refusal::answer(&self.0, true),
        };
        see_other(&format!("/signin/problem?why={why}"))
    }
}
