//! Server functions: POST from our own pages only, each answer with the status that its error has.

use std::time::Duration;

use app::rpc::Flash;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use guildhall::caller;
use guildhall::error::{Code, Error};
use leptos::server_fn;

use super::query::parameter;
use super::{Web, flash, refusal};
use crate::auth::{self, origin};
use crate::telemetry::wants_html;

/// Bytes of a form: a page of text areas, not a file.
const LARGEST: usize = 1024 * 1024;
/// How long a form may take to arrive.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// What Leptos marks a refused server function's answer with.
const REFUSED: &str = "serverfnerror";

/// The paths of all server functions.
pub fn paths() -> Vec<&'static str> {
    let mut paths: Vec<_> = server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// Whoever asks, unless they ask too often.
pub async fn caller(web: &Web, parts: &Parts) -> Result<caller::Request, Error> {
    let mut request = auth::describe(&web.console, web.trust_proxy, parts);
    let established = auth::establish(&web.console, parts, &mut request).await;
    web.limits.request(&request)?;
    established?;
    // The console is for people in a browser; programs and their tokens have the API.
    if !matches!(&request.caller, caller::Caller::Anonymous)
        && !matches!(&request.caller, caller::Caller::User(user) if user.session_id.is_some())
    {
        return Err(Error::forbidden(
            "Access tokens are for the API; the console takes sessions.",
        ));
    }
    // A form is sent once by its page, and sign-ins of different people must not meet under one key.
    request.idempotency_key = None;
    Ok(request)
}

/// A path under which there is no server function: a page from before an update asks for it.
pub async fn unknown(request: Request) -> Response {
    let error = Error::new(
        Code::NotFound,
        "This page is older than the server: load it again, then repeat what you did.",
    );
    refusal::answer(&error, wants_html(request.headers()))
}

/// Runs a server function.
pub async fn call(State(web): State<Web>, request: Request) -> Response {
    let plain_form = wants_html(request.headers());
    match answer(web, request, plain_form).await {
        Ok(response) => response,
        Err(error) => refusal::answer(&error, plain_form),
    }
}

async fn answer(web: Web, request: Request, plain_form: bool) -> Result<Response, Error> {
    let (mut parts, body) = request.into_parts();
    origin::check_server_function(web.public_url(), &parts.method, &parts.headers)?;
    let caller = caller(&web, &parts).await?;
    let form = receive(body).await?;
    nothing_more(parts.uri.path(), &form)?;
    if plain_form {
        come_back(web.public_url(), &mut parts.headers, &form);
    }
    let answer_at = unhurried(parts.uri.path());
    let attempt = web.limits.call(parts.uri.path(), &caller, &form)?;
    let context = web.clone();
    let contexts = move || context.provide(&caller);
    let request = Request::from_parts(parts, Body::from(form.clone()));
    let response = leptos_axum::handle_server_fns_with_context(contexts, request)
        .await
        .into_response();
    answer_at.await;
    if let Some(attempt) = attempt
        && !response.headers().contains_key(REFUSED)
    {
        attempt.succeeded();
    }
    if plain_form {
        Ok(led_on(&web, &form, response))
    } else {
        Ok(with_its_status(response).await)
    }
}

/// The fields of the forms that somebody whom we do not know makes a member with: a form that brings more is not ours.
const TO_THE_LETTER: [(&str, &[&str]); 2] = [
    (
        "/rpc/accept_invitation",
        // The page names the address for password managers; it is not looked at.
        &["token", "password", "first_name", "last_name", "email"],
    ),
    ("/rpc/join_by_invitation", &["token"]),
];

/// 400 at a field that such a form does not have.
fn nothing_more(path: &str, form: &[u8]) -> Result<(), Error> {
    let Some((_, known)) = TO_THE_LETTER.iter().find(|(of, _)| *of == path) else {
        return Ok(());
    };
    let more = form_urlencoded::parse(form)
        .map(|(name, _)| name.into_owned())
        .find(|name| !known.contains(&name.as_str()));
    match more {
        Some(name) => Err(Error::field(name, "is no field of this form")),
        None => Ok(()),
    }
}

/// How long it takes to ask for a new password, or to register, whether the address is known or not: longer than either does.
const ASKING: Duration = Duration::from_millis(300);

/// Ends when the answer to a call may go out; at once for most.
fn unhurried(path: &str) -> impl Future<Output = ()> + use<> {
    let wait = if matches!(path, "/rpc/request_password_reset" | "/rpc/begin_registration") {
        ASKING
    } else {
        Duration::ZERO
    };
    tokio::time::sleep_until(tokio::time::Instant::now() + wait)
}

async fn receive(body: Body) -> Result<Bytes, Error> {
    match tokio::time::timeout(PATIENCE, axum::body::to_bytes(body, LARGEST)).await {
        Ok(Ok(form)) => Ok(form),
        Ok(Err(_)) => Err(Error::new(
            Code::TooLarge,
            "This is more than one form may send: at most 1 MiB.",
        )),
        Err(_) => Err(took_too_long()),
    }
}

/// 503 for a form that is not there after [`PATIENCE`].
pub(super) fn took_too_long() -> Error {
    Error::new(Code::Unavailable, "The form took too long to arrive. Try again.")
}

/// Where a plain form's answer leads back to: Leptos takes the `Referer`. It is made one of ours, without an earlier
/// refusal. A page whose address is a secret tells nobody that it is the referrer; its form says where it stands.
fn come_back(public_url: &str, headers: &mut HeaderMap, form: &[u8]) {
    let came_from = headers
        .get(header::REFERER)
        .and_then(|referer| referer.to_str().ok());
    let here = came_from
        .and_then(|referer| referer.strip_prefix(public_url))
        .filter(|path| path.starts_with('/'))
        .map_or_else(|| stands_at(form), without_refusal);
    if let Ok(value) = HeaderValue::from_str(&format!("{public_url}{here}")) {
        headers.insert(header::REFERER, value);
    }
}

/// The address that a form's field `come_back` names, where it is one of ours.
fn stands_at(form: &[u8]) -> String {
    app::rpc::own_path(parameter(form, "come_back").as_deref(), "/")
}

fn without_refusal(path: &str) -> String {
    let path = path.split('#').next().unwrap_or_default();
    let Some((page, query)) = path.split_once('?') else {
        return path.to_owned();
    };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.starts_with("__err=") && !pair.starts_with("__path="))
        .collect();
    if kept.is_empty() {
        page.to_owned()
    } else {
        format!("{page}?{}", kept.join("&"))
    }
}

/// A plain form's answer is another page; where the form was refused, with what was typed.
fn led_on(web: &Web, form: &[u8], mut response: Response) -> Response {
    if response.status() == StatusCode::FOUND {
        *response.status_mut() = StatusCode::SEE_OTHER;
    }
    // Also where nothing was typed: only with this does the next page believe that it was refused.
    if response.headers().contains_key(REFUSED) {
        let typed = flash::typed(form);
        if let Some(cookie) = flash::set(
            web.public_url(),
            &Flash {
                typed,
                ..Flash::default()
            },
        ) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// Leptos answers every refusal with 500; the error says better.
async fn with_its_status(response: Response) -> Response {
    if !response.headers().contains_key(REFUSED) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, LARGEST).await.unwrap_or_default();
    if let Ok(error) = serde_json::from_slice::<Error>(&body) {
        parts.status = StatusCode::from_u16(error.code.status()).unwrap_or(parts.status);
        if let Some(seconds) = error.retry_after {
            parts.headers.insert(header::RETRY_AFTER, seconds.into());
        }
    }
    Response::from_parts(parts, Body::from(body))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn referer(sent: Option<&'static str>) -> String {
        let mut headers = HeaderMap::new();
        if let Some(sent) = sent {
            headers.insert(header::REFERER, HeaderValue::from_static(sent));
        }
        come_back(
            "https://console.example",
            &mut headers,
            b"come_back=%2Freset%2Fx&password=y",
        );
        headers.get(header::REFERER).unwrap().to_str().unwrap().to_owned()
    }

    #[test]
    fn a_form_leads_back_to_our_own_page_without_an_earlier_refusal() {
        assert_eq!(
            referer(Some("https://console.example/a?q=1&__path=%2Frpc&__err=abc#x")),
            "https://console.example/a?q=1"
        );
        assert_eq!(
            referer(Some("https://console.example/a?__err=abc")),
            "https://console.example/a"
        );
        for foreign in [
            None,
            Some("https://console.example.evil.example/"),
            Some("https://evil.example/a"),
        ] {
            assert_eq!(referer(foreign), "https://console.example/reset/x", "{foreign:?}");
        }
    }
}
