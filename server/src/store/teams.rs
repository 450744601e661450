//! Teams of organizations, and who is in them. Whoever leaves the organization leaves its teams by the foreign keys.

use guildhall::id::{OrganizationId, TeamId, UserId};
use guildhall::page::{Order, Page};
use guildhall::policy::Permission;
use guildhall::teams::{DEFAULT_TEAM, ListTeamMembers, ListTeams, MOST_COUNTED, Team, TeamMember};
use guildhall::text::fold;

use super::Tx;
use super::db::{Hold, Lock};
use super::member_row::{MemberRow, member_columns, roles_column};
use super::page::{self, Window, keyset};
use super::people::person_columns;
use crate::authorize::Permit;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
struct TeamRow {
    #[sqlx(try_from = "String")]
    id: TeamId,
    #[sqlx(try_from = "String")]
    organization_id: OrganizationId,
    name: String,
    name_key: String,
    is_default: bool,
    version: i64,
    created_at: i64,
    updated_at: i64,
    member_count: i64,
}

impl TeamRow {
    fn read(self) -> Team {
        let counted = i64::from(MOST_COUNTED);
        Team {
            team_id: self.id,
            organization_id: self.organization_id,
            name: self.name,
            is_default: self.is_default,
            member_count: u64::try_from(self.member_count.min(counted)).unwrap_or_default(),
            member_count_is_lower_bound: self.member_count > counted,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        }
    }
}

// The limit is one more than MOST_COUNTED.
macro_rules! team_columns {
    () => {
        "SELECT t.id, t.organization_id, t.name, t.name_key, t.is_default, t.version, t.created_at, t.updated_at,
                (SELECT COUNT(*) FROM (SELECT 1 FROM team_member c WHERE c.team_id = t.id LIMIT 1001) AS counted) AS member_count
         FROM team t"
    };
}

/// Lists the organization's teams by name.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(tx: &mut Tx, permit: &Permit, op: &ListTeams) -> Result<Page<Team>, Fault> {
    let window = Window::new("teams", Order::Ascending, op.cursor.as_ref(), op.limit)?;
    let rows: Vec<TeamRow> = tx
        .query(keyset!(
            window.descending(),
            concat!(
                team_columns!(),
                " WHERE t.organization_id = $4
                    AND (CAST($5 AS TEXT) IS NULL OR t.name_key LIKE $5 ESCAPE '\\' OR t.id = $5)
                    AND (CAST($6 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM team_member f
                         WHERE f.team_id = t.id AND f.person_id = $6))"
            ),
            "t.name_key",
            "t.id"
        ))
        .bind(window.key())
        .bind(window.id())
        .bind(window.fetch())
        .bind(permit.organization()?.to_string())
        .bind(page::pattern(op.search.as_ref()))
        .bind(op.user_id.map(|id| id.to_string()))
        .all()
        .await?;
    Ok(window
        .page(rows, |row| (row.name_key.clone(), row.id.to_string()))
        .map(TeamRow::read))
}

/// Reads one team of the organization.
///
/// # Errors
/// The database's.
pub async fn get(tx: &mut Tx, permit: &Permit, id: TeamId) -> Result<Option<Team>, Fault> {
    let row: Option<TeamRow> = tx
        .query(concat!(
            team_columns!(),
            " WHERE t.organization_id = $1 AND t.id = $2"
        ))
        .bind(permit.organization()?.to_string())
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.map(TeamRow::read))
}

/// How many teams the organization has; until this transaction ends no other one adds any.
///
/// # Errors
/// The database's.
pub async fn count(tx: &mut Tx, permit: &Permit) -> Result<i64, Fault> {
    let organization = permit.organization()?;
    tx.hold(Lock::LimitsOf(organization), Hold::Exclusive).await?;
    let (counted,): (i64,) = tx
        .query("SELECT COUNT(*) FROM team WHERE organization_id = $1")
        .bind(organization.to_string())
        .one()
        .await?;
    Ok(counted)
}

/// Adds a team without members; `false` when the name is taken.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, permit: &Permit, id: TeamId, name: &str, now: i64) -> Result<bool, Fault> {
    Ok(insertion(tx, permit.organization()?, id, name, false, now).await?)
}

/// Adds the team that a new organization begins with.
///
/// # Errors
/// The database's.
pub(super) async fn insert_default(
    tx: &mut Tx,
    organization: OrganizationId,
    now: i64,
) -> Result<(), sqlx::Error> {
    let id = TeamId::default_of(organization);
    insertion(tx, organization, id, DEFAULT_TEAM, true, now)
        .await
        .map(|_| ())
}

async fn insertion(
    tx: &mut Tx,
    organization: OrganizationId,
    id: TeamId,
    name: &str,
    is_default: bool,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let inserted = tx
        .query(
            "INSERT INTO team (id, organization_id, name, name_key, is_default, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, 1, $6, $6) ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(organization.to_string())
        .bind(name.to_owned())
        .bind(fold(name))
        .bind(is_default)
        .bind(now)
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// Whether another team of the organization has the name.
///
/// # Errors
/// The database's.
pub async fn name_is_taken(tx: &mut Tx, permit: &Permit, id: TeamId, name: &str) -> Result<bool, Fault> {
    let query = tx.query("SELECT 1 FROM team WHERE organization_id = $1 AND name_key = $2 AND id <> $3");
    let within = permit.organization()?.to_string();
    Ok(super::another_has(query, within, name, id.to_string()).await?)
}

/// Gives a team another name.
///
/// # Errors
/// The database's.
pub async fn rename(tx: &mut Tx, permit: &Permit, id: TeamId, name: &str, now: i64) -> Result<(), Fault> {
    tx.query(
        "UPDATE team SET name = $3, name_key = $4, version = version + 1, updated_at = $5
         WHERE organization_id = $1 AND id = $2",
    )
    .bind(permit.organization()?.to_string())
    .bind(id.to_string())
    .bind(name.to_owned())
    .bind(fold(name))
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Deletes a team, and who is in it is no more.
///
/// # Errors
/// The database's.
pub async fn delete(tx: &mut Tx, permit: &Permit, id: TeamId) -> Result<(), Fault> {
    tx.query("DELETE FROM team WHERE organization_id = $1 AND id = $2 AND NOT is_default")
        .bind(permit.organization()?.to_string())
        .bind(id.to_string())
        .execute()
        .await?;
    Ok(())
}

macro_rules! members_head {
    ($not:literal) => {
        concat!(
            member_columns!(),
            " WHERE m.organization_id = $4 AND ",
            $not,
            "EXISTS (SELECT 1 FROM team_member f WHERE f.team_id = $5 AND f.person_id = m.person_id)
              AND (CAST($6 AS TEXT) IS NULL OR m.person_id = $6
                   OR (CASE WHEN $7 THEN m.search_text
                            WHEN m.accepted THEN m.sort_key || ' ' || LOWER(COALESCE(p.email, ''))
                            ELSE m.sort_key END) LIKE $6 ESCAPE '\\')"
        )
    };
}

/// Lists a team's members by name, or those of the organization's who are not in it.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn members(tx: &mut Tx, permit: &Permit, op: &ListTeamMembers) -> Result<Page<TeamMember>, Fault> {
    let list = if op.outside {
        "teams.outside"
    } else {
        "teams.members"
    };
    let window = Window::new(list, Order::Ascending, op.cursor.as_ref(), op.limit)?;
    let descending = window.descending();
    let query = if op.outside {
        tx.query(keyset!(
            descending,
            members_head!("NOT "),
            "m.sort_key",
            "m.person_id"
        ))
    } else {
        tx.query(keyset!(
            descending,
            members_head!(""),
            "m.sort_key",
            "m.person_id"
        ))
    };
    let rows: Vec<MemberRow> = query
        .bind(window.key())
        .bind(window.id())
        .bind(window.fetch())
        .bind(permit.organization()?.to_string())
        .bind(op.team_id.to_string())
        .bind(page::pattern(op.search.as_ref()))
        // What they are not shown, they do not find by trying.
        .bind(permit.may(Permission::ReadMembers))
        .all()
        .await?;
    let page = window.page(rows, |row| (row.sort_key.clone(), row.person.id.to_string()));
    let items = page
        .items
        .into_iter()
        .map(|row| {
            let member = row.read(permit)?;
            Ok(TeamMember {
                user_id: member.user_id,
                name: member.label(),
                email: member.email.map(|email| email.value),
                member_status: member.member_status,
            })
        })
        .collect::<Result<_, Fault>>()?;
    Ok(Page {
        items,
        info: page.info,
    })
}

/// What became of somebody who was to be put into a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    Now,
    Before,
    /// They are no member of the organization.
    Foreign,
}

/// Puts a member into a team of the organization.
///
/// # Errors
/// The database's.
pub async fn add_member(tx: &mut Tx, permit: &Permit, id: TeamId, person: UserId) -> Result<Joined, Fault> {
    let organization = permit.organization()?.to_string();
    let inserted = tx
        .query(
            "INSERT INTO team_member (team_id, organization_id, person_id)
             SELECT $2, m.organization_id, m.person_id FROM membership m
             WHERE m.organization_id = $1 AND m.person_id = $3 ON CONFLICT DO NOTHING",
        )
        .bind(organization.clone())
        .bind(id.to_string())
        .bind(person.to_string())
        .execute()
        .await?;
    if inserted == 1 {
        return Ok(Joined::Now);
    }
    let is_in = tx
        .query("SELECT 1 FROM team_member WHERE organization_id = $1 AND team_id = $2 AND person_id = $3")
        .bind(organization)
        .bind(id.to_string())
        .bind(person.to_string())
        .exists()
        .await?;
    Ok(if is_in { Joined::Before } else { Joined::Foreign })
}

/// Puts somebody who has just become a member into the team in which everybody begins.
///
/// # Errors
/// The database's.
pub(super) async fn join_default(
    tx: &mut Tx,
    organization: OrganizationId,
    person: UserId,
) -> Result<(), sqlx::Error> {
    tx.query(
        "INSERT INTO team_member (team_id, organization_id, person_id)
         SELECT t.id, t.organization_id, $2 FROM team t WHERE t.organization_id = $1 AND t.is_default ON CONFLICT DO NOTHING",
    )
    .bind(organization.to_string())
    .bind(person.to_string())
    .later()
    .await
}

/// Takes a member out of a team; `false` when they are not in it.
///
/// # Errors
/// The database's.
pub async fn remove_member(tx: &mut Tx, permit: &Permit, id: TeamId, person: UserId) -> Result<bool, Fault> {
    let removed = tx
        .query("DELETE FROM team_member WHERE organization_id = $1 AND team_id = $2 AND person_id = $3")
        .bind(permit.organization()?.to_string())
        .bind(id.to_string())
        .bind(person.to_string())
        .execute()
        .await?;
    Ok(removed == 1)
}
