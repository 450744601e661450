//! Members by the handful: assigning people who are there already, and giving them roles whatever applications these are of.

use serde::{Deserialize, Serialize};

use crate::id::{ApplicationId, CustomRoleId, OrganizationId, UserId};
use crate::operation::{Scope, operation};

/// The most people that are assigned at once.
pub const AT_ONCE: usize = 10;
/// The most roles of applications that a member has.
pub const MOST_ROLES: usize = 50;

/// Makes people who have an account members of an organization, all or none; whoever is one stays as they are. The tenant makes
/// members of those, too, who are only invited. 409 for somebody whose membership is suspended.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignMembers {
    pub organization_id: OrganizationId,
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = AT_ONCE)))]
    #[serde(deserialize_with = "crate::list::at_most::<AT_ONCE, _, _>")]
    pub user_ids: Vec<UserId>,
}
operation!(AssignMembers => (), "assign_members", Write, AssignMembers, |op| Scope::Organization(op.organization_id));

/// Removes people from an organization, all or none; whoever is no member of it does not matter. 409 for the last
/// administrator.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UnassignMembers {
    pub organization_id: OrganizationId,
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = AT_ONCE)))]
    #[serde(deserialize_with = "crate::list::at_most::<AT_ONCE, _, _>")]
    pub user_ids: Vec<UserId>,
}
operation!(UnassignMembers => (), "unassign_members", Write, RemoveMembers, |op| Scope::Organization(op.organization_id));

/// A role of an application that a member has, in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GivenRole {
    pub role_id: CustomRoleId,
    pub app_id: ApplicationId,
    pub role_name: String,
    pub description: Option<String>,
}

/// Lists the roles of applications that a member has, by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListMemberRoles {
    pub organization_id: OrganizationId,
    pub user_id: UserId,
}
operation!(ListMemberRoles => Vec<GivenRole>, "list_member_roles", Read, ReadMemberRoles,
    |op| Scope::Organization(op.organization_id));

/// Lists the roles that count for a member, however they came to them, by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListEffectiveRoles {
    pub organization_id: OrganizationId,
    pub user_id: UserId,
}
operation!(ListEffectiveRoles => Vec<GivenRole>, "list_effective_roles", Read, ReadEffectiveRoles,
    |op| Scope::Organization(op.organization_id));

/// Gives a member roles beside those that they have. Whoever speaks for the tenant, and may decide what an organization gives,
/// decides it by this: the organization has the application and may give the role from then on. 403 for a token that may not
/// (`update:organizations`), where a role is not the organization's to give yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GiveMemberRoles {
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = MOST_ROLES)))]
    #[serde(deserialize_with = "crate::list::at_most::<MOST_ROLES, _, _>")]
    pub role_ids: Vec<CustomRoleId>,
}
operation!(GiveMemberRoles => (), "give_member_roles", Write, GiveMemberRoles, |op| Scope::Organization(op.organization_id));

/// Takes roles from a member; one that they do not have does not matter.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TakeMemberRoles {
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = MOST_ROLES)))]
    #[serde(deserialize_with = "crate::list::at_most::<MOST_ROLES, _, _>")]
    pub role_ids: Vec<CustomRoleId>,
}
operation!(TakeMemberRoles => (), "take_member_roles", Write, TakeMemberRoles, |op| Scope::Organization(op.organization_id));
