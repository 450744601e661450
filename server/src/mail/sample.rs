//! Made-up mails: for previews, and to try words with before they are kept.

use guildhall::mail::MailKind;
use guildhall::mail_templates::MailVariable;
use serde_json::Value;

use super::Content;

/// How much a made-up mail says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fullness {
    /// All that a mail of the kind can say.
    Full,
    /// Only what every one of them says.
    Sparse,
}

/// 24 November 2025, 16:00 UTC.
const AT: i64 = 1_764_000_000_000;

/// A made-up mail of a kind.
pub fn of(kind: MailKind, fullness: Fullness) -> Content {
    let some = |text: &str| (fullness == Fullness::Full).then(|| text.to_owned());
    let organization = || "Maple & Sons".to_owned();
    let link = |path: &str| format!("https://console.example/{path}");
    match kind {
        MailKind::Invitation => Content::Invitation {
            organization: organization(),
            app: some("Invoices"),
            invited_by: some("Ada Lovelace"),
            roles: some("Editor").into_iter().chain(some("Auditor")).collect(),
            link: link("invite/example"),
            expires_at: AT,
        },
        MailKind::InvitationAsked => Content::InvitationAsked {
            organization: organization(),
            address: "grace@example.com".to_owned(),
            link: link("org/example/invitations"),
        },
        MailKind::AddedToOrganization => Content::AddedToOrganization {
            organization: organization(),
            added_by: some("Ada Lovelace"),
            link: link("account/organizations"),
        },
        MailKind::PasswordReset => Content::PasswordReset {
            link: link("reset/example"),
            expires_at: AT,
        },
        MailKind::PasswordChanged => Content::PasswordChanged {
            at: AT,
            link: link("forgot"),
        },
        MailKind::FactorsChanged => Content::FactorsChanged {
            at: AT,
            link: link("account/security"),
        },
        MailKind::CodesGuessed => Content::CodesGuessed {
            at: AT,
            link: link("account/security"),
        },
        MailKind::VerifyAddress => Content::VerifyAddress {
            address: "grace@example.com".to_owned(),
            link: link("account/verify/example"),
            expires_at: AT,
        },
        MailKind::RegistrationRequested => Content::RegistrationRequested {
            organization: organization(),
            requester: "Grace Hopper".to_owned(),
            address: some("grace@example.com"),
            link: link("admin/organizations"),
        },
        MailKind::RegistrationApproved => Content::RegistrationApproved {
            organization: organization(),
            link: link("org/example"),
        },
        MailKind::RegistrationRejected => Content::RegistrationRejected {
            organization: organization(),
            reason: "There is an organization for your company already.".to_owned(),
            link: link("account/organizations"),
        },
        MailKind::RegistrationAddress => Content::RegistrationAddress {
            organization: organization(),
            is_known: fullness == Fullness::Full,
            link: link("register/example"),
            expires_at: AT,
        },
        MailKind::WebhookDisabled => Content::WebhookDisabled {
            organization: some("Maple & Sons"),
            endpoint: "https://hooks.example".to_owned(),
            is_gone: fullness == Fullness::Full,
            link: link("org/example/webhooks/example"),
        },
        MailKind::Test => Content::Test {
            sent_by: "Ada Lovelace".to_owned(),
        },
    }
}

/// The names by which a template asks for what a mail says, beside the tenant's.
fn fields(content: &Content) -> Vec<(String, Value)> {
    match serde_json::to_value(content) {
        Ok(Value::Object(fields)) => fields.into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Every name that a template of such a mail can use.
pub fn names(content: &Content) -> Vec<String> {
    let mut names: Vec<String> = fields(content).into_iter().map(|(name, _)| name).collect();
    names.extend(["tenant".to_owned(), "language".to_owned()]);
    names
}

/// The link that such a mail is sent for.
pub fn link(content: &Content) -> Option<String> {
    fields(content)
        .into_iter()
        .find(|(name, _)| name == "link")
        .and_then(|(_, link)| link.as_str().map(str::to_owned))
}

/// What a template of a kind can say, with what it means.
pub fn variables(kind: MailKind, tenant: &str) -> Vec<MailVariable> {
    let sparse = fields(&of(kind, Fullness::Sparse));
    let absent = |name: &str| {
        sparse.iter().any(|(field, value)| {
            field == name && (value.is_null() || value.as_array().is_some_and(Vec::is_empty))
        })
    };
    let own = fields(&of(kind, Fullness::Full))
        .into_iter()
        .map(|(name, value)| MailVariable {
            description: description(&name).to_owned(),
            example: in_words(&value),
            may_be_absent: absent(&name),
            required: name == "link",
            name,
        });
    let always = [("tenant", tenant), ("language", "en")].map(|(name, example)| MailVariable {
        name: name.to_owned(),
        description: description(name).to_owned(),
        example: example.to_owned(),
        may_be_absent: false,
        required: false,
    });
    own.chain(always).collect()
}

fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(in_words).collect::<Vec<_>>().join(", "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// What a name means; the same in every mail.
fn description(name: &str) -> &'static str {
    match name {
        "organization" => "The organization’s name.",
        "app" => "The application that they are invited to.",
        "invited_by" => "Who invites them.",
        "added_by" => "Who added them.",
        "roles" => "The names of their roles, a list: {{ roles | join(\", \") }}.",
        "link" => "The page that the mail is sent for.",
        "expires_at" => "Until when the link works: {{ expires_at | moment }}.",
        "at" => "When it happened: {{ at | moment }}.",
        "address" => "The mail address that it is about.",
        "requester" => "Who asked for the organization.",
        "reason" => "Why it was turned down.",
        "is_known" => "Whether they have an account already: {% if is_known %}.",
        "endpoint" => "The endpoint that was disabled: its scheme and host.",
        "is_gone" => "Whether it said itself that it wants no more: {% if is_gone %}.",
        "sent_by" => "Who sends the test.",
        "tenant" => "Your own name, from the settings.",
        "language" => "The language of the mail, such as en.",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_of_every_kind_is_explained() {
        for kind in MailKind::ALL {
            assert_eq!(of(kind, Fullness::Full).kind(), kind);
            assert_eq!(of(kind, Fullness::Sparse).kind(), kind);
            for variable in variables(kind, "Acme") {
                assert!(!variable.description.is_empty(), "{kind:?}: {}", variable.name);
                assert!(!variable.example.is_empty(), "{kind:?}: {}", variable.name);
            }
        }
    }

    #[test]
    fn what_some_mails_lack_is_said() {
        let absent: Vec<String> = variables(MailKind::Invitation, "Acme")
            .into_iter()
            .filter(|variable| variable.may_be_absent)
            .map(|variable| variable.name)
            .collect();
        for name in ["app", "invited_by", "roles"] {
            assert!(absent.iter().any(|absent| absent == name), "{absent:?}");
        }
        assert_eq!(absent.len(), 3, "{absent:?}");
    }
}
