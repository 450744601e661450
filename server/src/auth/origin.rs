//! The origin check: a browser's unsafe request must come from a page of ours, since it brings the cookie by itself.

use guildhall::error::Error;
use http::header::{CONTENT_TYPE, ORIGIN};
use http::{HeaderMap, Method};

/// Lets safe methods pass, and unsafe ones from our own origin: by `Origin` or, where the browser sent none, by
/// `Sec-Fetch-Site`. For all unsafe requests of the console, and for those to the API with a session cookie.
///
/// # Errors
/// 403 with the reason `foreign_origin`.
pub fn check(public_url: &str, method: &Method, headers: &HeaderMap) -> Result<(), Error> {
    if method.is_safe() || (is_own(public_url, headers) && !is_plain_text(headers)) {
        Ok(())
    } else {
        Err(foreign())
    }
}

/// The same for a server function, which is never asked by a safe method: links and images reach those with the cookie.
///
/// # Errors
/// 403 with the reason `foreign_origin`.
pub fn check_server_function(public_url: &str, method: &Method, headers: &HeaderMap) -> Result<(), Error> {
    if *method == Method::POST && is_from_unnamed_page(headers) {
        Ok(())
    } else if *method == Method::POST {
        check(public_url, method, headers)
    } else {
        Err(foreign())
    }
}

/// Lets a request for a stream pass unless a browser says that another site's page made it: it could read nothing of it, but
/// it would hold one of those that a person may have.
///
/// # Errors
/// 403 with the reason `foreign_origin`.
pub fn check_stream(headers: &HeaderMap) -> Result<(), Error> {
    let foreign_page = headers
        .get_all("sec-fetch-site")
        .iter()
        .any(|site| site != "same-origin" && site != "none");
    if foreign_page { Err(foreign()) } else { Ok(()) }
}

/// Whether browsers take a `Secure` cookie from this URL: `https`, or `http` of a loopback address.
pub fn is_trustworthy(public_url: &str) -> bool {
    match of(public_url).split_once("://") {
        Some(("https", _)) => true,
        Some(("http", authority)) => {
            let host = match authority.find(']') {
                Some(end) => authority.get(..=end).unwrap_or_default(),
                None => authority.split(':').next().unwrap_or_default(),
            };
            host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1" || host == "[::1]"
        }
        _ => false,
    }
}

/// Scheme, host and port of a URL, lower case.
fn of(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let origin = format!("{scheme}://{authority}").to_ascii_lowercase();
    // Browsers leave out the port that the scheme implies.
    let implied = if scheme.eq_ignore_ascii_case("https") {
        ":443"
    } else {
        ":80"
    };
    origin.strip_suffix(implied).map(str::to_owned).unwrap_or(origin)
}

fn is_own(public_url: &str, headers: &HeaderMap) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (Some(origin), None) => origin
            .to_str()
            .is_ok_and(|origin| origin.to_ascii_lowercase() == of(public_url)),
        (None, _) => is_said_to_be_own(headers),
        _ => false,
    }
}

/// A page of ours that tells nobody where it is (`Referrer-Policy: no-referrer`) sends the origin `null`, as foreign ones do;
/// that it is ours, the browser says in its own name (Fetch Metadata, 2.3).
fn is_from_unnamed_page(headers: &HeaderMap) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    matches!((origins.next(), origins.next()), (Some(origin), None) if origin == "null")
        && is_said_to_be_own(headers)
        && !is_plain_text(headers)
}

fn is_said_to_be_own(headers: &HeaderMap) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    matches!((sites.next(), sites.next()), (Some(site), None) if site == "same-origin")
}

/// The one form encoding that a foreign page can fill with anything, JSON for example.
fn is_plain_text(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/plain"))
}

fn foreign() -> Error {
    Error::forbidden(
        "This request did not come from a page of this console. Open the console and try again from there.",
    )
    .because("foreign_origin")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const URL: &str = "https://console.example/";

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_page_that_hides_its_address_may_call_server_functions_only() {
        let unnamed = headers(&[("origin", "null"), ("sec-fetch-site", "same-origin")]);
        assert!(check_server_function(URL, &Method::POST, &unnamed).is_ok());
        assert!(check(URL, &Method::POST, &unnamed).is_err());
        assert!(check_server_function(URL, &Method::GET, &unnamed).is_err());
        for foreign in [
            &[("origin", "null")][..],
            &[("origin", "null"), ("sec-fetch-site", "cross-site")],
            &[("origin", "null"), ("sec-fetch-site", "same-site")],
            &[
                ("origin", "null"),
                ("sec-fetch-site", "same-origin"),
                ("content-type", "text/plain"),
            ],
        ] {
            assert!(
                check_server_function(URL, &Method::POST, &headers(foreign)).is_err(),
                "{foreign:?}"
            );
        }
    }

    #[test]
    fn own_pages_pass() {
        for own in [
            &[("origin", "https://console.example")][..],
            &[("sec-fetch-site", "same-origin")],
            &[
                ("origin", "https://console.example"),
                ("sec-fetch-site", "same-origin"),
            ],
        ] {
            assert!(check(URL, &Method::POST, &headers(own)).is_ok(), "{own:?}");
        }
        assert!(
            check(
                "https://console.example:443",
                &Method::POST,
                &headers(&[("origin", "https://console.example")])
            )
            .is_ok()
        );
        assert!(check(URL, &Method::GET, &headers(&[("origin", "https://evil.example")])).is_ok());
    }

    #[test]
    fn other_sites_hold_no_stream() {
        for own in [
            &[][..],
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
        ] {
            assert!(check_stream(&headers(own)).is_ok(), "{own:?}");
        }
        for foreign in ["same-site", "cross-site"] {
            assert!(
                check_stream(&headers(&[("sec-fetch-site", foreign)])).is_err(),
                "{foreign}"
            );
        }
    }

    #[test]
    fn others_do_not() {
        for foreign in [
            &[][..],
            &[("origin", "null")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://console.example")],
            &[("origin", "https://console.example:8443")],
            &[("origin", "https://console.example.evil.example")],
            &[
                ("origin", "https://evil.example"),
                ("sec-fetch-site", "same-origin"),
            ],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "none")],
            &[
                ("origin", "https://console.example"),
                ("content-type", "Text/Plain; charset=utf-8"),
            ],
        ] {
            for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
                assert_eq!(
                    check(URL, &method, &headers(foreign)).unwrap_err().code.status(),
                    403,
                    "{foreign:?}"
                );
            }
        }
    }

    #[test]
    fn a_server_function_is_asked_by_post_only() {
        let own = headers(&[("origin", "https://console.example")]);
        assert!(check_server_function(URL, &Method::POST, &own).is_ok());
        assert!(check_server_function(URL, &Method::GET, &own).is_err());
    }

    #[test]
    fn secure_cookies_go_to_https_and_loopback() {
        for yes in [
            "https://console.example",
            "http://localhost:3000",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
            "http://[::1]",
            "http://localhost",
        ] {
            assert!(is_trustworthy(yes), "{yes}");
        }
        for no in [
            "http://console.example",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example:80",
            "ftp://localhost",
        ] {
            assert!(!is_trustworthy(no), "{no}");
        }
    }
}
