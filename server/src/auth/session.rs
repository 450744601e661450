//! The console session's cookie: its name, how it is set and cleared, and who it stands for.

use guildhall::caller::{Caller, Request, UserCaller};
use http::HeaderMap;
use http::header::{COOKIE, HeaderValue, InvalidHeaderValue};

use super::origin;
use crate::clock;
use crate::console::Console;
use crate::fault::Fault;
use crate::store::rights::SessionRights;

/// The cookie's name. The prefix `__Host-` makes the browser refuse one that another host or path tries to plant, and
/// needs `Secure`, which browsers grant to loopback addresses, too.
pub fn cookie_name(public_url: &str) -> &'static str {
    if origin::is_trustworthy(public_url) {
        "__Host-session"
    } else {
        "session"
    }
}

/// The name of the cookie of a sign-in that waits for its second factor.
pub fn pending_name(public_url: &str) -> &'static str {
    if origin::is_trustworthy(public_url) {
        "__Host-pending"
    } else {
        "pending"
    }
}

/// The session's token, where the request brings one.
pub fn token<'h>(headers: &'h HeaderMap, public_url: &str) -> Option<&'h str> {
    named(headers, cookie_name(public_url))
}

/// The value of a cookie, where the request brings one.
pub fn named<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, token)| *key == name && !token.is_empty())
        .map(|(_, token)| token)
}

/// `Set-Cookie` for a new session that lives `lifetime` seconds.
///
/// # Errors
/// When the token is not one of ours: ours have only URL-safe characters.
pub fn set(public_url: &str, token: &str, lifetime: i64) -> Result<HeaderValue, InvalidHeaderValue> {
    set_named(public_url, cookie_name(public_url), token, lifetime)
}

/// `Set-Cookie` for a sign-in that waits `lifetime` seconds for its second factor; without a token, for none.
///
/// # Errors
/// As [`set`].
pub fn set_pending(
    public_url: &str,
    pending: Option<(&str, i64)>,
) -> Result<HeaderValue, InvalidHeaderValue> {
    let (token, lifetime) = pending.unwrap_or_default();
    set_named(public_url, pending_name(public_url), token, lifetime)
}

fn set_named(
    public_url: &str,
    name: &str,
    token: &str,
    lifetime: i64,
) -> Result<HeaderValue, InvalidHeaderValue> {
    let secure = if origin::is_trustworthy(public_url) {
        "; Secure"
    } else {
        ""
    };
    format!("{name}={token}; Path=/; Max-Age={lifetime}; HttpOnly; SameSite=Lax{secure}").parse()
}

/// `Set-Cookie` that ends a session in the browser.
pub fn clear(public_url: &str) -> HeaderValue {
    HeaderValue::from_static(if origin::is_trustworthy(public_url) {
        "__Host-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
    } else {
        "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
    })
}

/// Whoever a session stands for: nobody, where there is none or it has ended.
///
/// # Errors
/// The database's.
pub async fn caller(console: &Console, headers: &HeaderMap, request: &Request) -> Result<Caller, Fault> {
    let Some(token) = token(headers, &console.services().public_url) else {
        return Ok(Caller::Anonymous);
    };
    let Some(session) = console.session_rights(&clock::fingerprint(token)).await? else {
        return Ok(Caller::Anonymous);
    };
    console.session_used(&session, request.ip.clone());
    Ok(of(session))
}

/// Whoever the session of a token's fingerprint stands for at this moment, without counting as a use of it: a page that is
/// open is told what changes whether anybody sits before it or not.
///
/// # Errors
/// The database's.
pub async fn still(console: &Console, fingerprint: &str) -> Result<Caller, Fault> {
    let session = console.session_rights(fingerprint).await?;
    Ok(session.map_or(Caller::Anonymous, of))
}

fn of(session: SessionRights) -> Caller {
    Caller::User(UserCaller {
        user_id: session.user_id,
        session_id: Some(session.session_id),
        only_organization: None,
        scopes: None,
        viewing: session.viewing,
        second_factor: session.second_factor,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reads_the_cookie_that_it_sets() {
        for url in ["https://console.example", "http://console.example"] {
            let set = set(url, "t0k-en_", 60).unwrap();
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            let mut headers = HeaderMap::new();
            headers.append(COOKIE, format!("theme=dark; {pair}").parse().unwrap());
            assert_eq!(token(&headers, url), Some("t0k-en_"), "{url}");
            assert_eq!(set.to_str().unwrap().contains("Secure"), url.starts_with("https"));
        }
    }

    #[test]
    fn an_emptied_cookie_is_none() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "__Host-session=".parse().unwrap());
        assert_eq!(token(&headers, "https://console.example"), None);
    }

    #[test]
    fn a_token_cannot_add_a_header_or_attribute() {
        assert!(set("https://console.example", "a\r\nSet-Cookie: b=c", 1).is_err());
    }
}
