//! The built site: embedded in a release, read from the folder in debug, so that a new build shows without a restart.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
#[cfg(not(debug_assertions))]
use std::sync::OnceLock;

use app::Assets;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Deserialize;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
struct Site;

#[derive(Deserialize)]
struct Manifest {
    js: String,
    wasm: String,
    css: String,
    parts: BTreeMap<String, Vec<String>>,
}

/// The names of what a page loads; nothing where the site was not built.
pub fn assets() -> Option<Assets> {
    let read = || -> Option<Assets> {
        let manifest: Manifest = serde_json::from_slice(&Site::get("pkg/manifest.json")?.data).ok()?;
        Some(Assets {
            js: manifest.js,
            wasm: manifest.wasm,
            css: manifest.css,
            parts: Arc::new(manifest.parts),
        })
    };
    #[cfg(debug_assertions)]
    return read();
    #[cfg(not(debug_assertions))]
    {
        static ASSETS: OnceLock<Option<Assets>> = OnceLock::new();
        ASSETS.get_or_init(read).clone()
    }
}

/// A file of the site, in the smallest form that the browser takes; nothing where there is no such file.
pub fn file(method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
    let name = path.trim_start_matches('/');
    // Compressed forms have no address of their own, and the debug folder has no way out.
    if !matches!(*method, Method::GET | Method::HEAD) || name.ends_with(".br") || name.contains("..") {
        return None;
    }
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    // A release has of most files the compressed form alone.
    let (file, is_small) = match Site::get(name) {
        Some(plain) => (plain, false),
        None => (Site::get(&format!("{name}.br"))?, true),
    };
    let as_it_is = is_small && accepts(accepted, "br");

    let tag = entity_tag(&file, as_it_is);
    let unchanged = tag.is_some() && headers.get(header::IF_NONE_MATCH) == tag.as_ref();
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let data = if is_small && !as_it_is {
            unpacked(&file.data)?.into()
        } else {
            bytes(file.data)
        };
        Body::from(data).into_response()
    };
    let answer = response.headers_mut();
    // The names in /pkg change with the content; the others are asked for anew after an hour.
    let keep = match name {
        "pkg/manifest.json" => "no-cache",
        _ if name.starts_with("pkg/") => "public, max-age=31536000, immutable",
        _ => "public, max-age=3600",
    };
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if as_it_is {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    if let Some(tag) = tag {
        answer.insert(header::ETAG, tag);
    }
    Some(response)
}

/// What is embedded is not copied.
fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => data.into(),
    }
}

/// The file as the program holds it, unpacked: for clients without brotli, which browsers are not.
fn unpacked(small: &[u8]) -> Option<Vec<u8>> {
    use std::io::Read as _;
    let mut plain = Vec::new();
    brotli::Decompressor::new(small, 64 * 1024)
        .read_to_end(&mut plain)
        .inspect_err(|error| tracing::error!(%error, "an embedded file cannot be unpacked"))
        .ok()?;
    Some(plain)
}

/// Two forms of one file have two tags (RFC 9110, 8.8.3.3).
fn entity_tag(file: &EmbeddedFile, as_it_is: bool) -> Option<HeaderValue> {
    use std::fmt::Write as _;
    let mut tag = String::from(if as_it_is { "\"br-" } else { "\"" });
    for byte in file.metadata.sha256_hash().iter().take(12) {
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag.parse().ok()
}

/// Whether `Accept-Encoding` names an encoding without refusing it (RFC 9110, 12.5.3).
pub fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        named
            && !parts.any(
                |part| matches!(part.split_once('='), Some(("q" | "Q", q)) if q.trim().parse() == Ok(0.0)),
            )
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "css" => "text/css; charset=utf-8",
        "ico" => "image/x-icon",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_taken_unless_refused() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("br; q=0.0", "br"));
        assert!(!accepts("", "gzip"));
    }
}
