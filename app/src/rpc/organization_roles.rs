//! What an organization may give its members: the server functions.

use guildhall::id::{ApplicationId, OrganizationId};
use guildhall::organizations::Organization;
use guildhall::roles::{AssignableRoles, OrganizationRoles, Role, RoleGroup};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Ask, Done, RpcError};
#[cfg(feature = "ssr")]
use guildhall::{organizations::GetOrganization, roles as ops};

/// What an organization may give in an application, beside all that there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleChoice {
    pub organization: Organization,
    pub app_id: ApplicationId,
    pub app_name: String,
    /// What it has now.
    pub given: OrganizationRoles,
    /// All role groups of the application, by name.
    pub groups: Vec<RoleGroup>,
    /// All roles of the application, by name.
    pub roles: Vec<Role>,
}

#[server(prefix = "/rpc", endpoint = "list_assignable_roles", protocol = Ask)]
pub async fn list_assignable_roles(
    organization_id: OrganizationId,
) -> Result<Vec<AssignableRoles>, RpcError> {
    super::run(ops::ListAssignableRoles { organization_id }).await
}

#[server(prefix = "/rpc", endpoint = "get_role_choice", protocol = Ask)]
pub async fn get_role_choice(
    organization_id: OrganizationId,
    app_id: ApplicationId,
) -> Result<RoleChoice, RpcError> {
    let limit = guildhall::page::Limit::new(100).unwrap_or_default();
    let app = super::run(guildhall::applications::GetApplication { app_id }).await?;
    let grid = super::run(ops::GetRoleGrid { app_id }).await?;
    let groups = super::run(ops::ListRoleGroups {
        app_id,
        limit,
        cursor: None,
    })
    .await?;
    Ok(RoleChoice {
        organization: super::run(GetOrganization { organization_id }).await?,
        app_id,
        app_name: app.name,
        given: super::run(ops::GetOrganizationRoles {
            app_id,
            organization_id,
        })
        .await?,
        groups: groups.items,
        roles: grid.roles,
    })
}

#[server(prefix = "/rpc", endpoint = "set_organization_roles")]
pub async fn set_organization_roles(
    organization_id: String,
    app_id: String,
    #[server(default)] role_group_ids: Vec<String>,
    #[server(default)] role_ids: Vec<String>,
) -> Result<Done, RpcError> {
    super::submit::<ops::SetOrganizationRoles>(serde_json::json!({
        "organization_id": organization_id, "app_id": app_id,
        "role_group_ids": role_group_ids, "role_ids": role_ids,
    }))
    .await?;
    Ok(super::done("The roles that it may give were saved", None))
}
