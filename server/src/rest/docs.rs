//! The OpenAPI document as it is, and as a page for people: no scripts, nothing from elsewhere.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::Response;
use serde_json::Value;

use super::docs_schemas::{kind, object_rows, row, sample, schemas, table};
use super::{Rest, reply};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// `GET /openapi.json`.
pub async fn document(State(rest): State<Rest>) -> Response {
    asset("application/json", rest.inner.openapi.clone())
}

/// `GET /docs`.
pub async fn show(State(rest): State<Rest>) -> Response {
    shown(rest.inner.docs.clone())
}

/// `GET /docs/auth0`.
pub async fn show_auth0(State(rest): State<Rest>) -> Response {
    shown(rest.inner.auth0_docs.clone())
}

fn shown(page: String) -> Response {
    let mut response = asset("text/html; charset=utf-8", page);
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
        .headers_mut()
        .insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// `GET /docs/style.css`.
pub async fn style() -> Response {
    asset("text/css; charset=utf-8", include_str!("docs.css"))
}

fn asset(kind: &'static str, body: impl Into<axum::body::Body>) -> Response {
    let mut response = reply::plain(StatusCode::OK, kind, body);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    response
}

/// One operation as the document has it.
struct Entry<'a> {
    path: &'a str,
    method: &'static str,
    operation: &'a Value,
}

/// What tells the page of one API from that of the other.
pub struct Reference {
    title: &'static str,
    /// Where its document is.
    document: &'static str,
    /// The other API's page, and what it is called.
    other: (&'static str, &'static str),
}

/// The API of this program.
pub const NATIVE: Reference = Reference {
    title: "API",
    document: "/openapi.json",
    other: ("/docs/auth0", "Auth0-compatible API"),
};

/// The API for programs that speak Auth0's.
pub const AUTH0: Reference = Reference {
    title: "Auth0-compatible API",
    document: "/api/v2/openapi.json",
    other: ("/docs", "API"),
};

/// The page.
pub fn page(document: &Value, reference: &Reference) -> String {
    let tags: Vec<&str> = list(document, "/tags")
        .filter_map(|tag| text(tag, "name"))
        .collect();
    let sections: Vec<(&str, Vec<Entry<'_>>)> =
        tags.iter().map(|tag| (*tag, entries(document, tag))).collect();
    let server = document
        .pointer("/servers/0/url")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut out = String::with_capacity(256 * 1024);
    let title = reference.title;
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} · Guildhall</title>\
         <link rel=\"icon\" href=\"/favicon.svg\"><link rel=\"stylesheet\" href=\"/docs/style.css\"></head><body>\
         <a class=\"skip\" href=\"#main\">Skip to the content</a><nav aria-label=\"Operations\"><a href=\"/\">Guildhall</a>",
    );
    for (tag, entries) in &sections {
        let _ = write!(out, "<details><summary>{}</summary><ul>", escape(tag));
        for entry in entries {
            let (id, summary) = (
                attribute(entry.operation, "operationId"),
                attribute(entry.operation, "summary"),
            );
            let _ = write!(out, "<li><a href=\"#{id}\">{summary}</a></li>");
        }
        out.push_str("</ul></details>");
    }
    let (other, called) = reference.other;
    let _ = write!(
        out,
        "<a href=\"#schemas\">Schemas</a><a href=\"{document}\">openapi.json</a><a href=\"{other}\">{called}</a></nav>\
         <main id=\"main\"><h1>{title}</h1>",
        document = reference.document,
    );
    paragraphs(
        &mut out,
        document
            .pointer("/info/description")
            .and_then(Value::as_str)
            .unwrap_or_default(),
    );
    for (tag, entries) in &sections {
        let _ = write!(out, "<h2>{}</h2>", escape(tag));
        for entry in entries {
            operation(&mut out, document, server, entry);
        }
    }
    schemas(&mut out, document);
    out.push_str("</main></body></html>\n");
    out
}

fn entries<'a>(document: &'a Value, tag: &str) -> Vec<Entry<'a>> {
    let mut found = Vec::new();
    for (path, item) in fields(document, "/paths") {
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            if list(operation, "/tags").any(|name| name == tag) {
                found.push(Entry {
                    path,
                    method,
                    operation,
                });
            }
        }
    }
    found
}

fn operation(out: &mut String, document: &Value, server: &str, entry: &Entry<'_>) {
    let operation = entry.operation;
    let _ = write!(
        out,
        "<section aria-labelledby=\"{id}\"><h3 id=\"{id}\">{summary}</h3><p class=\"path\"><b class=\"{method}\">{method}</b> <code>{path}</code></p>",
        id = attribute(operation, "operationId"),
        summary = attribute(operation, "summary"),
        method = entry.method,
        path = escape(entry.path),
    );
    paragraphs(out, text(operation, "description").unwrap_or_default());
    let scopes: Vec<&str> = list(operation, "/security/0/clientCredentials")
        .filter_map(Value::as_str)
        .collect();
    let scopes: Vec<String> = scopes
        .iter()
        .map(|scope| format!("<code>{}</code>", escape(scope)))
        .collect();
    match scopes.as_slice() {
        [] => {}
        [scope] => {
            let _ = write!(out, "<p>Scope: {scope}</p>");
        }
        several => {
            let _ = write!(out, "<p>Scopes: {}</p>", several.join(", "));
        }
    }
    let mut rows = String::new();
    for parameter in list(operation, "/parameters") {
        let parameter = resolved(document, parameter);
        row(
            &mut rows,
            text(parameter, "name").unwrap_or_default(),
            parameter.get("required") == Some(&Value::Bool(true)),
            &format!(
                "{} · {}",
                text(parameter, "in").unwrap_or_default(),
                kind(parameter.get("schema"))
            ),
            text(parameter, "description").unwrap_or_default(),
        );
    }
    table(out, "Parameters", &rows);
    let body = body_schema(document, operation);
    if let Some(body) = body {
        table(out, "Body", &object_rows(body));
    }
    let mut rows = String::new();
    for (status, response) in fields(operation, "/responses") {
        let response = resolved(document, response);
        let schema = response.pointer("/content/application~1json/schema");
        row(
            &mut rows,
            status,
            false,
            &kind(schema),
            text(response, "description").unwrap_or_default(),
        );
    }
    table(out, "Answers", &rows);
    let _ = write!(
        out,
        "<pre><code>{}</code></pre></section>",
        escape(&curl(document, server, entry, body))
    );
}

fn body_schema<'a>(document: &'a Value, operation: &'a Value) -> Option<&'a Value> {
    let content = operation.pointer("/requestBody/content")?.as_object()?;
    Some(resolved(document, content.values().next()?.get("schema")?))
}

fn curl(document: &Value, server: &str, entry: &Entry<'_>, body: Option<&Value>) -> String {
    let mut line = format!(
        "curl -X {} '{server}{}'",
        entry.method.to_ascii_uppercase(),
        entry.path
    );
    let is_form = entry
        .operation
        .pointer("/requestBody/content/application~1x-www-form-urlencoded")
        .is_some();
    if is_form {
        line.push_str(" \\\n  -u \"$CLIENT_ID:$CLIENT_SECRET\" \\\n  -d grant_type=client_credentials");
        return line;
    }
    if list(entry.operation, "/security").next().is_some() {
        line.push_str(" \\\n  -H \"Authorization: Bearer $TOKEN\"");
    }
    if let Some(body) = body {
        let _ = write!(
            line,
            " \\\n  -H 'Content-Type: application/json' \\\n  -d '{}'",
            sample(document, body, 0)
        );
    }
    line
}

pub(super) fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    text(value, "$ref")
        .and_then(|path| document.pointer(path.trim_start_matches('#')))
        .unwrap_or(value)
}

pub(super) fn list<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

pub(super) fn fields<'a>(
    value: &'a Value,
    pointer: &str,
) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
    value
        .pointer(pointer)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

pub(super) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

fn attribute(value: &Value, key: &str) -> String {
    escape(text(value, key).unwrap_or_default())
}

pub(super) fn paragraphs(out: &mut String, text: &str) {
    for paragraph in text
        .split("\n\n")
        .filter(|paragraph| !paragraph.trim().is_empty())
    {
        let _ = write!(out, "<p>{}</p>", inline(paragraph));
    }
}

/// Text with `code` in backticks.
pub(super) fn inline(text: &str) -> String {
    let mut out = String::new();
    for (place, part) in escape(text).split('`').enumerate() {
        let _ = if place % 2 == 1 {
            write!(out, "<code>{part}</code>")
        } else {
            write!(out, "{part}")
        };
    }
    out
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_every_operation_and_nothing_foreign() {
        use super::super::{auth0, openapi, route};
        let url = "https://console.example";
        let native: Vec<_> = route::table().iter().map(|route| route.id).collect();
        let other: Vec<_> = auth0::table().iter().map(|endpoint| endpoint.id).collect();
        for (document, reference, ids) in [
            (openapi::document(url), NATIVE, native),
            (auth0::document(url), AUTH0, other),
        ] {
            let page = page(&document, &reference);
            for id in ids {
                assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
            }
            assert!(!page.contains("<script") && !page.contains("style=\""));
            for place in page.match_indices("href=\"").chain(page.match_indices("src=\"")) {
                let target = page
                    .get(place.0..)
                    .and_then(|rest| rest.split('"').nth(1))
                    .unwrap_or_default();
                assert!(target.starts_with(['/', '#']), "{target}");
            }
        }
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(inline("<b> `a<b`"), "&lt;b&gt; <code>a&lt;b</code>");
    }
}
