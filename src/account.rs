//! One's own account: the record, the addresses and numbers, and the organizations that one is in.

use serde::{Deserialize, Serialize};

use crate::contact::{Birthday, Email, Language, Phone, WebUrl};
use crate::id::{OrganizationId, UserId};
use crate::members::Membership;
use crate::operation::{Scope, operation};
use crate::page::{Cursor, Limit, Page};
use crate::text::Text;
use crate::users::{Address, PersonName, PhoneNumber, label};
use crate::value::Emptied;

/// One of one's own mail addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OwnEmail {
    pub value: String,
    /// Whether its mailbox was proved to be theirs.
    pub email_verified: bool,
    /// Whether it is the one that they sign in with and that mails go to.
    pub primary: bool,
}

/// A person as they see themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Profile {
    pub user_id: UserId,
    /// The primary one first.
    pub emails: Vec<OwnEmail>,
    pub phone_number: Option<PhoneNumber>,
    pub secondary_phone_numbers: Vec<String>,
    pub username: Option<String>,
    pub name: Option<PersonName>,
    pub address: Option<Address>,
    pub birthday: Option<String>,
    pub picture: Option<String>,
    pub language: Option<String>,
    pub has_password: bool,
    /// The last sign-in.
    pub last_auth: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

impl Profile {
    /// What to call them.
    pub fn label(&self) -> String {
        let email = self
            .emails
            .iter()
            .find(|email| email.primary)
            .map(|email| email.value.clone());
        let email = email.map(|value| crate::users::EmailAddress {
            value,
            email_verified: false,
        });
        label(
            self.name.as_ref(),
            email.as_ref(),
            self.username.as_deref(),
            self.phone_number.as_ref(),
            self.user_id,
        )
    }
}

/// Reads one's own record.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetOwnProfile {}
operation!(GetOwnProfile => Profile, "get_own_profile", Read, UseOwnAccount, |op| Scope::Own);

/// Changes one's own record; what is absent stays, an empty text takes away.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateOwnProfile {
    /// Makes another one of one's own addresses the primary one: it must be verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Replaces the name, all its parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// Replaces the address, all its parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday: Option<Emptied<Birthday>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Emptied<WebUrl>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Emptied<Language>>,
    /// Replaces the list of further numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    #[serde(deserialize_with = "crate::list::at_most::<20, _, _>")]
    pub secondary_phone_numbers: Option<Vec<Phone>>,
}
operation!(UpdateOwnProfile => Profile, "update_own_profile", Write, UseOwnAccount, |op| Scope::Own);

/// Adds an address to one's own, and sends a link to it that verifies it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddOwnEmail {
    pub email: Email,
}
operation!(AddOwnEmail => (), "add_own_email", Write, UseOwnAccount, |op| Scope::Own);

/// Sends another link that verifies one of one's own addresses; the one before is dead.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SendEmailVerification {
    pub email: Email,
}
operation!(SendEmailVerification => (), "send_email_verification", Write, UseOwnAccount, |op| Scope::Own);

/// Verifies an address with what the link carries; by nobody but whoever asked for the link.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct VerifyOwnEmail {
    pub token: Text<1, 100>,
}
operation!(VerifyOwnEmail => OwnEmail, "verify_own_email", Write, UseOwnAccount, |op| Scope::Own);

/// Makes a verified address the one to sign in with; the one before stays as a further one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MakeEmailPrimary {
    pub email: Email,
}
operation!(MakeEmailPrimary => (), "make_email_primary", Write, UseOwnAccount, |op| Scope::Own);

/// Takes one of one's own addresses away, but not the primary one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoveOwnEmail {
    pub email: Email,
}
operation!(RemoveOwnEmail => (), "remove_own_email", Write, UseOwnAccount, |op| Scope::Own);

/// Lists the organizations that one is in, by name; also those that are disabled or suspended one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListOwnOrganizations {
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}
operation!(ListOwnOrganizations => Page<Membership>, "list_own_organizations", Read, UseOwnAccount, |op| Scope::Own);

/// Leaves an organization, also one that suspended the membership; 409 for its last administrator.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LeaveOrganization {
    pub organization_id: OrganizationId,
}
operation!(LeaveOrganization => (), "leave_organization", Write, UseOwnAccount, |op| Scope::Own);
