//! An organization's own portal, and the tenant's look at it: the server functions.

use guildhall::portal::{self as ops, PortalHead};
use leptos::prelude::*;

use super::{Ask, Done, RpcError};
use crate::components::portal::Portal;

/// The portal of the organization whose id an address has.
///
/// # Errors
/// 404 where it is no id.
pub fn portal_of(organization_id: &str) -> Result<ops::OpenPortal, RpcError> {
    let organization_id = organization_id
        .parse()
        .map_err(|_| RpcError(guildhall::Error::not_found("organization")))?;
    Ok(ops::OpenPortal { organization_id })
}

#[server(prefix = "/rpc", endpoint = "open_portal", protocol = Ask)]
pub async fn open_portal(op: ops::OpenPortal) -> Result<PortalHead, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "rename_organization")]
pub async fn rename_organization(
    organization_id: String,
    name: String,
    #[server(default)] portal: Portal,
    #[server(default)] version: Option<i64>,
    #[server(default)] was_name: String,
) -> Result<Done, RpcError> {
    use super::conflict::{Sent, is_outdated, reconcile};
    let rename = guildhall::input::parse::<ops::RenameOrganization>(serde_json::json!({
        "organization_id": organization_id, "name": name,
    }))?;
    let saved = match super::run_as_of(rename.clone(), version).await {
        Err(error) if is_outdated(&error) => {
            let organization_id = rename.organization_id;
            let now = super::run(guildhall::organizations::GetOrganization { organization_id }).await?;
            reconcile(now.version, &[Sent::new("name", &was_name, &now.name, &name)])?;
            super::run_as_of(rename, Some(now.version)).await?
        }
        answer => answer?,
    };
    // The frame shows the name, too.
    Ok(super::done_afresh(
        format!("{} was saved", saved.name),
        &settings(portal, &organization_id),
    ))
}

/// Takes the logo away; a new one is uploaded by a form of its own.
#[server(prefix = "/rpc", endpoint = "remove_organization_logo")]
pub async fn remove_organization_logo(
    organization_id: String,
    #[server(default)] portal: Portal,
) -> Result<Done, RpcError> {
    super::submit::<ops::SetOrganizationLogo>(serde_json::json!({ "organization_id": organization_id }))
        .await?;
    Ok(super::done_afresh(
        "The logo was removed",
        &settings(portal, &organization_id),
    ))
}

#[cfg(feature = "ssr")]
fn settings(portal: Portal, organization_id: &str) -> String {
    format!("{}/settings", portal.path_of(organization_id))
}

#[server(prefix = "/rpc", endpoint = "view_as_organization_admin")]
pub async fn view_as_organization_admin(organization_id: String) -> Result<Done, RpcError> {
    super::submit::<ops::ViewAsOrganizationAdmin>(serde_json::json!({ "organization_id": organization_id }))
        .await?;
    Ok(super::done_afresh(
        "",
        &Portal::Organization.path_of(&organization_id),
    ))
}

#[server(prefix = "/rpc", endpoint = "stop_viewing")]
pub async fn stop_viewing() -> Result<Done, RpcError> {
    let to = match super::run(ops::StopViewing {}).await? {
        Some(organization) => Portal::Tenant.path_of(&organization.to_string()),
        None => "/".to_owned(),
    };
    Ok(super::done_afresh("You stopped viewing the portal", &to))
}
