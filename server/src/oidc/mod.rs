//! The OpenID Connect provider over HTTP: for programs the token endpoint and its neighbours, for browsers the way in and out.
//!
//! | path | for | standard |
//! |---|---|---|
//! | `/.well-known/openid-configuration` | programs | OpenID Connect Discovery 1.0, RFC 8414 |
//! | `/.well-known/jwks.json` | programs | RFC 7517 |
//! | `/oidc/authorize` | browsers | OpenID Connect Core, RFC 7636, RFC 9207 |
//! | `/oidc/continue`, `/oidc/cancel` | browsers, from our own pages | – |
//! | `/oidc/token` | programs | RFC 6749 |
//! | `/oidc/userinfo` | programs | OpenID Connect Core, 5.3 |
//! | `/oidc/introspect`, `/oidc/revoke` | programs | RFC 7662, RFC 7009 |
//! | `/oidc/logout` | browsers | OpenID Connect RP-Initiated Logout 1.0 |

mod authorize;
mod client_auth;
mod cors;
mod discovery;
mod form;
mod leading;
mod logout;
mod refusal;
mod start;
mod token;
mod tokens;
mod userinfo;

pub(crate) use self::token::issue_in_either;

use axum::routing::{get, post};
use axum::{Router, middleware};

use crate::rest::Rest;
use crate::web::Web;

/// What programs call. Also under the alias of the API's paths, where the reference has it.
pub fn programs() -> Router<Rest> {
    Router::new()
        .route("/oidc/token", post(token::issue).options(cors::preflight))
        .route("/cis/oidc/token", post(token::issue).options(cors::preflight))
        .route(
            "/oidc/userinfo",
            get(userinfo::show).post(userinfo::show).options(cors::preflight),
        )
        .route("/oidc/introspect", post(tokens::introspect))
        .route("/oidc/revoke", post(tokens::revoke).options(cors::preflight))
        .route("/.well-known/openid-configuration", get(discovery::document))
        .route(
            "/.well-known/oauth-authorization-server",
            get(discovery::document),
        )
        .route("/.well-known/jwks.json", get(discovery::keys))
        .layer(middleware::from_fn(cors::allow))
        .route("/v1/auth/sso/start", get(start::begin))
        .route("/cis/v1/auth/sso/start", get(start::begin))
}

/// What browsers open.
pub fn browsers() -> Router<Web> {
    Router::new()
        .route(
            "/oidc/authorize",
            get(authorize::begin).post(authorize::begin_by_form),
        )
        .route("/oidc/continue", get(authorize::go_on).post(authorize::choose))
        .route("/oidc/cancel", get(authorize::cancel))
        .route("/oidc/logout", get(logout::begin).post(logout::by_form))
}
