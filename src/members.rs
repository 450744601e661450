//! Members: people as one organization has them, with their roles per application.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use crate::adding::{AddMember, DelegatedAccess, MembershipDetails};
use crate::id::{ApplicationId, OrganizationId, RoleId, UserId};
use crate::operation::{Scope, operation};
use crate::page::{Cursor, Limit, Order, Page, Search};
use crate::text::{Line, NamePart};
use crate::users::{Address, EmailAddress, PersonName, PhoneNumber, UserStatus};
use crate::value::Emptied;

/// What the portals show of a member: the account's state, or that the membership is not enabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum MemberStatus {
    Active,
    Pending,
    /// The membership is not enabled; the person may be active elsewhere.
    Suspended,
    /// The account is disabled everywhere.
    Disabled,
}

/// The membership's own details.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrganizationInformation {
    /// A membership that is not enabled is shown as suspended.
    pub enabled: bool,
    pub department: Option<String>,
    pub title: Option<String>,
    pub manager: Option<String>,
}

/// A role that a member has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemberRole {
    pub role_id: RoleId,
    pub role_name: String,
    /// What people read; absent where it is the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Absent for the two roles that every organization has.
    pub app_id: Option<ApplicationId>,
}

impl MemberRole {
    /// What people read.
    pub fn label(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.role_name)
    }
}

/// A member as every answer shows it (native API, "Members"); times are milliseconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Member {
    pub user_id: UserId,
    pub organization_id: OrganizationId,
    pub email: Option<EmailAddress>,
    pub phone_number: Option<PhoneNumber>,
    pub username: Option<String>,
    pub name: Option<PersonName>,
    pub address: Option<Address>,
    pub birthday: Option<String>,
    pub picture: Option<String>,
    pub language: Option<String>,
    /// The account's state.
    pub status: UserStatus,
    /// What the portals show.
    pub member_status: MemberStatus,
    pub status_changed_at: i64,
    pub created_at: i64,
    pub updated_at: i64,
    /// The last sign-in.
    pub last_auth: Option<i64>,
    pub external_user_id: Option<String>,
    pub external_account_id: Option<String>,
    pub custom_data: Option<Map<String, Value>>,
    pub custom_app_data: Option<Map<String, Value>>,
    pub secondary_emails: Vec<String>,
    pub secondary_phone_numbers: Vec<String>,
    pub organization_information: OrganizationInformation,
    pub roles: Vec<MemberRole>,
    /// When the person became a member.
    pub joined_at: i64,
    /// Counts the changes of the membership; with the person's own it makes the entity tag.
    pub version: i64,
}

impl Member {
    /// What to call them: the name, else the address, the user name, the number, the id.
    pub fn label(&self) -> String {
        crate::users::label(
            self.name.as_ref(),
            self.email.as_ref(),
            self.username.as_deref(),
            self.phone_number.as_ref(),
            self.user_id,
        )
    }

    /// Whether they administer the organization.
    pub fn is_organization_admin(&self) -> bool {
        self.roles
            .iter()
            .any(|role| role.role_id == RoleId::OrganizationAdmin)
    }
}

/// What a list of members is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MemberSort {
    #[default]
    Name,
    JoinedAt,
}

/// Lists an organization's members (T20); an application's client sees those who have a role in the application. Their roles
/// are for whoever may read these, too.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListMembers {
    pub organization_id: OrganizationId,
    /// Looks in names, addresses, numbers and ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<MemberStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_id: Option<RoleId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<ApplicationId>,
    #[serde(default)]
    pub sort: MemberSort,
    #[serde(default)]
    pub order: Order,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    #[serde(default, deserialize_with = "crate::page::flag")]
    pub include_total: bool,
}
operation!(ListMembers => Page<Member>, "list_members", Read, ReadMembers, |op| Scope::Organization(op.organization_id));

impl ListMembers {
    /// The first page of an organization's members, by name.
    pub fn of(organization_id: OrganizationId) -> Self {
        ListMembers {
            organization_id,
            search: None,
            status: None,
            role_id: None,
            app_id: None,
            sort: MemberSort::default(),
            order: Order::default(),
            limit: Limit::default(),
            cursor: None,
            include_total: false,
        }
    }
}

/// Reads one member (T21).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetMember {
    pub organization_id: OrganizationId,
    pub user_id: UserId,
}
operation!(GetMember => Member, "get_member", Read, ReadMembers, |op| Scope::Organization(op.organization_id));

/// Changes the membership's details; what is absent stays, an empty text clears (T22).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateMember {
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    /// False suspends the member, true reinstates them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Line>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Line>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<Line>,
}
operation!(UpdateMember => Member, "update_member", Write, UpdateMembers, |op| Scope::Organization(op.organization_id));

/// Gives a member another first or last name; what is absent stays, an empty text clears.
///
/// A name is its owner's, and the same everywhere. An organization's administrator changes it for those only who came to be
/// with their membership and are in no other organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RenameMember {
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Emptied<NamePart>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Emptied<NamePart>>,
}
operation!(RenameMember => Member, "rename_member", Write, UpdateMembers, |op| Scope::Organization(op.organization_id));

/// Removes a member from the organization; called by an application's client, from that application (T23).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoveMember {
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    /// The administrator who has their API applications from then on; where nobody is named, the one who is a member for
    /// the longest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_applications_to: Option<UserId>,
}
operation!(RemoveMember => (), "remove_member", Write, RemoveMembers, |op| Scope::Organization(op.organization_id));

/// Replaces a member's roles in one application (T24). The two roles that every organization has are given where
/// they are named, and taken only by [`SetOrganizationAdmin`]: whoever sets an app's roles must not demote by omission.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetMemberRoles {
    pub app_id: ApplicationId,
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    #[serde(deserialize_with = "crate::list::at_most::<50, _, _>")]
    pub role_ids: Vec<RoleId>,
}
operation!(SetMemberRoles => (), "set_member_roles", Write, AssignRoles,
    |op| Scope::OrganizationApplication(op.organization_id, op.app_id));

/// Makes a member an administrator of the organization, or no longer one; 409 for the last.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetOrganizationAdmin {
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    pub admin: bool,
}
operation!(SetOrganizationAdmin => (), "set_organization_admin", Write, AssignRoles, |op| Scope::Organization(op.organization_id));

/// What to do with several members at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    Suspend,
    Reinstate,
    Remove,
    /// Gives `role_id` to each, beside the roles that they have.
    AssignRole,
}

/// Suspends, reinstates or removes up to 100 members, or gives them a role: all or none.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeMembers {
    pub organization_id: OrganizationId,
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    #[serde(deserialize_with = "crate::list::at_most::<100, _, _>")]
    pub user_ids: Vec<UserId>,
    pub action: BulkAction,
    /// For [`BulkAction::AssignRole`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_id: Option<RoleId>,
    /// For [`BulkAction::Remove`]: the administrator who has their API applications from then on; where nobody is named, the
    /// one who is a member for the longest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_applications_to: Option<UserId>,
}
operation!(ChangeMembers => Changed, "change_members", Write, RemoveMembers, |op| Scope::Organization(op.organization_id));

/// How many rows a bulk operation changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Changed {
    pub changed: u64,
}

/// A member's access to one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApplicationAccess {
    pub app_id: ApplicationId,
    pub app_name: String,
    /// The roles in it, each with the permissions that come through it.
    pub roles: Vec<AccessRole>,
}

/// A role and the permissions that come through it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessRole {
    pub role_id: RoleId,
    pub role_name: String,
    /// What people read; absent where it is the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    pub permissions: Vec<String>,
}

impl AccessRole {
    /// What people read.
    pub fn label(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.role_name)
    }
}

/// Reads, per application of the organization, a member's roles and through which role each permission comes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetMemberAccess {
    pub organization_id: OrganizationId,
    pub user_id: UserId,
}
operation!(GetMemberAccess => Vec<ApplicationAccess>, "get_member_access", Read, ReadMemberRoles, |op| Scope::Organization(op.organization_id));

/// An organization as one of its members has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Membership {
    pub organization_id: OrganizationId,
    pub name: String,
    pub domain: String,
    /// Whether the organization is enabled.
    pub enabled: bool,
    pub member_status: MemberStatus,
    pub roles: Vec<MemberRole>,
    pub joined_at: i64,
}

/// Lists the organizations that a person is a member of (T25).
///
/// An application's client sees those in which they have a role in it; a token for one organization only that one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListMemberships {
    pub user_id: UserId,
    /// Only this organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}
operation!(ListMemberships => Page<Membership>, "list_memberships", Read, ReadMemberships, |op| Scope::User(op.user_id));
