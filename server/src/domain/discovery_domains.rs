//! Domains that organizations say are their own, and the record that proves it.

use guildhall::caller::Request;
use guildhall::domains::*;
use guildhall::error::Error;
use guildhall::id::{DiscoveryDomainId, OrganizationId};
use guildhall::page::Page;

use super::found;
use super::organizations::exists;
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform, Prepared};
use crate::fault::Fault;
use crate::services::Services;
use crate::store::{Db, Tx, discovery_domains as store, organizations};

/// Whether the record of an organization and a domain is there, looked up before the transaction.
async fn looked_up(
    services: &Services,
    organization: OrganizationId,
    domain: &str,
) -> Result<Prepared, Fault> {
    let (host, text) = store::record(organization, domain);
    Ok(Prepared {
        domain_proved: Some(services.dns.says(organization, &host, &text).await?),
        ..Prepared::default()
    })
}

/// 400 that says which record is missing, 409 where another organization has proved the domain.
async fn prove(
    permit: &Permit,
    tx: &mut Tx,
    cx: &Context<'_>,
    domain: &DiscoveryDomain,
) -> Result<(), Fault> {
    if cx.prepared.domain_proved != Some(true) {
        return Err(Error::field(
            "status",
            format!(
                "cannot be verified: the DNS has no TXT record {} that says {}",
                domain.verification_host, domain.verification_txt
            ),
        )
        .because("domain_not_proved")
        .into());
    }
    if store::is_proved(tx, &domain.domain).await? {
        return Err(taken(&domain.domain).into());
    }
    store::prove(tx, permit, domain.discovery_domain_id, cx.now).await
}

fn taken(domain: &str) -> Error {
    Error::conflict(
        "domain_taken",
        format!("Another organization has proved that {domain} is its own."),
    )
    .at("domain", "is another organization's")
}

async fn domain(permit: &Permit, tx: &mut Tx, id: DiscoveryDomainId) -> Result<DiscoveryDomain, Fault> {
    Ok(found(store::get(tx, permit, id).await?, "domain")?)
}

impl Perform for ListDiscoveryDomains {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<DiscoveryDomain>, Fault> {
        exists(tx, self.organization_id).await?;
        store::list(tx, permit, &self).await
    }
}

impl Perform for GetDiscoveryDomain {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<DiscoveryDomain, Fault> {
        domain(permit, tx, self.discovery_domain_id).await
    }
}

impl Perform for GetDiscoveryDomainByName {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<DiscoveryDomain, Fault> {
        Ok(found(
            store::get_by_name(tx, permit, self.domain.as_str()).await?,
            "domain",
        )?)
    }
}

impl Perform for AddDiscoveryDomain {
    async fn prepare(&self, services: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        // Asked for an organization that is not there, the DNS would be asked without bound.
        if self.status != Some(DomainStatus::Verified)
            || !organizations::exists(&mut db.read().await?, self.organization_id).await?
        {
            return Ok(Prepared::default());
        }
        looked_up(services, self.organization_id, self.domain.as_str()).await
    }

    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<DiscoveryDomain, Fault> {
        exists(tx, self.organization_id).await?;
        if store::count(tx, permit).await? >= i64::from(MOST_DOMAINS) {
            return Err(Error::field(
                "domain",
                format!("is one too many: an organization has at most {MOST_DOMAINS}"),
            )
            .into());
        }
        let id = DiscoveryDomainId::compose(cx.now, cx.random());
        let is_used = self.use_for_organization_discovery.unwrap_or(true);
        if !store::insert(tx, permit, id, self.domain.as_str(), is_used, cx.now).await? {
            return Err(Error::conflict(
                "domain_already_added",
                format!("The organization has {} already.", self.domain),
            )
            .at("domain", "is there already")
            .into());
        }
        let made = domain(permit, tx, id).await?;
        if self.status == Some(DomainStatus::Verified) {
            prove(permit, tx, cx, &made).await?;
        } else if store::is_proved(tx, &made.domain).await? {
            return Err(taken(&made.domain).into());
        }
        let made = domain(permit, tx, id).await?;
        cx.changed(
            Change::of("domain", id, &made.domain)
                .within(self.organization_id)
                .after(&made),
        );
        Ok(made)
    }
}

impl Perform for UpdateDiscoveryDomain {
    async fn prepare(&self, services: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        if self.status != Some(DomainStatus::Verified) {
            return Ok(Prepared::default());
        }
        let known = store::of(
            &mut db.read().await?,
            self.organization_id,
            self.discovery_domain_id,
        )
        .await?;
        match known {
            Some(known) if known.status == DomainStatus::Pending => {
                looked_up(services, self.organization_id, &known.domain).await
            }
            _ => Ok(Prepared::default()),
        }
    }

    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<DiscoveryDomain, Fault> {
        let id = self.discovery_domain_id;
        let before = domain(permit, tx, id).await?;
        match (before.status, self.status) {
            (DomainStatus::Pending, Some(DomainStatus::Verified)) => prove(permit, tx, cx, &before).await?,
            (DomainStatus::Verified, Some(DomainStatus::Pending)) => store::unprove(tx, permit, id).await?,
            _ => {}
        }
        if let Some(is_used) = self.use_for_organization_discovery {
            store::set_used(tx, permit, id, is_used).await?;
        }
        let after = domain(permit, tx, id).await?;
        cx.changed(
            Change::of("domain", id, &after.domain)
                .within(self.organization_id)
                .before(&before)
                .after(&after),
        );
        Ok(after)
    }
}

impl Perform for RemoveDiscoveryDomain {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let before = domain(permit, tx, self.discovery_domain_id).await?;
        store::remove(tx, permit, self.discovery_domain_id).await?;
        cx.changed(
            Change::of("domain", self.discovery_domain_id, &before.domain)
                .within(self.organization_id)
                .before(&before),
        );
        Ok(())
    }
}
