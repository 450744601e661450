//! The domains that an organization proves to be its own: the server functions of their page.

use guildhall::domains::{self as ops, DiscoveryDomain};
use guildhall::page::Page;
use leptos::prelude::*;

use super::{Ask, Done, RpcError};

#[server(prefix = "/rpc", endpoint = "list_discovery_domains", protocol = Ask)]
pub async fn list_discovery_domains(
    op: ops::ListDiscoveryDomains,
) -> Result<Page<DiscoveryDomain>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "add_discovery_domain")]
pub async fn add_discovery_domain(organization_id: String, domain: String) -> Result<Done, RpcError> {
    let made = super::submit::<ops::AddDiscoveryDomain>(serde_json::json!({
        "organization_id": organization_id, "domain": domain,
    }))
    .await?;
    Ok(super::done(
        format!("{} was added. Publish its record next", made.domain),
        None,
    ))
}

#[server(prefix = "/rpc", endpoint = "verify_discovery_domain")]
pub async fn verify_discovery_domain(
    organization_id: String,
    discovery_domain_id: String,
) -> Result<Done, RpcError> {
    let now = super::submit::<ops::UpdateDiscoveryDomain>(serde_json::json!({
        "organization_id": organization_id, "discovery_domain_id": discovery_domain_id, "status": "verified",
    }))
    .await
    .map_err(in_words)?;
    Ok(super::done(format!("{} is verified", now.domain), None))
}

#[server(prefix = "/rpc", endpoint = "use_discovery_domain")]
pub async fn use_discovery_domain(
    organization_id: String,
    discovery_domain_id: String,
    leads: bool,
) -> Result<Done, RpcError> {
    let now = super::submit::<ops::UpdateDiscoveryDomain>(serde_json::json!({
        "organization_id": organization_id, "discovery_domain_id": discovery_domain_id,
        "use_for_organization_discovery": leads,
    }))
    .await?;
    let domain = now.domain;
    Ok(super::done(
        if now.use_for_organization_discovery {
            format!("{domain} leads people here")
        } else {
            format!("{domain} leads nobody here any more")
        },
        None,
    ))
}

#[server(prefix = "/rpc", endpoint = "remove_discovery_domain")]
pub async fn remove_discovery_domain(
    organization_id: String,
    discovery_domain_id: String,
    domain: String,
) -> Result<Done, RpcError> {
    super::submit::<ops::RemoveDiscoveryDomain>(serde_json::json!({
        "organization_id": organization_id, "discovery_domain_id": discovery_domain_id,
    }))
    .await?;
    Ok(super::done(format!("{domain} was removed"), None))
}

/// The form has a button and no field that a refusal could stand at.
#[cfg(feature = "ssr")]
fn in_words(RpcError(mut error): RpcError) -> RpcError {
    if let [one] = error.fields.as_slice()
        && one.field == "status"
    {
        error.message = format!("The domain {}.", one.message);
        error.fields.clear();
    }
    RpcError(error)
}
