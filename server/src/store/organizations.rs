//! Organizations: what changes them, and one at a time. How they are listed is in `organization_list`.

use guildhall::contact::Domain;
use guildhall::id::OrganizationId;
use guildhall::organizations::Organization;
use guildhall::text::fold;

pub use super::organization_list::{list, of_person};
use super::presentations::{Presentation, PresentationRow, presentation_columns};
use super::{Tx, counters, listed};
use crate::authorize::Permit;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
pub(super) struct OrganizationRow {
    #[sqlx(try_from = "String")]
    pub(super) id: OrganizationId,
    name: String,
    pub(super) name_key: String,
    domain: String,
    more_domains: String,
    alias_name: Option<String>,
    logo_url: Option<String>,
    enabled: bool,
    requires_factor: bool,
    managing_organization_id: Option<String>,
    version: i64,
    pub(super) created_at: i64,
    updated_at: i64,
    app_ids: Option<String>,
    member_count: i64,
    #[sqlx(flatten)]
    presentation: PresentationRow,
}

impl OrganizationRow {
    pub(super) fn read(self) -> Organization {
        let mut domains = listed(&self.domain);
        domains.extend(listed(&self.more_domains));
        Organization {
            organization_id: self.id,
            name: self.name,
            domain: self.domain,
            domains,
            app_ids: self
                .app_ids
                .unwrap_or_default()
                .split(' ')
                .filter_map(|id| id.parse().ok())
                .collect(),
            enabled: self.enabled,
            requires_factor: self.requires_factor,
            alias_name: self.alias_name,
            logo_url: self.logo_url,
            created_at: self.created_at,
            updated_at: self.updated_at,
            managing_organization_id: self.managing_organization_id.and_then(|id| id.parse().ok()),
            managed_organizations_by_app: std::collections::BTreeMap::new(),
            member_count: u64::try_from(self.member_count).unwrap_or_default(),
            version: self.version,
            colors: self.presentation.colors(),
            metadata: self.presentation.metadata(),
            slug: self.presentation.slug,
        }
    }
}

macro_rules! organization_columns {
    () => {
        concat!(
            "SELECT o.id, o.name, o.name_key, o.domain, o.more_domains, o.alias_name, o.logo_url, o.enabled,
                o.requires_factor, o.managing_organization_id, o.version, o.created_at, o.updated_at,
                (SELECT string_agg(oa.application_id, ' ') FROM organization_application oa
                 WHERE oa.organization_id = o.id) AS app_ids,
                (SELECT CAST(COALESCE(SUM(c.value), 0) AS BIGINT) FROM counter c
                 WHERE c.subject = o.id || '/members') AS member_count, ",
            presentation_columns!(),
            " FROM organization o"
        )
    };
}
pub(super) use organization_columns;

/// The subject of an organization's member count.
pub fn members_counter(id: OrganizationId) -> String {
    format!("{id}/members")
}

/// Reads one organization.
///
/// # Errors
/// The database's.
pub async fn get(
    tx: &mut Tx,
    _permit: &Permit,
    id: OrganizationId,
) -> Result<Option<Organization>, sqlx::Error> {
    let row: Option<OrganizationRow> = tx
        .query(concat!(organization_columns!(), " WHERE o.id = $1"))
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.map(OrganizationRow::read))
}

/// Reads the organization of a folded name.
///
/// # Errors
/// The database's.
pub async fn get_by_name(
    tx: &mut Tx,
    _permit: &Permit,
    name: String,
) -> Result<Option<Organization>, sqlx::Error> {
    let row: Option<OrganizationRow> = tx
        .query(concat!(organization_columns!(), " WHERE o.name_key = $1"))
        .bind(name)
        .optional()
        .await?;
    Ok(row.map(OrganizationRow::read))
}

/// Reads the organization of a name in addresses.
///
/// # Errors
/// The database's.
pub async fn get_by_slug(
    tx: &mut Tx,
    _permit: &Permit,
    slug: String,
) -> Result<Option<Organization>, sqlx::Error> {
    let row: Option<OrganizationRow> = tx
        .query(concat!(organization_columns!(), " WHERE o.slug = $1"))
        .bind(slug)
        .optional()
        .await?;
    Ok(row.map(OrganizationRow::read))
}

/// What an organization's row says of itself.
#[derive(Debug, Clone)]
pub struct Details {
    pub name: String,
    pub domain: String,
    pub more_domains: Vec<Domain>,
    pub alias_name: Option<String>,
    pub enabled: bool,
    pub requires_factor: bool,
}

impl Details {
    fn more(&self) -> String {
        self.more_domains
            .iter()
            .map(Domain::as_str)
            .filter(|domain| *domain != self.domain)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn search_text(&self) -> String {
        let alias = self.alias_name.as_deref().unwrap_or_default();
        fold(&format!("{} {alias} {} {}", self.name, self.domain, self.more()))
    }
}

/// Adds an organization; `false` when one of its names is taken; look with [`super::presentations::are_taken`] first.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    _permit: &Permit,
    id: OrganizationId,
    (details, presentation): (&Details, &Presentation),
    now: i64,
    seed: u128,
) -> Result<bool, Fault> {
    let colors = &presentation.colors;
    let inserted = tx
        .query(
            "INSERT INTO organization (id, name, name_key, domain, more_domains, alias_name, enabled, search_text,
                                       admin_guard, version, created_at, updated_at, slug, logo_url, metadata,
                                       color_primary, color_page_background)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 1, $9, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(details.name.clone())
        .bind(fold(&details.name))
        .bind(details.domain.clone())
        .bind(details.more())
        .bind(details.alias_name.clone())
        .bind(details.enabled)
        .bind(details.search_text())
        .bind(now)
        .bind(presentation.slug.clone())
        .bind(presentation.logo_url.clone())
        .bind(presentation.metadata_text()?)
        .bind(colors.primary.as_ref().map(ToString::to_string))
        .bind(colors.page_background.as_ref().map(ToString::to_string))
        .execute()
        .await?;
    if inserted == 0 {
        return Ok(false);
    }
    super::teams::insert_default(tx, id, now).await?;
    counters::add(tx, counters::ORGANIZATIONS, 1, seed).await?;
    if !details.enabled {
        counters::add(tx, counters::DISABLED_ORGANIZATIONS, 1, seed).await?;
    }
    Ok(true)
}

/// Rewrites an organization's row.
///
/// # Errors
/// The database's.
pub async fn update(
    tx: &mut Tx,
    permit: &Permit,
    details: &Details,
    was_enabled: bool,
    now: i64,
    seed: u128,
) -> Result<(), Fault> {
    let id = permit.organization()?;
    tx.query(
        "UPDATE organization SET name = $2, name_key = $3, domain = $4, more_domains = $5, alias_name = $6, enabled = $7,
                search_text = $8, requires_factor = $10, version = version + 1, updated_at = $9 WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(details.name.clone())
    .bind(fold(&details.name))
    .bind(details.domain.clone())
    .bind(details.more())
    .bind(details.alias_name.clone())
    .bind(details.enabled)
    .bind(details.search_text())
    .bind(now)
    .bind(details.requires_factor)
    .execute()
    .await?;
    if !details.enabled {
        super::grants::end_of_organization(tx, id).await?;
    }
    if was_enabled != details.enabled {
        counters::add(
            tx,
            counters::DISABLED_ORGANIZATIONS,
            if details.enabled { -1 } else { 1 },
            seed,
        )
        .await?;
    }
    Ok(())
}

/// Says where the organization's logo is, or that it has none; its version moves.
///
/// # Errors
/// The database's.
pub async fn set_logo_url(tx: &mut Tx, permit: &Permit, url: Option<String>, now: i64) -> Result<(), Fault> {
    tx.query("UPDATE organization SET logo_url = $2, version = version + 1, updated_at = $3 WHERE id = $1")
        .bind(permit.organization()?.to_string())
        .bind(url)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Says that something of the organization changed: its version moves.
///
/// # Errors
/// The database's.
pub async fn touch(tx: &mut Tx, id: OrganizationId, now: i64) -> Result<(), sqlx::Error> {
    tx.query("UPDATE organization SET version = version + 1, updated_at = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(now)
        .execute()
        .await
        .map(|_| ())
}

/// Deletes an organization with its memberships, roles in it and invitations.
///
/// # Errors
/// The database's.
pub async fn delete(
    tx: &mut Tx,
    permit: &Permit,
    enabled: bool,
    members: u64,
    seed: u128,
) -> Result<(), Fault> {
    let id = permit.organization()?;
    tx.query("DELETE FROM organization WHERE id = $1")
        .bind(id.to_string())
        .execute()
        .await?;
    counters::forget(tx, &members_counter(id)).await?;
    counters::add(tx, counters::ORGANIZATIONS, -1, seed).await?;
    counters::add(
        tx,
        counters::MEMBERS,
        -i64::try_from(members).unwrap_or_default(),
        seed,
    )
    .await?;
    if !enabled {
        counters::add(tx, counters::DISABLED_ORGANIZATIONS, -1, seed).await?;
    }
    Ok(())
}

/// Waits for other changes of who administers the organization: until this transaction ends there is none.
///
/// # Errors
/// The database's.
pub async fn guard_admins(tx: &mut Tx, id: OrganizationId) -> Result<(), sqlx::Error> {
    tx.query("UPDATE organization SET admin_guard = admin_guard + 1 WHERE id = $1")
        .bind(id.to_string())
        .execute()
        .await
        .map(|_| ())
}

/// Whether there is such an organization.
///
/// # Errors
/// The database's.
pub async fn exists(tx: &mut Tx, id: OrganizationId) -> Result<bool, sqlx::Error> {
    tx.query("SELECT 1 FROM organization WHERE id = $1")
        .bind(id.to_string())
        .exists()
        .await
}
