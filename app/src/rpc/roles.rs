//! Roles, permissions and role groups of an application: the server functions of their pages.

use guildhall::page::Page;
use guildhall::roles::{self as ops, RoleGrid, RoleGroup};
use leptos::prelude::*;

use super::{Ask, Done, RpcError};

#[server(prefix = "/rpc", endpoint = "get_role_grid", protocol = Ask)]
pub async fn get_role_grid(op: ops::GetRoleGrid) -> Result<RoleGrid, RpcError> {
    super::run(op).await
}

/// Saves the grid. `roles` are all the roles that were shown, `cells` the boxes that are ticked, each as
/// `role id, space, permission`: a form sends nothing for a role without a tick.
#[server(prefix = "/rpc", endpoint = "save_role_grid")]
pub async fn save_role_grid(
    app_id: String,
    roles: Vec<String>,
    #[server(default)] cells: Vec<String>,
) -> Result<Done, RpcError> {
    let roles: Vec<_> = roles
        .iter()
        .map(|role| {
            let permissions: Vec<&str> = cells
                .iter()
                .filter_map(|cell| cell.split_once(' '))
                .filter(|(of, _)| of == role)
                .map(|(_, permission)| permission)
                .collect();
            serde_json::json!({ "role_id": role, "permissions": permissions })
        })
        .collect();
    super::submit::<ops::SaveRoleGrid>(serde_json::json!({ "app_id": app_id, "roles": roles })).await?;
    Ok(super::done("Roles saved", Some(roles_page(&app_id))))
}

#[server(prefix = "/rpc", endpoint = "create_role")]
pub async fn create_role(
    app_id: String,
    role_name: String,
    #[server(default)] description: Option<String>,
) -> Result<Done, RpcError> {
    let made = super::submit::<ops::CreateRole>(serde_json::json!({
        "app_id": app_id, "role_name": role_name, "description": super::optional(description),
    }))
    .await?;
    Ok(super::done(
        format!("Role {} added", made.role_name),
        Some(roles_page(&app_id)),
    ))
}

#[server(prefix = "/rpc", endpoint = "update_role")]
pub async fn update_role(
    app_id: String,
    role_id: String,
    role_name: String,
    #[server(default)] description: String,
) -> Result<Done, RpcError> {
    let saved = super::submit::<ops::UpdateRole>(serde_json::json!({
        "app_id": app_id, "role_id": role_id, "role_name": role_name, "description": description,
    }))
    .await?;
    Ok(super::done(
        format!("Role {} saved", saved.role_name),
        Some(roles_page(&app_id)),
    ))
}

/// Deletes a role; `force` takes it from the members and groups that have it, and so asks for its name.
#[server(prefix = "/rpc", endpoint = "delete_role")]
pub async fn delete_role(
    app_id: String,
    role_id: String,
    #[server(default)] force: bool,
    #[server(default)] confirm_name: String,
) -> Result<Done, RpcError> {
    let role =
        super::submit::<ops::GetRole>(serde_json::json!({ "app_id": app_id, "role_id": role_id })).await?;
    if force {
        super::confirm(&confirm_name, &role.role_name)?;
    }
    super::submit::<ops::DeleteRole>(serde_json::json!({
        "app_id": app_id, "role_id": role_id, "force": force,
    }))
    .await?;
    Ok(super::done(
        format!("Role {} deleted", role.role_name),
        Some(roles_page(&app_id)),
    ))
}

#[server(prefix = "/rpc", endpoint = "create_permission")]
pub async fn create_permission(
    app_id: String,
    name: String,
    #[server(default)] description: Option<String>,
) -> Result<Done, RpcError> {
    let made = super::submit::<ops::CreatePermission>(serde_json::json!({
        "app_id": app_id, "name": name, "description": super::optional(description),
    }))
    .await?;
    Ok(super::done(
        format!("Permission {} added", made.name),
        Some(roles_page(&app_id)),
    ))
}

#[server(prefix = "/rpc", endpoint = "delete_permission")]
pub async fn delete_permission(app_id: String, name: String) -> Result<Done, RpcError> {
    super::submit::<ops::DeletePermission>(serde_json::json!({ "app_id": app_id, "name": name })).await?;
    Ok(super::done(
        format!("Permission {name} deleted"),
        Some(roles_page(&app_id)),
    ))
}

#[server(prefix = "/rpc", endpoint = "list_role_groups", protocol = Ask)]
pub async fn list_role_groups(op: ops::ListRoleGroups) -> Result<Page<RoleGroup>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "get_role_group", protocol = Ask)]
pub async fn get_role_group(op: ops::GetRoleGroup) -> Result<RoleGroup, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "create_role_group")]
pub async fn create_role_group(
    app_id: String,
    name: String,
    #[server(default)] description: Option<String>,
    #[server(default)] role_ids: Vec<String>,
) -> Result<Done, RpcError> {
    let made = super::submit::<ops::CreateRoleGroup>(serde_json::json!({
        "app_id": app_id,
        "name": name,
        "description": super::optional(description),
        "role_ids": role_ids,
    }))
    .await?;
    Ok(super::done(
        format!("Role group {} created", made.name),
        Some(groups_page(&app_id)),
    ))
}

#[server(prefix = "/rpc", endpoint = "update_role_group")]
pub async fn update_role_group(
    app_id: String,
    role_group_id: String,
    name: String,
    #[server(default)] description: String,
    #[server(default)] role_ids: Vec<String>,
) -> Result<Done, RpcError> {
    let saved = super::submit::<ops::UpdateRoleGroup>(serde_json::json!({
        "app_id": app_id,
        "role_group_id": role_group_id,
        "name": name,
        "description": description,
        "role_ids": role_ids,
    }))
    .await?;
    Ok(super::done(
        format!("Role group {} saved", saved.name),
        Some(groups_page(&app_id)),
    ))
}

/// Deletes a role group; one that organizations have asks for its name.
#[server(prefix = "/rpc", endpoint = "delete_role_group")]
pub async fn delete_role_group(
    app_id: String,
    role_group_id: String,
    #[server(default)] confirm_name: String,
) -> Result<Done, RpcError> {
    let id = serde_json::json!({ "app_id": app_id, "role_group_id": role_group_id });
    let group = super::submit::<ops::GetRoleGroup>(id.clone()).await?;
    if group.organization_count > 0 {
        super::confirm(&confirm_name, &group.name)?;
    }
    super::submit::<ops::DeleteRoleGroup>(id).await?;
    Ok(super::done(
        format!("Role group {} deleted", group.name),
        Some(groups_page(&app_id)),
    ))
}

#[cfg(feature = "ssr")]
fn roles_page(app_id: &str) -> String {
    format!("/admin/applications/{app_id}/roles")
}

#[cfg(feature = "ssr")]
fn groups_page(app_id: &str) -> String {
    format!("/admin/applications/{app_id}/role-groups")
}
