//! What a request says, gathered into one JSON object: the path's parameters, then the query's or the body's fields.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::RawPathParams;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, Uri};
use guildhall::error::{Code, Error};
use http_body_util::LengthLimitError;
use serde_json::{Map, Value};

use super::json;

/// The largest body that is read.
pub const LIMIT: usize = 256 * 1024;
/// The largest body that is let in to be thrown away.
const DRAINED: usize = 4 * LIMIT;
/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// The input of an operation. GET takes its fields from the query, POST and PUT from the body, DELETE from both.
///
/// # Errors
/// 400 naming the field, 413, 415.
pub async fn gather(
    params: &RawPathParams,
    needs_body: bool,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: Body,
) -> Result<Map<String, Value>, Error> {
    let mut fields = Map::new();
    for (name, value) in params {
        fields.insert(name.to_owned(), Value::from(value));
    }
    let takes_query = method.is_safe() || *method == Method::DELETE;
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        if !takes_query {
            return Err(unknown(&name));
        }
        insert(
            params,
            &mut fields,
            name.into_owned(),
            Value::from(value.into_owned()),
        )?;
    }
    if !method.is_safe() {
        for (name, value) in read(needs_body, headers, body).await? {
            insert(params, &mut fields, name, value)?;
        }
    }
    Ok(fields)
}

/// A parameter of the path is said there and nowhere else; everything else is said once.
fn insert(
    params: &RawPathParams,
    fields: &mut Map<String, Value>,
    name: String,
    value: Value,
) -> Result<(), Error> {
    if params.iter().any(|(param, _)| param == name) {
        return Err(unknown(&name));
    }
    match fields.entry(name) {
        serde_json::map::Entry::Vacant(vacant) => {
            vacant.insert(value);
            Ok(())
        }
        serde_json::map::Entry::Occupied(taken) => Err(Error::field(taken.key(), "is given more than once")),
    }
}

fn unknown(name: &str) -> Error {
    // As input::parse says it.
    Error::field(name, "is not a field of this request")
}

pub(super) async fn read(
    needs_body: bool,
    headers: &HeaderMap,
    body: Body,
) -> Result<Map<String, Value>, Error> {
    let told = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse().ok());
    if let Some(length) = told.filter(|length: &usize| *length > LIMIT) {
        // A connection that is closed while the body is on its way takes the answer with it.
        if length <= DRAINED {
            let _ = receive(body, DRAINED).await;
        }
        return Err(too_large());
    }
    let bytes = receive(body, LIMIT).await?;
    let kind = headers.get(CONTENT_TYPE);
    if bytes.is_empty() && (!needs_body || kind.is_none()) {
        return Ok(Map::new());
    }
    if !kind.and_then(|kind| kind.to_str().ok()).is_some_and(is_json) {
        return Err(Error::new(
            Code::UnsupportedMediaType,
            "Send the body as application/json.",
        ));
    }
    json::object(&bytes)
}

/// A whole body, of a limited size, in a limited time.
///
/// # Errors
/// 413; 400 where it broke off; 503 where it took too long.
pub async fn receive(body: Body, limit: usize) -> Result<Bytes, Error> {
    match tokio::time::timeout(PATIENCE, to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error))
            if std::error::Error::source(&error).is_some_and(|cause| cause.is::<LengthLimitError>()) =>
        {
            Err(too_large())
        }
        Ok(Err(_)) => Err(Error::new(
            Code::Invalid,
            "The body ended before it was complete.",
        )),
        Err(_) => Err(Error::new(
            Code::Unavailable,
            "The body took too long to arrive. Try again.",
        )),
    }
}

fn is_json(kind: &str) -> bool {
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn too_large() -> Error {
    Error::new(Code::TooLarge, "The body is too large: 256 KiB at most.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    async fn body(kind: Option<&str>, text: &str) -> Result<Map<String, Value>, Error> {
        let mut headers = HeaderMap::new();
        if let Some(kind) = kind {
            headers.insert(CONTENT_TYPE, kind.parse().unwrap());
        }
        read(true, &headers, Body::from(text.to_owned())).await
    }

    #[tokio::test]
    async fn only_one_json_object_of_a_sane_size() {
        const JSON: Option<&str> = Some("application/json; charset=utf-8");
        assert_eq!(body(JSON, r#"{"a":1}"#).await.unwrap()["a"], 1);
        assert!(body(None, "").await.unwrap().is_empty());
        for (kind, text, status) in [
            (None, "{}", 415),
            (Some("text/plain"), "{}", 415),
            (Some("application/jsonp"), "{}", 415),
            (Some("text/plain"), "", 415),
            (JSON, "{", 400),
            (JSON, "[]", 400),
            (JSON, "{} {}", 400),
            (JSON, &"[".repeat(1000), 400),
            (JSON, &format!("{{\"a\":\"{}\"}}", "x".repeat(LIMIT)), 413),
        ] {
            assert_eq!(
                body(kind, text).await.unwrap_err().code.status(),
                status,
                "{kind:?} {:.20}",
                text
            );
        }
    }
}
