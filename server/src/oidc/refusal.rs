//! Refusals of the token endpoint and its neighbours (RFC 6749, 5.2).

use axum::http::StatusCode;
use axum::http::header::{HeaderValue, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::Response;
use guildhall::error::{Code, Error};
use serde_json::json;

use crate::rest::{Visit, reply};

/// A refusal as the standard has it.
pub struct Refused {
    pub status: StatusCode,
    pub error: &'static str,
    pub description: String,
    pub retry_after: Option<u64>,
}

pub fn refused(status: StatusCode, error: &'static str, description: impl Into<String>) -> Refused {
    Refused {
        status,
        error,
        description: description.into(),
        retry_after: None,
    }
}

pub fn invalid_request(description: impl Into<String>) -> Refused {
    refused(StatusCode::BAD_REQUEST, "invalid_request", description)
}

pub fn invalid_scope(description: impl Into<String>) -> Refused {
    refused(StatusCode::BAD_REQUEST, "invalid_scope", description)
}

pub fn invalid_client() -> Refused {
    refused(
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        "The client is unknown, or its secret is another one.",
    )
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        let retry_after = error.retry_after;
        let refused = match (error.code, error.reason.as_deref()) {
            (Code::Unauthenticated, _) => invalid_client(),
            (Code::Invalid | Code::Forbidden, Some("invalid_scope")) => invalid_scope(error.message),
            (Code::Invalid, Some("unsupported_token_type")) => {
                refused(StatusCode::BAD_REQUEST, "unsupported_token_type", error.message)
            }
            (Code::Forbidden, _) => refused(StatusCode::BAD_REQUEST, "unauthorized_client", error.message),
            (Code::RateLimited, _) => refused(StatusCode::TOO_MANY_REQUESTS, "slow_down", error.message),
            (Code::TooLarge, _) => refused(
                StatusCode::PAYLOAD_TOO_LARGE,
                "invalid_request",
                "The form is too large.",
            ),
            (Code::Unavailable, _) => refused(
                StatusCode::SERVICE_UNAVAILABLE,
                "temporarily_unavailable",
                error.message,
            ),
            (Code::Internal, _) => refused(
                StatusCode::INTERNAL_SERVER_ERROR,
                "server_error",
                error.to_string(),
            ),
            _ => invalid_request(error.message),
        };
        Refused {
            retry_after,
            ..refused
        }
    }
}

impl From<serde_json::Error> for Refused {
    fn from(_: serde_json::Error) -> Self {
        refused(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "Unwritten.")
    }
}

/// The answer: a body or a refusal, with the headers that both have.
pub fn answer(visit: &Visit, answered: Result<Vec<u8>, Refused>) -> Response {
    let mut response = match answered {
        Ok(body) => reply::plain(StatusCode::OK, "application/json", body),
        Err(refused) => {
            let body = json!({ "error": refused.error, "error_description": refused.description });
            let mut response = reply::plain(refused.status, "application/json", body.to_string());
            let headers = response.headers_mut();
            if refused.status == StatusCode::UNAUTHORIZED {
                headers.insert(
                    WWW_AUTHENTICATE,
                    HeaderValue::from_static(r#"Basic realm="token", charset="UTF-8""#),
                );
            }
            if let Some(seconds) = refused.retry_after {
                headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        }
    };
    visit.finish(response.headers_mut());
    response
        .headers_mut()
        .insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}
