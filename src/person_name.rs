//! People's names in parts.

use serde::{Deserialize, Serialize};

use crate::error::Malformed;
use crate::text::{NamePart, Text};

/// A person's name in parts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PersonName {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<NamePart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<NamePart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<NamePart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<NamePart>,
}

impl PersonName {
    /// A name that was written as a whole: the last of several words is the family's.
    ///
    /// # Errors
    /// When the words are no parts of a name.
    pub fn of_whole(whole: &str) -> Result<Self, Malformed> {
        let (first, last) = match whole.trim().rsplit_once(' ') {
            Some((first, last)) => (first.trim_end(), Some(last)),
            None => (whole, None),
        };
        Ok(PersonName {
            first_name: Some(NamePart::parse(first)?),
            last_name: last.map(NamePart::parse).transpose()?,
            ..PersonName::default()
        })
    }

    /// These parts, and those of another name where there is none.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        PersonName {
            title: self.title.or(other.title),
            first_name: self.first_name.or(other.first_name),
            middle_name: self.middle_name.or(other.middle_name),
            last_name: self.last_name.or(other.last_name),
        }
    }

    /// First, middle and last name with spaces between; empty when there is none.
    pub fn full(&self) -> String {
        [&self.first_name, &self.middle_name, &self.last_name]
            .into_iter()
            .flatten()
            .map(Text::as_str)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_whole_name_has_parts_and_parts_go_over_others() {
        let grace = PersonName::of_whole(" Grace Brewster Hopper ").unwrap();
        assert_eq!(grace.first_name.as_ref().unwrap().as_str(), "Grace Brewster");
        assert_eq!(grace.last_name.as_ref().unwrap().as_str(), "Hopper");
        assert_eq!(PersonName::of_whole("Grace").unwrap().last_name, None);
        assert!(PersonName::of_whole(" ").is_err());
        let murray = PersonName {
            last_name: Some(NamePart::parse("Murray").unwrap()),
            ..PersonName::default()
        };
        assert_eq!(murray.over(grace).full(), "Grace Brewster Murray");
    }
}
