//! Which roles organizations may give: through role groups, and one by one.

use guildhall::id::{ApplicationId, CustomRoleId, OrganizationId, RoleGroupId};
use guildhall::roles::{Role, RoleGroup};

use super::Tx;
use super::db::{Hold, Lock};
use super::role_groups::{self, GroupRow, group_columns};
use super::roles::{self, RoleRow, role_columns};
use crate::authorize::Permit;
use crate::fault::Fault;

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
            role_columns!(),
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
        if role_groups::get(tx, permit, *group).await?.is_none() {
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
        if roles::get(tx, permit, *role).await?.is_none() {
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
            role_columns!(),
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

/// Those of some roles that an organization may give, each with its application.
///
/// # Errors
/// The database's.
pub async fn assignable_among(
    tx: &mut Tx,
    organization: OrganizationId,
    roles: &[CustomRoleId],
) -> Result<Vec<(CustomRoleId, ApplicationId)>, Fault> {
    const AT_ONCE: usize = 4;
    let mut among = Vec::with_capacity(roles.len());
    for some in roles.chunks(AT_ONCE) {
        let mut query = tx
            .query(concat!(
                "SELECT r.id, r.application_id FROM role r
                 JOIN organization_application oa ON oa.application_id = r.application_id AND oa.organization_id = $1
                 WHERE r.id IN ($2, $3, $4, $5) AND ",
                assignable!("r.id", "$1")
            ))
            .bind(organization.to_string());
        for at in 0..AT_ONCE {
            query = query.bind(some.get(at).map(ToString::to_string));
        }
        let rows: Vec<(String, String)> = query.all().await?;
        for (role, app) in rows {
            among.push((
                role.parse().map_err(anyhow::Error::from)?,
                app.parse().map_err(anyhow::Error::from)?,
            ));
        }
    }
    Ok(among)
}

/// Takes from members the roles of an application that their organization may no longer give, and from invitations through
/// clients, too. Every change of role groups ends here, so that "roles within role groups" always holds.
///
/// # Errors
/// The database's.
pub async fn prune(tx: &mut Tx, app: ApplicationId, only: Option<OrganizationId>) -> Result<(), Fault> {
    // Whoever gives a role at this moment ends first, or sees what there is now.
    tx.hold(Lock::AssignableRoles, Hold::Exclusive).await?;
    tx.query(concat!(
        "DELETE FROM member_role WHERE application_id = $1 AND (CAST($2 AS TEXT) IS NULL OR organization_id = $2)
         AND NOT ",
        assignable!("member_role.role_id", "member_role.organization_id")
    ))
    .bind(app.to_string())
    .bind(only.map(|id| id.to_string()))
    .execute()
    .await?;
    prune_invitations(tx, app, only).await
}

/// Takes from invitations through clients that wait the roles of an application that their organization may no longer give:
/// given it again later, nobody gets them by an old link.
///
/// # Errors
/// The database's.
pub(super) async fn prune_invitations(
    tx: &mut Tx,
    app: ApplicationId,
    only: Option<OrganizationId>,
) -> Result<(), Fault> {
    let rows: Vec<(String, String, String)> = tx
        .query(concat!(
            "SELECT i.id, i.role_ids, r.id FROM invitation i
             JOIN role r ON r.application_id = $1 AND i.role_ids LIKE '%\"' || r.id || '\"%'
             WHERE i.status = 'pending' AND i.client_id IS NOT NULL
               AND (CAST($2 AS TEXT) IS NULL OR i.organization_id = $2) AND NOT ",
            assignable!("r.id", "i.organization_id"),
            " ORDER BY i.id, r.id"
        ))
        .bind(app.to_string())
        .bind(only.map(|id| id.to_string()))
        .all()
        .await?;
    for of_one in rows.chunk_by(|(one, ..), (other, ..)| one == other) {
        let Some((id, named, _)) = of_one.first() else {
            continue;
        };
        let mut roles: Vec<String> = serde_json::from_str(named)?;
        roles.retain(|role| !of_one.iter().any(|(_, _, lost)| lost == role));
        tx.query("UPDATE invitation SET role_ids = $2 WHERE id = $1 AND status = 'pending'")
            .bind(id.clone())
            .bind(serde_json::to_string(&roles)?)
            .execute()
            .await?;
    }
    Ok(())
}
