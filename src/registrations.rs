//! Organizations that people register themselves: what they ask for, and what becomes of it.

use serde::{Deserialize, Serialize};

use crate::contact::Email;
use crate::id::{OrganizationId, RegistrationId, UserId};
use crate::operation::{Scope, operation};
use crate::page::{Cursor, Limit, Page};
use crate::secret::Password;
use crate::sessions::SignedIn;
use crate::text::{Name, Text};
use crate::users::PersonName;

/// Registrations of one person that can wait at once, those withdrawn within a day counted; and that are approved
/// automatically within a day, before the next ones wait for approval.
pub const MOST_PENDING: u32 = 3;

/// Why a registration is rejected: whoever asked reads it.
pub type Reason = Text<1, 500>;

/// Where a registration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RegistrationStatus {
    /// Nobody has decided yet; the name is kept for it meanwhile.
    Pending,
    /// The organization was made, and whoever asked is its administrator.
    Approved,
    /// There is no organization; `reason` says why.
    Rejected,
    /// Whoever asked took it back.
    Withdrawn,
}

impl RegistrationStatus {
    /// Every status.
    pub const ALL: [RegistrationStatus; 4] = [
        RegistrationStatus::Pending,
        RegistrationStatus::Approved,
        RegistrationStatus::Rejected,
        RegistrationStatus::Withdrawn,
    ];

    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            RegistrationStatus::Pending => "pending",
            RegistrationStatus::Approved => "approved",
            RegistrationStatus::Rejected => "rejected",
            RegistrationStatus::Withdrawn => "withdrawn",
        }
    }
}

/// Who asked for an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Requester {
    pub user_id: UserId,
    /// What to call them.
    pub label: String,
    pub email: Option<String>,
    /// Whether their account is open.
    pub enabled: bool,
}

/// An organization that somebody asked for; times are milliseconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Registration {
    pub registration_id: RegistrationId,
    /// The name that was asked for.
    pub name: String,
    pub status: RegistrationStatus,
    /// Absent once their account is deleted.
    pub requester: Option<Requester>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// The person or client that decided; absent where it was approved automatically, and for whoever asked.
    pub decided_by: Option<String>,
    pub decided_at: Option<i64>,
    /// The organization that it became; absent once that is deleted.
    pub organization_id: Option<OrganizationId>,
    /// What the organization is called now.
    pub organization_name: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
    /// Counts its changes; the entity tag is made of it.
    pub version: i64,
}

/// Asks for an organization: it is there at once where the tenant approves automatically, and waits for approval elsewhere.
/// So does what one asks for after three within a day. 409 for whoever has an address and has not proved it.
/// 404 where organizations may not register themselves.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestOrganization {
    /// Unique in the tenant, compared without case.
    pub name: Name,
}
operation!(RequestOrganization => Registration, "request_organization", Write, UseOwnAccount, |op| Scope::Own);

/// Lists the organizations that one has asked for, the newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetOwnRegistrations {
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}
operation!(GetOwnRegistrations => Page<Registration>, "get_own_registrations", Read, UseOwnAccount, |op| Scope::Own);

/// Takes back one's own request while it waits.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawRegistration {
    pub registration_id: RegistrationId,
}
operation!(WithdrawRegistration => (), "withdraw_registration", Write, UseOwnAccount, |op| Scope::Own);

/// Lists the organizations that people asked for, the newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListRegistrations {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<RegistrationStatus>,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    #[serde(default, deserialize_with = "crate::page::flag")]
    pub include_total: bool,
}
operation!(ListRegistrations => Page<Registration>, "list_registrations", Read, ListOrganizations, |op| Scope::Tenant);

/// Reads one registration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetRegistration {
    pub registration_id: RegistrationId,
}
operation!(GetRegistration => Registration, "get_registration", Read, ListOrganizations, |op| Scope::Tenant);

/// Approves a registration: the organization is made, and whoever asked is its administrator.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ApproveRegistration {
    pub registration_id: RegistrationId,
    /// The name that the organization gets; the one that was asked for where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
}
operation!(ApproveRegistration => Registration, "approve_registration", Write, CreateOrganizations, |op| Scope::Tenant);

/// Rejects a registration: there is no organization, and the name is free again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RejectRegistration {
    pub registration_id: RegistrationId,
    /// Whoever asked reads it.
    pub reason: Reason,
}
operation!(RejectRegistration => Registration, "reject_registration", Write, CreateOrganizations, |op| Scope::Tenant);

/// Whether organizations may register themselves, and what happens then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RegistrationWay {
    pub is_open: bool,
    /// Whether the organization is there at once.
    pub is_automatic: bool,
}

/// Reads whether organizations may register themselves: anybody may know.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetRegistrationWay {}
operation!(GetRegistrationWay => RegistrationWay, "get_registration_way", Read, Enter, |op| Scope::Public);

/// Somebody new asks for an account and an organization: a link by mail proves the address first. A known and an unknown
/// address look the same. 404 where organizations may not register themselves.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BeginRegistration {
    pub email: Email,
    /// Who they are.
    pub person_name: PersonName,
    /// The organization's name. It is kept for nobody before the address is proved.
    pub name: Name,
}
operation!(BeginRegistration => (), "begin_registration", Write, Enter, |op| Scope::Public);

/// What a link that proves an address is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BegunRegistration {
    /// The address that the link was sent to.
    pub email: String,
    /// The organization's name.
    pub name: String,
    /// Whether the organization will be there at once.
    pub is_automatic: bool,
    /// Milliseconds since the Unix epoch.
    pub expires_at: i64,
}

/// Reads what a link is for; 410 where it was used, replaced or has expired. Looking uses nothing up.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetBegunRegistration {
    /// What the link carries.
    pub token: Text<1, 100>,
}
operation!(GetBegunRegistration => BegunRegistration, "get_begun_registration", Read, Enter, |op| Scope::Public);

/// What came of a link: the account, signed in, and the registration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FinishedRegistration {
    pub session: SignedIn,
    pub registration: Registration,
}

/// Makes the account of whoever has the link, and asks for the organization. The link is used up.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FinishRegistration {
    /// What the link carries.
    pub token: Text<1, 100>,
    pub password: Password,
    /// Another name for the organization, where the first one is taken by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
}
operation!(FinishRegistration => FinishedRegistration, "finish_registration", Write, Enter, |op| Scope::Public);
