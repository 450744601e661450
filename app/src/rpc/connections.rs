//! The ways to sign in that an organization has: the server function of its settings.

use guildhall::connections::{self as ops, OrganizationConnection};
use leptos::prelude::*;

use super::{Ask, RpcError};

#[server(prefix = "/rpc", endpoint = "list_organization_connections", protocol = Ask)]
pub async fn list_organization_connections(
    op: ops::ListOrganizationConnections,
) -> Result<Vec<OrganizationConnection>, RpcError> {
    super::run(op).await
}
