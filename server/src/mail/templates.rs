//! What mails say: a text and an HTML part from templates, in every language that there is.

use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};

use super::Content;

/// A language that there are templates in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    German,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 2] = [Language::English, Language::German];

    /// The one that a language tag asks for (BCP 47; the first part of it says the language), else English.
    pub fn of(tag: Option<&str>) -> Self {
        let primary = tag
            .and_then(|tag| tag.split(['-', '_']).next())
            .unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
            .unwrap_or(Language::English)
    }

    /// Its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }
}

/// A template of a language: its name and text.
macro_rules! template {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/mail/", $name)),
        )
    };
}

pub(super) const TEMPLATES: &[(&str, &str)] = &[
    template!("layout.html"),
    template!("en/invitation.txt"),
    template!("en/invitation.html"),
    template!("en/invitation_asked.txt"),
    template!("en/invitation_asked.html"),
    template!("en/added_to_organization.txt"),
    template!("en/added_to_organization.html"),
    template!("en/password_reset.txt"),
    template!("en/password_reset.html"),
    template!("en/password_changed.txt"),
    template!("en/password_changed.html"),
    template!("en/factors_changed.txt"),
    template!("en/factors_changed.html"),
    template!("en/codes_guessed.txt"),
    template!("en/codes_guessed.html"),
    template!("en/verify_address.txt"),
    template!("en/verify_address.html"),
    template!("en/registration_requested.txt"),
    template!("en/registration_requested.html"),
    template!("en/registration_approved.txt"),
    template!("en/registration_approved.html"),
    template!("en/registration_rejected.txt"),
    template!("en/registration_rejected.html"),
    template!("en/registration_address.txt"),
    template!("en/registration_address.html"),
    template!("en/webhook_disabled.txt"),
    template!("en/webhook_disabled.html"),
    template!("en/test.txt"),
    template!("en/test.html"),
    template!("de/invitation.txt"),
    template!("de/invitation.html"),
    template!("de/invitation_asked.txt"),
    template!("de/invitation_asked.html"),
    template!("de/added_to_organization.txt"),
    template!("de/added_to_organization.html"),
    template!("de/password_reset.txt"),
    template!("de/password_reset.html"),
    template!("de/password_changed.txt"),
    template!("de/password_changed.html"),
    template!("de/factors_changed.txt"),
    template!("de/factors_changed.html"),
    template!("de/codes_guessed.txt"),
    template!("de/codes_guessed.html"),
    template!("de/verify_address.txt"),
    template!("de/verify_address.html"),
    template!("de/registration_requested.txt"),
    template!("de/registration_requested.html"),
    template!("de/registration_approved.txt"),
    template!("de/registration_approved.html"),
    template!("de/registration_rejected.txt"),
    template!("de/registration_rejected.html"),
    template!("de/registration_address.txt"),
    template!("de/registration_address.html"),
    template!("de/webhook_disabled.txt"),
    template!("de/webhook_disabled.html"),
    template!("de/test.txt"),
    template!("de/test.html"),
];

/// A mail, ready to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The templates, parsed once.
pub struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// Parses them all.
    ///
    /// # Errors
    /// When one is malformed: a mistake of ours.
    pub fn new() -> anyhow::Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|name| {
            if name.ends_with(".html") {
                AutoEscape::Html
            } else {
                AutoEscape::None
            }
        });
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.add_filter("moment", moment);
        for (name, text) in TEMPLATES {
            environment.add_template(name, text)?;
        }
        Ok(Templates { environment })
    }

    /// Renders a mail. What the content holds is text in it, whatever it looks like: it is escaped in HTML, never read as a
    /// template, and cannot begin another header.
    ///
    /// # Errors
    /// When a template asks for what the content lacks: a mistake of ours.
    pub fn render(&self, language: Language, content: &Content, tenant: &str) -> anyhow::Result<Rendered> {
        let name = |ending: &str| format!("{}/{}.{ending}", language.tag(), content.kind().as_str());
        let given = minijinja::Value::from_serialize(content);
        let values = context! { tenant, language => language.tag(), ..given };
        let whole = self.environment.get_template(&name("txt"))?.render(&values)?;
        // A text template begins with its subject; the first empty line ends it.
        let (subject, text) = whole.split_once("\n\n").unwrap_or((&whole, ""));
        let subject = one_line(subject);
        let values = context! { subject => &subject, ..values };
        Ok(Rendered {
            html: self.environment.get_template(&name("html"))?.render(&values)?,
            text: text.trim_start_matches('\n').to_owned(),
            subject,
        })
    }
}

/// White space of any kind as single spaces: a subject is one line.
pub(super) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A moment as `2026-11-24 09:30 UTC`, which every language reads.
pub(super) fn moment(millis: i64) -> String {
    let format = time::macros::format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    time::OffsetDateTime::from_unix_timestamp(millis / 1000)
        .ok()
        .and_then(|at| at.format(&format).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use guildhall::mail::MailKind;

    use super::*;

    fn contents(text: &str) -> Vec<Content> {
        let text = || text.to_owned();
        vec![
            Content::Invitation {
                organization: text(),
                app: Some(text()),
                invited_by: Some(text()),
                roles: vec![text()],
                link: "https://console.example/invite/a".into(),
                expires_at: 1_764_000_000_000,
            },
            Content::InvitationAsked {
                organization: text(),
                address: text(),
                link: "https://console.example/x".into(),
            },
            Content::AddedToOrganization {
                organization: text(),
                added_by: Some(text()),
                link: "https://console.example/account/organizations".into(),
            },
            Content::PasswordReset {
                link: "https://console.example/reset/a".into(),
                expires_at: 1_764_000_000_000,
            },
            Content::PasswordChanged {
                at: 1_764_000_000_000,
                link: "https://console.example/forgotten".into(),
            },
            Content::FactorsChanged {
                at: 1_764_000_000_000,
                link: "https://console.example/account/security".into(),
            },
            Content::CodesGuessed {
                at: 1_764_000_000_000,
                link: "https://console.example/account/security".into(),
            },
            Content::VerifyAddress {
                address: text(),
                link: "https://console.example/verify/a".into(),
                expires_at: 1_764_000_000_000,
            },
            Content::RegistrationRequested {
                organization: text(),
                requester: text(),
                address: Some(text()),
                link: "https://console.example/admin/organizations".into(),
            },
            Content::RegistrationApproved {
                organization: text(),
                link: "https://console.example/org/a".into(),
            },
            Content::RegistrationRejected {
                organization: text(),
                reason: text(),
                link: "https://console.example/account/registrations".into(),
            },
            Content::RegistrationAddress {
                organization: text(),
                is_known: false,
                link: "https://console.example/register/a".into(),
                expires_at: 1_764_000_000_000,
            },
            Content::WebhookDisabled {
                organization: Some(text()),
                endpoint: text(),
                is_gone: true,
                link: "https://console.example/org/a/webhooks/b".into(),
            },
            Content::Test { sent_by: text() },
        ]
    }

    #[test]
    fn every_kind_is_said_in_every_language() {
        let templates = Templates::new().unwrap();
        let contents = contents("Ada");
        assert_eq!(contents.len(), MailKind::ALL.len());
        for content in &contents {
            let mails: Vec<_> = Language::ALL
                .into_iter()
                .map(|language| templates.render(language, content, "Acme").unwrap())
                .collect();
            for mail in &mails {
                assert!(!mail.subject.is_empty() && mail.text.len() > 20, "{mail:?}");
                assert!(
                    mail.html.contains("Acme") && mail.text.contains("Acme"),
                    "{mail:?}"
                );
            }
            assert_ne!(mails.first().unwrap().text, mails.last().unwrap().text);
        }
    }

    #[test]
    fn a_text_begins_with_a_greeting_beneath_its_subject() {
        let templates = Templates::new().unwrap();
        for (language, greeting) in [(Language::English, "Hello,"), (Language::German, "Guten Tag,")] {
            for content in &contents("Ada") {
                let mail = templates.render(language, content, "Acme").unwrap();
                assert!(!mail.subject.contains(greeting), "{mail:?}");
                assert_eq!(mail.text.split("\n\n").next(), Some(greeting), "{mail:?}");
            }
        }
    }

    #[test]
    fn an_invitation_says_to_what() {
        let templates = Templates::new().unwrap();
        let subject_of = |language, app: Option<&str>| {
            let content = Content::Invitation {
                organization: "Acme".to_owned(),
                app: app.map(str::to_owned),
                invited_by: None,
                roles: Vec::new(),
                link: "https://console.example/invite/a".to_owned(),
                expires_at: 1_764_000_000_000,
            };
            let mail = templates.render(language, &content, "Vendor").unwrap();
            (
                mail.subject,
                mail.text.lines().next().unwrap_or_default().to_owned(),
            )
        };
        for (language, app, subject, first) in [
            (Language::English, None, "You are invited to Acme", "Hello,"),
            (
                Language::English,
                Some("Invoices"),
                "You are invited to Acme (Invoices)",
                "Hello,",
            ),
            (Language::German, None, "Einladung zu Acme", "Guten Tag,"),
            (
                Language::German,
                Some("Invoices"),
                "Einladung zu Acme (Invoices)",
                "Guten Tag,",
            ),
        ] {
            assert_eq!(subject_of(language, app), (subject.to_owned(), first.to_owned()));
        }
    }

    #[test]
    fn names_are_text_and_neither_markup_nor_header_nor_template() {
        let templates = Templates::new().unwrap();
        for hostile in [
            "<img src=x onerror=alert(1)>\"'&",
            "x\r\nBcc: victim@example.com\r\n\r\nbody",
            "{{ 7 * 7 }}{% raw %}",
        ] {
            for content in &contents(hostile) {
                for language in Language::ALL {
                    let mail = templates.render(language, content, hostile).unwrap();
                    assert!(!mail.subject.contains(['\r', '\n']), "{mail:?}");
                    assert!(!mail.html.contains("<img"), "{mail:?}");
                    assert!(
                        !mail.html.contains("49") || !hostile.contains("7 * 7"),
                        "{mail:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_language_is_the_readers_where_there_is_one() {
        assert_eq!(Language::of(Some("de-AT")), Language::German);
        assert_eq!(Language::of(Some("DE")), Language::German);
        assert_eq!(Language::of(Some("den")), Language::English);
        assert_eq!(Language::of(Some("fr")), Language::English);
        assert_eq!(Language::of(None), Language::English);
    }
}
