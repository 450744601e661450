//! Organizations: the server functions of their pages.

use guildhall::organizations::{self as ops, Organization};
use guildhall::page::Page;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::{Done, RpcError};

#[server(prefix = "/rpc", endpoint = "list_organizations", input = Json)]
pub async fn list_organizations(op: ops::ListOrganizations) -> Result<Page<Organization>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "get_organization", input = Json)]
pub async fn get_organization(op: ops::GetOrganization) -> Result<Organization, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "create_organization")]
pub async fn create_organization(
    name: String,
    domain: String,
    #[server(default)] app_ids: Vec<String>,
    #[server(default)] alias_name: Option<String>,
) -> Result<Done, RpcError> {
    let made = super::submit::<ops::CreateOrganization>(serde_json::json!({
        "name": name, "domain": domain, "app_ids": app_ids, "alias_name": super::optional(alias_name),
    }))
    .await?;
    Ok(super::done(
        format!("Organization {} created", made.name),
        Some(format!("/admin/organizations/{}", made.organization_id)),
    ))
}
