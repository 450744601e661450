//! Links: to pictures, to where sign-ins return and begin.

use crate::error::Malformed;
use crate::value::text_value;

/// A link with `http` or `https`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WebUrl(String);
text_value!(WebUrl, { "type": "string", "format": "uri", "maxLength": 2048, "pattern": "^https?://[A-Za-z0-9]" });

impl WebUrl {
    /// Parses it; other schemes (`javascript:`, `data:`), user names, white space and control characters are refused.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let wrong = || Malformed::new("is not a link that starts with https:// or http://");
        let text = text.trim();
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .ok_or_else(wrong)?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host_ok = host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'));
        let rest_ok = rest
            .bytes()
            .all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\' | b'`'));
        if host_ok && rest_ok && text.len() <= 2048 {
            Ok(WebUrl(text.to_owned()))
        } else {
            Err(wrong())
        }
    }
}

/// A redirect URI of an application, compared to the letter (OAuth 2.1, 2.3.1): `https`, or `http` on the machine itself (RFC 9700,
/// 2.6; RFC 8252, 7.3).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RedirectUri(String);
text_value!(RedirectUri, { "type": "string", "format": "uri", "maxLength": 2048, "pattern": "^(https://[A-Za-z0-9[]|http://(localhost|127[.]|[[]::1[]]))[^#]*$" });

impl RedirectUri {
    /// Parses a link without a fragment (RFC 6749, 3.1.2) whose way to the application nobody can listen to.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        unheard(text).map(RedirectUri)
    }
}

/// A link without a fragment that starts with `https`, or with `http` where it stays on the machine.
fn unheard(text: &str) -> Result<String, Malformed> {
    let url = String::from(WebUrl::parse(text)?);
    if url.contains('#') {
        return Err(Malformed::new("must not have a fragment (#…)"));
    }
    let host = url.split_once("://").and_then(|(_, rest)| host_of(rest));
    let Some(host) = host else {
        return Err(Malformed::new(
            "must name a host, and with it at most a port of 1 to 65535",
        ));
    };
    if url.starts_with("http://") && !is_this_machine(host) {
        return Err(Malformed::new(
            "must start with https://; http:// is for localhost only",
        ));
    }
    Ok(url)
}

/// Where an application's own sign-in begins (`initiate_login_uri`, OpenID Connect Dynamic Client Registration 1.0, 2):
/// `https`, or `http` on the machine itself, for somebody who develops.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LoginUri(String);
text_value!(LoginUri, { "type": "string", "format": "uri", "maxLength": 2048, "pattern": "^(https://[A-Za-z0-9[]|http://(localhost|127[.]|[[]::1[]]))[^#]*$" });

impl LoginUri {
    /// Parses a link without a fragment whose way to the application nobody can listen to.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        unheard(text).map(LoginUri)
    }
}

/// The host of a link without its scheme, an IPv6 address in its brackets; nothing where that, or the port, is none.
fn host_of(rest: &str) -> Option<&str> {
    let authority = rest.split(['/', '?', '#']).next()?;
    let end = match authority.strip_prefix('[') {
        Some(six) => six.find(']')? + 2,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at_checked(end)?;
    let is_host = match host.strip_prefix('[').and_then(|six| six.strip_suffix(']')) {
        Some(six) => six.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && !host.contains(['[', ']']),
    };
    let is_port = match port.strip_prefix(':') {
        Some(digits) => {
            // Parsing alone takes a sign, too.
            digits.bytes().all(|b| b.is_ascii_digit()) && digits.parse::<u16>().is_ok_and(|port| port > 0)
        }
        None => port.is_empty(),
    };
    (is_host && is_port).then_some(host)
}

/// Whether a host is the machine that its link is opened on.
fn is_this_machine(host: &str) -> bool {
    host == "[::1]"
        || host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_sign_in_begins_and_ends_where_nobody_listens() {
        for good in [
            "https://app.example/login?x=1",
            "http://localhost:5173/login",
            "http://LOCALHOST",
            "http://127.0.0.1:8080/",
            "http://[::1]:3000/login",
            "http://[::1]",
            "https://[2001:db8::7]/login",
            "https://[2001:db8::7]:8443?x=1",
            "https://app.example:65535/login",
        ] {
            assert!(LoginUri::parse(good).is_ok(), "{good}");
            assert!(RedirectUri::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "http://app.example/login",
            "http://localhost.evil.example/",
            "http://127.0.0.1.evil.example/",
            "http://128.0.0.1/",
            "http://[::2]/",
            "http://[::1].evil.example/",
            "http://[::1]evil.example/",
            "http://[::1]:80evil.example/",
            "http://localhost:80evil.example/",
            "http://localhost:80:80/",
            "https://[evil]/",
            "https://[::1/",
            "https://::1]/",
            "https://[]/",
            "https://a[::1]/",
            "https://2001:db8::7/",
            "https://a.example:/",
            "https://a.example:0/",
            "https://a.example:99999/",
            "https://a.example:65536/",
            "https://app.example/#login",
            "javascript:alert(1)",
            "//app.example",
            "",
        ] {
            assert!(LoginUri::parse(bad).is_err(), "{bad}");
            assert!(RedirectUri::parse(bad).is_err(), "{bad}");
        }
    }
}
