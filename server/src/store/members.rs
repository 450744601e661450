//! Members: people as an organization sees them, with the roles that they have in it.

use guildhall::id::{ApplicationId, OrganizationId, RoleId, UserId};
use guildhall::members::{ListMembers, Member, MemberSort, MemberStatus};
use guildhall::page::{Order, Page};

pub use super::member_row::Known;
use super::member_row::{MemberRow, member_columns, roles_column};
use super::organizations::members_counter;
use super::page::{self, Window, keyset};
use super::people::person_columns;
use super::{Tx, counters};
use crate::authorize::Permit;
use crate::fault::Fault;

fn status_text(status: MemberStatus) -> &'static str {
    match status {
        MemberStatus::Active => "Active",
        MemberStatus::Pending => "Pending",
        MemberStatus::Suspended => "Suspended",
        MemberStatus::Disabled => "Disabled",
    }
}

macro_rules! filters {
    ($search:literal, $status:literal, $app:literal, $only:literal, $typed:literal) => {
        concat!(
            " AND (CAST(", $search, " AS TEXT) IS NULL OR m.search_text LIKE ", $search, " ESCAPE '\\' OR m.person_id = ", $search, ")
              AND (CAST(", $status, " AS TEXT) IS NULL OR ", $status, " = CASE
                   WHEN m.accepted OR CAST(", $typed, " AS TEXT) IS NULL THEN m.status
                   WHEN m.enabled THEN 'Pending' ELSE 'Suspended' END)
              AND (CAST(", $app, " AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM member_role f
                   WHERE f.organization_id = m.organization_id AND f.person_id = m.person_id AND f.application_id = ", $app, "
                     AND (CAST(", $only, " AS TEXT) IS NULL OR f.application_id = ", $only, ")))
              AND (CAST(", $only, " AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM member_role f
                   WHERE f.organization_id = m.organization_id AND f.person_id = m.person_id AND f.application_id = ", $only, "))"
        )
    };
}

// A condition of its own, and no more than a condition: PostgreSQL joins to what stands alone, and looks each row's up where
// it stands behind an OR.
macro_rules! with_role {
    ($role:literal, $only:literal) => {
        concat!(
            " AND EXISTS (SELECT 1 FROM member_role f
                   WHERE f.organization_id = m.organization_id AND f.person_id = m.person_id AND f.role_id = ", $role, "
                     AND (CAST(", $only, " AS TEXT) IS NULL OR f.application_id IS NULL OR f.application_id = ", $only, "))"
        )
    };
}

/// Lists an organization's members.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(tx: &mut Tx, permit: &Permit, op: &ListMembers) -> Result<Page<Member>, Fault> {
    let organization = permit.organization()?.to_string();
    let by_name = op.sort == MemberSort::Name;
    let cursor = op.cursor.as_ref();
    let (mut window, skipped) = if by_name && op.order == Order::Ascending {
        Window::or_skipping("members.name", op.order, cursor, op.limit)?
    } else {
        let list = if by_name { "members.name" } else { "members.joined" };
        (Window::new(list, op.order, cursor, op.limit)?, None)
    };
    let search = page::pattern(op.search.as_ref());
    let status = op.status.map(status_text);
    let role = op.role_id.map(|id| id.to_string());
    let app = op.app_id.map(|id| id.to_string());
    let only = permit.only_application();
    // A filter finds nobody by what their record does not show: the status of [`MemberRow::read_as_typed`].
    let typed = (!permit.sees_the_invited()).then_some("typed");
    let unfiltered = search.is_none() && role.is_none() && app.is_none() && only.is_none();
    let only_active = unfiltered && op.status == Some(MemberStatus::Active);
    if let Some(rows) = skipped {
        macro_rules! before {
            ($with_role:expr) => {
                concat!(
                    "SELECT m.sort_key, m.person_id FROM membership m WHERE m.organization_id = $2",
                    filters!("$3", "$4", "$5", "$6", "$7"),
                    $with_role,
                    " ORDER BY m.sort_key, m.person_id LIMIT 1 OFFSET $1"
                )
            };
        }
        let last: Option<(String, String)> = if only_active {
            // The index has all that this one asks for.
            tx.query(
                "SELECT sort_key, person_id FROM membership WHERE organization_id = $2 AND status = 'Active'
                 ORDER BY sort_key, person_id LIMIT 1 OFFSET $1",
            )
            .bind(rows)
            .bind(organization.clone())
            .optional()
            .await?
        } else {
            let query = match role {
                Some(_) => tx.query(before!(with_role!("$8", "$6"))),
                None => tx.query(before!("")),
            };
            query
                .bind(rows)
                .bind(organization.clone())
                .bind(search.clone())
                .bind(status)
                .bind(app.clone())
                .bind(only.map(|id| id.to_string()))
                .bind(typed)
                .bind_some(role.clone())
                .optional()
                .await?
        };
        window.stand_behind(last);
    }
    macro_rules! head {
        () => {
            concat!(
                member_columns!(),
                " WHERE m.organization_id = $4",
                filters!("$5", "$6", "$7", "$8", "$9")
            )
        };
        (with_role) => {
            concat!(head!(), with_role!("$10", "$8"))
        };
    }
    let descending = window.descending();
    let query = match (by_name, &role) {
        (true, None) => tx.query(keyset!(descending, head!(), "m.sort_key", "m.person_id")),
        (true, Some(_)) => tx.query(keyset!(descending, head!(with_role), "m.sort_key", "m.person_id")),
        (false, None) => tx.query(keyset!(descending, head!(), "m.created_at", "m.person_id")),
        (false, Some(_)) => tx.query(keyset!(
            descending,
            head!(with_role),
            "m.created_at",
            "m.person_id"
        )),
    };
    let query = if by_name {
        query.bind(window.key())
    } else {
        query.bind(window.number()?)
    };
    let rows: Vec<MemberRow> = query
        .bind(window.id())
        .bind(window.fetch())
        .bind(organization.clone())
        .bind(search.clone())
        .bind(status)
        .bind(app.clone())
        .bind(only.map(|id| id.to_string()))
        .bind(typed)
        .bind_some(role.clone())
        .all()
        .await?;
    let mut page = window.page(rows, |row| {
        (
            if by_name {
                row.sort_key.clone()
            } else {
                row.joined_at.to_string()
            },
            row.person.id.to_string(),
        )
    });
    if op.include_total {
        if unfiltered && (status.is_none() || only_active) {
            let all = counters::read(tx, &members_counter(permit.organization()?)).await?;
            let others = if only_active {
                count_inactive(tx, &organization).await?
            } else {
                0
            };
            page.info.total = Some(all.saturating_sub(others));
        } else {
            macro_rules! counted {
                ($with_role:expr) => {
                    concat!(
                        "SELECT COUNT(*) FROM (SELECT 1 FROM membership m WHERE m.organization_id = $2",
                        filters!("$3", "$4", "$5", "$6", "$7"),
                        $with_role,
                        " LIMIT $1) AS counted"
                    )
                };
            }
            let query = match role {
                Some(_) => tx.query(counted!(with_role!("$8", "$6"))),
                None => tx.query(counted!("")),
            };
            let (counted,): (i64,) = query
                .bind(page::COUNTED + 1)
                .bind(organization)
                .bind(search)
                .bind(status)
                .bind(app)
                .bind(only.map(|id| id.to_string()))
                .bind(typed)
                .bind_some(role)
                .one()
                .await?;
            page::put_counted(&mut page, counted);
        }
    }
    let items = page
        .items
        .into_iter()
        .map(|row| row.read(permit))
        .collect::<Result<_, _>>()?;
    Ok(Page {
        items,
        info: page.info,
    })
}

/// How many of an organization's members are not active: few, so that they are counted rather than those who are.
async fn count_inactive(tx: &mut Tx, organization: &str) -> Result<u64, sqlx::Error> {
    let (count,): (i64,) = tx
        .query(
            "SELECT COUNT(*) FROM membership WHERE organization_id = $1 AND status IN ('Pending', 'Suspended', 'Disabled')",
        )
        .bind(organization.to_owned())
        .one()
        .await?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// Reads one member; an application's client finds only those who have a role in the application.
///
/// # Errors
/// The database's.
pub async fn get(tx: &mut Tx, permit: &Permit, id: UserId) -> Result<Option<Member>, Fault> {
    let row = row(tx, permit.organization()?, id, permit.only_application()).await?;
    row.map(|row| row.read(permit)).transpose()
}

/// The same, for a change of them.
///
/// # Errors
/// The database's.
pub async fn get_known(tx: &mut Tx, permit: &Permit, id: UserId) -> Result<Option<Known>, Fault> {
    let row = row(tx, permit.organization()?, id, permit.only_application()).await?;
    row.map(|row| row.read_known(permit)).transpose()
}

/// Reads one member whatever application they are in: for what a change just made of them.
///
/// # Errors
/// The database's.
pub async fn get_whole(tx: &mut Tx, permit: &Permit, id: UserId) -> Result<Option<Known>, Fault> {
    let row = row(tx, permit.organization()?, id, None).await?;
    row.map(|row| row.read_known(permit)).transpose()
}

/// Reads whoever the permit is for as a member of one of their organizations.
///
/// # Errors
/// The database's.
pub async fn get_own(
    tx: &mut Tx,
    permit: &Permit,
    organization: OrganizationId,
) -> Result<Option<Known>, Fault> {
    let row = row(tx, organization, permit.person()?, None).await?;
    row.map(|row| row.read_known(permit)).transpose()
}

async fn row(
    tx: &mut Tx,
    organization: OrganizationId,
    id: UserId,
    only: Option<ApplicationId>,
) -> Result<Option<MemberRow>, sqlx::Error> {
    tx.query(concat!(
            member_columns!(),
            " WHERE m.organization_id = $1 AND m.person_id = $2
                AND (CAST($3 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM member_role f
                     WHERE f.organization_id = m.organization_id AND f.person_id = m.person_id AND f.application_id = $3))"
        ))
        .bind(organization.to_string())
        .bind(id.to_string())
        .bind(only.map(|app| app.to_string()))
        .optional()
        .await
}

/// The permissions of a member, each with the role that it comes through.
///
/// # Errors
/// The database's.
pub async fn permissions(tx: &mut Tx, permit: &Permit, id: UserId) -> Result<Vec<(RoleId, String)>, Fault> {
    let rows: Vec<(String, String)> = tx
        .query(
            "SELECT rp.role_id, rp.permission FROM member_role mr JOIN role_permission rp ON rp.role_id = mr.role_id
             WHERE mr.organization_id = $1 AND mr.person_id = $2 ORDER BY rp.permission",
        )
        .bind(permit.organization()?.to_string())
        .bind(id.to_string())
        .all()
        .await?;
    rows.into_iter()
        .map(|(role, name)| Ok((role.parse().map_err(anyhow::Error::from)?, name)))
        .collect()
}
