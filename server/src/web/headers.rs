//! What every answer tells a browser about how far to trust it.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// For what is no page: nothing may be loaded by it, nor framed.
const NO_PAGE: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// For every answer.
const ALWAYS: [(HeaderName, &str); 2] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// For every answer that a browser may show by itself.
const SHOWN: [(HeaderName, &str); 4] = [
    (header::REFERRER_POLICY, "same-origin"),
    (header::CONTENT_SECURITY_POLICY, NO_PAGE),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), \
         midi=(), payment=(), usb=()",
    ),
];

/// What is never a page of its own with anything running in it: there, the headers for pages say nothing, and would be a
/// good part of some files.
const NEVER_SHOWN: [&str; 5] = [
    "application/wasm",
    "font/woff2",
    "image/x-icon",
    "text/css; charset=utf-8",
    "text/javascript; charset=utf-8",
];

/// The policy of a page with a nonce: scripts and styles are our own files, and the page's own scripts say the nonce.
/// Without it, none runs that somebody smuggled in. `leads_to` is an origin to which the page's forms lead in the end.
pub fn page_policy(nonce: &str, leads_to: Option<&str>) -> Option<HeaderValue> {
    // Nothing that could end the directive.
    let leads_to = leads_to
        .filter(|origin| {
            origin
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b';' | b','))
        })
        .map_or_else(String::new, |origin| format!(" {origin}"));
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: https:; font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; form-action 'self'{leads_to}; \
         base-uri 'none'; frame-ancestors 'none'"
    )
    .parse()
    .ok()
}

/// Adds what an answer does not already say. `https` says that browsers reach us with TLS.
pub async fn secure(State(https): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let kind = headers.get(header::CONTENT_TYPE);
    let is_shown = !kind.is_some_and(|kind| NEVER_SHOWN.iter().any(|never| kind == never));
    for (name, value) in ALWAYS.into_iter().chain(SHOWN.into_iter().filter(|_| is_shown)) {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if https {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::body::Body;
    use axum::routing::get;
    use axum::{Router, middleware};
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn what_can_be_a_page_says_what_it_may_do() {
        let of = |kind: &'static str| async move {
            let router = Router::new()
                .route("/", get(move || async move { [(header::CONTENT_TYPE, kind)] }))
                .layer(middleware::from_fn_with_state(true, secure));
            let request = Request::get("/").body(Body::empty()).unwrap();
            router.oneshot(request).await.unwrap().headers().clone()
        };
        let (picture, program) = (of("image/svg+xml").await, of("application/wasm").await);
        assert_eq!(picture.get(header::CONTENT_SECURITY_POLICY).unwrap(), NO_PAGE);
        assert!(!program.contains_key(header::CONTENT_SECURITY_POLICY));
        for headers in [picture, program] {
            assert_eq!(headers.get(header::X_CONTENT_TYPE_OPTIONS).unwrap(), "nosniff");
            assert!(headers.contains_key("cross-origin-resource-policy"));
            assert!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
        }
    }
}
