//! A refusal outside the pages: JSON for programs, a plain page for people.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use guildhall::error::{Code, Error};

/// Answers with `error`.
pub fn answer(error: &Error, html: bool) -> Response {
    let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = if html {
        (
            status,
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            page(error),
        )
            .into_response()
    } else {
        (status, Json(error)).into_response()
    };
    if let Some(seconds) = error.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// No style and no script: it is for when little works.
fn page(error: &Error) -> String {
    let title = match error.code {
        Code::Internal => "Something broke",
        Code::Unavailable => "Not available at this moment",
        Code::NotFound => "Not found",
        Code::RateLimited => "Too many requests",
        _ => "This was refused",
    };
    let reference = error.reference.as_deref().map_or_else(String::new, |reference| {
        format!(
            "<p>If it stays so, tell your administrator this reference: <code>{}</code></p>",
            escape(reference)
        )
    });
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title} · Guildhall</title></head>\
         <body><main><h1>{title}</h1><p>{}</p>{reference}<p><a href=\"/\">Go to the start page</a></p></main></body></html>",
        escape(&error.message)
    )
}

/// A text within HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
