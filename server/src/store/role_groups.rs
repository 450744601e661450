//! Role groups of applications.

use guildhall::id::{ApplicationId, CustomRoleId, RoleGroupId};
use guildhall::page::{Cursor, Limit, Order, Page};
use guildhall::roles::RoleGroup;
use guildhall::text::fold;

use super::Tx;
use super::page::{Window, keyset};
use super::roles::Details;
use crate::authorize::Permit;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
pub(super) struct GroupRow {
    #[sqlx(try_from = "String")]
    id: RoleGroupId,
    #[sqlx(try_from = "String")]
    application_id: ApplicationId,
    name: String,
    name_key: String,
    display_name: Option<String>,
    description: Option<String>,
    version: i64,
    created_at: i64,
    updated_at: i64,
    role_ids: Option<String>,
    organization_count: i64,
}

impl GroupRow {
    pub(super) fn read(self) -> RoleGroup {
        let mut role_ids: Vec<CustomRoleId> = self
            .role_ids
            .unwrap_or_default()
            .split(' ')
            .filter_map(|id| id.parse().ok())
            .collect();
        role_ids.sort();
        RoleGroup {
            role_group_id: self.id,
            app_id: self.application_id,
            name: self.name,
            display_name: self.display_name,
            description: self.description,
            role_ids,
            organization_count: u64::try_from(self.organization_count).unwrap_or_default(),
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        }
    }
}

macro_rules! group_columns {
    () => {
        "SELECT g.id, g.application_id, g.name, g.name_key, g.display_name, g.description, g.version, g.created_at,
                g.updated_at, (SELECT string_agg(gr.role_id, ' ') FROM role_group_role gr WHERE gr.role_group_id = g.id) AS role_ids,
                (SELECT COUNT(*) FROM organization_role_group og WHERE og.role_group_id = g.id) AS organization_count
         FROM role_group g"
    };
}
pub(super) use group_columns;

/// Lists an application's role groups by name.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(
    tx: &mut Tx,
    permit: &Permit,
    cursor: Option<&Cursor>,
    limit: Limit,
) -> Result<Page<RoleGroup>, Fault> {
    let window = Window::new("role_groups", Order::Ascending, cursor, limit)?;
    let rows: Vec<GroupRow> = tx
        .query(keyset!(
            window.descending(),
            concat!(group_columns!(), " WHERE g.application_id = $4"),
            "g.name_key",
            "g.id"
        ))
        .bind(window.key())
        .bind(window.id())
        .bind(window.fetch())
        .bind(permit.application()?.to_string())
        .all()
        .await?;
    Ok(window
        .page(rows, |row| (row.name_key.clone(), row.id.to_string()))
        .map(GroupRow::read))
}

/// Reads one role group of the application.
///
/// # Errors
/// The database's.
pub async fn get(tx: &mut Tx, permit: &Permit, id: RoleGroupId) -> Result<Option<RoleGroup>, Fault> {
    let row: Option<GroupRow> = tx
        .query(concat!(
            group_columns!(),
            " WHERE g.application_id = $1 AND g.id = $2"
        ))
        .bind(permit.application()?.to_string())
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.map(GroupRow::read))
}

/// Adds a role group; `false` when the name is taken.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    permit: &Permit,
    id: RoleGroupId,
    details: &Details,
    now: i64,
) -> Result<bool, Fault> {
    let inserted = tx
        .query(
            "INSERT INTO role_group (id, application_id, name, name_key, display_name, description, version, created_at, updated_at)
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

/// Whether another role group of the application has the name.
///
/// # Errors
/// The database's.
pub async fn name_is_taken(tx: &mut Tx, permit: &Permit, id: RoleGroupId, name: &str) -> Result<bool, Fault> {
    let query = tx.query("SELECT 1 FROM role_group WHERE application_id = $1 AND name_key = $2 AND id <> $3");
    let within = permit.application()?.to_string();
    Ok(super::another_has(query, within, name, id.to_string()).await?)
}

/// Rewrites a role group's row.
///
/// # Errors
/// The database's.
pub async fn update(
    tx: &mut Tx,
    permit: &Permit,
    id: RoleGroupId,
    details: &Details,
    now: i64,
) -> Result<(), Fault> {
    tx.query(
        "UPDATE role_group SET name = $3, name_key = $4, display_name = $5, description = $6, version = version + 1,
                updated_at = $7 WHERE application_id = $1 AND id = $2",
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

/// Replaces a role group's roles; answers the first that is no role of the application.
///
/// # Errors
/// The database's.
pub async fn set_roles(
    tx: &mut Tx,
    permit: &Permit,
    id: RoleGroupId,
    roles: &[CustomRoleId],
) -> Result<Option<usize>, Fault> {
    let app = permit.application()?.to_string();
    tx.query("DELETE FROM role_group_role WHERE role_group_id = $1")
        .bind(id.to_string())
        .execute()
        .await?;
    for (at, role) in roles.iter().enumerate() {
        let found = tx
            .query("SELECT 1 FROM role WHERE application_id = $1 AND id = $2")
            .bind(app.clone())
            .bind(role.to_string())
            .exists()
            .await?;
        if !found {
            return Ok(Some(at));
        }
        tx.query(
            "INSERT INTO role_group_role (role_group_id, role_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(role.to_string())
        .execute()
        .await?;
    }
    Ok(None)
}

/// Deletes a role group.
///
/// # Errors
/// The database's.
pub async fn delete(tx: &mut Tx, permit: &Permit, id: RoleGroupId) -> Result<(), Fault> {
    tx.query("DELETE FROM role_group WHERE application_id = $1 AND id = $2")
        .bind(permit.application()?.to_string())
        .bind(id.to_string())
        .execute()
        .await?;
    Ok(())
}
