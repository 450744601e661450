//! The token endpoint for client credentials (RFC 6749, 4.4), and the keys that verify what it issues (RFC 7517).

use axum::extract::{Request as HttpRequest, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use guildhall::error::{Code, Error};
use guildhall::operation::Runs as _;
use guildhall::sessions::IssueClientToken;
use guildhall::{caller::Request, input};
use serde_json::json;

use super::input::receive;
use super::{Rest, reply};
use crate::auth;
use crate::auth::rate_limit::Key;

/// The largest form that is read.
const LIMIT: usize = 16 * 1024;

/// A refusal as RFC 6749, 5.2 has it.
struct Refused {
    status: StatusCode,
    error: &'static str,
    description: String,
    retry_after: Option<u64>,
}

fn refused(status: StatusCode, error: &'static str, description: impl Into<String>) -> Refused {
    Refused {
        status,
        error,
        description: description.into(),
        retry_after: None,
    }
}

fn invalid_request(description: impl Into<String>) -> Refused {
    refused(StatusCode::BAD_REQUEST, "invalid_request", description)
}

fn invalid_client() -> Refused {
    refused(
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        "The client is unknown, or its secret is another one.",
    )
}

/// `POST /oidc/token`.
pub async fn issue(State(rest): State<Rest>, http: HttpRequest) -> Response {
    let (parts, body) = http.into_parts();
    let request = auth::describe(rest.console(), rest.inner.trust_proxy, &parts);
    let taken = rest
        .inner
        .limit
        .as_ref()
        .map(|limit| limit.take(&Key::of(&request)));
    let (admitted, left) = match taken {
        None => (Ok(()), None),
        Some(Ok(left)) => (Ok(()), Some(left)),
        Some(Err((error, left))) => (Err(refusal(error)), Some(left)),
    };
    let answered = match admitted {
        Ok(()) => answer(&rest, &request, &parts, body).await,
        Err(refused) => Err(refused),
    };
    let mut response = match answered {
        Ok(token) => reply::plain(StatusCode::OK, "application/json", token),
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
    super::finish(
        response.headers_mut(),
        &request.id,
        left,
        rest.console().clock().now(),
    );
    response
        .headers_mut()
        .insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

async fn answer(
    rest: &Rest,
    request: &Request,
    parts: &Parts,
    body: axum::body::Body,
) -> Result<Vec<u8>, Refused> {
    let form = Form::read(&parts.headers, body).await?;
    let (client_id, client_secret) = credentials(&parts.headers, &form)?;
    match form.grant_type.as_deref() {
        Some("client_credentials") => {}
        Some(_) => {
            let why = "The grant type of this endpoint is client_credentials.";
            return Err(refused(StatusCode::BAD_REQUEST, "unsupported_grant_type", why));
        }
        None => return Err(invalid_request("grant_type is missing.")),
    }
    let scope: Vec<&str> = form
        .scope
        .as_deref()
        .unwrap_or_default()
        .split_ascii_whitespace()
        .collect();
    let fields = json!({ "client_id": client_id, "client_secret": client_secret, "scope": scope });
    let operation = input::parse::<IssueClientToken>(fields).map_err(|error| {
        let about_scope = error.fields.iter().any(|at| at.field.starts_with("scope"));
        if about_scope {
            invalid_scope(error)
        } else {
            invalid_client()
        }
    })?;
    let attempt = rest
        .inner
        .attempts
        .begin_from(request.ip.as_deref())
        .map_err(refusal)?;
    let answer = rest.console().run(request, operation).await;
    // A wrong secret is a guess; a wrong scope, or trouble of ours, is none.
    if !matches!(&answer, Err(error) if error.code == Code::Unauthenticated) {
        attempt.succeeded();
    }
    let token = answer.map_err(refusal)?;
    serde_json::to_vec(&token)
        .map_err(|_| refused(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "Unwritten."))
}

fn invalid_scope(error: Error) -> Refused {
    refused(StatusCode::BAD_REQUEST, "invalid_scope", error.message)
}

fn refusal(error: Error) -> Refused {
    let retry_after = error.retry_after;
    let refused = match error.code {
        Code::Unauthenticated => invalid_client(),
        Code::Invalid if error.reason.as_deref() == Some("invalid_scope") => invalid_scope(error),
        Code::Forbidden if error.reason.as_deref() == Some("invalid_scope") => invalid_scope(error),
        Code::Forbidden => refused(StatusCode::BAD_REQUEST, "unauthorized_client", error.message),
        Code::RateLimited => refused(StatusCode::TOO_MANY_REQUESTS, "slow_down", error.message),
        Code::Unavailable => refused(
            StatusCode::SERVICE_UNAVAILABLE,
            "temporarily_unavailable",
            error.message,
        ),
        Code::Internal => refused(
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

/// The parameters that this endpoint knows; unknown ones are ignored (RFC 6749, 3.2).
#[derive(Default)]
struct Form {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    scope: Option<String>,
}

impl Form {
    async fn read(headers: &HeaderMap, body: axum::body::Body) -> Result<Form, Refused> {
        let kind = headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        if !kind
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        {
            let why = "Send the parameters as application/x-www-form-urlencoded.";
            return Err(refused(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "invalid_request",
                why,
            ));
        }
        let bytes = receive(body, LIMIT).await.map_err(|error| match error.code {
            Code::TooLarge => refused(
                StatusCode::PAYLOAD_TOO_LARGE,
                "invalid_request",
                "The form is too large.",
            ),
            _ => refusal(error),
        })?;
        let mut form = Form::default();
        for (name, value) in form_urlencoded::parse(&bytes) {
            let place = match name.as_ref() {
                "grant_type" => &mut form.grant_type,
                "client_id" => &mut form.client_id,
                "client_secret" => &mut form.client_secret,
                "scope" => &mut form.scope,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(invalid_request(format!("{name} is given more than once.")));
            }
        }
        // Sent without a value is as if not sent (RFC 6749, 3.2).
        for place in [
            &mut form.grant_type,
            &mut form.client_id,
            &mut form.client_secret,
            &mut form.scope,
        ] {
            *place = place.take().filter(|value| !value.is_empty());
        }
        Ok(form)
    }
}

/// The client's id and secret: from HTTP Basic or from the form, never from both (RFC 6749, 2.3).
fn credentials(headers: &HeaderMap, form: &Form) -> Result<(String, String), Refused> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => match (&form.client_id, &form.client_secret) {
            (Some(id), Some(secret)) => Ok((id.clone(), secret.clone())),
            _ => Err(invalid_client()),
        },
        (Some(_), Some(_)) => Err(invalid_request("Authorization is given more than once.")),
        (Some(_), None) if form.client_secret.is_some() => Err(invalid_request(
            "Authenticate by HTTP Basic or in the form, not both.",
        )),
        (Some(value), None) => {
            let (id, secret) = value.to_str().ok().and_then(basic).ok_or_else(invalid_client)?;
            // The id alone may be repeated in the form, but must be the same.
            match &form.client_id {
                Some(other) if *other != id => {
                    Err(invalid_request("client_id is not the one of HTTP Basic."))
                }
                _ => Ok((id, secret)),
            }
        }
    }
}

/// Both parts are form-encoded before they are joined (RFC 6749, 2.3.1).
fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    let decoded = |text: &str| {
        // A lone name without `=` and `&`: what form-decoding makes of it is the decoded text.
        let text = text.replace('&', "%26").replace('=', "%3D");
        form_urlencoded::parse(text.as_bytes())
            .next()
            .map(|(text, _)| text.into_owned())
    };
    Some((decoded(id)?, decoded(secret)?))
}

/// `GET /.well-known/jwks.json`.
pub async fn keys(State(rest): State<Rest>) -> Response {
    let keys = rest
        .console()
        .services()
        .tokens
        .jwks(rest.console().clock().now());
    let mut response = reply::plain(StatusCode::OK, "application/jwk-set+json", keys.to_string());
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn basic_is_form_decoded() {
        let value = |pair: &str| format!("basic {}", STANDARD.encode(pair));
        assert_eq!(
            basic(&value("cli_1:s%3Acr+et%26")),
            Some(("cli_1".into(), "s:cr et&".into()))
        );
        assert_eq!(basic(&value("cli_1:a=b")), Some(("cli_1".into(), "a=b".into())));
        assert_eq!(basic(&value("no colon")), None);
        assert_eq!(basic("Bearer abc"), None);
        assert_eq!(basic("Basic ***"), None);
    }
}
