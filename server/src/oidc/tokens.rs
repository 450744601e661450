//! Introspection and revocation of tokens, for clients that say who they are.

use axum::extract::{Request as HttpRequest, State};
use axum::response::Response;
use guildhall::oidc::{IntrospectToken, RevokeToken};

use super::client_auth::presented;
use super::refusal;
use super::token::guarded;
use crate::rest::Rest;

/// `POST /oidc/introspect` (RFC 7662).
pub async fn introspect(State(rest): State<Rest>, http: HttpRequest) -> Response {
    let (parts, body) = http.into_parts();
    let visit = rest.visit(&parts);
    let answered = async {
        let (client, form) = presented(&visit, &parts.headers, body).await?;
        let token = form.secret("token")?;
        let answer = guarded(&rest, &visit, IntrospectToken { client, token }).await?;
        Ok(serde_json::to_vec(&answer)?)
    };
    refusal::answer(&visit, answered.await)
}

/// `POST /oidc/revoke` (RFC 7009): an empty 200, whatever the token was.
pub async fn revoke(State(rest): State<Rest>, http: HttpRequest) -> Response {
    let (parts, body) = http.into_parts();
    let visit = rest.visit(&parts);
    let answered = async {
        let (client, form) = presented(&visit, &parts.headers, body).await?;
        let token = form.secret("token")?;
        guarded(&rest, &visit, RevokeToken { client, token }).await?;
        Ok(Vec::new())
    };
    refusal::answer(&visit, answered.await)
}
