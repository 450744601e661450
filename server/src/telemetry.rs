//! What operators see: one line a request, metrics, health; never a secret, an address or a path with a token in it.

use std::panic::AssertUnwindSafe;
use std::sync::OnceLock;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures::FutureExt as _;
use guildhall::error::Error;
use guildhall::id::RequestId;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::json;
use tracing_subscriber::EnvFilter;

use crate::clock;
use crate::config::{Config, LogFormat};
use crate::console::Console;
use crate::store::{self, Db};

/// The header that carries a request's id, in requests inside the program and in every answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The upper bounds of the histograms of durations, in seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Starts logging to standard error.
///
/// # Errors
/// When something logs already.
pub fn start(config: &Config) -> anyhow::Result<()> {
    let mut filter: EnvFilter = config.log.parse()?;
    // At every start PostgreSQL says that what exists exists.
    if !config.log.contains("sqlx") {
        filter = filter.add_directive("sqlx::postgres::notice=warn".parse()?);
    }
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match config.log_format {
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(false)
            .try_init(),
        LogFormat::Text => lines
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("logging: {error}"))?;
    // What a panic says may quote a value: the place is enough to find it.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(panic.location = %place, "a panic");
    }));
    Ok(())
}

/// The recorder of this process; tests start several servers in one.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets(&BUCKETS)
                .ok()?
                .install_recorder()
                .ok()
        })
        .as_ref()
}

/// Lets the recorder forget what it has counted up; without it, durations would pile up in memory.
pub async fn upkeep() {
    loop {
        tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        if let Some(recorder) = recorder() {
            recorder.run_upkeep();
        }
    }
}

/// Gives a request its id, its line in the log and its place in the metrics; a panic becomes a 500 with a reference.
pub async fn observe(State(console): State<Console>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = given_id(&request)
        .unwrap_or_else(|| RequestId::compose(console.clock().now(), clock::random_bits()).to_string());
    if let Ok(value) = HeaderValue::from_str(&id) {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    let method = method_of(request.method());
    // The template, not the path: paths hold set-up and invitation tokens.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "(other)".to_owned(), |matched| matched.as_str().to_owned());
    let html = wants_html(request.headers());

    let mut response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            tracing::error!(request.id = %id, http.route = %route, "a request panicked");
            crate::web::refusal::answer(&Error::internal(&id), html)
        }
    };

    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let labels = [("method", method.to_owned()), ("route", route.clone())];
    metrics::histogram!("guildhall_http_request_seconds", &labels).record(elapsed);
    metrics::counter!("guildhall_http_requests_total", "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    let duration_ms = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX) / 10;
    let duration_ms = f64::from(u32::try_from(duration_ms).unwrap_or(u32::MAX)) / 100.0;
    // What a probe or a browser asks for by itself would drown the rest.
    if is_quiet(&route) && status < 500 {
        tracing::debug!(request.id = %id, http.method = method, http.route = %route, http.status = status, duration_ms, "request");
    } else {
        tracing::info!(request.id = %id, http.method = method, http.route = %route, http.status = status, duration_ms, "request");
    }
    response
}

/// The id that a proxy or a caller gave, where it is one: it goes into logs and headers.
fn given_id(request: &Request) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let sane = (1..=64).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    sane.then(|| id.to_owned())
}

/// Methods that nobody defined must not become names of metrics.
fn method_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

fn is_quiet(route: &str) -> bool {
    matches!(route, "/healthz" | "/readyz" | "/metrics") || route.starts_with("/pkg/")
}

/// Whether whoever asks is a person with a browser.
pub fn wants_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// `/healthz`, `/readyz` and `/metrics`, for whoever runs the server.
pub fn router(console: Console) -> Router {
    Router::new()
        .route("/healthz", get(async || Json(json!({ "status": "ok" }))))
        .route("/readyz", get(ready))
        .route("/metrics", get(render))
        .with_state(console)
}

async fn ready(State(console): State<Console>) -> Response {
    match console.db().ping().await {
        Ok(()) => Json(json!({ "status": "ok" })).into_response(),
        Err(error) => {
            tracing::warn!(error.cause = %error, "the database does not answer");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                Json(json!({ "status": "the database does not answer" })),
            )
                .into_response()
        }
    }
}

async fn render(State(console): State<Console>) -> Response {
    let Some(recorder) = recorder() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    measure(console.db());
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        recorder.render(),
    )
        .into_response()
}

fn measure(db: &Db) {
    metrics::counter!("guildhall_database_statements_total").absolute(store::statements());
    let (open, idle) = match db {
        Db::Sqlite { readers, .. } => (readers.size(), readers.num_idle()),
        Db::Postgres(pool) => (pool.size(), pool.num_idle()),
    };
    metrics::gauge!("guildhall_database_connections", "state" => "open").set(open);
    metrics::gauge!("guildhall_database_connections", "state" => "idle")
        .set(f64::from(u32::try_from(idle).unwrap_or(u32::MAX)));
    if let Some(bytes) = resident_memory() {
        metrics::gauge!("process_resident_memory_bytes").set(bytes);
    }
}

/// What Linux says; nothing elsewhere.
fn resident_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u32 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(f64::from(kilobytes) * 1024.0)
}
