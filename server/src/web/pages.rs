//! Pages: rendered as a whole before the first byte goes out, since streaming out of order needs scripts.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use app::rpc::Flash;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use guildhall::caller;
use guildhall::error::{Code, Error};
use guildhall::oidc::GetAppSignIn;
use guildhall::operation::Runs as _;
use guildhall::secret::Secret;
use leptos::nonce::Nonce;
use leptos::prelude::provide_context;
use leptos::server_fn::redirect::REDIRECT_HEADER;

use super::query::parameter;
use super::{Web, compress, flash, headers, refusal, rpc, site};
use crate::telemetry::wants_html;

/// The templates of the app's routes, as axum writes them. They are looked for once in a process: meanwhile Leptos loads
/// nothing for any page, and one that another server of the same process begins just then would wait for ever.
pub fn paths() -> &'static BTreeSet<String> {
    static PATHS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        leptos_axum::generate_route_list(app::App)
            .iter()
            .map(|route| route.path().to_owned())
            .collect()
    });
    &PATHS
}

/// A page that there is.
pub async fn page(State(web): State<Web>, request: Request) -> Response {
    render(web, request).await
}

/// A file whose name changes with its content.
pub async fn file(request: Request) -> Response {
    site::file(request.method(), request.uri().path(), request.headers())
        .unwrap_or_else(|| (StatusCode::NOT_FOUND, "There is no such file.").into_response())
}

/// What no route matches: a file such as `/favicon.svg`, or the app's not-found page.
pub async fn other(State(web): State<Web>, request: Request) -> Response {
    if let Some(response) = site::file(request.method(), request.uri().path(), request.headers()) {
        return response;
    }
    // A program is not helped by a page.
    if !matches!(*request.method(), Method::GET | Method::HEAD) || !wants_html(request.headers()) {
        return refusal::answer(
            &Error::new(Code::NotFound, "There is nothing at this address."),
            false,
        );
    }
    let mut response = render(web, request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// The secret of the sign-in to an application that a page is a part of.
fn sign_in_of(uri: &Uri) -> Option<Secret> {
    let value = |name: &str| parameter(uri.query()?.as_bytes(), name);
    if uri.path().starts_with("/signin") {
        value("request").map(Secret::new)
    } else {
        let path = value("return_to")?;
        path.strip_prefix("/oidc/continue?request=").map(Secret::new)
    }
}

/// Where the forms of a page may lead beside our own pages: a browser looks at the whole way that a form's answer takes, and
/// that of a sign-in ends at the application.
async fn leads_to(web: &Web, caller: &caller::Request, uri: &Uri) -> Option<String> {
    let request = sign_in_of(uri)?;
    let waits = web.console.run(caller, GetAppSignIn { request }).await.ok()?;
    Some(waits.returns_to)
}

/// Whether a page's address holds the token of a mailed link: it is told to nobody, not even to our own files' log.
fn has_secret_address(path: &str) -> bool {
    ["/reset/", "/account/verify/", "/register/"]
        .iter()
        .any(|page| path.starts_with(page))
}

async fn render(web: Web, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let caller = match rpc::caller(&web, &parts).await {
        Ok(caller) => caller,
        Err(error) => return refusal::answer(&error, wants_html(&parts.headers)),
    };
    let left = flash::read(web.public_url(), &parts.headers);
    let was_left = left.is_some();
    let mut left = left.unwrap_or_default();
    let refused = parts.uri.query().is_some_and(|query| query.contains("__err="));
    // What was typed belongs to the page that shows why it was refused, and to no other.
    if !refused {
        left.typed.clear();
    }
    // A link from elsewhere may say that something was refused, in words of its own.
    if refused
        && !was_left
        && let Ok(path) = parts.uri.path().parse()
    {
        parts.uri = path;
    }
    let is_secret = has_secret_address(parts.uri.path());
    let visitor = app::rpc::visitor(&*web.backend, &caller).await;
    let leads_to = leads_to(&web, &caller, &parts.uri).await;
    let nonce = Nonce::new();
    let (context, public_url) = (web.clone(), web.public_url().to_owned());
    let (own_nonce, own_left) = (nonce.clone(), left);
    let contexts = move || {
        context.provide(&caller);
        provide_context::<Flash>(own_left.clone());
        provide_context(visitor.clone());
        provide_context(own_nonce.clone());
        if let Some(assets) = site::assets() {
            provide_context(assets);
        }
    };
    let asked = parts.headers.clone();
    let handler = leptos_axum::render_app_async_with_context(contexts, app::shell);
    let mut response = handler(Request::from_parts(parts, Body::empty())).await;

    // Leptos redirects only whoever asks for HTML.
    if response.status() == StatusCode::OK && response.headers().contains_key(header::LOCATION) {
        *response.status_mut() = StatusCode::FOUND;
    }
    let status = response.status();
    let answer = response.headers_mut();
    // It is for the answers of server functions.
    answer.remove(REDIRECT_HEADER);
    if let Some(policy) = headers::page_policy(&nonce, leads_to.as_deref()) {
        answer.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if is_secret {
        answer.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    // A page that only leads to another has not shown it.
    if was_left
        && !status.is_redirection()
        && let Some(cookie) = flash::clear(&public_url)
    {
        answer.append(header::SET_COOKIE, cookie);
    }
    compress::page(&asked, response).await
}
