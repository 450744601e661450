//! Parts of things: `fields` names some, `include_fields` says whether they are shown or left out. And times.

use std::collections::BTreeSet;

use guildhall::error::Error;
use guildhall::page::Page;
use schemars::{Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::endpoint::Said;
use super::pages::{Listed, Paging, Row};
use super::refusal::Refusal;

/// Which fields of a thing are shown.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    named: BTreeSet<String>,
    included: bool,
}

impl Fields {
    /// Those that a query names, if it names any.
    pub(super) fn of(fields: Option<&str>, include_fields: bool) -> Option<Self> {
        let named: BTreeSet<String> = fields?
            .split(',')
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect();
        (!named.is_empty()).then_some(Fields {
            named,
            included: include_fields,
        })
    }

    /// Whether somebody asks for a field by its name.
    pub(super) fn ask_for(&self, name: &str) -> bool {
        self.included && self.named.contains(name)
    }

    fn shows(&self, name: &str) -> bool {
        self.named.contains(name) == self.included
    }
}

/// A thing, or those of its fields that are shown.
pub(super) enum Shown<T> {
    Whole(T),
    Part(Map<String, Value>),
}

impl<T: Serialize> Shown<T> {
    /// The fields of a thing that are to be shown.
    pub(super) fn of(thing: T, fields: Option<&Fields>) -> Result<Self, Refusal> {
        let Some(fields) = fields else {
            return Ok(Shown::Whole(thing));
        };
        match serde_json::to_value(thing) {
            Ok(Value::Object(mut all)) => {
                all.retain(|name, _| fields.shows(name));
                Ok(Shown::Part(all))
            }
            _ => Err(Refusal::from(Error::internal("unwritten"))),
        }
    }
}

impl<T: Serialize> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Shown::Whole(thing) => thing.serialize(serializer),
            Shown::Part(fields) => fields.serialize(serializer),
        }
    }
}

impl<T: Row> Row for Shown<T> {
    const LIST: &'static str = T::LIST;
    fn schema(generator: &mut SchemaGenerator) -> Schema {
        T::schema(generator)
    }
}

impl<T: Row> Said for Shown<T> {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(T::schema(generator))
    }
}

/// A page of things, each with those of its fields that are to be shown.
pub(super) fn listed<T: Row>(
    paging: &Paging,
    page: Page<T>,
    fields: Option<&Fields>,
) -> Result<Listed<Shown<T>>, Refusal> {
    let Page { items, info } = page;
    let items = items
        .into_iter()
        .map(|thing| Shown::of(thing, fields))
        .collect::<Result<_, _>>()?;
    Ok(paging.listed(Page { items, info }))
}

/// A moment in milliseconds since the Unix epoch, as RFC 3339 has it.
pub(super) fn moment(millis: i64) -> String {
    let format = time::macros::format_description!(
        "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"
    );
    time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis).saturating_mul(1_000_000))
        .ok()
        .and_then(|at| at.format(&format).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_shown_or_left_out() {
        let of = |fields: &str, included: bool| {
            let shown = Shown::of(
                json!({ "a": 1, "b": 2 }),
                Fields::of(Some(fields), included).as_ref(),
            );
            serde_json::to_value(shown.ok().unwrap()).unwrap()
        };
        assert_eq!(of("a", true), json!({ "a": 1 }));
        assert_eq!(of("a , c", true), json!({ "a": 1 }));
        assert_eq!(of("a", false), json!({ "b": 2 }));
        assert_eq!(of(",", true), json!({ "a": 1, "b": 2 }));
    }

    #[test]
    fn moments() {
        assert_eq!(moment(1_764_000_000_123), "2025-11-24T16:00:00.123Z");
    }
}
