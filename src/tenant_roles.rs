//! All roles of the tenant in one list, for whoever does not go by applications. A role that is made here is of the
//! application that the tenant has for such roles.

use serde::{Deserialize, Serialize};

use crate::id::CustomRoleId;
use crate::operation::{Scope, operation};
use crate::page::{Cursor, Limit, Page, Search};
use crate::roles::Role;
use crate::text::{Description, Name};

/// Lists all roles by name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListTenantRoles {
    /// Looks in names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    #[serde(default, deserialize_with = "crate::page::flag")]
    pub include_total: bool,
}
operation!(ListTenantRoles => Page<Role>, "list_tenant_roles", Read, ReadRoles, |op| Scope::Tenant);

/// Reads one role, whatever application it is of.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetTenantRole {
    pub role_id: CustomRoleId,
}
operation!(GetTenantRole => Role, "get_tenant_role", Read, ReadRoles, |op| Scope::Tenant);

/// Makes a role in the application that the tenant has for roles of no application in particular. The first makes the
/// application, too.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateTenantRole {
    pub role_name: Name,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
}
operation!(CreateTenantRole => Role, "create_tenant_role", Write, CreateRoles, |op| Scope::Tenant);

/// Changes a role, whatever application it is of; what is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateTenantRole {
    pub role_id: CustomRoleId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_name: Option<Name>,
    /// An empty text clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
}
operation!(UpdateTenantRole => Role, "update_tenant_role", Write, ManageRoles, |op| Scope::Tenant);

/// Deletes a role, whatever application it is of, and takes it from everybody who has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeleteTenantRole {
    pub role_id: CustomRoleId,
}
operation!(DeleteTenantRole => (), "delete_tenant_role", Write, DeleteRoles, |op| Scope::Tenant);
