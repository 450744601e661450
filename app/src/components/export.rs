//! The link to a list as a file.

use leptos::prelude::*;
use serde::Serialize;
use serde_json::Value;

use super::read::query_value;
use crate::rpc::RpcError;
use crate::ui::prelude::*;

/// Says which page of a list is meant: a file has all of them.
const OF_A_PAGE: [&str; 4] = ["organization_id", "limit", "cursor", "include_total"];

/// A link to the file at `path` with every row that the list's operation would find.
#[component]
pub fn ExportLink<Op, F>(#[prop(into)] path: String, operation: F) -> impl IntoView
where
    Op: Serialize,
    F: Fn() -> Result<Op, RpcError> + Send + Sync + 'static,
{
    move || {
        let href = href(&path, serde_json::to_value(operation().ok()?).ok()?);
        Some(view! {
            <LinkButton href icon=Glyph::Download download=true>
                "Export CSV"
            </LinkButton>
        })
    }
}

fn href(path: &str, operation: Value) -> String {
    let Value::Object(fields) = operation else {
        return path.to_owned();
    };
    let pairs: Vec<String> = fields
        .into_iter()
        .filter(|(name, _)| !OF_A_PAGE.contains(&name.as_str()))
        .filter_map(|(name, value)| Some(format!("{name}={}", query_value(value.as_str()?))))
        .collect();
    if pairs.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", pairs.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_file_has_every_page_of_what_the_filters_find() {
        let operation = json!({ "organization_id": "org_1", "search": "a&b", "sort": "name", "limit": 50, "include_total": true });
        assert_eq!(href("/x.csv", operation), "/x.csv?search=a%26b&sort=name");
        assert_eq!(href("/x.csv", json!({ "limit": 50 })), "/x.csv");
    }
}
