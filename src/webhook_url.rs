//! Where an endpoint for events is.

use crate::error::Malformed;
use crate::value::text_value;

/// Where an endpoint is: `https`, or `http` where the server's settings list its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookUrl(String);
text_value!(WebhookUrl, { "type": "string", "format": "uri", "maxLength": 500, "pattern": "^https?://[!-\"$-?A-~]+$" });

impl WebhookUrl {
    /// Parses an absolute URL of a host, without a user and a fragment.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let wrong = || Malformed::new("is not a URL such as https://example.com/webhooks");
        let text = text.trim();
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .ok_or_else(wrong)?;
        let (authority, _) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let fine = text.len() <= 500
            && text.bytes().all(|byte| byte.is_ascii_graphic())
            && !text.contains(['#', '\\', '"', '<', '>', '^', '`', '{', '|', '}'])
            && !authority.contains('@')
            && split(authority).is_some();
        if fine {
            Ok(WebhookUrl(text.to_owned()))
        } else {
            Err(wrong())
        }
    }

    /// Whether it is reached with TLS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The host, an IPv6 address without its brackets, and the port.
    pub fn host_and_port(&self) -> (&str, u16) {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let (host, port) = split(authority).unwrap_or_default();
        (host, port.unwrap_or(if self.is_https() { 443 } else { 80 }))
    }
}

/// Scheme, host and port of a URL: what may be told to others. Its path and query can be as good as a password.
pub fn origin(url: &str) -> &str {
    let authority = url.find("://").map_or(0, |at| at.saturating_add(3));
    let (before, rest) = url.split_at(authority);
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    url.get(..before.len().saturating_add(end)).unwrap_or_default()
}

/// Host and port of an authority.
fn split(authority: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            let port = match rest {
                "" => None,
                rest => Some(rest.strip_prefix(':')?),
            };
            (host, port)
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let named = host
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    if host.is_empty() || host.len() > 253 || !(named || authority.starts_with('[')) {
        return None;
    }
    let digits = |port: &&str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    match port {
        None => Some((host, None)),
        Some(port) => Some((
            host,
            Some(Some(port).filter(digits)?.parse().ok().filter(|port| *port > 0)?),
        )),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_origin_says_nothing_of_path_and_query() {
        for (text, said) in [
            ("https://example.com", "https://example.com"),
            ("https://example.com/a/secret", "https://example.com"),
            ("http://example.com:8080?key=secret", "http://example.com:8080"),
            ("https://[::1]:9/x", "https://[::1]:9"),
        ] {
            assert_eq!(origin(text), said);
        }
    }

    #[test]
    fn a_url_has_a_host_and_nobodys_name() {
        for (text, host, port) in [
            ("https://example.com", "example.com", 443),
            ("http://example.com:8080/a?b=c", "example.com", 8080),
            ("https://[::1]:9/x", "::1", 9),
            ("https://example.com?x", "example.com", 443),
        ] {
            let url = WebhookUrl::parse(text).unwrap();
            assert_eq!(url.host_and_port(), (host, port), "{text}");
        }
        for wrong in [
            "example.com",
            "ftp://example.com",
            "https://",
            "https:///x",
            "https://me@example.com",
            "https://example.com#x",
            "https://example.com\\@evil.example",
            "https://example.com:port",
            "https://example.com:0",
            "https://example.com:+80",
            "https://[::1",
            "https://[nothing]",
            "https://exa mple.com",
        ] {
            assert!(WebhookUrl::parse(wrong).is_err(), "{wrong}");
        }
    }
}
