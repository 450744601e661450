//! Permissions of applications.

use guildhall::roles::AppPermission;

use super::Tx;
use crate::authorize::Permit;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
struct PermissionRow {
    name: String,
    description: Option<String>,
}

/// The application's permissions by name.
///
/// # Errors
/// The database's.
pub async fn list(tx: &mut Tx, permit: &Permit) -> Result<Vec<AppPermission>, Fault> {
    let rows: Vec<PermissionRow> = tx
        .query("SELECT name, description FROM permission WHERE application_id = $1 ORDER BY name LIMIT 1000")
        .bind(permit.application()?.to_string())
        .all()
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| AppPermission {
            name: row.name,
            description: row.description,
        })
        .collect())
}

/// Adds a permission; `false` when the application has it.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    permit: &Permit,
    name: &str,
    description: Option<String>,
) -> Result<bool, Fault> {
    let inserted = tx
        .query("INSERT INTO permission (application_id, name, description) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(permit.application()?.to_string())
        .bind(name.to_owned())
        .bind(description)
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// The names of up to five roles that have a permission.
///
/// # Errors
/// The database's.
pub async fn roles_with(tx: &mut Tx, permit: &Permit, permission: &str) -> Result<Vec<String>, Fault> {
    let rows: Vec<(String,)> = tx
        .query(
            "SELECT r.name FROM role_permission rp JOIN role r ON r.id = rp.role_id
             WHERE rp.application_id = $1 AND rp.permission = $2 ORDER BY r.name_key LIMIT 5",
        )
        .bind(permit.application()?.to_string())
        .bind(permission.to_owned())
        .all()
        .await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Deletes a permission that no role has; `false` when there is none.
///
/// # Errors
/// The database's.
pub async fn delete(tx: &mut Tx, permit: &Permit, name: &str) -> Result<bool, Fault> {
    let deleted = tx
        .query("DELETE FROM permission WHERE application_id = $1 AND name = $2")
        .bind(permit.application()?.to_string())
        .bind(name.to_owned())
        .execute()
        .await?;
    Ok(deleted == 1)
}
