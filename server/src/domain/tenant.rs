//! What happens to the tenant itself.

use guildhall::page::Limit;
use guildhall::tenant::*;

use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::{Tx, applications, counters, invitations, outbox, registrations, tenant as store};

impl Perform for GetOverview {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Overview, Fault> {
        let (pending_invitations, expired_invitations) = invitations::count(tx, permit, cx.now).await?;
        let (waiting_mails, failed_mails) = outbox::count(tx, permit).await?;
        let listed = guildhall::applications::ListApplications {
            limit: Limit::default(),
            include_total: true,
            ..guildhall::applications::ListApplications::default()
        };
        Ok(Overview {
            tenant_name: store::settings(tx, permit).await?.name,
            organizations: counters::read(tx, counters::ORGANIZATIONS).await?,
            disabled_organizations: counters::read(tx, counters::DISABLED_ORGANIZATIONS).await?,
            members: counters::read(tx, counters::MEMBERS).await?,
            users: counters::read(tx, counters::PEOPLE).await?,
            applications: applications::list(tx, permit, &listed)
                .await?
                .info
                .total
                .unwrap_or_default(),
            pending_invitations,
            expired_invitations,
            failed_mails,
            waiting_mails,
            pending_registrations: registrations::count_pending(tx).await?,
            without_admin: store::without_admin(tx, permit).await?,
        })
    }
}

impl Perform for GetSettings {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<TenantSettings, Fault> {
        Ok(store::settings(tx, permit).await?)
    }
}

impl Perform for UpdateSettings {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<TenantSettings, Fault> {
        let before = store::settings(tx, permit).await?;
        cx.require_match(&before.version.to_string())?;
        let settings = TenantSettings {
            name: self
                .name
                .map_or_else(|| before.name.clone(), |name| name.as_str().to_owned()),
            self_registration: self.self_registration.unwrap_or(before.self_registration),
            auto_approval: self.auto_approval.unwrap_or(before.auto_approval),
            version: before.version,
        };
        store::save(tx, permit, &settings, cx.now).await?;
        let after = store::settings(tx, permit).await?;
        cx.changed(
            Change::of("tenant", "tenant", &after.name)
                .before(&before)
                .after(&after),
        );
        Ok(after)
    }
}
