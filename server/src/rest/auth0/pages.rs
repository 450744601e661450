//! Pages as this dialect has them: by number, with or without totals, or from a place on.

use guildhall::page::{Cursor, Limit, Page};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};

use super::endpoint::Said;
use super::refusal::{Place, Refusal};

/// A number in a query, which brings it as text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number<const LEAST: u32, const MOST: u32>(pub u32);

impl<'de, const LEAST: u32, const MOST: u32> Deserialize<'de> for Number<LEAST, MOST> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.parse::<u32>() {
            Ok(number) if (LEAST..=MOST).contains(&number) => Ok(Number(number)),
            _ => Err(serde::de::Error::custom(format!(
                "Value must be a whole number from {LEAST} to {MOST}"
            ))),
        }
    }
}

impl<const LEAST: u32, const MOST: u32> JsonSchema for Number<LEAST, MOST> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Number{LEAST}To{MOST}").into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": LEAST, "maximum": MOST })
    }
}

/// Reads a text of a query: one that is empty says nothing.
pub(super) fn text<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: TryFrom<String>,
    T::Error: std::fmt::Display,
    D: serde::Deserializer<'de>,
{
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    T::try_from(text).map(Some).map_err(serde::de::Error::custom)
}

/// The number of a page, from 0 on.
pub(super) type PageNumber = Number<0, 1_000_000_000>;
/// How many rows a page has.
pub(super) type Rows = Number<1, 100>;

/// How many rows a page has where nothing is said.
const USUAL: u32 = 50;

/// Which page is wanted.
#[derive(Debug, Clone)]
pub(super) enum Paging {
    Numbered { page: u32, rows: u32, totals: bool },
    From { from: Option<Cursor>, rows: u32 },
}

impl Paging {
    /// A page by number.
    pub(super) fn numbered(page: Option<PageNumber>, rows: Option<Rows>, totals: bool) -> Self {
        Paging::Numbered {
            page: page.map_or(0, |page| page.0),
            rows: rows.map_or(USUAL, |rows| rows.0),
            totals,
        }
    }

    /// A page from a place on.
    pub(super) fn from(from: Option<String>, take: Option<Rows>) -> Result<Self, Refusal> {
        let from = from
            .map(|from| {
                Cursor::parse(&from).map_err(|why| Refusal::invalid(Place::Query, "from", &why.to_string()))
            })
            .transpose()?;
        Ok(Paging::From {
            from,
            rows: take.map_or(USUAL, |take| take.0),
        })
    }

    /// Whichever was asked for: `from` or `take` win.
    pub(super) fn either(
        (page, rows, totals): (Option<PageNumber>, Option<Rows>, bool),
        (from, take): (Option<String>, Option<Rows>),
    ) -> Result<Self, Refusal> {
        if from.is_some() || take.is_some() {
            Paging::from(from, take)
        } else {
            Ok(Paging::numbered(page, rows, totals))
        }
    }

    fn rows(&self) -> u32 {
        match self {
            Paging::Numbered { rows, .. } | Paging::From { rows, .. } => *rows,
        }
    }

    /// How many rows come before the page.
    fn start(&self) -> u32 {
        match self {
            Paging::Numbered { page, rows, .. } => page.saturating_mul(*rows),
            Paging::From { .. } => 0,
        }
    }

    /// The rows of an operation's page.
    pub(super) fn limit(&self) -> Limit {
        Limit::new(self.rows().into()).unwrap_or_default()
    }

    /// The cursor of an operation's page.
    pub(super) fn cursor(&self) -> Option<Cursor> {
        match self {
            Paging::Numbered { .. } => Cursor::behind(self.start()),
            Paging::From { from, .. } => from.clone(),
        }
    }

    /// Whether the whole list is to be counted.
    pub(super) fn totals(&self) -> bool {
        matches!(self, Paging::Numbered { totals: true, .. })
    }

    /// An operation's page as this dialect answers it.
    pub(super) fn listed<T: Row>(&self, page: Page<T>) -> Listed<T> {
        let how = match self {
            Paging::Numbered { totals: true, .. } => How::Totals {
                start: self.start(),
                limit: self.rows(),
                total: page.info.total.unwrap_or_default(),
            },
            Paging::Numbered { .. } => How::Bare,
            Paging::From { .. } => How::From {
                next: page.info.next_cursor,
            },
        };
        Listed {
            rows: page.items,
            how,
        }
    }

    /// A whole short list as this dialect answers a page of it. From a place on, that is a number.
    pub(super) fn cut<T: Row>(&self, all: Vec<T>) -> Result<Listed<T>, Refusal> {
        let total = all.len();
        let begin = match self {
            Paging::From { from: Some(from), .. } => from
                .as_str()
                .parse::<u32>()
                .map_err(|_| Refusal::invalid(Place::Query, "from", "is not a place in this list"))?,
            _ => self.start(),
        };
        let (begin, rows) = (
            usize::try_from(begin).unwrap_or(usize::MAX),
            usize::try_from(self.rows()).unwrap_or(usize::MAX),
        );
        let end = begin.saturating_add(rows);
        let how = match self {
            Paging::Numbered { totals: true, .. } => How::Totals {
                start: self.start(),
                limit: self.rows(),
                total: u64::try_from(total).unwrap_or_default(),
            },
            Paging::Numbered { .. } => How::Bare,
            Paging::From { .. } => How::From {
                next: (end < total).then(|| end.to_string()),
            },
        };
        Ok(Listed {
            rows: all.into_iter().skip(begin).take(rows).collect(),
            how,
        })
    }
}

/// A row of a list, and what the list is called.
pub(super) trait Row: Serialize + Send {
    const LIST: &'static str;

    fn schema(generator: &mut SchemaGenerator) -> Schema;
}

/// Says that a type with a schema is a row, and what an endpoint for one of them answers.
macro_rules! rows {
    ($($row:ty, $list:literal;)*) => {$(
        impl $crate::rest::auth0::pages::Row for $row {
            const LIST: &'static str = $list;
            fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                generator.subschema_for::<$row>()
            }
        }
        impl $crate::rest::auth0::endpoint::Said for $row {
            fn schema(generator: &mut schemars::SchemaGenerator) -> Option<schemars::Schema> {
                Some(<$row as $crate::rest::auth0::pages::Row>::schema(generator))
            }
        }
    )*};
}
pub(super) use rows;

/// A page of a list.
pub(super) struct Listed<T> {
    rows: Vec<T>,
    how: How,
}

impl<T: Row> Listed<T> {
    /// All there are.
    pub(super) fn all(rows: Vec<T>) -> Self {
        Listed { rows, how: How::Bare }
    }
}

enum How {
    Bare,
    Totals { start: u32, limit: u32, total: u64 },
    From { next: Option<String> },
}

impl<T: Row> Serialize for Listed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.how {
            How::Bare => self.rows.serialize(serializer),
            How::Totals { start, limit, total } => {
                let mut map = serializer.serialize_map(Some(4))?;
                map.serialize_entry("start", start)?;
                map.serialize_entry("limit", limit)?;
                map.serialize_entry("total", total)?;
                map.serialize_entry(T::LIST, &self.rows)?;
                map.end()
            }
            How::From { next } => {
                let mut map = serializer.serialize_map(None)?;
                if let Some(next) = next {
                    map.serialize_entry("next", next)?;
                }
                map.serialize_entry(T::LIST, &self.rows)?;
                map.end()
            }
        }
    }
}

impl<T: Row> Said for Listed<T> {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        let row = T::schema(generator);
        let rows = json_schema!({ "type": "array", "items": row });
        let list = T::LIST;
        Some(json_schema!({ "anyOf": [
            rows,
            {
                "type": "object",
                "properties": {
                    "start": { "type": "integer" },
                    "limit": { "type": "integer" },
                    "total": { "type": "integer" },
                    "next": { "type": "string" },
                    (list): rows
                },
                "required": [list]
            }
        ] }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use guildhall::page::PageInfo;

    #[derive(Serialize, JsonSchema)]
    struct Thing(u32);
    rows! { Thing, "things"; }

    fn page() -> Page<Thing> {
        Page {
            items: vec![Thing(1), Thing(2)],
            info: PageInfo {
                total: Some(7),
                next_cursor: Some("abc".into()),
                ..PageInfo::default()
            },
        }
    }

    fn written(paging: &Paging) -> String {
        serde_json::to_string(&paging.listed(page())).unwrap()
    }

    #[test]
    fn a_page_is_an_array_or_has_totals_or_leads_on() {
        let bare = Paging::numbered(None, None, false);
        assert_eq!(written(&bare), "[1,2]");
        let totals = Paging::numbered(Some(Number(3)), Some(Number(2)), true);
        assert_eq!(
            written(&totals),
            r#"{"start":6,"limit":2,"total":7,"things":[1,2]}"#
        );
        assert_eq!(totals.cursor().unwrap().skips(), Some(6));
        let from = Paging::either((None, None, true), (None, Some(Number(2))))
            .ok()
            .unwrap();
        assert_eq!(written(&from), r#"{"next":"abc","things":[1,2]}"#);
    }

    #[test]
    fn a_short_list_is_cut() {
        let all = || (0..5).map(Thing).collect::<Vec<_>>();
        let of = |paging: &Paging| serde_json::to_string(&paging.cut(all()).ok().unwrap()).unwrap();
        assert_eq!(
            of(&Paging::numbered(Some(Number(1)), Some(Number(2)), false)),
            "[2,3]"
        );
        assert_eq!(
            of(&Paging::numbered(Some(Number(9)), Some(Number(2)), false)),
            "[]"
        );
        let from = |at: &str| Paging::from(Some(at.to_owned()), Some(Number(2))).ok().unwrap();
        assert_eq!(of(&from("2")), r#"{"next":"4","things":[2,3]}"#);
        assert_eq!(of(&from("4")), r#"{"things":[4]}"#);
        assert!(from("x").cut(all()).is_err());
    }
}
