//! How people and organizations are reached and identified: addresses, numbers, names, links.

use crate::error::Malformed;
pub use crate::links::{LoginUri, RedirectUri, WebUrl};
use crate::value::text_value;

/// A mail address: kept as written, compared without case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);
text_value!(Email, { "type": "string", "format": "email", "maxLength": 254 });

impl Email {
    /// Parses the addresses that mail servers take in practice: RFC 5321's dot-string without quoting or
    /// comments, a domain of at least two labels, at most 254 characters.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.trim();
        let wrong = || Malformed::new("is not an email address, such as ada@example.com");
        let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
        let local_ok = (1..=64).contains(&local.len())
            && local
                .split('.')
                .all(|atom| !atom.is_empty() && atom.chars().all(is_atom))
            && text.len() <= 254;
        if !local_ok {
            return Err(wrong());
        }
        Domain::parse(domain).map_err(|_| wrong())?;
        Ok(Email(text.to_owned()))
    }

    /// The form that is compared: lower case.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

fn is_atom(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || (!c.is_ascii() && c.is_alphanumeric())
}

/// A DNS domain, lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Domain(String);
text_value!(Domain, { "type": "string", "minLength": 3, "maxLength": 253,
    "pattern": "^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$" });

impl Domain {
    /// Parses at least two labels of letters, digits and hyphens (RFC 1035, 2.3.1).
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.trim().to_ascii_lowercase();
        let label_ok = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let top = text.rsplit('.').next().unwrap_or_default();
        let ok = text.len() <= 253
            && text.contains('.')
            && text.split('.').all(label_ok)
            && top.len() >= 2
            && top.starts_with(|c: char| c.is_ascii_alphabetic());
        if ok {
            Ok(Domain(text))
        } else {
            Err(Malformed::new("is not a domain, such as example.com"))
        }
    }
}

/// A telephone number in the E.164 form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);
text_value!(Phone, { "type": "string", "pattern": "^\\+[1-9][0-9]{6,14}$" });

impl Phone {
    /// Parses `+` and 7 to 15 digits; spaces, hyphens, dots and parentheses that people write are dropped.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let digits: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')'))
            .collect();
        let ok = digits.strip_prefix('+').is_some_and(|rest| {
            (7..=15).contains(&rest.len())
                && rest.bytes().all(|b| b.is_ascii_digit())
                && !rest.starts_with('0')
        });
        if ok {
            Ok(Phone(digits))
        } else {
            Err(Malformed::new(
                "is not a phone number in international form, such as +14155550123",
            ))
        }
    }
}

/// A name to sign in with instead of an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Username(String);
text_value!(Username, { "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$" });

impl Username {
    /// Parses 2 to 64 letters, digits, dots, hyphens and underscores; it starts with a letter or digit.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.trim();
        let ok = (2..=64).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
        if ok {
            Ok(Username(text.to_owned()))
        } else {
            Err(Malformed::new(
                "must have 2 to 64 letters, digits, dots, hyphens or underscores, and start with a letter or digit",
            ))
        }
    }

    /// The form that is compared: lower case.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

/// An id that the customer's own system gives: unique in the tenant where it identifies somebody.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExternalId(String);
text_value!(ExternalId, { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$" });

impl ExternalId {
    /// Parses 1 to 128 visible ASCII characters without spaces.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        if (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(ExternalId(text.to_owned()))
        } else {
            Err(Malformed::new(
                "must have 1 to 128 visible ASCII characters without spaces",
            ))
        }
    }
}

/// A language tag (BCP 47), such as `en` or `de-CH`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Language(String);
text_value!(Language, { "type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "maxLength": 35 });

impl Language {
    /// Parses the shape of a tag; whether it is registered is not checked.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.trim();
        let mut parts = text.split('-');
        let first_ok = parts
            .next()
            .is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic()));
        let rest_ok =
            parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
        if first_ok && rest_ok && text.len() <= 35 {
            Ok(Language(text.to_owned()))
        } else {
            Err(Malformed::new("is not a language tag, such as en or de-CH"))
        }
    }
}

/// A birthday: an RFC 3339 date, or a date-time of which the date is kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Birthday(String);
text_value!(Birthday, { "type": "string", "pattern": "^(1[89]|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])(T.*)?$" });

impl Birthday {
    /// Parses `2001-02-28` or `2001-02-28T…`.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let wrong = || Malformed::new("is not a date, such as 1990-12-31");
        let date = text.trim().split('T').next().unwrap_or_default();
        let mut parts = date.split('-');
        let mut number = |digits: usize| -> Option<u32> {
            let part = parts.next()?;
            (part.len() == digits && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
        };
        let (year, month, day) = (
            number(4).ok_or_else(wrong)?,
            number(2).ok_or_else(wrong)?,
            number(2).ok_or_else(wrong)?,
        );
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => 0,
        };
        if (1800..=2100).contains(&year) && (1..=days).contains(&day) && parts.next().is_none() {
            Ok(Birthday(date.to_owned()))
        } else {
            Err(wrong())
        }
    }
}

/// The name of a permission of an application, such as `invoices:read`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PermissionName(String);
text_value!(PermissionName, { "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9:._/-]{0,99}$" });

impl PermissionName {
    /// Parses 1 to 100 letters, digits and `: . _ / -`; it starts with a letter or digit.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.trim();
        let ok = (1..=100).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'.' | b'_' | b'/' | b'-'));
        if ok {
            Ok(PermissionName(text.to_owned()))
        } else {
            Err(Malformed::new(
                "must have 1 to 100 letters, digits or : . _ / - and start with a letter or digit",
            ))
        }
    }
}

/// A scope of an access token: what a client may ask for (RFC 6749, 3.3).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeName(String);
text_value!(ScopeName, { "type": "string", "enum": crate::policy::scopes() });

impl ScopeName {
    /// Parses one that [`crate::policy::Permission::scope`] names.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        if crate::policy::scopes().contains(&text) {
            Ok(ScopeName(text.to_owned()))
        } else {
            Err(Malformed::new("is not a scope of this API"))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_text_panics(text in ".*") {
            let _ = (Email::parse(&text), Domain::parse(&text), Phone::parse(&text), WebUrl::parse(&text));
            let _ = (Birthday::parse(&text), Language::parse(&text), Username::parse(&text), ExternalId::parse(&text));
        }
    }

    #[test]
    fn email() {
        for good in [
            "ada@example.com",
            "a.b+c@sub.example.co",
            "Ada@Example.COM",
            "o'hara@x.io",
            "jörg@example.de",
        ] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "ada",
            "@x.io",
            "a@b",
            "a..b@x.io",
            "a b@x.io",
            "a@x.io\r\nBcc: b@x.io",
            "<a@x.io>",
            "a@-x.io",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn phone_is_e164() {
        assert_eq!(
            Phone::parse("+1 (415) 555-0123").unwrap().as_str(),
            "+14155550123"
        );
        for bad in [
            "14155550123",
            "+0123456789",
            "+123",
            "+1234567890123456",
            "+1a5550123",
        ] {
            assert!(Phone::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn links_have_no_other_scheme() {
        for bad in [
            "javascript:alert(1)",
            "https://a b",
            "ftp://x",
            "https://",
            "//x.io",
            "https://user@x.io/",
        ] {
            assert!(WebUrl::parse(bad).is_err(), "{bad}");
        }
        assert!(RedirectUri::parse("https://x.io/cb#f").is_err());
    }

    #[test]
    fn birthdays_exist() {
        assert_eq!(
            Birthday::parse("2019-08-24T14:15:22Z").unwrap().as_str(),
            "2019-08-24"
        );
        assert!(Birthday::parse("2023-02-29").is_err());
        assert!(Birthday::parse("2024-02-29").is_ok());
    }
}
