//! Connections: the ways to sign in that the tenant has, and which of them an organization uses.

use serde::{Deserialize, Serialize};

use crate::id::{ConnectionId, OrganizationId};
use crate::operation::{Scope, operation};

/// The most connections that an organization has.
pub const MOST_CONNECTIONS: usize = 10;

/// A way to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Connection {
    pub connection_id: ConnectionId,
    pub name: String,
    /// `auth0` for the passwords of this program.
    pub strategy: String,
}

/// A connection as an organization has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrganizationConnection {
    pub connection_id: ConnectionId,
    pub name: String,
    pub strategy: String,
    /// Whoever signs in to it with this connection becomes a member.
    pub assign_membership_on_login: bool,
    /// Whether the sign-in page offers it with a button of its own.
    pub show_as_button: bool,
    /// Whether somebody new may make an account with it.
    pub is_signup_enabled: bool,
}

/// A connection that an organization is to have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConnectionChoice {
    pub connection_id: ConnectionId,
    /// False where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assign_membership_on_login: Option<bool>,
    /// True where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_as_button: Option<bool>,
    /// False where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_signup_enabled: Option<bool>,
}

/// Lists the tenant's connections by name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListConnections {}
operation!(ListConnections => Vec<Connection>, "list_connections", Read, ReadConnections, |op| Scope::Tenant);

/// Lists the connections that an organization has, by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListOrganizationConnections {
    pub organization_id: OrganizationId,
}
operation!(ListOrganizationConnections => Vec<OrganizationConnection>, "list_organization_connections", Read,
    ReadOrganizationConnections, |op| Scope::Organization(op.organization_id));

/// Reads one connection of an organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetOrganizationConnection {
    pub organization_id: OrganizationId,
    pub connection_id: ConnectionId,
}
operation!(GetOrganizationConnection => OrganizationConnection, "get_organization_connection", Read,
    ReadOrganizationConnections, |op| Scope::Organization(op.organization_id));

/// Gives an organization a connection; 409 when it has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddOrganizationConnection {
    pub organization_id: OrganizationId,
    pub connection: ConnectionChoice,
}
operation!(AddOrganizationConnection => OrganizationConnection, "add_organization_connection", Write,
    AddOrganizationConnections, |op| Scope::Organization(op.organization_id));

/// Changes a connection of an organization; what is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateOrganizationConnection {
    pub organization_id: OrganizationId,
    pub connection: ConnectionChoice,
}
operation!(UpdateOrganizationConnection => OrganizationConnection, "update_organization_connection", Write,
    UpdateOrganizationConnections, |op| Scope::Organization(op.organization_id));

/// Takes a connection from an organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoveOrganizationConnection {
    pub organization_id: OrganizationId,
    pub connection_id: ConnectionId,
}
operation!(RemoveOrganizationConnection => (), "remove_organization_connection", Write,
    RemoveOrganizationConnections, |op| Scope::Organization(op.organization_id));
