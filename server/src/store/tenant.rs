//! The tenant's one row.

use guildhall::sessions::AdministeredOrganization;
use guildhall::tenant::TenantSettings;

use super::Tx;
use crate::authorize::Permit;
use crate::fault::Fault;

/// Makes the tenant's row where there is none.
///
/// # Errors
/// The database's.
pub async fn ensure(tx: &mut Tx, now: i64) -> Result<(), sqlx::Error> {
    tx.query("INSERT INTO tenant (id, name, version, updated_at) VALUES (1, 'Guildhall', 1, $1) ON CONFLICT (id) DO NOTHING")
        .bind(now)
        .execute()
        .await
        .map(|_| ())
}

/// Reads the settings.
///
/// # Errors
/// The database's.
pub async fn settings(tx: &mut Tx, _permit: &Permit) -> Result<TenantSettings, sqlx::Error> {
    let (name, self_registration, auto_approval, version): (String, bool, bool, i64) = tx
        .query("SELECT name, self_registration, auto_approval, version FROM tenant WHERE id = 1")
        .one()
        .await?;
    Ok(TenantSettings {
        name,
        self_registration,
        auto_approval,
        version,
    })
}

/// The tenant's name, as mails show it.
///
/// # Errors
/// The database's.
pub async fn name(tx: &mut Tx) -> Result<String, sqlx::Error> {
    let (name,): (String,) = tx.query("SELECT name FROM tenant WHERE id = 1").one().await?;
    Ok(name)
}

/// Writes the settings; their version moves.
///
/// # Errors
/// The database's.
pub async fn save(
    tx: &mut Tx,
    _permit: &Permit,
    settings: &TenantSettings,
    now: i64,
) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE tenant SET name = $1, self_registration = $3, auto_approval = $4, version = version + 1, updated_at = $2
         WHERE id = 1",
    )
    .bind(settings.name.clone())
    .bind(now)
    .bind(settings.self_registration)
    .bind(settings.auto_approval)
    .execute()
    .await
    .map(|_| ())
}

/// Keeps the fingerprint of the set-up link's token, in place of an earlier one.
///
/// # Errors
/// The database's.
pub async fn set_setup_token(tx: &mut Tx, token_hash: Option<String>) -> Result<(), sqlx::Error> {
    tx.query("UPDATE tenant SET setup_token_hash = $1 WHERE id = 1")
        .bind(token_hash)
        .execute()
        .await
        .map(|_| ())
}

/// Uses up the set-up link: whether the fingerprint was the current one.
///
/// # Errors
/// The database's.
pub async fn take_setup_token(tx: &mut Tx, token_hash: String) -> Result<bool, sqlx::Error> {
    let taken = tx
        .query("UPDATE tenant SET setup_token_hash = NULL WHERE id = 1 AND setup_token_hash = $1")
        .bind(token_hash)
        .execute()
        .await?;
    Ok(taken == 1)
}

/// Whether the fingerprint is that of the current set-up link.
///
/// # Errors
/// The database's.
pub async fn is_setup_token(tx: &mut Tx, token_hash: &str) -> Result<bool, sqlx::Error> {
    tx.query("SELECT 1 FROM tenant WHERE id = 1 AND setup_token_hash = $1")
        .bind(token_hash.to_owned())
        .exists()
        .await
}

/// Waits for other changes of who administers the tenant: until this transaction ends there is none.
///
/// # Errors
/// The database's.
pub async fn guard_admins(tx: &mut Tx) -> Result<(), sqlx::Error> {
    tx.query("UPDATE tenant SET id = 1 WHERE id = 1")
        .execute()
        .await
        .map(|_| ())
}

/// How many people administer the tenant and can sign in.
///
/// # Errors
/// The database's.
pub async fn count_admins(tx: &mut Tx) -> Result<i64, sqlx::Error> {
    let (admins,): (i64,) = tx
        // Apart, or SQLite would look through everybody who is active instead of the few administrators.
        .query(
            "WITH administrator AS MATERIALIZED (SELECT status, password_hash FROM person WHERE tenant_admin)
             SELECT COUNT(*) FROM administrator WHERE status = 'Active' AND password_hash IS NOT NULL",
        )
        .one()
        .await?;
    Ok(admins)
}

#[derive(sqlx::FromRow)]
struct OrganizationName {
    id: String,
    name: String,
    logo_url: Option<String>,
}

/// Enabled organizations without an enabled administrator, by name.
///
/// # Errors
/// The database's.
pub async fn without_admin(tx: &mut Tx, _permit: &Permit) -> Result<Vec<AdministeredOrganization>, Fault> {
    let rows: Vec<OrganizationName> = tx
        .query(
            "SELECT o.id, o.name, o.logo_url FROM organization o
             WHERE o.enabled AND NOT EXISTS (
                 SELECT 1 FROM member_role r
                 JOIN membership m ON m.organization_id = r.organization_id AND m.person_id = r.person_id
                 WHERE r.role_id = 'Organization Admin' AND r.organization_id = o.id AND m.status = 'Active')
             ORDER BY o.name_key LIMIT 10",
        )
        .all()
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(AdministeredOrganization {
                organization_id: row.id.parse().map_err(anyhow::Error::from)?,
                name: row.name,
                logo_url: row.logo_url,
            })
        })
        .collect()
}
