//! Secrets on their way through the program: never in a log, refused where they are too weak.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Malformed;

/// A secret that is shown once: its `Debug` form hides it, its serialized form does not.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps it.
    pub fn new(text: impl Into<String>) -> Self {
        Secret(text.into())
    }

    /// The text: to hash, to hand over, never to log.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A new password: 8 to 128 characters, no composition rules (NIST SP 800-63B, 5.1.1). Which ones nobody may choose, the
/// server knows.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Parses it; white space counts and is kept.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        match text.chars().filter(|c| !joins(*c)).count() {
            0..=7 => Err(Malformed::new("must have at least 8 characters")),
            8..=128 => Ok(Password(text.to_owned())),
            _ => Err(Malformed::new("must have at most 128 characters")),
        }
    }

    /// The text: to hash, never to log.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Whether it makes one character with the one before it: an accent, or the later part of a Korean syllable.
fn joins(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1160}'..='\u{11ff}')
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Serialize for Password {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Password::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Password {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Password".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "password", "minLength": 8, "maxLength": 128, "writeOnly": true })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn nothing_is_shown_by_accident() {
        assert!(!format!("{:?}", Secret::new("hunter22")).contains("hunter"));
        assert!(!format!("{:?}", Password::parse("hunter2222").unwrap()).contains("hunter"));
    }

    #[test]
    fn a_password_has_eight_to_128_characters() {
        assert!(Password::parse("1234567").is_err());
        assert!(Password::parse("pass wörd").is_ok());
        assert!(Password::parse(&"x".repeat(129)).is_err());
        assert!(Password::parse(&"a\u{308}".repeat(128)).is_ok());
        assert!(Password::parse(&"a\u{308}".repeat(7)).is_err());
    }
}
