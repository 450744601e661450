//! Access tokens in `Authorization` (RFC 6750), and what an answer says about a missing or bad one.

use guildhall::caller::{Caller, ClientCaller, UserCaller};
use guildhall::error::{Code, Error};
use guildhall::id::{ClientId, OrganizationId, SessionId, UserId};
use guildhall::policy;
use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderValue};

use super::token::Claims;
use crate::console::Console;
use crate::fault::Fault;

/// The reason of a 401 for a token that is malformed, foreign, expired or revoked (RFC 6750, 3.1).
pub const INVALID_TOKEN: &str = "invalid_token";
/// The reason of a 403 for a token without the scope (RFC 6750, 3.1).
pub const INSUFFICIENT_SCOPE: &str = "insufficient_scope";

/// Whoever an access token stands for.
///
/// # Errors
/// 401 when it is not one of ours, or its client is gone; the database's.
pub async fn caller(console: &Console, headers: &HeaderMap) -> Result<Caller, Fault> {
    let token = token(headers).ok_or_else(invalid)?;
    let claims = console
        .services()
        .tokens
        .verify(token, console.clock().now())
        .ok_or_else(invalid)?;
    let scopes = claims.scope.split_ascii_whitespace();
    if let Ok(client_id) = claims.sub.parse::<ClientId>() {
        let rights = console.client_rights(client_id).await?.ok_or_else(invalid)?;
        if let Some(secrets) = &rights.secrets
            && !secrets.keep(claims.secret.as_deref(), console.clock().now())
        {
            return Err(invalid().into());
        }
        // What was taken from the client since is gone at once.
        let holds = |one: &str| rights.scopes.iter().any(|held| held == one);
        let granted = |scope: &&str| rights.scopes.is_empty() || policy::covers(holds, scope);
        let scopes = scopes.filter(granted).map(str::to_owned).collect();
        return Ok(Caller::Client(ClientCaller {
            client_id,
            kind: rights.kind,
            scopes,
        }));
    }
    let user_id = claims.sub.parse::<UserId>().map_err(|_| invalid())?;
    let rights = console.user_rights(user_id, None).await?;
    let rights = rights.filter(|rights| rights.active).ok_or_else(invalid)?;
    require_fresh(&claims, rights.tokens_valid_from)?;
    // It ends with the session that asked for it, and proves no more than that.
    let second_factor = match &claims.sid {
        Some(session) => {
            let session = session.parse::<SessionId>().map_err(|_| invalid())?;
            let session = console.token_session(user_id, session).await?;
            session.ok_or_else(invalid)?.second_factor
        }
        None => false,
    };
    Ok(Caller::User(UserCaller {
        user_id,
        session_id: None,
        only_organization: organization(&claims)?,
        scopes: Some(scopes.map(str::to_owned).collect()),
        viewing: None,
        second_factor,
    }))
}

/// Refuses a token from before the moment since which tokens are valid: what it was issued for was changed or taken back.
fn require_fresh(claims: &Claims, valid_from: i64) -> Result<(), Error> {
    // Tokens know the second only; one of that second may be from after the change.
    if claims.iat < valid_from.div_euclid(1000) {
        return Err(invalid());
    }
    Ok(())
}

fn organization(claims: &Claims) -> Result<Option<OrganizationId>, Error> {
    claims
        .org_id
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|_| invalid())
}

/// The one token of the one header; two headers are a riddle, not a token.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn invalid() -> Error {
    Error::new(
        Code::Unauthenticated,
        "The access token is malformed, expired or revoked.",
    )
    .because(INVALID_TOKEN)
}

/// `WWW-Authenticate` for a refusal, where it has one (RFC 6750, 3). `presented` says that the request came with a
/// token: somebody whose account was closed holds a token that is dead, not none.
pub fn challenge(error: &Error, presented: bool) -> Option<HeaderValue> {
    match error.code {
        Code::Unauthenticated if presented => Some(HeaderValue::from_static(
            r#"Bearer error="invalid_token", error_description="malformed, expired or revoked""#,
        )),
        Code::Unauthenticated => Some(HeaderValue::from_static("Bearer")),
        Code::Forbidden if error.reason.as_deref() == Some(INSUFFICIENT_SCOPE) => {
            Some(HeaderValue::from_static(r#"Bearer error="insufficient_scope""#))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn one_header_one_scheme_one_token() {
        assert_eq!(token(&headers(&["bearer abc"])), Some("abc"));
        for bad in [
            &["Basic abc"][..],
            &["Bearer"],
            &["Bearer "],
            &["Bearer a", "Bearer b"],
            &[],
        ] {
            assert_eq!(token(&headers(bad)), None, "{bad:?}");
        }
    }
}
