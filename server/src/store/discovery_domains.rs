//! Domains that organizations say are their own.

use guildhall::domains::{DiscoveryDomain, DomainStatus, ListDiscoveryDomains};
use guildhall::id::{DiscoveryDomainId, OrganizationId};
use guildhall::page::{Order, Page};

use super::Tx;
use super::db::{Hold, Lock};
use super::page::{Window, keyset};
use crate::authorize::Permit;
use crate::clock;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
struct DomainRow {
    #[sqlx(try_from = "String")]
    id: DiscoveryDomainId,
    #[sqlx(try_from = "String")]
    organization_id: OrganizationId,
    domain: String,
    status: String,
    is_used: bool,
    created_at: i64,
    verified_at: Option<i64>,
}

impl DomainRow {
    fn read(self) -> DiscoveryDomain {
        let (verification_host, verification_txt) = record(self.organization_id, &self.domain);
        DiscoveryDomain {
            discovery_domain_id: self.id,
            organization_id: self.organization_id,
            status: if self.status == "verified" {
                DomainStatus::Verified
            } else {
                DomainStatus::Pending
            },
            domain: self.domain,
            use_for_organization_discovery: self.is_used,
            verification_host,
            verification_txt,
            created_at: self.created_at,
            verified_at: self.verified_at,
        }
    }
}

/// The record that proves a domain: its name, and what it says. It is no secret: whoever can write it has the domain, and it
/// is another one for each organization.
pub fn record(organization: OrganizationId, domain: &str) -> (String, String) {
    let proof = clock::fingerprint(&format!("discovery domain\n{organization}\n{domain}"));
    let proof = proof.get(..40).unwrap_or_default();
    (
        format!("_guildhall-challenge.{domain}"),
        format!("guildhall-domain-verification={proof}"),
    )
}

macro_rules! columns {
    () => {
        "SELECT d.id, d.organization_id, d.domain, d.status, d.is_used, d.created_at, d.verified_at FROM discovery_domain d"
    };
}

/// Lists an organization's domains by name.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(
    tx: &mut Tx,
    permit: &Permit,
    op: &ListDiscoveryDomains,
) -> Result<Page<DiscoveryDomain>, Fault> {
    let window = Window::new(
        "discovery_domains",
        Order::Ascending,
        op.cursor.as_ref(),
        op.limit,
    )?;
    let rows: Vec<DomainRow> = tx
        .query(keyset!(
            window.descending(),
            concat!(columns!(), " WHERE d.organization_id = $4"),
            "d.domain",
            "d.id"
        ))
        .bind(window.key())
        .bind(window.id())
        .bind(window.fetch())
        .bind(permit.organization()?.to_string())
        .all()
        .await?;
    Ok(window
        .page(rows, |row| (row.domain.clone(), row.id.to_string()))
        .map(DomainRow::read))
}

/// Reads one domain of the organization.
///
/// # Errors
/// The database's.
pub async fn get(
    tx: &mut Tx,
    permit: &Permit,
    id: DiscoveryDomainId,
) -> Result<Option<DiscoveryDomain>, Fault> {
    of(tx, permit.organization()?, id).await
}

/// The same before anybody was let in: for what is looked up outside of the transaction.
///
/// # Errors
/// The database's.
pub async fn of(
    tx: &mut Tx,
    organization: OrganizationId,
    id: DiscoveryDomainId,
) -> Result<Option<DiscoveryDomain>, Fault> {
    let row: Option<DomainRow> = tx
        .query(concat!(columns!(), " WHERE d.organization_id = $1 AND d.id = $2"))
        .bind(organization.to_string())
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.map(DomainRow::read))
}

/// Reads the domain of the organization that has a name.
///
/// # Errors
/// The database's.
pub async fn get_by_name(
    tx: &mut Tx,
    permit: &Permit,
    domain: &str,
) -> Result<Option<DiscoveryDomain>, Fault> {
    let row: Option<DomainRow> = tx
        .query(concat!(
            columns!(),
            " WHERE d.organization_id = $1 AND d.domain = $2"
        ))
        .bind(permit.organization()?.to_string())
        .bind(domain.to_owned())
        .optional()
        .await?;
    Ok(row.map(DomainRow::read))
}

/// How many domains the organization has.
///
/// # Errors
/// The database's.
pub async fn count(tx: &mut Tx, permit: &Permit) -> Result<i64, Fault> {
    let (counted,): (i64,) = tx
        .query("SELECT COUNT(*) FROM discovery_domain WHERE organization_id = $1")
        .bind(permit.organization()?.to_string())
        .one()
        .await?;
    Ok(counted)
}

/// Adds a domain that is not proved yet; `false` when the organization has it.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    permit: &Permit,
    id: DiscoveryDomainId,
    domain: &str,
    is_used: bool,
    now: i64,
) -> Result<bool, Fault> {
    let inserted = tx
        .query(
            "INSERT INTO discovery_domain (id, organization_id, domain, status, is_used, created_at)
             VALUES ($1, $2, $3, 'pending', $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(permit.organization()?.to_string())
        .bind(domain.to_owned())
        .bind(is_used)
        .bind(now)
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// Whether an organization has proved a domain, whichever it is; until this transaction ends no other one does.
///
/// # Errors
/// The database's.
pub async fn is_proved(tx: &mut Tx, domain: &str) -> Result<bool, sqlx::Error> {
    tx.hold(Lock::ProvedDomains, Hold::Exclusive).await?;
    tx.query("SELECT 1 FROM discovery_domain WHERE domain = $1 AND status = 'verified'")
        .bind(domain.to_owned())
        .exists()
        .await
}

/// Notes that a domain was proved. Of two that prove it at once, one waits in [`is_proved`] for the other.
///
/// # Errors
/// The database's.
pub async fn prove(tx: &mut Tx, permit: &Permit, id: DiscoveryDomainId, now: i64) -> Result<(), Fault> {
    tx.query(
        "UPDATE discovery_domain SET status = 'verified', verified_at = $3
         WHERE organization_id = $1 AND id = $2 AND status <> 'verified'",
    )
    .bind(permit.organization()?.to_string())
    .bind(id.to_string())
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Notes that a domain's proof no longer counts.
///
/// # Errors
/// The database's.
pub async fn unprove(tx: &mut Tx, permit: &Permit, id: DiscoveryDomainId) -> Result<(), Fault> {
    tx.query(
        "UPDATE discovery_domain SET status = 'pending', verified_at = NULL WHERE organization_id = $1 AND id = $2",
    )
    .bind(permit.organization()?.to_string())
    .bind(id.to_string())
    .execute()
    .await?;
    Ok(())
}

/// Says whether a domain leads people to the organization.
///
/// # Errors
/// The database's.
pub async fn set_used(
    tx: &mut Tx,
    permit: &Permit,
    id: DiscoveryDomainId,
    is_used: bool,
) -> Result<(), Fault> {
    tx.query("UPDATE discovery_domain SET is_used = $3 WHERE organization_id = $1 AND id = $2")
        .bind(permit.organization()?.to_string())
        .bind(id.to_string())
        .bind(is_used)
        .execute()
        .await?;
    Ok(())
}

/// Takes a domain from the organization.
///
/// # Errors
/// The database's.
pub async fn remove(tx: &mut Tx, permit: &Permit, id: DiscoveryDomainId) -> Result<(), Fault> {
    tx.query("DELETE FROM discovery_domain WHERE organization_id = $1 AND id = $2")
        .bind(permit.organization()?.to_string())
        .bind(id.to_string())
        .execute()
        .await?;
    Ok(())
}

/// The organization that has proved a domain and leads its people to itself by it.
///
/// # Errors
/// The database's.
pub async fn leads_to(tx: &mut Tx, domain: &str) -> Result<Option<OrganizationId>, Fault> {
    let row: Option<(String,)> = tx
        .query("SELECT organization_id FROM discovery_domain WHERE domain = $1 AND status = 'verified' AND is_used")
        .bind(domain.to_owned())
        .optional()
        .await?;
    Ok(super::ids(row.into_iter().collect())?.pop())
}
