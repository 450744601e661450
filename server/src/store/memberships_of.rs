//! The memberships of one person.

use guildhall::id::{OrganizationId, UserId};
use guildhall::members::{ListMemberships, Membership};
use guildhall::page::{Order, Page};
use guildhall::sessions::{AdministeredOrganization, MOST_ADMINISTERED};

use super::Tx;
use super::member_row::{read_roles, roles_column, status_of};
use super::page::{Window, keyset};
use crate::authorize::Permit;
use crate::fault::Fault;

/// The organizations in which somebody can act: those in which they are an administrator, then those in which they are none.
///
/// # Errors
/// The database's.
pub async fn open_to(
    tx: &mut Tx,
    person: UserId,
) -> Result<(Vec<AdministeredOrganization>, Vec<AdministeredOrganization>), Fault> {
    let rows: Vec<(String, String, Option<String>, Option<String>)> = tx
        .query(
            "SELECT o.id, o.name, o.logo_url, r.role_id FROM membership m JOIN organization o ON o.id = m.organization_id
             LEFT JOIN member_role r ON r.organization_id = m.organization_id AND r.person_id = m.person_id
                                    AND r.role_id = 'Organization Admin'
             WHERE m.person_id = $1 AND m.status = 'Active' AND o.enabled
             ORDER BY CASE WHEN r.role_id IS NULL THEN 1 ELSE 0 END, o.name_key LIMIT $2",
        )
        .bind(person.to_string())
        .bind(i64::from(MOST_ADMINISTERED))
        .all()
        .await?;
    let (mut administers, mut member_of) = (Vec::new(), Vec::new());
    for (id, name, logo_url, admin) in rows {
        let organization = AdministeredOrganization {
            organization_id: id.parse().map_err(anyhow::Error::from)?,
            name,
            logo_url,
        };
        if admin.is_some() {
            administers.push(organization);
        } else {
            member_of.push(organization);
        }
    }
    Ok((administers, member_of))
}

#[derive(sqlx::FromRow)]
struct MembershipRow {
    #[sqlx(try_from = "String")]
    organization_id: OrganizationId,
    name: String,
    name_key: String,
    domain: String,
    enabled: bool,
    status: String,
    joined_at: i64,
    roles: Option<String>,
}

/// Lists the organizations of a person by name, as far as the caller sees them.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn of_person(
    tx: &mut Tx,
    permit: &Permit,
    op: &ListMemberships,
) -> Result<Page<Membership>, Fault> {
    let window = Window::new("memberships", Order::Ascending, op.cursor.as_ref(), op.limit)?;
    let only = permit.only_application();
    let rows: Vec<MembershipRow> = tx
        .query(keyset!(
            window.descending(),
            concat!(
                "SELECT m.organization_id, o.name, o.name_key, o.domain, o.enabled, m.status, m.created_at AS joined_at, ",
                roles_column!(),
                " FROM membership m JOIN organization o ON o.id = m.organization_id
                  WHERE m.person_id = $4 AND (CAST($5 AS TEXT) IS NULL OR m.organization_id = $5)
                    AND (CAST($6 AS TEXT) IS NULL OR m.organization_id = $6)
                    AND (CAST($7 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM member_role f
                         WHERE f.organization_id = m.organization_id AND f.person_id = m.person_id AND f.application_id = $7))"
            ),
            "o.name_key",
            "o.id"
        ))
        .bind(window.key())
        .bind(window.id())
        .bind(window.fetch())
        .bind(permit.person()?.to_string())
        .bind(op.organization_id.map(|id| id.to_string()))
        .bind(permit.only_organization().map(|id| id.to_string()))
        .bind(only.map(|id| id.to_string()))
        .all()
        .await?;
    let page = window.page(rows, |row| {
        (row.name_key.clone(), row.organization_id.to_string())
    });
    Ok(page.map(|row| Membership {
        organization_id: row.organization_id,
        name: row.name,
        domain: row.domain,
        enabled: row.enabled,
        member_status: status_of(&row.status),
        roles: read_roles(row.roles.as_deref(), only),
        joined_at: row.joined_at,
    }))
}

/// The organizations in which somebody is an administrator who can act, disabled organizations included.
///
/// # Errors
/// The database's.
pub async fn admin_in(tx: &mut Tx, person: UserId) -> Result<Vec<OrganizationId>, Fault> {
    let rows: Vec<(String,)> = tx
        .query(
            "SELECT m.organization_id FROM membership m
             JOIN member_role r ON r.organization_id = m.organization_id AND r.person_id = m.person_id
                               AND r.role_id = 'Organization Admin'
             WHERE m.person_id = $1 AND m.status = 'Active' ORDER BY m.organization_id",
        )
        .bind(person.to_string())
        .all()
        .await?;
    super::ids(rows)
}
