//! Invitations: how people come into an organization by a link in a mail.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::assigning::MOST_ROLES;
use crate::branding::Colors;
use crate::contact::Email;
use crate::id::{ApplicationId, ClientId, InvitationId, OrganizationId, RoleId, UserId};
use crate::members::MemberRole;
use crate::operation::{Scope, operation};
use crate::page::{Cursor, Limit, Page, Search};
use crate::secret::{Password, Secret};
use crate::sessions::SignedIn;
use crate::text::Text;
use crate::users::PersonName;

/// How long a link can be accepted, in milliseconds: 48 hours (native API, "Rules").
pub const LIFETIME: i64 = 48 * 60 * 60 * 1000;

/// Where an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum InvitationStatus {
    /// Its link can be accepted.
    Pending,
    Accepted,
    /// Its link ran out; it can be sent again.
    Expired,
    Revoked,
}

impl InvitationStatus {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            InvitationStatus::Pending => "pending",
            InvitationStatus::Accepted => "accepted",
            InvitationStatus::Expired => "expired",
            InvitationStatus::Revoked => "revoked",
        }
    }

    /// Whether it can still be sent again, changed or revoked.
    pub fn is_open(self) -> bool {
        matches!(self, InvitationStatus::Pending | InvitationStatus::Expired)
    }
}

/// An invitation into one application of an organization, or into the organization alone. Times are milliseconds since
/// the Unix epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invitation {
    pub invitation_id: InvitationId,
    pub organization_id: OrganizationId,
    /// Absent where it is into the organization alone.
    pub app_id: Option<ApplicationId>,
    pub app_name: Option<String>,
    pub user_id: UserId,
    /// What to call whom it invites.
    pub name: String,
    pub email: String,
    /// What accepting it gives.
    pub roles: Vec<MemberRole>,
    pub status: InvitationStatus,
    /// The address or name of who invited.
    pub invited_by: Option<String>,
    pub created_at: i64,
    /// When its current link was made.
    pub sent_at: Option<i64>,
    pub expires_at: i64,
    pub accepted_at: Option<i64>,
    pub revoked_at: Option<i64>,
    /// When somebody whose link had run out asked for a new one.
    pub asked_at: Option<i64>,
    /// The client whose application's own sign-in the link leads through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// Who invites, in the inviter's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inviter_name: Option<String>,
    /// What somebody new begins with, of the tenant's and of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_app_data: Option<Map<String, Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Map<String, Value>>,
}

/// Lists an organization's invitations, the newest first; an application's client sees those into its application.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListInvitations {
    pub organization_id: OrganizationId,
    /// Looks in names and addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<InvitationStatus>,
    /// Only those that wait, expired or not.
    #[serde(default, deserialize_with = "crate::page::flag")]
    pub open: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    #[serde(default, deserialize_with = "crate::page::flag")]
    pub include_total: bool,
}
operation!(ListInvitations => Page<Invitation>, "list_invitations", Read, ReadInvitations, |op| Scope::Organization(op.organization_id));

impl ListInvitations {
    /// The first page of an organization's invitations.
    pub fn of(organization_id: OrganizationId) -> Self {
        ListInvitations {
            organization_id,
            search: None,
            status: None,
            open: false,
            user_id: None,
            limit: Limit::default(),
            cursor: None,
            include_total: false,
        }
    }
}

/// Reads one invitation that waits, expired or not; one that is over is not found.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetInvitation {
    pub organization_id: OrganizationId,
    pub invitation_id: InvitationId,
}
operation!(GetInvitation => Invitation, "get_invitation", Read, ReadInvitations, |op| Scope::Organization(op.organization_id));

/// How long an invitation can be accepted that says so itself, in seconds: up to 30 days; a week where it says nothing or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Lifetime(u32);

impl Lifetime {
    const LONGEST: u32 = 30 * 24 * 60 * 60;
    const USUAL: u32 = 7 * 24 * 60 * 60;

    /// In milliseconds.
    pub fn millis(self) -> i64 {
        i64::from(self.0).saturating_mul(1000)
    }
}

impl Default for Lifetime {
    fn default() -> Self {
        Lifetime(Lifetime::USUAL)
    }
}

impl<'de> Deserialize<'de> for Lifetime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            0 => Ok(Lifetime::default()),
            seconds @ 1..=Lifetime::LONGEST => Ok(Lifetime(seconds)),
            _ => Err(serde::de::Error::custom(
                "must be a number of seconds from 0 to 2592000",
            )),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Lifetime {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Lifetime".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer", "minimum": 0, "maximum": 2_592_000, "default": 604_800 })
    }
}

/// Invites somebody by their address into the application of a client, with roles whatever applications these are of, in one
/// mail. Whoever speaks for the tenant, and so decides what an organization has, decides it by this: the organization has the
/// application and may give the roles from then on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InviteMember {
    pub organization_id: OrganizationId,
    pub email: Email,
    /// Who invites, as the mail calls them.
    pub inviter_name: Text<1, 300>,
    /// A client of an end-user application: the link leads through its own sign-in, where it says where that begins.
    pub client_id: ClientId,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = MOST_ROLES)))]
    #[serde(deserialize_with = "crate::list::at_most::<MOST_ROLES, _, _>")]
    pub role_ids: Vec<RoleId>,
    #[serde(default)]
    pub lifetime: Lifetime,
    /// False where the link is handed over by other means: it comes with the answer then, and proves no address.
    #[serde(default)]
    pub send_mail: bool,
    #[serde(
        default,
        deserialize_with = "crate::custom::bounded",
        skip_serializing_if = "Option::is_none"
    )]
    pub custom_app_data: Option<Map<String, Value>>,
    #[serde(
        default,
        deserialize_with = "crate::custom::bounded",
        skip_serializing_if = "Option::is_none"
    )]
    pub custom_data: Option<Map<String, Value>>,
}
operation!(InviteMember => Invited, "invite_member", Write, InviteMembers, |op| Scope::Organization(op.organization_id));

/// An invitation that was made, with its link where that was not mailed: shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invited {
    pub invitation: Invitation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Secret>,
}

/// Sends an invitation again, with a new link: the old one is dead.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResendInvitation {
    pub organization_id: OrganizationId,
    pub invitation_id: InvitationId,
}
operation!(ResendInvitation => Invitation, "resend_invitation", Write, AddMembers, |op| Scope::Organization(op.organization_id));

/// Takes an invitation back: its link is dead, and who never accepted any is no longer listed as a member.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeInvitation {
    pub organization_id: OrganizationId,
    pub invitation_id: InvitationId,
}
operation!(RevokeInvitation => Invitation, "revoke_invitation", Write, RevokeInvitations, |op| Scope::Organization(op.organization_id));

/// Replaces the roles that accepting an invitation gives.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateInvitation {
    pub organization_id: OrganizationId,
    pub invitation_id: InvitationId,
    /// At least one: of the invitation's application, or one that every organization has.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 50)))]
    #[serde(deserialize_with = "crate::list::at_most::<50, _, _>")]
    pub role_ids: Vec<RoleId>,
}
operation!(UpdateInvitation => Invitation, "update_invitation", Write, AddMembers, |op| Scope::Organization(op.organization_id));

/// Makes a new link to hand over by other means; the one that was sent is dead. Since whoever copies it could use it, it
/// says nothing about who reads the mailbox: it proves no address, and replaces no password.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CopyInvitationLink {
    pub organization_id: OrganizationId,
    pub invitation_id: InvitationId,
}
operation!(CopyInvitationLink => InvitationLink, "copy_invitation_link", Write, AddMembers, |op| Scope::Organization(op.organization_id));

/// A link that is shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitationLink {
    pub link: Secret,
    pub expires_at: i64,
}

/// What a link's last part is.
pub type InvitationToken = Text<1, 200>;

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// It can be accepted.
    Open,
    Accepted,
    Expired,
    Revoked,
    /// A newer link took its place.
    Replaced,
    OrganizationDisabled,
    AccountDisabled,
}

/// What whoever has the link must do to accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AcceptBy {
    /// Choose a password: nobody has proved yet that the account is theirs.
    Password,
    /// Sign in with the account that they have.
    SignIn,
    /// Say yes: they are signed in with it.
    Yes,
    /// Sign out: they are signed in as somebody else.
    OtherAccount,
}

/// What an invitation says to whoever has its link. Reading it consumes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitationView {
    pub state: LinkState,
    pub accept_by: AcceptBy,
    pub organization_name: String,
    /// None but while it can be accepted; the same holds of the logo.
    pub colors: Colors,
    /// It was uploaded here: the page has it by [`crate::portal::GetInvitationLogo`].
    pub has_logo: bool,
    pub app_name: Option<String>,
    pub invited_by: Option<String>,
    pub email: String,
    pub roles: Vec<String>,
    pub expires_at: i64,
    /// Whether a new one was asked for.
    pub asked: bool,
    /// What the inviter wrote, for somebody new.
    pub name: Option<PersonName>,
    /// Where the application is, once it is accepted.
    pub go_to: Option<String>,
}

/// Reads the invitation of a link.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReadInvitation {
    pub token: InvitationToken,
}
operation!(ReadInvitation => InvitationView, "read_invitation", Read, Enter, |op| Scope::Public);

/// What accepting an invitation led to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Accepted {
    pub organization_id: OrganizationId,
    pub organization_name: String,
    pub app_name: Option<String>,
    /// Where the application is.
    pub go_to: Option<String>,
    /// A new session, for somebody who had none.
    pub session: Option<SignedIn>,
}

/// Accepts an invitation as somebody new: with a name and a password of their own.
///
/// The link proves the address, so an earlier password, sessions and access tokens, which somebody else may have made
/// before anybody proved it, end here.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitation {
    pub token: InvitationToken,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    pub password: Password,
}
operation!(AcceptInvitation => Accepted, "accept_invitation", Write, Enter, |op| Scope::Public);

/// Accepts an invitation as who is signed in; 403 where it invites somebody else.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct JoinByInvitation {
    pub token: InvitationToken,
}
operation!(JoinByInvitation => Accepted, "join_by_invitation", Write, UseOwnAccount, |op| Scope::Own);

/// Asks for a new link in place of one that ran out: whoever invited is told by mail, and the list shows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskForNewInvitation {
    pub token: InvitationToken,
}
operation!(AskForNewInvitation => (), "ask_for_new_invitation", Write, Enter, |op| Scope::Public);
