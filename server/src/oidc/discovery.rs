//! What the provider can do, and the keys that verify what it signs.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::response::Response;
use guildhall::oidc::SCOPES;
use serde_json::{Value, json};

use crate::auth::amr;
use crate::auth::token::PUBLISHED_FOR;
use crate::rest::{Rest, reply};

/// The metadata (OpenID Connect Discovery 1.0, 3; RFC 8414, 2).
fn metadata(issuer: &str) -> Value {
    let at = |path: &str| format!("{issuer}{path}");
    let secrets = ["client_secret_basic", "client_secret_post"];
    let all = ["client_secret_basic", "client_secret_post", "none"];
    json!({
        "issuer": issuer,
        "authorization_endpoint": at("/oidc/authorize"),
        "token_endpoint": at("/oidc/token"),
        "userinfo_endpoint": at("/oidc/userinfo"),
        "jwks_uri": at("/.well-known/jwks.json"),
        "introspection_endpoint": at("/oidc/introspect"),
        "revocation_endpoint": at("/oidc/revoke"),
        "end_session_endpoint": at("/oidc/logout"),
        "service_documentation": at("/docs"),
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "acr_values_supported": amr::CLASSES,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "token_endpoint_auth_methods_supported": all,
        "revocation_endpoint_auth_methods_supported": all,
        "introspection_endpoint_auth_methods_supported": secrets,
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "amr", "acr", "sid", "org_id", "org_name", "roles", "permissions",
            "name", "given_name", "middle_name", "family_name", "preferred_username", "picture", "locale", "birthdate",
            "updated_at", "email", "email_verified", "phone_number", "phone_number_verified"
        ],
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    })
}

fn published(kind: &'static str, document: &Value) -> Response {
    let mut response = reply::plain(StatusCode::OK, kind, document.to_string());
    if let Ok(value) = HeaderValue::from_str(&format!("public, max-age={PUBLISHED_FOR}")) {
        response.headers_mut().insert(CACHE_CONTROL, value);
    }
    response
}

/// `GET /.well-known/openid-configuration`, and the same under the name that RFC 8414 gives it.
pub async fn document(State(rest): State<Rest>) -> Response {
    let issuer = rest.console().services().tokens.issuer();
    published("application/json", &metadata(issuer))
}

/// `GET /.well-known/jwks.json` (RFC 7517).
pub async fn keys(State(rest): State<Rest>) -> Response {
    let console = rest.console();
    let keys = console.services().tokens.jwks(console.clock().now());
    published("application/jwk-set+json", &keys)
}
