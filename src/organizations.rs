//! Organizations: the companies that the tenant sells to, and the applications that each has.

use serde::{Deserialize, Serialize};

use crate::branding::{Colors, Metadata, Slug};
use crate::connections::{ConnectionChoice, MOST_CONNECTIONS};
use crate::contact::{Domain, WebUrl};
use crate::id::{ApplicationId, OrganizationId, UserId};
use crate::operation::{Scope, operation};
use crate::page::{Cursor, Limit, Order, Page, Search};
use crate::text::{Name, Text};
use crate::value::Emptied;

/// Another name to show; it need not be unique.
pub type DisplayName = Text<0, 255>;

/// An organization as every answer shows it (native API, "Organizations"); times are milliseconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Organization {
    pub organization_id: OrganizationId,
    /// Unique in the tenant, compared without case.
    pub name: String,
    /// The name in addresses, unique in the tenant.
    pub slug: String,
    /// The main domain; empty where it has none.
    pub domain: String,
    /// All domains, the main one first.
    pub domains: Vec<String>,
    /// The applications that it has.
    pub app_ids: Vec<ApplicationId>,
    /// A disabled organization's members get no session and no token.
    pub enabled: bool,
    /// Whether it is closed to members who have not signed in with a second factor.
    pub requires_factor: bool,
    pub alias_name: Option<String>,
    pub logo_url: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
    /// The organization that manages this one, where there is one.
    pub managing_organization_id: Option<OrganizationId>,
    /// Organizations that this one manages, by application.
    pub managed_organizations_by_app: std::collections::BTreeMap<String, Vec<OrganizationId>>,
    /// How many members it has, pending and suspended ones included.
    pub member_count: u64,
    /// Counts its changes; the entity tag is made of it.
    pub version: i64,
    /// The colours of its own pages.
    pub colors: Colors,
    /// What programs keep with it.
    pub metadata: Metadata,
}

impl Organization {
    /// What people read.
    pub fn label(&self) -> &str {
        self.alias_name.as_deref().unwrap_or(&self.name)
    }
}

/// Creates an organization (T1).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateOrganization {
    /// Unique in the tenant, compared without case.
    pub name: Name,
    /// The main domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Domain>,
    /// The applications that it can use; each must exist, and may be given once.
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    #[serde(deserialize_with = "crate::list::at_most::<100, _, _>")]
    pub app_ids: Vec<ApplicationId>,
    /// Whether its members can sign in; true where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Further domains.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    #[serde(deserialize_with = "crate::list::at_most::<100, _, _>")]
    pub domains: Vec<Domain>,
    /// Another name to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias_name: Option<DisplayName>,
    /// The name in addresses; made of the name where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// Where its logo is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<WebUrl>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colors: Option<Colors>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// The ways to sign in that it has; each may be given once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = MOST_CONNECTIONS)))]
    #[serde(deserialize_with = "crate::list::at_most::<MOST_CONNECTIONS, _, _>")]
    pub connections: Vec<ConnectionChoice>,
}
operation!(CreateOrganization => Organization, "create_organization", Write, CreateOrganizations, |op| Scope::Tenant);

/// What a list of organizations is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrganizationSort {
    #[default]
    Name,
    CreatedAt,
}

/// Lists organizations (T2).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListOrganizations {
    /// Only the one with exactly this name, compared without case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Looks in name, alias, domains and id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    /// Only enabled or only disabled ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<OrganizationStatus>,
    /// Only those that have this application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<ApplicationId>,
    #[serde(default)]
    pub sort: OrganizationSort,
    #[serde(default)]
    pub order: Order,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    /// Whether to count the whole list.
    #[serde(default, deserialize_with = "crate::page::flag")]
    pub include_total: bool,
}
operation!(ListOrganizations => Page<Organization>, "list_organizations", Read, ListOrganizations, |op| Scope::Tenant);

/// Whether an organization is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrganizationStatus {
    Enabled,
    Disabled,
}

/// Reads one organization (T3).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetOrganization {
    pub organization_id: OrganizationId,
}
operation!(GetOrganization => Organization, "get_organization", Read, ReadOrganization, |op| Scope::Organization(op.organization_id));

/// Reads the organization of a name, compared without case (T4).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetOrganizationByName {
    pub name: Name,
}
operation!(GetOrganizationByName => Organization, "get_organization_by_name", Read, ListOrganizations, |op| Scope::Tenant);

/// Reads the organization of a name in addresses.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetOrganizationBySlug {
    pub slug: Slug,
}
operation!(GetOrganizationBySlug => Organization, "get_organization_by_slug", Read, ListOrganizations, |op| Scope::Tenant);

/// Lists the organizations of a person by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListUserOrganizations {
    pub user_id: UserId,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    #[serde(default, deserialize_with = "crate::page::flag")]
    pub include_total: bool,
}
operation!(ListUserOrganizations => Page<Organization>, "list_user_organizations", Read, ReadUserOrganizations, |op| Scope::User(op.user_id));

/// Changes an organization; what is absent stays (T5).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateOrganization {
    pub organization_id: OrganizationId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Domain>,
    /// Replaces the further domains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    #[serde(deserialize_with = "crate::list::at_most::<100, _, _>")]
    pub domains: Option<Vec<Domain>>,
    /// An empty text clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias_name: Option<DisplayName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// The name follows where it was the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// An empty text takes the logo away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<Emptied<WebUrl>>,
    /// Replaces both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colors: Option<Colors>,
    /// Replaces all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Whether its members need a second factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requires_factor: Option<bool>,
}
operation!(UpdateOrganization => Organization, "update_organization", Write, UpdateOrganizations, |op| Scope::Organization(op.organization_id));

/// Deletes an organization with its memberships, roles in it and invitations; its people stay (T6).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeleteOrganization {
    pub organization_id: OrganizationId,
}
operation!(DeleteOrganization => (), "delete_organization", Write, DeleteOrganizations, |op| Scope::Organization(op.organization_id));

/// Gives an organization more applications; those that it has already stay as they are (T7).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddOrganizationApps {
    pub organization_id: OrganizationId,
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    #[serde(deserialize_with = "crate::list::at_most::<100, _, _>")]
    pub app_ids: Vec<ApplicationId>,
}
operation!(AddOrganizationApps => (), "add_organization_apps", Write, AssignApplications, |op| Scope::Organization(op.organization_id));

/// Takes applications from an organization, with the role groups and the members' roles in them (T8).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoveOrganizationApps {
    pub organization_id: OrganizationId,
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    #[serde(deserialize_with = "crate::list::at_most::<100, _, _>")]
    pub app_ids: Vec<ApplicationId>,
}
operation!(RemoveOrganizationApps => (), "remove_organization_apps", Write, AssignApplications, |op| Scope::Organization(op.organization_id));
