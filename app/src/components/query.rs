//! A list's state in the address: search, filters, sort and page, so that every list can be linked to.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use guildhall::page::{Cursor, Limit, Search};

use super::read::query_value;

/// The path and the query of a list's address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    path: String,
    pairs: Vec<(String, String)>,
}

/// The address of the page around the caller, without what a refused form left in it.
pub fn use_list_query() -> Memo<ListQuery> {
    let (path, query) = (use_location().pathname, use_query_map());
    Memo::new(move |_| ListQuery {
        path: path.get(),
        pairs: query
            .get()
            .into_iter()
            .map(|(name, value)| (name.into_owned(), value))
            .filter(|(name, value)| !name.starts_with("__") && !value.is_empty())
            .collect(),
    })
}

impl ListQuery {
    /// The value of `name`; empty where the address does not say.
    pub fn get(&self, name: &str) -> String {
        self.pairs
            .iter()
            .find(|(at, _)| at == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    }

    /// The value of `name` as what it stands for; nothing where it stands for nothing.
    pub fn parsed<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name).parse().ok()
    }

    /// The value of `name` as one of an enum's words.
    pub fn word<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_value(serde_json::Value::String(self.get(name))).ok()
    }

    /// What is searched for.
    pub fn search(&self) -> Option<Search> {
        let text: String = self.get("q").chars().take(100).collect();
        Search::parse(&text).ok()?.non_empty()
    }

    /// How many rows a page has.
    pub fn limit(&self) -> Limit {
        self.parsed("size")
            .and_then(|rows| Limit::new(rows).ok())
            .unwrap_or_default()
    }

    /// Where the page begins.
    pub fn cursor(&self) -> Option<Cursor> {
        Cursor::parse(&self.get("cursor")).ok()
    }

    /// Whether one of these is set, so that an empty list means that nothing matches.
    pub fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| !self.get(name).is_empty())
    }

    /// The same list with some values changed (an empty one is left out), from its first page unless `cursor` is among them.
    pub fn href(&self, changes: &[(&str, &str)]) -> String {
        let kept = self
            .pairs
            .iter()
            .filter(|(name, _)| name != "cursor" && !changes.iter().any(|(changed, _)| changed == name))
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let pairs: Vec<String> = kept
            .chain(changes.iter().copied())
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{}={}", query_value(name), query_value(value)))
            .collect();
        if pairs.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, pairs.join("&"))
        }
    }

    /// The page at `cursor`, where there is one.
    pub fn page(&self, cursor: Option<&String>) -> Option<String> {
        cursor.map(|cursor| self.href(&[("cursor", cursor)]))
    }

    /// The list without these filters, where one of them is set.
    pub fn cleared(&self, names: &[&str]) -> Option<String> {
        let none: Vec<(&str, &str)> = names.iter().map(|name| (*name, "")).collect();
        self.has_any(names).then(|| self.href(&none))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_starts_the_list_anew() {
        let query = ListQuery {
            path: "/admin/users".to_owned(),
            pairs: [("q", "a&b"), ("cursor", "x"), ("size", "25")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        };
        assert_eq!(query.href(&[("size", "100")]), "/admin/users?q=a%26b&size=100");
        assert_eq!(
            query.page(Some(&"y".to_owned())).as_deref(),
            Some("/admin/users?q=a%26b&size=25&cursor=y")
        );
        assert_eq!(
            query.cleared(&["q", "status"]).as_deref(),
            Some("/admin/users?size=25")
        );
        assert_eq!(query.limit().rows(), 25);
    }
}
