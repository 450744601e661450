//! Permissions, roles and role groups of applications, and which of them organizations may give.

use guildhall::id::{ApplicationId, CustomRoleId, OrganizationId, RoleGroupId};
use guildhall::page::{Cursor, Limit, Order, Page};
use guildhall::roles::{AppPermission, Role, RoleGroup, RoleUse};
use guildhall::text::fold;

use super::Tx;
use super::page::{Window, keyset};
use crate::authorize::Permit;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
struct RoleRow {
    #[sqlx(try_from = "String")]
    id: CustomRoleId,
    #[sqlx(try_from = "String")]
    application_id: ApplicationId,
    name: String,
    name_key: String,
    display_name: Option<String>,
    description: Option<String>,
    version: i64,
    created_at: i64,
    updated_at: i64,
    permissions: Option<String>,
}

impl RoleRow {
    fn read(self) -> Role {
        let mut permissions: Vec<String> = self
            .permissions
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
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

macro_rules! columns {
    () => {
        "SELECT r.id, r.application_id, r.name, r.name_key, r.display_name, r.description, r.version, r.created_at,
                r.updated_at, (SELECT string_agg(rp.permission, ' ') FROM role_permission rp WHERE rp.role_id = r.id) AS permissions
         FROM role r"
    };
}

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
            concat!(columns!(), " WHERE r.application_id = $4"),
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
            columns!(),
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
        .query(concat!(columns!(), " WHERE r.application_id = $1 AND r.id = $2"))
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
    let row: Option<(i32,)> = tx
        .query("SELECT 1 FROM role WHERE application_id = $1 AND name_key = $2 AND id <> $3")
        .bind(permit.application()?.to_string())
        .bind(fold(name))
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.is_some())
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
        insert_permission(tx, permit, permission.as_str(), None).await?;
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

#[derive(sqlx::FromRow)]
struct PermissionRow {
    name: String,
    description: Option<String>,
}

/// The application's permissions by name.
///
/// # Errors
/// The database's.
pub async fn permissions(tx: &mut Tx, permit: &Permit) -> Result<Vec<AppPermission>, Fault> {
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
pub async fn insert_permission(
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
pub async fn delete_permission(tx: &mut Tx, permit: &Permit, name: &str) -> Result<bool, Fault> {
    let deleted = tx
        .query("DELETE FROM permission WHERE application_id = $1 AND name = $2")
        .bind(permit.application()?.to_string())
        .bind(name.to_owned())
        .execute()
        .await?;
    Ok(deleted == 1)
}

#[derive(sqlx::FromRow)]
struct GroupRow {
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
    fn read(self) -> RoleGroup {
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

/// Lists an application's role groups by name.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list_groups(
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
pub async fn get_group(tx: &mut Tx, permit: &Permit, id: RoleGroupId) -> Result<Option<RoleGroup>, Fault> {
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
pub async fn insert_group(
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
pub async fn group_name_is_taken(
    tx: &mut Tx,
    permit: &Permit,
    id: RoleGroupId,
    name: &str,
) -> Result<bool, Fault> {
    let row: Option<(i32,)> = tx
        .query("SELECT 1 FROM role_group WHERE application_id = $1 AND name_key = $2 AND id <> $3")
        .bind(permit.application()?.to_string())
        .bind(fold(name))
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.is_some())
}

/// Rewrites a role group's row.
///
/// # Errors
/// The database's.
pub async fn update_group(
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
pub async fn set_group_roles(
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
        let found: Option<(i32,)> = tx
            .query("SELECT 1 FROM role WHERE application_id = $1 AND id = $2")
            .bind(app.clone())
            .bind(role.to_string())
            .optional()
            .await?;
        if found.is_none() {
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
pub async fn delete_group(tx: &mut Tx, permit: &Permit, id: RoleGroupId) -> Result<(), Fault> {
    tx.query("DELETE FROM role_group WHERE application_id = $1 AND id = $2")
        .bind(permit.application()?.to_string())
        .bind(id.to_string())
        .execute()
        .await?;
    Ok(())
}

/// The role groups that an organization was given in the application.
///
/// # Errors
/// The database's.
pub async fn groups_of(tx: &mut Tx, permit: &Permit) -> Result<Vec<RoleGroup>, Fault> {
    let rows: Vec<GroupRow> = tx
        .query(concat!(
            group_columns!(),
            " JOIN organization_role_group x ON x.role_group_id = g.id
              WHERE x.organization_id = $1 AND g.application_id = $2 ORDER BY g.name_key, g.id LIMIT 200"
        ))
        .bind(permit.organization()?.to_string())
        .bind(permit.application()?.to_string())
        .all()
        .await?;
    Ok(rows.into_iter().map(GroupRow::read).collect())
}

/// The roles that an organization was given one by one in the application.
///
/// # Errors
/// The database's.
pub async fn direct_of(tx: &mut Tx, permit: &Permit) -> Result<Vec<Role>, Fault> {
    let rows: Vec<RoleRow> = tx
        .query(concat!(
            columns!(),
            " JOIN organization_role x ON x.role_id = r.id
              WHERE x.organization_id = $1 AND r.application_id = $2 ORDER BY r.name_key, r.id LIMIT 200"
        ))
        .bind(permit.organization()?.to_string())
        .bind(permit.application()?.to_string())
        .all()
        .await?;
    Ok(rows.into_iter().map(RoleRow::read).collect())
}

/// Replaces the role groups that an organization has in the application; answers the first that is none of it.
///
/// # Errors
/// The database's.
pub async fn set_groups_of(
    tx: &mut Tx,
    permit: &Permit,
    groups: &[RoleGroupId],
) -> Result<Option<usize>, Fault> {
    let (organization, app) = (
        permit.organization()?.to_string(),
        permit.application()?.to_string(),
    );
    tx.query("DELETE FROM organization_role_group WHERE organization_id = $1 AND application_id = $2")
        .bind(organization.clone())
        .bind(app.clone())
        .execute()
        .await?;
    for (at, group) in groups.iter().enumerate() {
        if get_group(tx, permit, *group).await?.is_none() {
            return Ok(Some(at));
        }
        tx.query(
            "INSERT INTO organization_role_group (organization_id, application_id, role_group_id) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING",
        )
        .bind(organization.clone())
        .bind(app.clone())
        .bind(group.to_string())
        .execute()
        .await?;
    }
    Ok(None)
}

/// Replaces the roles that an organization has one by one in the application; answers the first that is none of it.
///
/// # Errors
/// The database's.
pub async fn set_direct_of(
    tx: &mut Tx,
    permit: &Permit,
    roles: &[CustomRoleId],
) -> Result<Option<usize>, Fault> {
    let (organization, app) = (
        permit.organization()?.to_string(),
        permit.application()?.to_string(),
    );
    tx.query("DELETE FROM organization_role WHERE organization_id = $1 AND application_id = $2")
        .bind(organization.clone())
        .bind(app.clone())
        .execute()
        .await?;
    for (at, role) in roles.iter().enumerate() {
        if get(tx, permit, *role).await?.is_none() {
            return Ok(Some(at));
        }
        tx.query(
            "INSERT INTO organization_role (organization_id, application_id, role_id) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING",
        )
        .bind(organization.clone())
        .bind(app.clone())
        .bind(role.to_string())
        .execute()
        .await?;
    }
    Ok(None)
}

/// Which roles an organization may give: those of its role groups and those that it was given one by one.
macro_rules! assignable {
    ($role:literal, $organization:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM organization_role_group og JOIN role_group_role gr ON gr.role_group_id = og.role_group_id
                      WHERE og.organization_id = ",
            $organization,
            " AND gr.role_id = ",
            $role,
            ") OR EXISTS (SELECT 1 FROM organization_role d WHERE d.organization_id = ",
            $organization,
            " AND d.role_id = ",
            $role,
            "))"
        )
    };
}

/// The roles that an organization may give, with the application of each, by application and name.
///
/// # Errors
/// The database's.
pub async fn assignable(tx: &mut Tx, organization: OrganizationId) -> Result<Vec<Role>, sqlx::Error> {
    let rows: Vec<RoleRow> = tx
        .query(concat!(
            columns!(),
            " JOIN organization_application oa ON oa.application_id = r.application_id
              WHERE oa.organization_id = $1 AND ",
            assignable!("r.id", "$1"),
            " ORDER BY r.application_id, r.name_key, r.id LIMIT 1000"
        ))
        .bind(organization.to_string())
        .all()
        .await?;
    Ok(rows.into_iter().map(RoleRow::read).collect())
}

/// The application of a role that an organization may give; `None` when it may not.
///
/// # Errors
/// The database's.
pub async fn assignable_application(
    tx: &mut Tx,
    organization: OrganizationId,
    role: CustomRoleId,
) -> Result<Option<ApplicationId>, Fault> {
    let row: Option<(String,)> = tx
        .query(concat!(
            "SELECT r.application_id FROM role r
             JOIN organization_application oa ON oa.application_id = r.application_id AND oa.organization_id = $1
             WHERE r.id = $2 AND ",
            assignable!("r.id", "$1")
        ))
        .bind(organization.to_string())
        .bind(role.to_string())
        .optional()
        .await?;
    Ok(row
        .map(|(app,)| app.parse())
        .transpose()
        .map_err(anyhow::Error::from)?)
}

/// Takes from members the roles of an application that their organization may no longer give; answers how many.
/// Every change of role groups ends here, so that "roles within role groups" always holds.
///
/// # Errors
/// The database's.
pub async fn prune(
    tx: &mut Tx,
    app: ApplicationId,
    only: Option<OrganizationId>,
) -> Result<u64, sqlx::Error> {
    tx.query(concat!(
        "DELETE FROM member_role WHERE application_id = $1 AND (CAST($2 AS TEXT) IS NULL OR organization_id = $2)
         AND NOT ",
        assignable!("member_role.role_id", "member_role.organization_id")
    ))
    .bind(app.to_string())
    .bind(only.map(|id| id.to_string()))
    .execute()
    .await
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
pub async fn applications_of(
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
