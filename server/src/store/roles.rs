//! Roles of applications.

use guildhall::id::{ApplicationId, CustomRoleId};
use guildhall::page::{Cursor, Limit, Order, Page};
use guildhall::roles::{Role, RoleUse};
use guildhall::text::fold;

use super::page::{Window, keyset};
use super::{Tx, listed, permissions};
use crate::authorize::Permit;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
pub(super) struct RoleRow {
    #[sqlx(try_from = "String")]
    pub(super) id: CustomRoleId,
    #[sqlx(try_from = "String")]
    application_id: ApplicationId,
    name: String,
    pub(super) name_key: String,
    display_name: Option<String>,
    description: Option<String>,
    version: i64,
    created_at: i64,
    updated_at: i64,
    permissions: Option<String>,
}

impl RoleRow {
    pub(super) fn read(self) -> Role {
        let mut permissions = listed(&self.permissions.unwrap_or_default());
        permissions.sort();
        Role {
            role_id: self.id,
            app_id: self.application_id,
            role_name: self.name,
            display_name: self.display_name,
            description: self.description,
            permissions,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        }
    }
}

macro_rules! role_columns {
    () => {
        "SELECT r.id, r.application_id, r.name, r.name_key, r.display_name, r.description, r.version, r.created_at,
                r.updated_at, (SELECT string_agg(rp.permission, ' ') FROM role_permission rp WHERE rp.role_id = r.id) AS permissions
         FROM role r"
    };
}
pub(super) use role_columns;

/// Lists an application's roles by name.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(
    tx: &mut Tx,
    permit: &Permit,
    cursor: Option<&Cursor>,
    limit: Limit,
) -> Result<Page<Role>, Fault> {
    let window = Window::new("roles", Order::Ascending, cursor, limit)?;
    let rows: Vec<RoleRow> = tx
        .query(keyset!(
            window.descending(),
            concat!(role_columns!(), " WHERE r.application_id = $4"),
            "r.name_key",
            "r.id"
        ))
        .bind(window.key())
        .bind(window.id())
        .bind(window.fetch())
        .bind(permit.application()?.to_string())
        .all()
        .await?;
    Ok(window
        .page(rows, |row| (row.name_key.clone(), row.id.to_string()))
        .map(RoleRow::read))
}

/// The first 200 roles of an application, by name.
///
/// # Errors
/// The database's.
pub async fn all(tx: &mut Tx, app: ApplicationId) -> Result<Vec<Role>, sqlx::Error> {
    let rows: Vec<RoleRow> = tx
        .query(concat!(
            role_columns!(),
            " WHERE r.application_id = $1 ORDER BY r.name_key, r.id LIMIT 200"
        ))
        .bind(app.to_string())
        .all()
        .await?;
    Ok(rows.into_iter().map(RoleRow::read).collect())
}

/// Reads one role of the application.
///
/// # Errors
/// The database's.
pub async fn get(tx: &mut Tx, permit: &Permit, id: CustomRoleId) -> Result<Option<Role>, Fault> {
    let row: Option<RoleRow> = tx
        .query(concat!(
            role_columns!(),
            " WHERE r.application_id = $1 AND r.id = $2"
        ))
        .bind(permit.application()?.to_string())
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.map(RoleRow::read))
}

/// What a role's or a role group's row says of itself.
#[derive(Debug, Clone)]
pub struct Details {
    pub name: String,
    pub display_name: Option<String>,
    pub description: Option<String>,
}

/// Adds a role; `false` when the name is taken.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    permit: &Permit,
    id: CustomRoleId,
    details: &Details,
    now: i64,
) -> Result<bool, Fault> {
    let inserted = tx
        .query(
            "INSERT INTO role (id, application_id, name, name_key, display_name, description, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7) ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(permit.application()?.to_string())
        .bind(details.name.clone())
        .bind(fold(&details.name))
        .bind(details.display_name.clone())
        .bind(details.description.clone())
        .bind(now)
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// Whether another role of the application has the name.
///
/// # Errors
/// The database's.
pub async fn name_is_taken(
    tx: &mut Tx,
    permit: &Permit,
    id: CustomRoleId,
    name: &str,
) -> Result<bool, Fault> {
    let query = tx.query("SELECT 1 FROM role WHERE application_id = $1 AND name_key = $2 AND id <> $3");
    let within = permit.application()?.to_string();
    Ok(super::another_has(query, within, name, id.to_string()).await?)
}

/// Rewrites a role's row.
///
/// # Errors
/// The database's.
pub async fn update(
    tx: &mut Tx,
    permit: &Permit,
    id: CustomRoleId,
    details: &Details,
    now: i64,
) -> Result<(), Fault> {
    tx.query(
        "UPDATE role SET name = $3, name_key = $4, display_name = $5, description = $6, version = version + 1, updated_at = $7
         WHERE application_id = $1 AND id = $2",
    )
    .bind(permit.application()?.to_string())
    .bind(id.to_string())
    .bind(details.name.clone())
    .bind(fold(&details.name))
    .bind(details.display_name.clone())
    .bind(details.description.clone())
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Replaces a role's permissions; those that the application lacks are added to it.
///
/// # Errors
/// The database's.
pub async fn set_permissions(
    tx: &mut Tx,
    permit: &Permit,
    id: CustomRoleId,
    permissions: &[guildhall::contact::PermissionName],
) -> Result<(), Fault> {
    let app = permit.application()?.to_string();
    tx.query("DELETE FROM role_permission WHERE role_id = $1 AND application_id = $2")
        .bind(id.to_string())
        .bind(app.clone())
        .execute()
        .await?;
    for permission in permissions {
        permissions::insert(tx, permit, permission.as_str(), None).await?;
        tx.query(
            "INSERT INTO role_permission (role_id, application_id, permission) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(app.clone())
        .bind(permission.as_str().to_owned())
        .execute()
        .await?;
    }
    Ok(())
}

/// Takes a role from every member, group and organization, and deletes it.
///
/// # Errors
/// The database's.
pub async fn delete(tx: &mut Tx, permit: &Permit, id: CustomRoleId) -> Result<(), Fault> {
    tx.query("DELETE FROM member_role WHERE role_id = $1")
        .bind(id.to_string())
        .execute()
        .await?;
    tx.query("DELETE FROM role WHERE application_id = $1 AND id = $2")
        .bind(permit.application()?.to_string())
        .bind(id.to_string())
        .execute()
        .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct UseRow {
    #[sqlx(try_from = "String")]
    id: CustomRoleId,
    members: i64,
    organizations: i64,
    role_groups: i64,
}

/// Where each role of the application is in use; of one role only, where one is named.
///
/// # Errors
/// The database's.
pub async fn uses(tx: &mut Tx, permit: &Permit, only: Option<CustomRoleId>) -> Result<Vec<RoleUse>, Fault> {
    let rows: Vec<UseRow> = tx
        .query(
            "SELECT r.id,
                    (SELECT COUNT(*) FROM member_role m WHERE m.role_id = r.id) AS members,
                    (SELECT COUNT(DISTINCT m.organization_id) FROM member_role m WHERE m.role_id = r.id) AS organizations,
                    (SELECT COUNT(*) FROM role_group_role g WHERE g.role_id = r.id) AS role_groups
             FROM role r WHERE r.application_id = $1 AND (CAST($2 AS TEXT) IS NULL OR r.id = $2) ORDER BY r.name_key LIMIT 200",
        )
        .bind(permit.application()?.to_string())
        .bind(only.map(|id| id.to_string()))
        .all()
        .await?;
    let count = |n: i64| u64::try_from(n).unwrap_or_default();
    let read = |row: UseRow| RoleUse {
        role_id: row.id,
        members: count(row.members),
        organizations: count(row.organizations),
        role_groups: count(row.role_groups),
    };
    Ok(rows.into_iter().map(read).collect())
}
