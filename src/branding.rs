//! How an organization presents itself: its name in addresses, its colours, and what programs keep with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Malformed;
use crate::text::Text;
use crate::value::text_value;

/// The largest number of entries that programs keep with an organization.
const MOST_METADATA: usize = 25;

/// An organization's name in addresses: unique in the tenant, and never an id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Slug(String);
text_value!(Slug, { "type": "string", "minLength": 1, "maxLength": 50,
    "pattern": "^(?!org_)[a-z0-9]([a-z0-9_-]*[a-z0-9])?$" });

impl Slug {
    /// Parses 1 to 50 lower-case letters, digits, hyphens and underscores; it begins and ends with a letter or digit, and
    /// does not begin as ids do.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let ok = (1..=50).contains(&text.len())
            && text.chars().all(|c| alphanumeric(c) || matches!(c, '-' | '_'))
            && text.starts_with(alphanumeric)
            && text.ends_with(alphanumeric)
            && !text.starts_with("org_");
        if ok {
            Ok(Slug(text.to_owned()))
        } else {
            Err(Malformed::new(
                "must have 1 to 50 lower-case letters, digits, hyphens or underscores, begin and end with a letter or digit, \
                 and not begin with org_",
            ))
        }
    }

    /// What a name makes: its ASCII letters and digits, with hyphens for all between; with `suffix` behind it, where another
    /// organization has that already.
    pub fn of(name: &str, suffix: Option<&str>) -> Self {
        let mut made = String::new();
        for c in name.to_lowercase().chars() {
            if c.is_ascii_lowercase() || c.is_ascii_digit() {
                made.push(c);
            } else if !made.is_empty() && !made.ends_with('-') {
                made.push('-');
            }
        }
        let room = 50usize.saturating_sub(suffix.map_or(0, |suffix| suffix.len() + 1));
        made.truncate(room);
        let made = made.trim_end_matches('-');
        let made = if made.is_empty() { "organization" } else { made };
        match suffix {
            Some(suffix) => Slug(format!("{made}-{suffix}")),
            None => Slug(made.to_owned()),
        }
    }
}

/// A colour, as `#rgb` or `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Color(String);
text_value!(Color, { "type": "string", "pattern": "^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$" });

impl Color {
    /// Parses a number sign with three or six hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let ok = text.strip_prefix('#').is_some_and(|digits| {
            matches!(digits.len(), 3 | 6) && digits.bytes().all(|b| b.is_ascii_hexdigit())
        });
        if ok {
            Ok(Color(text.to_owned()))
        } else {
            Err(Malformed::new("is not a colour, such as #0059d6"))
        }
    }
}

/// The colours of an organization's own pages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Colors {
    /// Of buttons and links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<Color>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_background: Option<Color>,
}

/// What programs keep with an organization: up to 25 texts of up to 255 characters, each under a key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Metadata(BTreeMap<String, String>);

impl Metadata {
    /// The texts, by key.
    pub fn entries(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// Checks the keys and texts; an entry without a text is left out.
    ///
    /// # Errors
    /// When there are too many, or one is too long.
    pub fn new(entries: BTreeMap<String, Option<String>>) -> Result<Self, Malformed> {
        let mut kept = BTreeMap::new();
        for (key, text) in entries {
            let Some(text) = text else { continue };
            Text::<1, 255>::parse(&key)
                .map_err(|Malformed(why)| Malformed::new(format!("has a key that {why}")))?;
            if text.chars().count() > 255 || text.contains('\0') {
                return Err(Malformed::new(format!(
                    "has a text under {key} that must have at most 255 characters, none of them zero"
                )));
            }
            kept.insert(key, text);
        }
        if kept.len() > MOST_METADATA {
            return Err(Malformed::new(format!(
                "must have at most {MOST_METADATA} entries; it has {}",
                kept.len()
            )));
        }
        Ok(Metadata(kept))
    }
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = BTreeMap::<String, Option<String>>::deserialize(deserializer)?;
        Metadata::new(entries).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Metadata {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Metadata".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "maxProperties": MOST_METADATA,
            "propertyNames": { "minLength": 1, "maxLength": 255, "pattern": "^[!-~]*$" },
            "additionalProperties": { "type": "string", "maxLength": 255, "pattern": "^[^\\u0000]*$" }
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn slugs() {
        for good in ["a", "acme", "acme-corp", "a_b", "9to5"] {
            assert_eq!(Slug::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "Acme", "-a", "a-", "org_1", "a b", "ä", &"a".repeat(51)] {
            assert!(Slug::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Slug::of("Acme Größe & Co.", None).as_str(), "acme-gr-e-co");
        assert_eq!(Slug::of("李", None).as_str(), "organization");
        assert_eq!(Slug::of("org_x", None).as_str(), "org-x");
        let long = Slug::of(&"a".repeat(80), Some("12345678"));
        assert!(Slug::parse(long.as_str()).is_ok() && long.as_str().ends_with("a-12345678"));
    }

    #[test]
    fn colours_and_metadata() {
        assert!(Color::parse("#0059d6").is_ok() && Color::parse("#FFF").is_ok());
        for bad in ["", "red", "#12345", "#12345g", "#fff;}"] {
            assert!(Color::parse(bad).is_err(), "{bad}");
        }
        let of = |count: usize| {
            (0..count)
                .map(|n| (n.to_string(), Some("x".to_owned())))
                .collect()
        };
        assert!(Metadata::new(of(25)).is_ok());
        assert!(Metadata::new(of(26)).is_err());
        let read = |text: &str| serde_json::from_str::<Metadata>(text);
        assert_eq!(read(r#"{"a":"b","c":null}"#).unwrap().entries().len(), 1);
        assert!(read(&format!(r#"{{"a":"{}"}}"#, "x".repeat(256))).is_err());
        assert!(read(r#"{"":"b"}"#).is_err() && read(r#"{"a":1}"#).is_err());
    }
}
