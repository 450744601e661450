//! Mail: what was sent, what waits, what failed and why.

use serde::{Deserialize, Serialize};

use crate::contact::Email;
use crate::id::{MailId, OrganizationId};
use crate::operation::{Scope, operation};
use crate::page::{Cursor, Limit, Page, Search};

/// What a mail is for; one template each, in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// Somebody is invited into an organization.
    Invitation,
    /// Somebody whose invitation ran out asks for a new one.
    InvitationAsked,
    /// A notice that somebody who has an account was made a member of an organization, without having been asked.
    AddedToOrganization,
    /// A link to set a new password.
    PasswordReset,
    /// A notice that the password was changed.
    PasswordChanged,
    /// A notice that the second factors were changed.
    FactorsChanged,
    /// A notice that somebody who has the password gives wrong codes for the second factor.
    CodesGuessed,
    /// A link that proves an address.
    VerifyAddress,
    /// Somebody asked for an organization: for the tenant's administrators.
    RegistrationRequested,
    /// The organization that somebody asked for is there.
    RegistrationApproved,
    /// The organization that somebody asked for is not to be.
    RegistrationRejected,
    /// A link that proves the address of somebody new who asked for an organization.
    RegistrationAddress,
    /// A notice that an endpoint for events was disabled by itself: for whoever administers it.
    WebhookDisabled,
    /// An administrator tries whether mail arrives.
    Test,
}

impl MailKind {
    /// Every kind.
    pub const ALL: [MailKind; 14] = [
        MailKind::Invitation,
        MailKind::InvitationAsked,
        MailKind::AddedToOrganization,
        MailKind::PasswordReset,
        MailKind::PasswordChanged,
        MailKind::FactorsChanged,
        MailKind::CodesGuessed,
        MailKind::VerifyAddress,
        MailKind::RegistrationRequested,
        MailKind::RegistrationApproved,
        MailKind::RegistrationRejected,
        MailKind::RegistrationAddress,
        MailKind::WebhookDisabled,
        MailKind::Test,
    ];

    /// The name on the wire and of its templates.
    pub fn as_str(self) -> &'static str {
        match self {
            MailKind::Invitation => "invitation",
            MailKind::InvitationAsked => "invitation_asked",
            MailKind::AddedToOrganization => "added_to_organization",
            MailKind::PasswordReset => "password_reset",
            MailKind::PasswordChanged => "password_changed",
            MailKind::FactorsChanged => "factors_changed",
            MailKind::CodesGuessed => "codes_guessed",
            MailKind::VerifyAddress => "verify_address",
            MailKind::RegistrationRequested => "registration_requested",
            MailKind::RegistrationApproved => "registration_approved",
            MailKind::RegistrationRejected => "registration_rejected",
            MailKind::RegistrationAddress => "registration_address",
            MailKind::WebhookDisabled => "webhook_disabled",
            MailKind::Test => "test",
        }
    }

    /// Whether its link is as good as a password: whoever writes what stands around it could lead people elsewhere with it.
    pub fn has_a_secret_link(self) -> bool {
        matches!(
            self,
            MailKind::Invitation
                | MailKind::PasswordReset
                | MailKind::VerifyAddress
                | MailKind::RegistrationAddress
        )
    }
}

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MailStatus {
    /// For its first or next try, or for a mail server to be set.
    Waiting,
    /// A server is at it.
    Sending,
    /// The mail server took it.
    Sent,
    /// Given up: `last_error` says why. It can be tried again.
    Failed,
    /// What it said was overtaken before it went, by a newer link or a revocation.
    Cancelled,
}

impl MailStatus {
    /// Every status.
    pub const ALL: [MailStatus; 5] = [
        MailStatus::Waiting,
        MailStatus::Sending,
        MailStatus::Sent,
        MailStatus::Failed,
        MailStatus::Cancelled,
    ];

    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            MailStatus::Waiting => "waiting",
            MailStatus::Sending => "sending",
            MailStatus::Sent => "sent",
            MailStatus::Failed => "failed",
            MailStatus::Cancelled => "cancelled",
        }
    }
}

/// A mail, without what it says: that may hold a link that works once. Times are milliseconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mail {
    pub mail_id: MailId,
    pub to: String,
    pub subject: String,
    pub kind: MailKind,
    /// The language that it is written in (BCP 47).
    pub language: String,
    pub status: MailStatus,
    /// How often it was tried.
    pub attempts: u64,
    /// When it is tried next; absent unless it waits.
    pub next_at: Option<i64>,
    /// What the last try came to, where it failed.
    pub last_error: Option<String>,
    pub organization_id: Option<OrganizationId>,
    pub created_at: i64,
    pub sent_at: Option<i64>,
}

impl Mail {
    /// Whether it can be tried again now.
    pub fn can_be_retried(&self) -> bool {
        matches!(self.status, MailStatus::Failed | MailStatus::Waiting)
    }
}

/// Lists the tenant's mail, the newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListMails {
    /// Looks in recipients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<MailStatus>,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    #[serde(default, deserialize_with = "crate::page::flag")]
    pub include_total: bool,
}
operation!(ListMails => Page<Mail>, "list_mails", Read, ReadMail, |op| Scope::Tenant);

/// Tries a mail that failed or waits again, at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RetryMail {
    pub mail_id: MailId,
}
operation!(RetryMail => Mail, "retry_mail", Write, SendMail, |op| Scope::Tenant);

/// Sends a mail to try whether mail arrives.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SendTestMail {
    pub to: Email,
}
operation!(SendTestMail => (), "send_test_mail", Write, SendMail, |op| Scope::Tenant);

/// How mail leaves this console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// By the mail server that `GUILDHALL_SMTP_URL` names.
    Smtp,
    /// Into the folder that `GUILDHALL_MAIL_DIR` names.
    Folder,
    /// Not at all: mail is kept until one of them is set.
    Kept,
}

/// How mail leaves this console, and what waits or failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MailState {
    pub delivery: Delivery,
    /// Whom mail is from.
    pub from: String,
    pub waiting: u64,
    pub failed: u64,
}

/// Reads how mail leaves this console, and what waits or failed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetMailState {}
operation!(GetMailState => MailState, "get_mail_state", Read, ReadMail, |op| Scope::Tenant);
