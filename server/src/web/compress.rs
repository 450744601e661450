//! Pages, made small on their way out. Files are embedded compressed; a page is another one each time.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::site::accepts;

/// Below this there is nothing to win.
const WORTH_IT: usize = 1024;
/// More than any page has.
const LARGEST: usize = 16 * 1024 * 1024;

/// Compresses a page with brotli where the browser takes it, as every browser does that reaches us by TLS or on its own
/// machine. What is secret in a page (a client's new secret, once) never stands beside text that others chose.
pub async fn page(request: &HeaderMap, response: Response) -> Response {
    let accepted = request
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let is_encoded = response.headers().contains_key(header::CONTENT_ENCODING);
    if !accepts(accepted, "br") || is_encoded {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(plain) = to_bytes(body, LARGEST).await else {
        // The renderer's stream broke off: nothing whole can be sent.
        return crate::web::refusal::answer(&guildhall::error::Error::internal("unrendered"), true);
    };
    let small = if plain.len() < WORTH_IT {
        None
    } else {
        brotli(&plain).filter(|small| small.len() < plain.len())
    };
    parts
        .headers
        .insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    parts.headers.remove(header::CONTENT_LENGTH);
    match small {
        Some(small) => {
            parts
                .headers
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            Response::from_parts(parts, Body::from(small))
        }
        None => Response::from_parts(parts, Body::from(plain)),
    }
}

/// A quick level: a page of members becomes a twentieth in a few milliseconds, and the best level takes a second.
fn brotli(plain: &[u8]) -> Option<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 5,
        lgwin: 19,
        size_hint: plain.len(),
        ..Default::default()
    };
    let mut small = Vec::with_capacity(plain.len() / 4);
    brotli::BrotliCompress(&mut &*plain, &mut small, &parameters).ok()?;
    Some(small)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    async fn answered(accepted: &'static str, text: &str) -> (Option<HeaderValue>, Vec<u8>) {
        let mut request = HeaderMap::new();
        request.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
        let response = page(&request, Response::new(Body::from(text.to_owned()))).await;
        let encoding = response.headers().get(header::CONTENT_ENCODING).cloned();
        let body = to_bytes(response.into_body(), LARGEST).await.unwrap();
        (encoding, body.to_vec())
    }

    #[tokio::test]
    async fn a_page_is_made_small_for_whoever_takes_it() {
        let text = "<p>organization</p>".repeat(200);
        let (encoding, body) = answered("gzip, br", &text).await;
        assert_eq!(encoding.unwrap(), "br");
        assert!(body.len() < text.len() / 4);
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &*body, &mut plain).unwrap();
        assert_eq!(plain, text.as_bytes());
        assert_eq!(answered("gzip", &text).await, (None, text.clone().into_bytes()));
        assert_eq!(answered("br", "short").await, (None, b"short".to_vec()));
    }
}
