//! API applications of an organization: clients of its own, whose credentials its members share.

use serde::{Deserialize, Serialize};

use crate::id::{ClientId, OrganizationId, TeamId, UserId};
use crate::operation::{Scope, operation};
use crate::page::{Cursor, Limit, Page, Search};
use crate::secret::Secret;
use crate::text::{Description, Name};

/// The most API applications that an organization can have.
pub const MOST_ORGANIZATION_CLIENTS: u16 = 200;
/// The most of them that a member can own who does not administer the organization.
pub const MOST_OWNED_CLIENTS: u16 = 20;

/// Who of the organization sees an API application and can use its credentials. Its administrators see all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClientVisibility {
    /// Its owner alone.
    Personal,
    /// Its owner and the members of one team.
    Team,
    /// Every member.
    #[default]
    Organization,
}

impl ClientVisibility {
    /// Each of them, the narrowest first.
    pub const ALL: [ClientVisibility; 3] = [
        ClientVisibility::Personal,
        ClientVisibility::Team,
        ClientVisibility::Organization,
    ];

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            ClientVisibility::Personal => "personal",
            ClientVisibility::Team => "team",
            ClientVisibility::Organization => "organization",
        }
    }
}

/// How long the secret from before still counts beside a new one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Grace {
    /// It ends with the rotation.
    #[default]
    AtOnce,
    OneHour,
    OneDay,
    SevenDays,
}

impl Grace {
    /// In milliseconds.
    pub fn millis(self) -> i64 {
        const HOUR: i64 = 3_600_000;
        match self {
            Grace::AtOnce => 0,
            Grace::OneHour => HOUR,
            Grace::OneDay => HOUR * 24,
            Grace::SevenDays => HOUR * 24 * 7,
        }
    }
}

/// What there is to know of a secret that is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientSecretState {
    pub created_at: i64,
    /// When it ends, where a newer one took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// When a token was last issued for it, to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<i64>,
}

/// An API application of an organization; times are milliseconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrganizationClient {
    /// What it says it is (RFC 6749, 2.2).
    pub client_id: ClientId,
    pub organization_id: OrganizationId,
    /// Unique in the organization, compared without case.
    pub name: String,
    pub description: Option<String>,
    /// The member who answers for it.
    pub owner_id: UserId,
    /// What to call the owner.
    pub owner_name: String,
    pub visibility: ClientVisibility,
    /// The team that sees it, where a team does; absent where that team is gone.
    pub team_id: Option<TeamId>,
    pub team_name: Option<String>,
    /// The secret that counts.
    pub secret: ClientSecretState,
    /// The one from before, while it counts beside it.
    pub old_secret: Option<ClientSecretState>,
    /// When a token was last issued to it, to the minute.
    pub last_used_at: Option<i64>,
    /// The address from which it was asked for.
    pub last_used_from: Option<String>,
    /// Whether whoever asks may change and delete it, and not only use it.
    pub manageable: bool,
    pub created_at: i64,
    pub updated_at: i64,
    /// Counts its changes; the entity tag is made of it.
    pub version: i64,
}

/// An API application with its secret: shown once, at creation and at rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrganizationClientWithSecret {
    pub client: OrganizationClient,
    /// Shown now and never again.
    pub client_secret: Secret,
}

/// Lists the organization's API applications that the caller sees, by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListOrganizationClients {
    pub organization_id: OrganizationId,
    /// Looks in names and ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    /// Only those of this member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<UserId>,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}
operation!(ListOrganizationClients => Page<OrganizationClient>, "list_organization_clients", Read, ReadOrganizationClients,
    |op| Scope::Organization(op.organization_id));

/// Reads an API application that the caller sees.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetOrganizationClient {
    pub organization_id: OrganizationId,
    pub client_id: ClientId,
}
operation!(GetOrganizationClient => OrganizationClient, "get_organization_client", Read, ReadOrganizationClients,
    |op| Scope::Organization(op.organization_id));

/// Creates an API application of the organization. Its tokens can do in the organization what the API says of
/// organization clients, and nothing else. 409 where the organization has 200 already, or its owner 20 without administering
/// the organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateOrganizationClient {
    pub organization_id: OrganizationId,
    pub name: Name,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// Everybody of the organization where nothing is said.
    #[serde(default)]
    pub visibility: ClientVisibility,
    /// The team that sees it, where a team does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_id: Option<TeamId>,
    /// Who answers for it: whoever asks where nothing is said. Only administrators name somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<UserId>,
}
operation!(CreateOrganizationClient => OrganizationClientWithSecret, "create_organization_client", Write, UseOrganizationClients,
    |op| Scope::Organization(op.organization_id));

/// Changes an API application; what is absent stays. For its owner, and for administrators; these alone name another owner.
/// 409 where the new owner has 20 already without administering the organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateOrganizationClient {
    pub organization_id: OrganizationId,
    pub client_id: ClientId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// An empty text clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibility: Option<ClientVisibility>,
    /// The team that sees it, where a team does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_id: Option<TeamId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<UserId>,
}
operation!(UpdateOrganizationClient => OrganizationClient, "update_organization_client", Write, UseOrganizationClients,
    |op| Scope::Organization(op.organization_id));

/// Gives an API application a new secret, for whoever sees it. The one from before counts for as long as is said; one from
/// before that ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RotateOrganizationClientSecret {
    pub organization_id: OrganizationId,
    pub client_id: ClientId,
    /// How long the secret from before still counts.
    #[serde(default)]
    pub grace: Grace,
}
operation!(RotateOrganizationClientSecret => OrganizationClientWithSecret, "rotate_organization_client_secret", Write,
    UseOrganizationClients, |op| Scope::Organization(op.organization_id));

/// Ends the secret from before a rotation, and the tokens that were issued for it. 409 where there is none.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeOldSecret {
    pub organization_id: OrganizationId,
    pub client_id: ClientId,
}
operation!(RevokeOldSecret => OrganizationClient, "revoke_old_secret", Write, UseOrganizationClients,
    |op| Scope::Organization(op.organization_id));

/// Deletes an API application: its tokens are refused from then on. For its owner, and for administrators.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeleteOrganizationClient {
    pub organization_id: OrganizationId,
    pub client_id: ClientId,
}
operation!(DeleteOrganizationClient => (), "delete_organization_client", Write, UseOrganizationClients,
    |op| Scope::Organization(op.organization_id));

/// Whom a member's API applications can pass on to when they leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientHeir {
    pub user_id: UserId,
    /// What to call them.
    pub name: String,
}

/// What becomes of a member's API applications when they leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientSuccession {
    /// The names of the member's API applications.
    pub names: Vec<String>,
    /// The administrators who can have them, whoever is one for the longest first: they pass on to that one unless somebody
    /// else is named.
    pub heirs: Vec<ClientHeir>,
}

/// Reads what becomes of a member's API applications when they leave.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetClientSuccession {
    pub organization_id: OrganizationId,
    pub user_id: UserId,
}
operation!(GetClientSuccession => ClientSuccession, "get_client_succession", Read, ManageOrganizationClients,
    |op| Scope::Organization(op.organization_id));

/// A member who has API applications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientOwner {
    pub user_id: UserId,
    /// The names of their API applications.
    pub names: Vec<String>,
}

/// What would become of the API applications of each member who leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientSuccessions {
    /// The members who have some.
    pub owners: Vec<ClientOwner>,
    /// The administrators who can have them, whoever is one for the longest first: they pass on to the first who is not
    /// leaving unless somebody else is named. Empty where nobody has any.
    pub heirs: Vec<ClientHeir>,
}

/// Reads which members have API applications, and who would have them when they leave.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListClientSuccessions {
    pub organization_id: OrganizationId,
}
operation!(ListClientSuccessions => ClientSuccessions, "list_client_successions", Read, ManageOrganizationClients,
    |op| Scope::Organization(op.organization_id));
