//! What people may do in an application: in which organizations they can use it, and as what.

use guildhall::id::{ApplicationId, OrganizationId, UserId};
use guildhall::text::fold;

use super::Tx;
use super::presentations::called;
use crate::fault::Fault;

/// Organizations that are looked at for one person.
const MOST: i64 = 200;

/// A membership of a person, as far as an application's door needs to know.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Entry {
    #[sqlx(try_from = "String")]
    pub organization_id: OrganizationId,
    pub name: String,
    pub logo_url: Option<String>,
    pub organization_enabled: bool,
    /// The organization asks for a second factor.
    pub requires_factor: bool,
    /// The membership's: Active, Pending, Suspended, Disabled.
    pub status: String,
    /// Present where the organization has the application.
    pub application_id: Option<String>,
}

/// The memberships of a person by name: all, or the one in an organization that is called by its id or name.
///
/// # Errors
/// The database's.
pub async fn entries(
    tx: &mut Tx,
    person: UserId,
    app: ApplicationId,
    organization: Option<&str>,
) -> Result<Vec<Entry>, sqlx::Error> {
    tx.query(concat!(
        "SELECT o.id AS organization_id, o.name, o.logo_url, o.enabled AS organization_enabled, o.requires_factor,
                m.status, oa.application_id
         FROM membership m JOIN organization o ON o.id = m.organization_id
         LEFT JOIN organization_application oa ON oa.organization_id = o.id AND oa.application_id = $2
         WHERE m.person_id = $1 AND (CAST($3 AS TEXT) IS NULL OR o.id = ",
        called!("$3", "$4"),
        ")
         ORDER BY o.name_key, o.id LIMIT $5"
    ))
    .bind(person.to_string())
    .bind(app.to_string())
    .bind(organization.map(str::to_owned))
    .bind(organization.map(fold))
    .bind(MOST)
    .all()
    .await
}

/// A member's roles in an application, by their technical names, and the permissions that come with them.
///
/// # Errors
/// The database's.
pub async fn roles_and_permissions(
    tx: &mut Tx,
    organization: OrganizationId,
    person: UserId,
    app: ApplicationId,
) -> Result<(Vec<String>, Vec<String>), Fault> {
    let rows: Vec<(String, Option<String>)> = tx
        .query(
            "SELECT r.name, rp.permission FROM member_role mr JOIN role r ON r.id = mr.role_id
             LEFT JOIN role_permission rp ON rp.role_id = r.id
             WHERE mr.organization_id = $1 AND mr.person_id = $2 AND mr.application_id = $3
             ORDER BY r.name_key, rp.permission",
        )
        .bind(organization.to_string())
        .bind(person.to_string())
        .bind(app.to_string())
        .all()
        .await?;
    let (mut roles, mut permissions) = (Vec::new(), Vec::new());
    for (role, permission) in rows {
        if roles.last() != Some(&role) {
            roles.push(role);
        }
        permissions.extend(permission);
    }
    permissions.sort_unstable();
    permissions.dedup();
    Ok((roles, permissions))
}
