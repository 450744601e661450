//! Roles of applications: named sets of permissions, gathered in role groups that organizations are given.

use serde::{Deserialize, Serialize};

use crate::contact::PermissionName;
use crate::id::{ApplicationId, CustomRoleId, OrganizationId, RoleGroupId};
use crate::operation::{Scope, operation};
use crate::page::{Cursor, Limit, Page};
use crate::text::{Description, Line, Name};

/// A role: a named set of the application's permissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Role {
    pub role_id: CustomRoleId,
    pub app_id: ApplicationId,
    /// Unique in the application, compared without case.
    pub role_name: String,
    pub display_name: Option<String>,
    pub description: Option<String>,
    pub permissions: Vec<String>,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

impl Role {
    /// What people read.
    pub fn label(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.role_name)
    }
}

/// A permission of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppPermission {
    pub name: String,
    pub description: Option<String>,
}

/// Creates a role (T17); permissions that the application does not have yet are added to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateRole {
    pub app_id: ApplicationId,
    pub role_name: Name,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    #[serde(deserialize_with = "crate::list::at_most::<200, _, _>")]
    pub permissions: Vec<PermissionName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Line>,
}
operation!(CreateRole => Role, "create_role", Write, CreateRoles, |op| Scope::Application(op.app_id));

/// Lists an application's roles by name (T17).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListRoles {
    pub app_id: ApplicationId,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}
operation!(ListRoles => Page<Role>, "list_roles", Read, ReadRoles, |op| Scope::Application(op.app_id));

/// Reads one role (T17).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetRole {
    pub app_id: ApplicationId,
    pub role_id: CustomRoleId,
}
operation!(GetRole => Role, "get_role", Read, ReadRoles, |op| Scope::Application(op.app_id));

/// Changes a role; what is absent stays (T17).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateRole {
    pub app_id: ApplicationId,
    pub role_id: CustomRoleId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_name: Option<Name>,
    /// Replaces the set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    #[serde(deserialize_with = "crate::list::at_most::<200, _, _>")]
    pub permissions: Option<Vec<PermissionName>>,
    /// An empty text clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// An empty text clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Line>,
}
operation!(UpdateRole => Role, "update_role", Write, ManageRoles, |op| Scope::Application(op.app_id));

/// Deletes a role that nobody has (T17); 409 that says where it is in use, unless `force` takes it from everybody.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeleteRole {
    pub app_id: ApplicationId,
    pub role_id: CustomRoleId,
    /// Takes it from the members and groups that have it.
    #[serde(default, deserialize_with = "crate::page::flag")]
    pub force: bool,
}
operation!(DeleteRole => (), "delete_role", Write, DeleteRoles, |op| Scope::Application(op.app_id));

/// Where a role is in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleUse {
    pub role_id: CustomRoleId,
    /// Members who have it.
    pub members: u64,
    /// Organizations in which a member has it.
    pub organizations: u64,
    /// Role groups that hold it.
    pub role_groups: u64,
}

/// An application's roles and permissions as one grid, with where each role is in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleGrid {
    pub permissions: Vec<AppPermission>,
    /// Up to 200 roles, by name.
    pub roles: Vec<Role>,
    pub uses: Vec<RoleUse>,
}

/// Reads the role × permission grid.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetRoleGrid {
    pub app_id: ApplicationId,
}
operation!(GetRoleGrid => RoleGrid, "get_role_grid", Read, ReadRoles, |op| Scope::Application(op.app_id));

/// The permissions that one role is to have.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RolePermissions {
    pub role_id: CustomRoleId,
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    #[serde(deserialize_with = "crate::list::at_most::<200, _, _>")]
    pub permissions: Vec<PermissionName>,
}

/// Saves the grid: sets the permissions of each role that is named, all or none.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveRoleGrid {
    pub app_id: ApplicationId,
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    #[serde(deserialize_with = "crate::list::at_most::<200, _, _>")]
    pub roles: Vec<RolePermissions>,
}
operation!(SaveRoleGrid => RoleGrid, "save_role_grid", Write, ManageRoles, |op| Scope::Application(op.app_id));

/// Adds a permission to an application.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreatePermission {
    pub app_id: ApplicationId,
    pub name: PermissionName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
}
operation!(CreatePermission => AppPermission, "create_permission", Write, ManageRoles, |op| Scope::Application(op.app_id));

/// Deletes a permission that no role has; 409 while one has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeletePermission {
    pub app_id: ApplicationId,
    pub name: PermissionName,
}
operation!(DeletePermission => (), "delete_permission", Write, ManageRoles, |op| Scope::Application(op.app_id));

/// A role group: roles that organizations are given together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleGroup {
    pub role_group_id: RoleGroupId,
    pub app_id: ApplicationId,
    /// Unique in the application, compared without case.
    pub name: String,
    pub display_name: Option<String>,
    pub description: Option<String>,
    pub role_ids: Vec<CustomRoleId>,
    /// How many organizations have it.
    pub organization_count: u64,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

/// Creates a role group (T16).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateRoleGroup {
    pub app_id: ApplicationId,
    /// Roles of the same application.
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    #[serde(deserialize_with = "crate::list::at_most::<200, _, _>")]
    pub role_ids: Vec<CustomRoleId>,
    pub name: Name,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Line>,
}
operation!(CreateRoleGroup => RoleGroup, "create_role_group", Write, ManageRoleGroups, |op| Scope::Application(op.app_id));

/// Lists an application's role groups by name (T16).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListRoleGroups {
    pub app_id: ApplicationId,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}
operation!(ListRoleGroups => Page<RoleGroup>, "list_role_groups", Read, ReadRoleGroups, |op| Scope::Application(op.app_id));

/// Reads one role group (T16).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetRoleGroup {
    pub app_id: ApplicationId,
    pub role_group_id: RoleGroupId,
}
operation!(GetRoleGroup => RoleGroup, "get_role_group", Read, ReadRoleGroups, |op| Scope::Application(op.app_id));

/// Changes a role group; what is absent stays. Members lose the roles that their organization may no longer give (T16).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateRoleGroup {
    pub app_id: ApplicationId,
    pub role_group_id: RoleGroupId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Replaces the set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    #[serde(deserialize_with = "crate::list::at_most::<200, _, _>")]
    pub role_ids: Option<Vec<CustomRoleId>>,
    /// An empty text clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// An empty text clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Line>,
}
operation!(UpdateRoleGroup => RoleGroup, "update_role_group", Write, ManageRoleGroups, |op| Scope::Application(op.app_id));

/// Deletes a role group; members lose the roles that their organization may no longer give (T16).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeleteRoleGroup {
    pub app_id: ApplicationId,
    pub role_group_id: RoleGroupId,
}
operation!(DeleteRoleGroup => (), "delete_role_group", Write, ManageRoleGroups, |op| Scope::Application(op.app_id));

/// What an organization may give its members in one application (T14, T15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrganizationRoles {
    /// The role groups that it was given.
    pub role_groups: Vec<RoleGroup>,
    /// The roles that it was given one by one.
    pub roles: Vec<Role>,
    /// The roles that every organization has.
    pub default_organization_roles: Vec<DefaultRole>,
}

/// A role that every organization has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DefaultRole {
    pub role_id: crate::id::RoleId,
    pub role_name: String,
}

/// Reads what an organization may give in an application (T14 and T15).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetOrganizationRoles {
    pub app_id: ApplicationId,
    pub organization_id: OrganizationId,
}
operation!(GetOrganizationRoles => OrganizationRoles, "get_organization_roles", Read, ReadOrganizationRoles,
    |op| Scope::OrganizationApplication(op.organization_id, op.app_id));

/// Replaces what an organization may give in an application (T13, T15); a list that is absent stays.
/// Members lose the roles that are no longer given.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetOrganizationRoles {
    pub app_id: ApplicationId,
    pub organization_id: OrganizationId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    #[serde(deserialize_with = "crate::list::at_most::<200, _, _>")]
    pub role_group_ids: Option<Vec<RoleGroupId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    #[serde(deserialize_with = "crate::list::at_most::<200, _, _>")]
    pub role_ids: Option<Vec<CustomRoleId>>,
}
operation!(SetOrganizationRoles => OrganizationRoles, "set_organization_roles", Write, AssignRoleGroups,
    |op| Scope::OrganizationApplication(op.organization_id, op.app_id));

/// Replaces an organization's role groups in an application, nothing else (T13).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetOrganizationRoleGroups {
    pub app_id: ApplicationId,
    pub organization_id: OrganizationId,
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    #[serde(deserialize_with = "crate::list::at_most::<200, _, _>")]
    pub role_group_ids: Vec<RoleGroupId>,
}
operation!(SetOrganizationRoleGroups => OrganizationRoles, "set_organization_role_groups", Write, AssignRoleGroups,
    |op| Scope::OrganizationApplication(op.organization_id, op.app_id));

/// One application with the roles in it that an organization may give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AssignableRoles {
    pub app_id: ApplicationId,
    pub app_name: String,
    pub roles: Vec<Role>,
}

/// Lists, per application that the organization has, the roles that it may give: what a role picker offers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListAssignableRoles {
    pub organization_id: OrganizationId,
}
operation!(ListAssignableRoles => Vec<AssignableRoles>, "list_assignable_roles", Read, ReadOrganizationRoles,
    |op| Scope::Organization(op.organization_id));
