//! Schemas on the API's page: as tables, in words, and as an example of a body.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::docs::{escape, fields, inline, list, paragraphs, resolved, text};

/// A value that a schema takes: of an object, what is required, or the first fields where nothing is.
pub(super) fn sample(document: &Value, schema: &Value, depth: usize) -> Value {
    let schema = resolved(document, schema);
    if let Some(first) = list(schema, "/enum").next().or_else(|| {
        list(schema, "/oneOf")
            .next()
            .and_then(|choice| choice.get("const"))
    }) {
        return first.clone();
    }
    if let Some(choice) = list(schema, "/anyOf").next() {
        return sample(document, choice, depth);
    }
    let kind = schema
        .get("type")
        .map(|kind| kind.get(0).unwrap_or(kind))
        .and_then(Value::as_str)
        .unwrap_or("object");
    match kind {
        "string" => Value::from(match (text(schema, "format"), text(schema, "pattern")) {
            (Some("email"), _) => "ada@example.com",
            (Some("uri"), _) => "https://app.example.com/callback",
            (Some("password"), _) => "correct horse battery",
            (_, Some(pattern)) if pattern.starts_with("^(rol_") => "Organization Admin",
            (_, Some(pattern)) if pattern.contains("_[0-7]") => pattern
                .trim_start_matches('^')
                .split('[')
                .next()
                .map_or("…", prefix_sample),
            (_, Some(pattern)) if pattern.starts_with("^\\+") => "+14155550123",
            (_, Some(pattern)) if pattern.starts_with("^([A-Za-z0-9](") => "example.com",
            (_, Some(pattern)) if pattern.starts_with("^[A-Za-z]{2,3}") => "en",
            (_, Some(pattern)) if pattern.contains(":._/-") => "invoices:read",
            (_, Some(pattern)) if pattern.starts_with("^[a-z]+:") => "read:members",
            _ => "Acme",
        }),
        "boolean" => Value::from(true),
        "integer" | "number" => Value::from(1),
        "array" if depth < 3 => Value::from(vec![
            schema
                .get("items")
                .map_or(Value::Null, |items| sample(document, items, depth + 1)),
        ]),
        "object" if depth < 3 => {
            let required: Vec<&str> = list(schema, "/required").filter_map(Value::as_str).collect();
            let wanted = |name: &str, place: usize| {
                if required.is_empty() {
                    place < 2
                } else {
                    required.contains(&name)
                }
            };
            let filled: Map<String, Value> = fields(schema, "/properties")
                .enumerate()
                .filter(|(place, (name, _))| wanted(name, *place))
                .map(|(_, (name, schema))| (name.to_owned(), sample(document, schema, depth + 1)))
                .collect();
            Value::Object(filled)
        }
        _ => Value::Null,
    }
}

fn prefix_sample(prefix: &str) -> &str {
    match prefix {
        "app_" => "app_01jd9x3v5w8q2k7m4n6p0r1s2t",
        "org_" => "org_01jd9x3v5w8q2k7m4n6p0r1s2t",
        "usr_" => "usr_01jd9x3v5w8q2k7m4n6p0r1s2t",
        "rgr_" => "rgr_01jd9x3v5w8q2k7m4n6p0r1s2t",
        "rol_" => "rol_01jd9x3v5w8q2k7m4n6p0r1s2t",
        other => other,
    }
}

pub(super) fn schemas(out: &mut String, document: &Value) {
    out.push_str("<h2 id=\"schemas\">Schemas</h2>");
    for (name, schema) in fields(document, "/components/schemas") {
        let name = escape(name);
        let _ = write!(
            out,
            "<section aria-labelledby=\"schema-{name}\"><h3 id=\"schema-{name}\">{name}</h3>"
        );
        paragraphs(out, text(schema, "description").unwrap_or_default());
        let rows = object_rows(schema);
        if rows.is_empty() {
            let _ = write!(out, "<p>{}</p>", kind(Some(schema)));
        }
        table(out, "Fields", &rows);
        out.push_str("</section>");
    }
}

pub(super) fn object_rows(schema: &Value) -> String {
    let required: Vec<&str> = list(schema, "/required").filter_map(Value::as_str).collect();
    let mut rows = String::new();
    for (name, field) in fields(schema, "/properties") {
        row(
            &mut rows,
            name,
            required.contains(&name),
            &kind(Some(field)),
            text(field, "description").unwrap_or_default(),
        );
    }
    rows
}

pub(super) fn row(rows: &mut String, name: &str, required: bool, kind: &str, description: &str) {
    let mark = if required {
        " <span class=\"required\">required</span>"
    } else {
        ""
    };
    let _ = write!(
        rows,
        "<tr><th scope=\"row\"><code>{}</code>{mark}</th><td>{kind}</td><td>{}</td></tr>",
        escape(name),
        inline(description),
    );
}

pub(super) fn table(out: &mut String, caption: &str, rows: &str) {
    if !rows.is_empty() {
        let _ = write!(
            out,
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table><caption>{caption}</caption><tbody>{rows}</tbody></table></div>"
        );
    }
}

/// What values a schema takes, as HTML.
pub(super) fn kind(schema: Option<&Value>) -> String {
    let Some(schema) = schema else {
        return String::new();
    };
    if let Some(name) = text(schema, "$ref").and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"#schema-{0}\">{0}</a>", escape(name));
    }
    if let Some(result) = schema.pointer("/properties/result") {
        let page = if schema.pointer("/properties/page_info").is_some() {
            ", with <code>page_info</code>"
        } else {
            ""
        };
        return format!("<code>result</code>: {}{page}", kind(Some(result)));
    }
    let choices: Vec<String> = ["/anyOf", "/oneOf"]
        .iter()
        .flat_map(|place| list(schema, place))
        .map(|choice| kind(Some(choice)))
        .filter(|choice| choice != "null")
        .collect();
    if !choices.is_empty() {
        return choices.join(" or ");
    }
    let constants: Vec<String> = list(schema, "/enum")
        .chain(schema.get("const"))
        .map(|value| format!("<code>{}</code>", escape(&value.to_string())))
        .collect();
    if !constants.is_empty() {
        return constants.join(" or ");
    }
    let mut words: Vec<String> = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        Some(Value::String(kind)) => vec![kind.clone()],
        _ => vec!["any".to_owned()],
    };
    if let (Some(items), Some(first)) = (schema.get("items"), words.first_mut()) {
        *first = format!("list of {}", kind(Some(items)));
    }
    let mut out = words.join(" or ");
    for (key, label) in [
        ("minLength", "from"),
        ("maxLength", "to"),
        ("minimum", "from"),
        ("maximum", "to"),
        ("minItems", "from"),
        ("maxItems", "to"),
    ] {
        if let Some(bound) = schema.get(key) {
            let unit = if key.ends_with("Length") {
                " characters"
            } else {
                ""
            };
            let _ = write!(out, ", {label} {bound}{unit}");
        }
    }
    if let Some(pattern) = text(schema, "pattern") {
        let _ = write!(out, ", <code>{}</code>", escape(pattern));
    }
    out
}
