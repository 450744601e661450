//! Reading the audit.

use guildhall::audit::*;
use guildhall::page::{Page, Search};
use guildhall::text::Text;

use super::{cleared, found};
use crate::authorize::Permit;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::audit::{self as store, Filter};
use crate::store::{Tx, page};

fn filter(
    search: Option<&Search>,
    operation: Option<Text<0, 60>>,
    actor_id: Option<Text<0, 60>>,
    target_id: Option<Text<0, 120>>,
) -> Filter {
    Filter {
        search: page::pattern(search),
        operation: cleared(operation),
        actor_id: cleared(actor_id),
        target_id: cleared(target_id),
    }
}

impl Perform for ListAudit {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<AuditRecord>, Fault> {
        let filter = filter(
            self.search.as_ref(),
            self.operation,
            self.actor_id,
            self.target_id,
        );
        store::list(tx, permit, None, filter, self.cursor.as_ref(), self.limit).await
    }
}

impl Perform for ListOrganizationAudit {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<AuditRecord>, Fault> {
        let filter = filter(
            self.search.as_ref(),
            self.operation,
            self.actor_id,
            self.target_id,
        );
        let organization = Some(permit.organization()?);
        store::list(tx, permit, organization, filter, self.cursor.as_ref(), self.limit).await
    }
}

impl Perform for GetAuditRecord {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<AuditRecord, Fault> {
        Ok(found(
            store::get(tx, permit, self.audit_id).await?,
            "audit record",
        )?)
    }
}
