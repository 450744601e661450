//! Pages of a list: a limit, an opaque cursor, and what comes back.

use serde::{Deserialize, Serialize};

use crate::error::Malformed;
use crate::value::text_value;

/// How many rows a page has: 1 to 100, 50 where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Limit(u16);

impl Limit {
    /// Parses 1 to 100.
    pub fn new(rows: u64) -> Result<Self, Malformed> {
        match u16::try_from(rows) {
            Ok(rows @ 1..=100) => Ok(Limit(rows)),
            _ => Err(Malformed::new("must be a whole number from 1 to 100")),
        }
    }

    /// The number of rows.
    pub fn rows(self) -> u16 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Limit(50)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Limit;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a whole number from 1 to 100")
            }
            fn visit_u64<E: serde::de::Error>(self, rows: u64) -> Result<Limit, E> {
                Limit::new(rows).map_err(E::custom)
            }
            fn visit_i64<E: serde::de::Error>(self, rows: i64) -> Result<Limit, E> {
                Limit::new(u64::try_from(rows).unwrap_or(0)).map_err(E::custom)
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Limit, E> {
                Limit::new(text.parse().unwrap_or(0)).map_err(E::custom)
            }
        }
        // Query strings bring it as text, JSON as a number.
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Limit {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Limit".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 50 })
    }
}

/// Where a page begins: what a page before or after it said, opaque to everybody but the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);
text_value!(Cursor, { "type": "string", "pattern": "^[!-~]{1,1024}$" });

impl Cursor {
    /// Takes any text of a cursor's size; the store refuses one that it did not make.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        if (1..=1024).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(Cursor(text.to_owned()))
        } else {
            Err(Malformed::new("is not a cursor of this list"))
        }
    }

    /// The page that begins behind so many rows, for whoever counts pages: lists by name can find it.
    pub fn behind(rows: u32) -> Option<Self> {
        (rows > 0).then(|| Cursor(format!("@{rows}")))
    }

    /// How many rows it skips, where it says so.
    pub fn skips(&self) -> Option<u32> {
        self.0.strip_prefix('@')?.parse().ok()
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub items: Vec<T>,
    /// How to go on.
    pub info: PageInfo,
}

/// What a page says of itself and its neighbours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PageInfo {
    /// Rows a page.
    pub limit: u16,
    /// The cursor of the page after this one; absent on the last.
    pub next_cursor: Option<String>,
    /// The cursor of the page before this one; absent on the first.
    pub previous_cursor: Option<String>,
    /// Rows in the whole list, where it was asked for with `include_total`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Whether there are more than `total`: a filtered list is counted up to 1,000.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub total_is_lower_bound: bool,
}

impl<T> Page<T> {
    /// The same page with every row made into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            info: self.info,
        }
    }
}

/// Which way a list runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Order {
    #[default]
    Ascending,
    Descending,
}

/// A text to look for: 1 to 100 characters, compared without case.
pub type Search = crate::text::Text<0, 100>;

/// Reads `include_total` and other flags, which query strings bring as text.
pub fn flag<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    struct Visitor;
    impl serde::de::Visitor<'_> for Visitor {
        type Value = bool;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("true or false")
        }
        fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<bool, E> {
            Ok(value)
        }
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<bool, E> {
            match text {
                "true" | "1" | "on" => Ok(true),
                "false" | "0" => Ok(false),
                _ => Err(E::custom("must be true or false")),
            }
        }
    }
    deserializer.deserialize_any(Visitor)
}
