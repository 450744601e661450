//! The audit: the server functions of its pages.

use guildhall::audit::{self as ops, AuditRecord};
use guildhall::page::Page;
use leptos::prelude::*;

use super::{Ask, RpcError};

#[server(prefix = "/rpc", endpoint = "list_audit", protocol = Ask)]
pub async fn list_audit(op: ops::ListAudit) -> Result<Page<AuditRecord>, RpcError> {
    super::run(op).await
}

#[server(prefix = "/rpc", endpoint = "get_audit_record", protocol = Ask)]
pub async fn get_audit_record(op: ops::GetAuditRecord) -> Result<AuditRecord, RpcError> {
    super::run(op).await
}
