//! `/live`: server-sent events for the page that is open (HTML, 9.2). They say what kind of thing changed, and which one; what
//! it says now, the page asks for as ever.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use futures::stream;
use guildhall::error::Error;

use super::query::parameter;
use super::{Web, refusal, rpc};
use crate::auth::session;
use crate::clock;
use crate::live::Topic;
use crate::live::watcher::{self, Watcher};
use crate::telemetry::wants_html;

/// `GET /live?of=…&since=…`: `of` is `account`, `tenant` or an organization's id, `since` is when the page was read, or the id
/// of the last event.
pub async fn listen(State(web): State<Web>, parts: Parts) -> Response {
    match open(&web, &parts).await {
        Ok(watcher) => {
            let words = stream::unfold(watcher, |mut watcher| async move {
                let words: Bytes = watcher.next().await?;
                Some((Ok::<_, Infallible>(words), watcher))
            });
            events(Body::from_stream(words))
        }
        // A browser tells its page nothing of a refusal: it is told in an event.
        Err(error) => match watcher::farewell(&error).filter(|_| takes_events(&parts.headers)) {
            Some(farewell) => events(Body::from(farewell)),
            None => refusal::answer(&error, wants_html(&parts.headers)),
        },
    }
}

async fn open(web: &Web, parts: &Parts) -> Result<Watcher, Error> {
    let request = rpc::caller(web, parts).await?;
    let token = session::token(&parts.headers, web.public_url()).ok_or_else(Error::unauthenticated)?;
    let value = |name: &str| parameter(parts.uri.query().unwrap_or_default().as_bytes(), name);
    let topic: Topic = value("of").unwrap_or_default().parse()?;
    let since = match value("since").filter(|since| !since.is_empty()) {
        Some(since) => Some(
            since
                .parse::<i64>()
                .map_err(|_| Error::field("since", "must be milliseconds since the Unix epoch"))?,
        ),
        None => None,
    };
    Watcher::open(&web.console, request, clock::fingerprint(token), topic, since).await
}

fn takes_events(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/event-stream"))
}

/// Proxies pass each event on when it comes, and as it is.
fn events(body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-store, no-transform"),
    );
    headers.insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    response
}
