//! The ways to sign in that an organization has: the server functions of its settings.

use guildhall::connections::{self as ops, Connection, OrganizationConnection};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Ask, Done, RpcError};

/// What the settings show: the connections that an organization has, and the tenant's others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionsOf {
    pub has: Vec<OrganizationConnection>,
    pub others: Vec<Connection>,
}

#[server(prefix = "/rpc", endpoint = "list_organization_connections", protocol = Ask)]
pub async fn list_organization_connections(
    op: ops::ListOrganizationConnections,
) -> Result<ConnectionsOf, RpcError> {
    let has = super::run(op).await?;
    let mut others = super::run(ops::ListConnections {}).await?;
    others.retain(|other| has.iter().all(|it| it.connection_id != other.connection_id));
    Ok(ConnectionsOf { has, others })
}

#[server(prefix = "/rpc", endpoint = "add_organization_connection")]
pub async fn add_organization_connection(
    organization_id: String,
    #[server(default)] connection_id: String,
    #[server(default)] assign_membership_on_login: bool,
    #[server(default)] show_as_button: bool,
    #[server(default)] is_signup_enabled: bool,
) -> Result<Done, RpcError> {
    let made = super::submit::<ops::AddOrganizationConnection>(serde_json::json!({
        "organization_id": organization_id,
        "connection": {
            "connection_id": connection_id, "assign_membership_on_login": assign_membership_on_login,
            "show_as_button": show_as_button, "is_signup_enabled": is_signup_enabled,
        },
    }))
    .await
    .map_err(as_in_the_form)?;
    Ok(super::done(format!("{} was added", made.name), None))
}

#[server(prefix = "/rpc", endpoint = "update_organization_connection")]
pub async fn update_organization_connection(
    organization_id: String,
    connection_id: String,
    #[server(default)] assign_membership_on_login: bool,
    #[server(default)] show_as_button: bool,
    #[server(default)] is_signup_enabled: bool,
) -> Result<Done, RpcError> {
    let now = super::submit::<ops::UpdateOrganizationConnection>(serde_json::json!({
        "organization_id": organization_id,
        "connection": {
            "connection_id": connection_id, "assign_membership_on_login": assign_membership_on_login,
            "show_as_button": show_as_button, "is_signup_enabled": is_signup_enabled,
        },
    }))
    .await
    .map_err(as_in_the_form)?;
    Ok(super::done(format!("{} was saved", now.name), None))
}

#[server(prefix = "/rpc", endpoint = "remove_organization_connection")]
pub async fn remove_organization_connection(
    organization_id: String,
    connection_id: String,
    name: String,
) -> Result<Done, RpcError> {
    super::submit::<ops::RemoveOrganizationConnection>(serde_json::json!({
        "organization_id": organization_id, "connection_id": connection_id,
    }))
    .await?;
    Ok(super::done(format!("{name} was removed"), None))
}

/// The operation's fields stand in an object of their own, and the limit is about all of them.
#[cfg(feature = "ssr")]
fn as_in_the_form(error: RpcError) -> RpcError {
    super::rename(error, |at| guildhall::FieldError {
        field: match at.field.strip_prefix("connection.") {
            Some(field) => field.to_owned(),
            None if at.field == "connections" => "connection_id".to_owned(),
            None => at.field.clone(),
        },
        message: at.message.clone(),
    })
}
