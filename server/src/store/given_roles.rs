//! Roles of applications as members have them, and who may be made a member.

use guildhall::assigning::GivenRole;
use guildhall::id::{ApplicationId, CustomRoleId, OrganizationId, RoleId, UserId};

use super::Tx;
use super::db::{Hold, Lock};
use crate::authorize::Permit;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
struct GivenRow {
    #[sqlx(try_from = "String")]
    id: CustomRoleId,
    #[sqlx(try_from = "String")]
    application_id: ApplicationId,
    name: String,
    description: Option<String>,
}

/// The roles of applications that a member has, by name.
///
/// # Errors
/// The database's.
pub async fn of_member(tx: &mut Tx, permit: &Permit, person: UserId) -> Result<Vec<GivenRole>, Fault> {
    let rows: Vec<GivenRow> = tx
        .query(
            "SELECT r.id, r.application_id, r.name, r.description FROM member_role mr JOIN role r ON r.id = mr.role_id
             WHERE mr.organization_id = $1 AND mr.person_id = $2
               AND (CAST($3 AS TEXT) IS NULL OR mr.application_id = $3)
             ORDER BY r.name_key, r.id",
        )
        .bind(permit.organization()?.to_string())
        .bind(person.to_string())
        .bind(permit.only_application().map(|app| app.to_string()))
        .all()
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| GivenRole {
            role_id: row.id,
            app_id: row.application_id,
            role_name: row.name,
            description: row.description,
        })
        .collect())
}

/// The application of a role; `None` where there is no such role.
///
/// # Errors
/// The database's.
pub async fn application_of(
    tx: &mut Tx,
    permit: &Permit,
    role: CustomRoleId,
) -> Result<Option<ApplicationId>, Fault> {
    let found = applications_of(tx, permit, &[role]).await?;
    Ok(found.first().map(|(_, app)| *app))
}

/// Those of some roles that there are, each with its application.
///
/// # Errors
/// The database's.
pub async fn applications_of(
    tx: &mut Tx,
    _permit: &Permit,
    roles: &[CustomRoleId],
) -> Result<Vec<(CustomRoleId, ApplicationId)>, Fault> {
    const AT_ONCE: usize = 10;
    let mut found = Vec::with_capacity(roles.len());
    for some in roles.chunks(AT_ONCE) {
        let mut query = tx.query(
            "SELECT id, application_id FROM role WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ORDER BY id",
        );
        for at in 0..AT_ONCE {
            query = query.bind(some.get(at).map(ToString::to_string));
        }
        let rows: Vec<(String, String)> = query.all().await?;
        for (role, app) in rows {
            found.push((
                role.parse().map_err(anyhow::Error::from)?,
                app.parse().map_err(anyhow::Error::from)?,
            ));
        }
    }
    Ok(found)
}

/// Lets the organization give a role of an application that it has; `false` where it may already.
///
/// # Errors
/// The database's.
pub async fn let_give(
    tx: &mut Tx,
    permit: &Permit,
    role: CustomRoleId,
    app: ApplicationId,
) -> Result<bool, Fault> {
    tx.hold(Lock::AssignableRoles, Hold::Shared).await?;
    let added = tx
        .query(
            "INSERT INTO organization_role (organization_id, application_id, role_id) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING",
        )
        .bind(permit.organization()?.to_string())
        .bind(app.to_string())
        .bind(role.to_string())
        .execute()
        .await?;
    Ok(added == 1)
}

/// The application that the tenant has for roles of none in particular, if it is still there.
///
/// # Errors
/// The database's.
pub async fn common_application(tx: &mut Tx) -> Result<Option<ApplicationId>, Fault> {
    let row: Option<(String,)> = tx
        .query("SELECT a.id FROM tenant t JOIN application a ON a.id = t.roles_application_id WHERE t.id = 1")
        .optional()
        .await?;
    Ok(super::ids(row.into_iter().collect())?.pop())
}

/// Keeps which application the tenant has for such roles.
///
/// # Errors
/// The database's.
pub async fn set_common_application(
    tx: &mut Tx,
    _permit: &Permit,
    app: ApplicationId,
) -> Result<(), sqlx::Error> {
    tx.query("UPDATE tenant SET roles_application_id = $1 WHERE id = 1")
        .bind(app.to_string())
        .execute()
        .await
        .map(|_| ())
}

/// Gives a member a role; the application is absent for a built-in one.
///
/// # Errors
/// The database's.
pub async fn add_role(
    tx: &mut Tx,
    permit: &Permit,
    person: UserId,
    role: RoleId,
    app: Option<ApplicationId>,
) -> Result<(), Fault> {
    give_role(tx, permit.organization()?, person, role, app).await
}

/// The same for whoever accepts an invitation into the organization.
///
/// # Errors
/// The database's.
pub async fn give_role(
    tx: &mut Tx,
    organization: OrganizationId,
    person: UserId,
    role: RoleId,
    app: Option<ApplicationId>,
) -> Result<(), Fault> {
    tx.query(
        "INSERT INTO member_role (organization_id, person_id, role_id, application_id) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(organization.to_string())
    .bind(person.to_string())
    .bind(role.to_string())
    .bind(app.map(|id| id.to_string()))
    .later()
    .await?;
    Ok(())
}

/// Takes a role from a member.
///
/// # Errors
/// The database's.
pub async fn remove_role(tx: &mut Tx, permit: &Permit, person: UserId, role: RoleId) -> Result<bool, Fault> {
    let removed = tx
        .query("DELETE FROM member_role WHERE organization_id = $1 AND person_id = $2 AND role_id = $3")
        .bind(permit.organization()?.to_string())
        .bind(person.to_string())
        .bind(role.to_string())
        .execute()
        .await?;
    Ok(removed == 1)
}

/// Takes from a member all roles in an application.
///
/// # Errors
/// The database's.
pub async fn remove_roles_in(
    tx: &mut Tx,
    permit: &Permit,
    person: UserId,
    app: ApplicationId,
) -> Result<(), Fault> {
    tx.query("DELETE FROM member_role WHERE organization_id = $1 AND person_id = $2 AND application_id = $3")
        .bind(permit.organization()?.to_string())
        .bind(person.to_string())
        .bind(app.to_string())
        .later()
        .await?;
    Ok(())
}

/// How many administrators of an organization can act: whoever was only invited, is suspended or disabled cannot.
///
/// # Errors
/// The database's.
pub async fn count_admins(tx: &mut Tx, organization: OrganizationId) -> Result<i64, sqlx::Error> {
    let (admins,): (i64,) = tx
        .query(
            "SELECT COUNT(*) FROM member_role r
             JOIN membership m ON m.organization_id = r.organization_id AND m.person_id = r.person_id
             WHERE r.role_id = 'Organization Admin' AND r.organization_id = $1 AND m.status = 'Active'",
        )
        .bind(organization.to_string())
        .one()
        .await?;
    Ok(admins)
}
