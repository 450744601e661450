//! Which applications organizations have.

use guildhall::id::{ApplicationId, OrganizationId};

use super::Tx;
use super::db::{Hold, Lock};
use crate::authorize::Permit;
use crate::fault::Fault;

/// Gives an organization an application; `false` when it has it already.
///
/// # Errors
/// The database's.
pub async fn add(
    tx: &mut Tx,
    _permit: &Permit,
    id: OrganizationId,
    app: ApplicationId,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let added = tx
        .query(
            "INSERT INTO organization_application (organization_id, application_id, created_at) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(app.to_string())
        .bind(now)
        .execute()
        .await?;
    Ok(added == 1)
}

/// Takes an application from an organization, with what hangs on it: role groups, roles, the members' roles in it, and those
/// that invitations through other applications' clients name.
///
/// # Errors
/// The database's.
pub async fn remove(tx: &mut Tx, permit: &Permit, app: ApplicationId) -> Result<bool, Fault> {
    tx.hold(Lock::AssignableRoles, Hold::Exclusive).await?;
    let id = permit.organization()?;
    tx.query("DELETE FROM member_role WHERE organization_id = $1 AND application_id = $2")
        .bind(id.to_string())
        .bind(app.to_string())
        .execute()
        .await?;
    let removed = tx
        .query("DELETE FROM organization_application WHERE organization_id = $1 AND application_id = $2")
        .bind(id.to_string())
        .bind(app.to_string())
        .execute()
        .await?;
    super::organization_roles::prune_invitations(tx, app, Some(id)).await?;
    Ok(removed == 1)
}

#[derive(sqlx::FromRow)]
struct AppName {
    #[sqlx(try_from = "String")]
    id: ApplicationId,
    name: String,
}

/// The applications that an organization has, by name.
///
/// # Errors
/// The database's.
pub async fn list(
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<Vec<(ApplicationId, String)>, sqlx::Error> {
    let rows: Vec<AppName> = tx
        .query(
            "SELECT a.id, a.name FROM organization_application oa JOIN application a ON a.id = oa.application_id
             WHERE oa.organization_id = $1 ORDER BY a.name_key",
        )
        .bind(organization.to_string())
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}
