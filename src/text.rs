//! Short texts that people write: trimmed, bounded, free of control characters.

use crate::error::Malformed;

/// A text of `MIN` to `MAX` characters after trimming, without control characters; markup in it is just text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text<const MIN: usize, const MAX: usize>(String);

/// A name of something: an organization, an application, a role.
pub type Name = Text<1, 100>;
/// A part of a person's name (native API, T19: at most 30 characters).
pub type NamePart = Text<1, 30>;
/// A line about a person or thing: department, title, manager.
pub type Line = Text<0, 120>;
/// A sentence or two.
pub type Description = Text<0, 500>;

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    /// Parses it; fails when it is too short, too long or has control or direction-override characters.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.trim();
        if text.chars().any(is_forbidden) {
            return Err(Malformed::new(
                "must not contain control characters or line breaks",
            ));
        }
        match text.chars().count() {
            0 if MIN > 0 => Err(Malformed::new("must not be empty")),
            n if n < MIN => Err(Malformed::new(format!("must have at least {MIN} characters"))),
            n if n > MAX => Err(Malformed::new(format!(
                "must have at most {MAX} characters; it has {n}"
            ))),
            _ => Ok(Text(text.to_owned())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text in the form that comparing without case and searching use.
    pub fn folded(&self) -> String {
        fold(&self.0)
    }

    /// `None` when it is empty, so that an emptied form field clears a value.
    pub fn non_empty(self) -> Option<Self> {
        (!self.0.is_empty()).then_some(self)
    }
}

/// Lower case, with runs of white space as one space: how names are compared and searched.
pub fn fold(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

fn is_forbidden(c: char) -> bool {
    // Direction overrides can make one name look like another.
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

impl<const MIN: usize, const MAX: usize> std::str::FromStr for Text<MIN, MAX> {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        Self::parse(text)
    }
}

impl<const MIN: usize, const MAX: usize> TryFrom<String> for Text<MIN, MAX> {
    type Error = Malformed;
    fn try_from(text: String) -> Result<Self, Malformed> {
        Self::parse(&text)
    }
}

impl<const MIN: usize, const MAX: usize> std::fmt::Display for Text<MIN, MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MIN: usize, const MAX: usize> serde::Serialize for Text<MIN, MAX> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de, const MIN: usize, const MAX: usize> serde::Deserialize<'de> for Text<MIN, MAX> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl<const MIN: usize, const MAX: usize> schemars::JsonSchema for Text<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Text{MIN}To{MAX}").into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        /// What `is_forbidden` forbids, as the inside of a negated class of ECMA 262's regular expressions.
        const FORBIDDEN: &str = r"\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff";
        let pattern = if MIN == 0 {
            format!("^[^{FORBIDDEN}]*$")
        } else {
            format!(r"^[^{FORBIDDEN}]*[^{FORBIDDEN}\s][^{FORBIDDEN}]*$")
        };
        schemars::json_schema!({ "type": "string", "minLength": MIN, "maxLength": MAX, "pattern": pattern })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn is_trimmed_bounded_and_free_of_control_characters() {
        assert_eq!(Name::parse("  Acme  ").unwrap().as_str(), "Acme");
        assert!(Name::parse(" ").is_err());
        assert!(Name::parse("a\r\nb").is_err());
        assert!(Name::parse("a\u{202e}b").is_err());
        assert!(Name::parse(&"ä".repeat(100)).is_ok());
        assert!(Name::parse(&"ä".repeat(101)).is_err());
        assert_eq!(Name::parse("ACME  Größe").unwrap().folded(), "acme größe");
    }
}
