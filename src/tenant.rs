//! The tenant: the vendor that runs this console, its settings and what there is.

use serde::{Deserialize, Serialize};

use crate::operation::{Scope, operation};
use crate::text::Name;

/// What there is, and what waits for somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Overview {
    pub tenant_name: String,
    pub organizations: u64,
    pub disabled_organizations: u64,
    pub members: u64,
    pub users: u64,
    pub applications: u64,
    pub pending_invitations: u64,
    /// Invitations that ran out without an answer.
    pub expired_invitations: u64,
    /// Mails that were given up, and those that wait; up to 1,000.
    pub failed_mails: u64,
    pub waiting_mails: u64,
    /// Organizations that people asked for and nobody has decided on; up to 1,000.
    pub pending_registrations: u64,
    /// Organizations without an enabled administrator, up to 10.
    pub without_admin: Vec<crate::sessions::AdministeredOrganization>,
}

/// Reads the counts of the home page.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetOverview {}
operation!(GetOverview => Overview, "get_overview", Read, ReadTenant, |op| Scope::Tenant);

/// The tenant's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TenantSettings {
    /// The vendor's name, as pages and mails show it.
    pub name: String,
    /// Whether people may ask for organizations of their own.
    pub self_registration: bool,
    /// Whether such an organization is there at once; else an administrator approves it.
    pub auto_approval: bool,
    pub version: i64,
}

/// Reads the tenant's settings.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetSettings {}
operation!(GetSettings => TenantSettings, "get_settings", Read, ReadTenant, |op| Scope::Tenant);

/// Changes the tenant's settings; what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateSettings {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub self_registration: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_approval: Option<bool>,
}
operation!(UpdateSettings => TenantSettings, "update_settings", Write, ManageTenant, |op| Scope::Tenant);
