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
    /// Parses it; fails when it is too short, too long, has control or direction characters, or must say something and
    /// shows nothing.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.trim();
        if text.chars().any(is_forbidden) {
            return Err(Malformed::new(
                "must not contain control characters or line breaks",
            ));
        }
        match text.chars().count() {
            0 if MIN > 0 => Err(Malformed::new("must not be empty")),
            _ if MIN > 0 && !text.chars().any(is_visible) => {
                Err(Malformed::new("must have characters that can be seen"))
            }
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
    // Directions, breaks and spaces without width can make one name look like another. The joiners stay: Persian and
    // emoji are written with them.
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'
                | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

/// Whether something of it can be seen, unlike of spaces, joiners, fillers, variation selectors and tags.
fn is_visible(c: char) -> bool {
    !c.is_whitespace()
        && !matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}'
        )
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
        const FORBIDDEN: &str =
            r"\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff";
        /// What `is_visible` does not count, as far as such an expression reaches: what is beyond, it sees as halves.
        const UNSEEN: &str = r"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200c\u200d\u2061-\u206f\u2800\u3164\ufe00-\ufe0f\uffa0";
        let pattern = if MIN == 0 {
            format!("^[^{FORBIDDEN}]*$")
        } else {
            format!(r"^[^{FORBIDDEN}]*[^{FORBIDDEN}{UNSEEN}\s][^{FORBIDDEN}]*$")
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

    #[test]
    fn what_cannot_be_seen_makes_no_other_name() {
        for c in [
            '\u{61c}', '\u{200b}', '\u{200e}', '\u{200f}', '\u{2028}', '\u{2029}', '\u{202a}', '\u{202e}',
            '\u{2060}', '\u{2066}', '\u{2069}', '\u{feff}',
        ] {
            assert!(Name::parse(&format!("Ac{c}me")).is_err(), "{c:?}");
            assert!(Description::parse(&format!("Ac{c}me")).is_err(), "{c:?}");
        }
        for unseen in [
            "\u{200d}",
            "\u{200c} \u{200d}",
            "\u{ad}",
            "\u{3164}",
            "\u{2800}\u{2800}",
            "\u{fe0f}",
            "\u{e0041}",
        ] {
            assert!(Name::parse(unseen).is_err(), "{unseen:?}");
            assert!(NamePart::parse(unseen).is_err(), "{unseen:?}");
        }
        for seen in [
            "x",
            "7",
            "-",
            "李",
            "علی",
            "می\u{200c}خواهم",
            "👩\u{200d}🚀",
            "❤\u{fe0f}",
            "Zoë",
            "Zoe\u{308}",
        ] {
            assert_eq!(
                Name::parse(seen).map(|name| name.to_string()).as_deref(),
                Ok(seen)
            );
        }
        assert!(Description::parse("").is_ok());
    }

    #[test]
    fn folding_forgets_case_and_runs_of_white_space_and_nothing_else() {
        assert_eq!(fold("\u{a0}ACME \t Größe\u{2003}"), "acme größe");
        for (one, other) in [
            ("a\u{200d}b", "ab"),
            ("a\u{ad}b", "ab"),
            ("zoë", "zoe"),
            ("a-b", "ab"),
            ("a b", "ab"),
            ("a.", "a"),
        ] {
            assert_ne!(fold(one), fold(other));
        }
    }
}
