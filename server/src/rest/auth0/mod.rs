//! The Auth0-compatible API: a second dialect over the same operations, for programs that speak the Management API v2.
//!
//! | here | what |
//! |---|---|
//! | `endpoint` | one way to ask for something, and the one handler that serves them all |
//! | `table` | which there are |
//! | `ids`, `pages`, `shown` | how this dialect writes ids, pages and parts of things |
//! | `refusal` | its error bodies and texts |
//! | the others | one noun each: bodies, answers, and the operations behind them |

mod clients;
mod connections;
mod domains;
mod endpoint;
mod ids;
mod invitations;
mod member_roles;
mod members;
mod openapi;
mod organization_body;
mod organizations;
mod pages;
mod refusal;
mod roles;
mod shown;
mod table;
mod table_tenant;
mod user_body;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request as HttpRequest, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{any, get, on, post};
use guildhall::caller::{Caller, ClientKind};
use guildhall::error::Error;

pub use self::endpoint::Endpoint;
pub use self::openapi::document;
pub use self::table::table;

use self::refusal::Refusal;
use super::{Arrival, Entered, Rest, arrive, finish};
use crate::auth::bearer;

/// Where it is mounted.
pub const PREFIX: &str = "/api/v2";

/// The API, its token endpoint and its document.
pub(super) fn router(rest: &Rest) -> Router<Rest> {
    let mut api = Router::new();
    for endpoint in table().into_iter().map(Arc::new) {
        let own = endpoint.clone();
        let serve = move |State(rest): State<Rest>, params, request: HttpRequest| {
            endpoint::serve(rest, own, params, request)
        };
        api = api.route(
            &format!("{PREFIX}{}", endpoint.path),
            on(endpoint.filter(), serve),
        );
    }
    api.route(PREFIX, any(unknown_path))
        .route(&format!("{PREFIX}/"), any(unknown_path))
        .route(&format!("{PREFIX}/{{*unknown}}"), any(unknown_path))
        .method_not_allowed_fallback(unknown_method)
        .layer(middleware::from_fn_with_state(rest.clone(), enter))
        .route(
            "/oauth/token",
            post(crate::oidc::issue_in_either).fallback(other_method),
        )
        .route("/api/v2/openapi.json", get(openapi::show).fallback(other_method))
}

/// Before and after every request: only a client of the tenant's backend gets in, with its token.
async fn enter(State(rest): State<Rest>, http: HttpRequest, next: Next) -> Response {
    let (mut parts, body) = http.into_parts();
    let presented = bearer::token(&parts.headers).map(str::to_owned);
    let Arrival {
        request,
        admitted,
        left,
    } = arrive(&rest, &parts).await;
    let id = request.id.clone();
    let admitted = match (&presented, admitted) {
        // A session's cookie is for the console.
        (None, Ok(())) => Err(Refusal::from(Error::unauthenticated())),
        (Some(token), Err(error)) if rest.console().services().tokens.is_forged(token) => {
            Err(Refusal::forged(&error))
        }
        (_, Err(error)) => Err(Refusal::from(error)),
        (Some(_), Ok(())) => match &request.caller {
            Caller::Client(client) if client.kind == ClientKind::Management => Ok(()),
            _ => Err(Refusal::not_global()),
        },
    };
    let mut response = match admitted {
        Err(refusal) => refusal.answer(),
        Ok(()) => {
            parts.extensions.insert(Entered {
                request: Arc::new(request),
                presented: true,
            });
            next.run(HttpRequest::from_parts(parts, body)).await
        }
    };
    finish(response.headers_mut(), &id, left, rest.console().clock().now());
    response
}

async fn unknown_path() -> Response {
    Refusal::new(404, "Not Found").answer()
}

async fn unknown_method() -> Response {
    Refusal::new(405, "Method Not Allowed").answer()
}

/// The same beside the API, where nobody has to say who they are.
async fn other_method(State(rest): State<Rest>, http: HttpRequest) -> Response {
    let (parts, _) = http.into_parts();
    let visit = rest.visit(&parts);
    let refusal = match visit.admitted() {
        Ok(()) => Refusal::new(405, "Method Not Allowed"),
        Err(error) => Refusal::from(error),
    };
    let mut response = refusal.answer();
    visit.finish(response.headers_mut());
    response
}
