//! The audit: who did what, on what, when, from where, and what it was before and after.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::caller::ActorKind;
use crate::id::{AuditId, OrganizationId};
use crate::operation::{Scope, operation};
use crate::page::{Cursor, Limit, Page, Search};
use crate::text::Text;

/// One change, written in the same transaction as the change itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditRecord {
    pub audit_id: AuditId,
    /// Milliseconds since the Unix epoch.
    pub at: i64,
    pub actor_kind: ActorKind,
    /// The id of the person or client; absent for the program itself.
    pub actor_id: Option<String>,
    /// The name at that time.
    pub actor_name: Option<String>,
    /// The operation's name.
    pub operation: String,
    pub organization_id: Option<OrganizationId>,
    /// The organization's name, while it exists.
    pub organization_name: Option<String>,
    /// What kind of thing was changed: `organization`, `member`, `role` …
    pub target_kind: String,
    pub target_id: String,
    /// The thing's name at that time.
    pub target_name: Option<String>,
    /// The peer's address.
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: Option<String>,
    /// The fields that changed, as they were; absent for something new.
    pub before: Option<Value>,
    /// The fields that changed, as they are; absent for something deleted.
    pub after: Option<Value>,
}

/// Filters of an audit list.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListAudit {
    /// Looks in the names of actor and target, and in ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    /// Only this operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<Text<0, 60>>,
    /// Only what this person or client did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_id: Option<Text<0, 60>>,
    /// Only what was done to this thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_id: Option<Text<0, 120>>,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}
operation!(ListAudit => Page<AuditRecord>, "list_audit", Read, ReadAudit, |op| Scope::Tenant);

/// Lists the changes in one organization, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListOrganizationAudit {
    pub organization_id: OrganizationId,
    /// Looks in the names of actor and target, and in ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    /// Only this operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<Text<0, 60>>,
    /// Only what this person or client did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_id: Option<Text<0, 60>>,
    /// Only what was done to this thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_id: Option<Text<0, 120>>,
    #[serde(default)]
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}
operation!(ListOrganizationAudit => Page<AuditRecord>, "list_organization_audit", Read, ReadAudit, |op| Scope::Organization(op.organization_id));

/// Reads one record.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetAuditRecord {
    pub audit_id: AuditId,
}
operation!(GetAuditRecord => AuditRecord, "get_audit_record", Read, ReadAudit, |op| Scope::Tenant);
