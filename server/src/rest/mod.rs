//! The native REST API: what every request of it passes before and after its operation.

pub mod auth0;
mod docs;
mod docs_schemas;
mod input;
mod json;
pub mod openapi;
mod openapi_parts;
mod provider;
pub(crate) mod reply;
pub mod route;
mod table;
mod without_route;

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::{Request as HttpRequest, State};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{any, get, on};
use guildhall::caller::{Caller, Request};
use guildhall::error::{Code, Error};
use serde_json::Value;

pub(crate) use self::input::receive;
pub(crate) use self::json::object as json_object;
use crate::auth;
use crate::auth::rate_limit::{Attempts, Key, Left, RateLimit};
use crate::console::Console;

/// Where the API is mounted: the path of the reference, and its alias.
pub const PREFIXES: [&str; 2] = ["/v1", "/cis/v1"];

/// What an operator can set of the API.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Whether a proxy of ours stands before this server, whose word on addresses counts.
    pub trust_proxy: bool,
    /// Requests a second and at once, for each client, person or address; `None` for no limits at all, none on
    /// guessing secrets either.
    pub rate_limit: Option<(u32, u32)>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            trust_proxy: false,
            rate_limit: Some((100, 200)),
        }
    }
}

/// What the API's handlers share. Cheap to clone.
#[derive(Clone)]
pub struct Rest {
    inner: Arc<Inner>,
}

struct Inner {
    console: Console,
    trust_proxy: bool,
    limit: Option<RateLimit>,
    attempts: Attempts,
    openapi: Later<Vec<u8>>,
    docs: Later<String>,
    auth0_openapi: Later<Vec<u8>>,
    auth0_docs: Later<String>,
}

/// What is made once somebody asks for it: a server starts without it.
type Later<T> = LazyLock<T, Box<dyn FnOnce() -> T + Send>>;

fn later<T>(make: impl FnOnce() -> T + Send + 'static) -> Later<T> {
    let make: Box<dyn FnOnce() -> T + Send> = Box::new(make);
    LazyLock::new(make)
}

impl Rest {
    pub(crate) fn console(&self) -> &Console {
        &self.inner.console
    }

    /// How often a secret may be guessed.
    pub(crate) fn attempts(&self) -> &Attempts {
        &self.inner.attempts
    }

    /// A request for something beside the API, by whoever it is: counted for the address that it comes from.
    pub(crate) fn visit(&self, parts: &axum::http::request::Parts) -> Visit {
        let request = auth::describe(self.console(), self.inner.trust_proxy, parts);
        let taken = self
            .inner
            .limit
            .as_ref()
            .map(|limit| limit.take(&Key::of(&request)));
        let (refused, left) = match taken {
            None => (None, None),
            Some(Ok(left)) => (None, Some(left)),
            Some(Err((error, left))) => (Some(error), Some(left)),
        };
        Visit {
            request,
            refused,
            left,
            now: self.console().clock().now(),
        }
    }
}

/// A request for something beside the API.
pub(crate) struct Visit {
    pub(crate) request: Request,
    refused: Option<Error>,
    left: Option<Left>,
    now: i64,
}

impl Visit {
    /// Refuses whoever asks too often.
    pub(crate) fn admitted(&self) -> Result<(), Error> {
        self.refused.clone().map_or(Ok(()), Err)
    }

    /// The headers that every answer has.
    pub(crate) fn finish(&self, headers: &mut HeaderMap) {
        finish(headers, &self.request.id, self.left, self.now);
    }
}

/// A request on its way through the API: who makes it, and whether with an access token.
#[derive(Clone)]
struct Entered {
    request: Arc<Request>,
    presented: bool,
}

/// The API under both prefixes, what programs call of the provider, and the documentation.
pub fn router(console: Console, settings: Settings) -> Router {
    let made_of = |document: fn(&str) -> Value| {
        let url = console.services().public_url.clone();
        move || document(&url)
    };
    let (native, second) = (made_of(openapi::document), made_of(auth0::document));
    let (native_page, second_page) = (native.clone(), second.clone());
    let rest = Rest {
        inner: Arc::new(Inner {
            trust_proxy: settings.trust_proxy,
            limit: settings
                .rate_limit
                .map(|(rate, burst)| RateLimit::per_second(rate, burst)),
            attempts: Attempts::new(settings.rate_limit.is_some()),
            openapi: later(move || serde_json::to_vec(&native()).unwrap_or_default()),
            docs: later(move || docs::page(&native_page(), &docs::NATIVE)),
            auth0_openapi: later(move || serde_json::to_vec(&second()).unwrap_or_default()),
            auth0_docs: later(move || docs::page(&second_page(), &docs::AUTH0)),
            console,
        }),
    };
    let mut api = Router::new();
    for route in route::table().into_iter().map(Arc::new) {
        // Each under its whole path: nesting would rewrite the address of every request.
        for prefix in PREFIXES {
            let own = route.clone();
            let serve = move |State(rest): State<Rest>, params, request: HttpRequest| {
                route::serve(rest, own, params, request)
            };
            api = api.route(&format!("{prefix}{}", route.path), on(route.filter(), serve));
        }
    }
    for prefix in PREFIXES {
        api = api
            .route(prefix, any(unknown_path))
            .route(&format!("{prefix}/"), any(unknown_path))
            .route(&format!("{prefix}/{{*unknown}}"), any(unknown_path));
    }
    let api = api
        .method_not_allowed_fallback(unknown_method)
        .layer(middleware::from_fn_with_state(rest.clone(), enter));
    let others = Router::new()
        .route("/openapi.json", get(docs::document))
        .route("/docs", get(docs::show))
        .route("/docs/auth0", get(docs::show_auth0))
        .route("/docs/style.css", get(docs::style))
        .merge(crate::oidc::programs())
        .method_not_allowed_fallback(unknown_method);
    api.merge(auth0::router(&rest)).merge(others).with_state(rest)
}

/// Before and after every API request: who asks, how often, from what page; and the headers that every answer has.
async fn enter(State(rest): State<Rest>, http: HttpRequest, next: Next) -> Response {
    let (mut parts, body) = http.into_parts();
    let console = rest.console();
    let presented = parts.headers.contains_key(AUTHORIZATION);
    let Arrival {
        request,
        admitted,
        left,
    } = arrive(&rest, &parts).await;
    let id = request.id.clone();
    let mut response = match admitted {
        Err(error) => reply::refusal(&error, presented),
        Ok(()) => {
            parts.extensions.insert(Entered {
                request: Arc::new(request),
                presented,
            });
            next.run(HttpRequest::from_parts(parts, body)).await
        }
    };
    finish(response.headers_mut(), &id, left, console.clock().now());
    response
}

/// A request that has just come: who makes it, whether they may ask now, and how often they still may.
struct Arrival {
    request: Request,
    admitted: Result<(), Error>,
    left: Option<Left>,
}

async fn arrive(rest: &Rest, parts: &axum::http::request::Parts) -> Arrival {
    let console = rest.console();
    let mut request = auth::describe(console, rest.inner.trust_proxy, parts);
    let established = auth::establish(console, parts, &mut request).await;
    let admitted = established.and_then(|()| same_origin(console, &request, parts));
    let (admitted, left) = match &rest.inner.limit {
        None => (admitted, None),
        Some(limit) => match limit.take(&Key::of(&request)) {
            Ok(left) => (admitted, Some(left)),
            Err((error, left)) => (Err(error), Some(left)),
        },
    };
    Arrival {
        request,
        admitted,
        left,
    }
}

/// A browser brings the session's cookie by itself, so an unsafe request with it must come from a page of ours.
fn same_origin(
    console: &Console,
    request: &Request,
    parts: &axum::http::request::Parts,
) -> Result<(), Error> {
    match &request.caller {
        Caller::User(user) if user.session_id.is_some() => {
            auth::origin::check(&console.services().public_url, &parts.method, &parts.headers)
        }
        _ => Ok(()),
    }
}

fn finish(headers: &mut HeaderMap, id: &str, left: Option<Left>, now: i64) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(left) = left {
        let full_at = u64::try_from(now / 1000)
            .unwrap_or_default()
            .saturating_add(left.full_in);
        headers.insert(
            HeaderName::from_static("x-ratelimit-limit"),
            HeaderValue::from(left.limit),
        );
        headers.insert(
            HeaderName::from_static("x-ratelimit-remaining"),
            HeaderValue::from(left.remaining),
        );
        headers.insert(
            HeaderName::from_static("x-ratelimit-reset"),
            HeaderValue::from(full_at),
        );
    }
}

async fn unknown_path() -> Response {
    reply::refusal(
        &Error::new(
            Code::NotFound,
            "There is no such path in this API; /docs lists them.",
        ),
        false,
    )
}

async fn unknown_method() -> Response {
    let error = Error::new(
        Code::MethodNotAllowed,
        "This path does not take this method; Allow names those that it takes.",
    );
    reply::refusal(&error, false)
}
