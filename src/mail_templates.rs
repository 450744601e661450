//! What mails say: the default words, the tenant's own in their place, and what they were before.

use serde::{Deserialize, Serialize};

use crate::error::Malformed;
use crate::mail::MailKind;
use crate::operation::{Scope, operation};
use crate::page::{Cursor, Limit, Page};
use crate::text::Text;
use crate::value::text_value;

/// Bytes of a template's text or HTML at most.
pub const LONGEST: usize = 64 * 1024;

/// A language that mails are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum MailLanguage {
    #[serde(rename = "en")]
    English,
    #[serde(rename = "de")]
    German,
}

impl MailLanguage {
    /// Every language.
    pub const ALL: [MailLanguage; 2] = [MailLanguage::English, MailLanguage::German];

    /// Its tag (BCP 47).
    pub fn as_str(self) -> &'static str {
        match self {
            MailLanguage::English => "en",
            MailLanguage::German => "de",
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            MailLanguage::English => "English",
            MailLanguage::German => "German",
        }
    }
}

/// The template of a subject: one line of 1 to 200 characters.
pub type SubjectTemplate = Text<1, 200>;

/// The template of a mail's text or HTML: up to 64 KiB, in lines that end as on Unix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyTemplate(String);
text_value!(BodyTemplate, { "type": "string", "minLength": 1, "maxLength": 65536 });

impl BodyTemplate {
    /// Parses it; forms end lines in their own way.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.replace("\r\n", "\n");
        if text.trim().is_empty() {
            return Err(Malformed::new("must not be empty"));
        }
        if text.len() > LONGEST {
            return Err(Malformed::new(format!(
                "must have at most {LONGEST} bytes; it has {}",
                text.len()
            )));
        }
        if let Some(line) = text
            .split('\n')
            .position(|line| line.contains(|c: char| c.is_control() && c != '\t'))
        {
            return Err(Malformed::new(format!(
                "line {}: must not contain control characters",
                line.saturating_add(1)
            )));
        }
        Ok(BodyTemplate(text))
    }
}

/// The template of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MailWords {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A mail's template in a list. Times are milliseconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MailTemplateLine {
    pub kind: MailKind,
    pub language: MailLanguage,
    pub subject: String,
    /// Whether the tenant's own words are in place of the default.
    pub changed: bool,
    /// Absent where it was never changed.
    pub changed_at: Option<i64>,
    pub changed_by: Option<String>,
}

/// What a template can say by a name in braces: `{{ organization }}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MailVariable {
    pub name: String,
    pub description: String,
    /// What stands there in a preview.
    pub example: String,
    /// Whether some mails have none: a template asks with `{% if … %}` first.
    pub may_be_absent: bool,
    /// Whether both text and HTML must say it.
    pub required: bool,
}

/// A version of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MailTemplateVersion {
    pub version: i64,
    /// Absent where the default was put back.
    pub subject: Option<String>,
    pub changed_at: i64,
    /// Absent where the program itself did it.
    pub changed_by: Option<String>,
}

/// A mail's template in a language. Times are milliseconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MailTemplate {
    pub kind: MailKind,
    pub language: MailLanguage,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Whether the tenant's own words are in place of the default.
    pub changed: bool,
    /// Whether whoever asks may write own words: around a link that is as good as a password, only administrators in person may.
    pub may_be_updated: bool,
    /// Whose words these are, where an earlier version was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_version: Option<i64>,
    pub default: MailWords,
    pub variables: Vec<MailVariable>,
    /// The latest versions, the newest first; up to 20. The list of versions has them all.
    pub history: Vec<MailTemplateVersion>,
    /// 0 where it was never changed.
    pub version: i64,
}

/// Lists the templates of all mails in all languages.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListMailTemplates {}
operation!(ListMailTemplates => Vec<MailTemplateLine>, "list_mail_templates", Read, ReadTenant, |op| Scope::Tenant);

/// Reads a template, with its variables and its latest versions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetMailTemplate {
    pub kind: MailKind,
    pub language: MailLanguage,
    /// The words of this earlier version in place of those that are used now.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "version_number"
    )]
    pub shown_version: Option<i64>,
}
operation!(GetMailTemplate => MailTemplate, "get_mail_template", Read, ReadTenant, |op| Scope::Tenant);

/// Lists the versions of a template, the newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListMailTemplateVersions {
    pub kind: MailKind,
    pub language: MailLanguage,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}
operation!(ListMailTemplateVersions => Page<MailTemplateVersion>, "list_mail_template_versions", Read, ReadTenant, |op| Scope::Tenant);

/// Puts own words in place of those of a mail. They are tried before: a template that would break a mail is refused. 403 for the
/// mails whose link is as good as a password (`invitation`, `password_reset`, `verify_address`, `registration_address`): what
/// stands around it is written in the console, by administrators of the tenant and no token. Anybody who may write the others
/// may put the default back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateMailTemplate {
    pub kind: MailKind,
    pub language: MailLanguage,
    pub subject: SubjectTemplate,
    pub text: BodyTemplate,
    pub html: BodyTemplate,
}
operation!(UpdateMailTemplate => MailTemplate, "update_mail_template", Write, ManageTenant, |op| Scope::Tenant);

/// Puts the default words of a mail back; the own ones stay in its history.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetMailTemplate {
    pub kind: MailKind,
    pub language: MailLanguage,
}
operation!(ResetMailTemplate => MailTemplate, "reset_mail_template", Write, ManageTenant, |op| Scope::Tenant);

/// Shows what a mail with these words would look like, with made-up names; nothing is saved.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewMailTemplate {
    pub kind: MailKind,
    pub language: MailLanguage,
    pub subject: SubjectTemplate,
    pub text: BodyTemplate,
    pub html: BodyTemplate,
}
operation!(PreviewMailTemplate => MailPreview, "preview_mail_template", Read, ManageTenant, |op| Scope::Tenant);

/// A mail as its readers would see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MailPreview {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Reads a version, which a query string brings as text.
fn version_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    struct Visitor;
    impl serde::de::Visitor<'_> for Visitor {
        type Value = Option<i64>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("the number of a version")
        }
        fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Option<i64>, E> {
            Ok(Some(number))
        }
        fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Option<i64>, E> {
            i64::try_from(number)
                .map(Some)
                .map_err(|_| E::custom("must be the number of a version"))
        }
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Option<i64>, E> {
            text.parse()
                .map(Some)
                .map_err(|_| E::custom("must be the number of a version"))
        }
        fn visit_unit<E: serde::de::Error>(self) -> Result<Option<i64>, E> {
            Ok(None)
        }
        fn visit_none<E: serde::de::Error>(self) -> Result<Option<i64>, E> {
            Ok(None)
        }
    }
    deserializer.deserialize_any(Visitor)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_body_has_lines_and_nothing_that_cannot_be_seen() {
        assert_eq!(BodyTemplate::parse("a\r\n\tb\n").unwrap().as_str(), "a\n\tb\n");
        assert!(BodyTemplate::parse(" \r\n ").is_err());
        assert!(BodyTemplate::parse(&"x".repeat(LONGEST + 1)).is_err());
        let Malformed(why) = BodyTemplate::parse("a\nb\u{0}").unwrap_err();
        assert!(why.starts_with("line 2: "), "{why}");
    }

    #[test]
    fn a_version_is_a_number_in_a_query_too() {
        let of = |version: serde_json::Value| {
            crate::input::parse::<GetMailTemplate>(serde_json::json!({
                "kind": "invitation", "language": "de", "shown_version": version,
            }))
            .map(|op| op.shown_version)
        };
        assert_eq!(of(serde_json::json!("3")).unwrap(), Some(3));
        assert_eq!(of(serde_json::json!(3)).unwrap(), Some(3));
        assert_eq!(of(serde_json::json!(null)).unwrap(), None);
        assert_eq!(
            of(serde_json::json!("x"))
                .unwrap_err()
                .message_at("shown_version"),
            Some("must be the number of a version")
        );
    }
}
