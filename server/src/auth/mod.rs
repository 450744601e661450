//! How a request becomes a caller: session cookie, bearer token, password, origin check, rate limit.

pub mod amr;
pub mod app_token;
pub mod bearer;
pub mod device;
mod hashing;
pub mod origin;
pub mod passkey;
pub mod password;
pub mod password_rules;
pub mod pkce;
pub mod rate_limit;
pub mod session;
mod signing_key;
pub mod strength;
pub mod token;
pub mod totp;

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use guildhall::caller::{Caller, Request};
use guildhall::error::Error;
use guildhall::id::RequestId;
use http::header::{AUTHORIZATION, HeaderName, IF_MATCH, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, Method};

use crate::clock;
use crate::console::Console;
use crate::fault::Fault;

/// Characters of `User-Agent` that the audit keeps.
const USER_AGENT_LENGTH: usize = 256;
/// Characters of an `Idempotency-Key`.
const KEY_LENGTH: usize = 255;

/// Finds out who made a request that is [described](describe): by an access token, else by a console session, else
/// nobody.
///
/// # Errors
/// 401 with the reason `invalid_token` for an access token that is none of ours, 400 for a header that cannot be
/// read, 500 when the database broke.
pub async fn establish(console: &Console, parts: &Parts, request: &mut Request) -> Result<(), Error> {
    request.caller = caller(console, &parts.headers, request).await?;
    request.if_match = text(&parts.headers, IF_MATCH);
    if parts.method == Method::POST {
        request.idempotency_key = idempotency_key(&parts.headers)?;
    }
    Ok(())
}

/// What a request says of itself before it is known who made it. `trust_proxy` is the setting that says that a proxy of
/// ours stands before this server.
pub fn describe(console: &Console, trust_proxy: bool, parts: &Parts) -> Request {
    let mut request = Request::by(Caller::Anonymous);
    request.id = parts
        .headers
        .get("x-request-id")
        .and_then(|id| id.to_str().ok())
        .filter(|id| is_sane_id(id))
        .map_or_else(
            || RequestId::compose(console.clock().now(), clock::random_bits()).to_string(),
            str::to_owned,
        );
    request.ip = address(trust_proxy, parts).map(|ip| ip.to_string());
    request.user_agent = text(&parts.headers, USER_AGENT).map(|agent| {
        agent
            .chars()
            .filter(|c| !c.is_control())
            .take(USER_AGENT_LENGTH)
            .collect()
    });
    request
}

/// The address that asks: the peer's or, where a proxy of ours is the peer, the one that the proxy saw. Only the last
/// entry of `X-Forwarded-For` is the proxy's own word; those before it are whatever the other side wrote.
pub fn address(trust_proxy: bool, parts: &Parts) -> Option<IpAddr> {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(peer)| peer.ip().to_canonical());
    if !trust_proxy {
        return peer;
    }
    let told = parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(|last| last.trim().parse::<IpAddr>().ok())
        .map(|ip| ip.to_canonical());
    told.or(peer)
}

async fn caller(console: &Console, headers: &HeaderMap, request: &Request) -> Result<Caller, Error> {
    let found = if headers.contains_key(AUTHORIZATION) {
        bearer::caller(console, headers).await
    } else {
        session::caller(console, headers, request).await
    };
    found.map_err(|fault| match fault {
        Fault::Refused(error) => error,
        Fault::Broken(cause) => {
            let reference = RequestId::compose(console.clock().now(), clock::random_bits()).to_string();
            tracing::error!(
                request.id = %request.id,
                error.reference = %reference,
                error.cause = format!("{cause:#}"),
                "who asks could not be found out"
            );
            Error::internal(reference)
        }
    })
}

fn is_sane_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(key) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    match key.to_str() {
        Ok(key)
            if (1..=KEY_LENGTH).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) =>
        {
            Ok(Some(key.to_owned()))
        }
        _ => Err(Error::field(
            "Idempotency-Key",
            "must have 1 to 255 visible ASCII characters",
        )),
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers
        .get(name)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parts(forwarded: &[&str]) -> Parts {
        let mut builder = http::Request::builder();
        for value in forwarded {
            builder = builder.header("x-forwarded-for", *value);
        }
        let (mut parts, ()) = builder.body(()).unwrap().into_parts();
        parts
            .extensions
            .insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 4711))));
        parts
    }

    #[test]
    fn a_forwarded_address_counts_only_from_our_proxy_and_only_its_own_word() {
        let peer = IpAddr::from([10, 0, 0, 1]);
        assert_eq!(address(false, &parts(&["192.0.2.7"])), Some(peer));
        assert_eq!(address(true, &parts(&[])), Some(peer));
        assert_eq!(address(true, &parts(&["nonsense"])), Some(peer));
        let seen = Some(IpAddr::from([192, 0, 2, 7]));
        assert_eq!(address(true, &parts(&["203.0.113.9, 192.0.2.7"])), seen);
        assert_eq!(address(true, &parts(&["203.0.113.9", "192.0.2.7"])), seen);
    }

    #[test]
    fn a_request_id_is_short_and_plain() {
        assert!(is_sane_id("a-B_9"));
        for bad in ["", "a b", "a\"b", "ü", &"x".repeat(65)] {
            assert!(!is_sane_id(bad), "{bad}");
        }
    }
}
