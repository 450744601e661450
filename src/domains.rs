//! Discovery domains: domains that organizations say are their own, and prove by a record in the DNS.

use serde::{Deserialize, Serialize};

use crate::contact::Domain;
use crate::id::{DiscoveryDomainId, OrganizationId};
use crate::operation::{Scope, operation};
use crate::page::{Cursor, Limit, Page};

/// The most domains that an organization can have.
pub const MOST_DOMAINS: u16 = 100;

/// Whether an organization has proved that a domain is its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DomainStatus {
    Pending,
    Verified,
}

/// A domain that an organization says is its own. A verified one leads its people to it when they sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiscoveryDomain {
    pub discovery_domain_id: DiscoveryDomainId,
    pub organization_id: OrganizationId,
    pub domain: String,
    pub status: DomainStatus,
    /// Whether it leads people to the organization once it is verified.
    pub use_for_organization_discovery: bool,
    /// The name of the TXT record that proves it.
    pub verification_host: String,
    /// What the record says.
    pub verification_txt: String,
    /// Milliseconds since the Unix epoch.
    pub created_at: i64,
    pub verified_at: Option<i64>,
}

/// Lists an organization's domains by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListDiscoveryDomains {
    pub organization_id: OrganizationId,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}
operation!(ListDiscoveryDomains => Page<DiscoveryDomain>, "list_discovery_domains", Read, ReadDomains,
    |op| Scope::Organization(op.organization_id));

/// Reads one domain of an organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetDiscoveryDomain {
    pub organization_id: OrganizationId,
    pub discovery_domain_id: DiscoveryDomainId,
}
operation!(GetDiscoveryDomain => DiscoveryDomain, "get_discovery_domain", Read, ReadDomains,
    |op| Scope::Organization(op.organization_id));

/// Reads the domain of an organization that has a name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetDiscoveryDomainByName {
    pub organization_id: OrganizationId,
    pub domain: Domain,
}
operation!(GetDiscoveryDomainByName => DiscoveryDomain, "get_discovery_domain_by_name", Read, ReadDomains,
    |op| Scope::Organization(op.organization_id));

/// Says that a domain is an organization's own; 409 when it said so before, or another one has proved it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddDiscoveryDomain {
    pub organization_id: OrganizationId,
    pub domain: Domain,
    /// `verified` where the record is there already; pending where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<DomainStatus>,
    /// True where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_for_organization_discovery: Option<bool>,
}
operation!(AddDiscoveryDomain => DiscoveryDomain, "add_discovery_domain", Write, AddDomains,
    |op| Scope::Organization(op.organization_id));

/// Changes a domain; what is absent stays. It becomes verified once its record is found: 400 that names the record until
/// then, 409 where another organization has proved it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateDiscoveryDomain {
    pub organization_id: OrganizationId,
    pub discovery_domain_id: DiscoveryDomainId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<DomainStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_for_organization_discovery: Option<bool>,
}
operation!(UpdateDiscoveryDomain => DiscoveryDomain, "update_discovery_domain", Write, UpdateDomains,
    |op| Scope::Organization(op.organization_id));

/// Takes a domain from an organization: another one may prove it from then on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoveDiscoveryDomain {
    pub organization_id: OrganizationId,
    pub discovery_domain_id: DiscoveryDomainId,
}
operation!(RemoveDiscoveryDomain => (), "remove_discovery_domain", Write, RemoveDomains,
    |op| Scope::Organization(op.organization_id));
