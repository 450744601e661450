//! Memberships and the roles that come with them.

use guildhall::id::{ApplicationId, OrganizationId, RoleId, UserId};
use guildhall::members::{
    ListMembers, ListMemberships, Member, MemberRole, MemberSort, MemberStatus, Membership,
    OrganizationInformation,
};
use guildhall::page::{Order, Page};

use super::organizations::members_counter;
use super::page::{self, UNIT, Window, keyset};
use super::people::{PersonRow, json, person_columns};
use super::{Tx, counters};
use crate::authorize::Permit;
use crate::fault::Fault;

/// Between the roles of an aggregated column.
const RECORD: char = '\u{1e}';

#[derive(sqlx::FromRow)]
struct MemberRow {
    #[sqlx(flatten)]
    person: PersonRow,
    #[sqlx(try_from = "String")]
    organization_id: OrganizationId,
    enabled: bool,
    department: Option<String>,
    title: Option<String>,
    manager: Option<String>,
    sort_key: String,
    member_status: String,
    membership_version: i64,
    joined_at: i64,
    membership_updated_at: i64,
    roles: Option<String>,
}

impl MemberRow {
    fn read(self, only: Option<ApplicationId>) -> Result<Member, Fault> {
        let row = self.person;
        Ok(Member {
            user_id: row.id,
            organization_id: self.organization_id,
            email: row.email_address(),
            phone_number: row.phone(),
            status: row.user_status(),
            member_status: status_of(&self.member_status),
            name: json(row.name.as_deref())?,
            address: json(row.address.as_deref())?,
            custom_data: json(row.custom_data.as_deref())?,
            custom_app_data: json(row.custom_app_data.as_deref())?,
            username: row.username,
            birthday: row.birthday,
            picture: row.picture,
            language: row.language,
            status_changed_at: row.status_changed_at,
            created_at: row.created_at,
            updated_at: row.updated_at.max(self.membership_updated_at),
            last_auth: row.last_auth,
            external_user_id: row.external_user_id,
            external_account_id: row.external_account_id,
            secondary_emails: row
                .secondary_emails
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            secondary_phone_numbers: row
                .secondary_phone_numbers
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            organization_information: OrganizationInformation {
                enabled: self.enabled,
                department: self.department,
                title: self.title,
                manager: self.manager,
            },
            roles: read_roles(self.roles.as_deref(), only),
            joined_at: self.joined_at,
            // Either half may change; both only ever count up.
            version: row.version + self.membership_version,
        })
    }
}

fn status_of(text: &str) -> MemberStatus {
    match text {
        "Pending" => MemberStatus::Pending,
        "Suspended" => MemberStatus::Suspended,
        "Disabled" => MemberStatus::Disabled,
        _ => MemberStatus::Active,
    }
}

fn status_text(status: MemberStatus) -> &'static str {
    match status {
        MemberStatus::Active => "Active",
        MemberStatus::Pending => "Pending",
        MemberStatus::Suspended => "Suspended",
        MemberStatus::Disabled => "Disabled",
    }
}

/// Reads the aggregated roles; an application's client sees those in its application and the built-in ones.
fn read_roles(text: Option<&str>, only: Option<ApplicationId>) -> Vec<MemberRole> {
    let mut roles: Vec<MemberRole> = text
        .unwrap_or_default()
        .split(RECORD)
        .filter_map(|record| {
            let mut parts = record.split(UNIT);
            let (id, app, name) = (parts.next()?, parts.next()?, parts.next()?);
            Some(MemberRole {
                role_id: id.parse().ok()?,
                role_name: name.to_owned(),
                app_id: app.parse().ok(),
            })
        })
        .filter(|role| only.is_none() || role.app_id.is_none() || role.app_id == only)
        .collect();
    roles.sort_by(|a, b| (a.app_id, &a.role_name).cmp(&(b.app_id, &b.role_name)));
    roles
}

macro_rules! roles_column {
    () => {
        "(SELECT string_agg(mr.role_id || '\u{1f}' || COALESCE(mr.application_id, '') || '\u{1f}' || COALESCE(r.name, mr.role_id),
                            '\u{1e}')
          FROM member_role mr LEFT JOIN role r ON r.id = mr.role_id
          WHERE mr.organization_id = m.organization_id AND mr.person_id = m.person_id) AS roles"
    };
}

macro_rules! columns {
    () => {
        concat!(
            "SELECT ",
            person_columns!(),
            ", m.organization_id, m.enabled, m.department, m.title, m.manager, m.sort_key, m.status AS member_status,
               m.version AS membership_version, m.created_at AS joined_at, m.updated_at AS membership_updated_at, ",
            roles_column!(),
            " FROM membership m JOIN person p ON p.id = m.person_id"
        )
    };
}

macro_rules! filters {
    ($search:literal, $status:literal, $role:literal, $app:literal, $only:literal) => {
        concat!(
            " AND (CAST(", $search, " AS TEXT) IS NULL OR m.search_text LIKE ", $search, " ESCAPE '\\' OR m.person_id = ", $search, ")
              AND (CAST(", $status, " AS TEXT) IS NULL OR m.status = ", $status, ")
              AND (CAST(", $role, " AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM member_role f
                   WHERE f.organization_id = m.organization_id AND f.person_id = m.person_id AND f.role_id = ", $role, "))
              AND (CAST(", $app, " AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM member_role f
                   WHERE f.organization_id = m.organization_id AND f.person_id = m.person_id AND f.application_id = ", $app, "))
              AND (CAST(", $only, " AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM member_role f
                   WHERE f.organization_id = m.organization_id AND f.person_id = m.person_id AND f.application_id = ", $only, "))"
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
    let window = Window::new(
        if by_name { "members.name" } else { "members.joined" },
        op.order,
        op.cursor.as_ref(),
        op.limit,
    )?;
    let search = page::pattern(op.search.as_ref());
    let status = op.status.map(status_text);
    let role = op.role_id.map(|id| id.to_string());
    let app = op.app_id.map(|id| id.to_string());
    let only = permit.only_application();
    macro_rules! head {
        () => {
            concat!(
                columns!(),
                " WHERE m.organization_id = $4",
                filters!("$5", "$6", "$7", "$8", "$9")
            )
        };
    }
    let query = if by_name {
        tx.query(keyset!(window.descending(), head!(), "m.sort_key", "m.person_id"))
            .bind(window.key())
    } else {
        tx.query(keyset!(
            window.descending(),
            head!(),
            "m.created_at",
            "m.person_id"
        ))
        .bind(window.number()?)
    };
    let rows: Vec<MemberRow> = query
        .bind(window.id())
        .bind(window.fetch())
        .bind(organization.clone())
        .bind(search.clone())
        .bind(status)
        .bind(role.clone())
        .bind(app.clone())
        .bind(only.map(|id| id.to_string()))
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
        if search.is_none() && status.is_none() && role.is_none() && app.is_none() && only.is_none() {
            page.info.total = Some(counters::read(tx, &members_counter(permit.organization()?)).await?);
        } else {
            let (counted,): (i64,) = tx
                .query(concat!(
                    "SELECT COUNT(*) FROM (SELECT 1 FROM membership m WHERE m.organization_id = $2",
                    filters!("$3", "$4", "$5", "$6", "$7"),
                    " LIMIT $1) AS counted"
                ))
                .bind(page::COUNTED + 1)
                .bind(organization)
                .bind(search)
                .bind(status)
                .bind(role)
                .bind(app)
                .bind(only.map(|id| id.to_string()))
                .one()
                .await?;
            page::put_counted(&mut page, counted);
        }
    }
    let items = page
        .items
        .into_iter()
        .map(|row| row.read(only))
        .collect::<Result<_, _>>()?;
    Ok(Page {
        items,
        info: page.info,
    })
}

/// Reads one member; an application's client finds only those who have a role in the application.
///
/// # Errors
/// The database's.
pub async fn get(tx: &mut Tx, permit: &Permit, id: UserId) -> Result<Option<Member>, Fault> {
    get_as(tx, permit, id, permit.only_application()).await
}

/// Reads one member whatever application they are in: for what a change just made of them.
///
/// # Errors
/// The database's.
pub async fn get_whole(tx: &mut Tx, permit: &Permit, id: UserId) -> Result<Option<Member>, Fault> {
    get_as(tx, permit, id, None).await
}

async fn get_as(
    tx: &mut Tx,
    permit: &Permit,
    id: UserId,
    only: Option<ApplicationId>,
) -> Result<Option<Member>, Fault> {
    let row: Option<MemberRow> = tx
        .query(concat!(
            columns!(),
            " WHERE m.organization_id = $1 AND m.person_id = $2
                AND (CAST($3 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM member_role f
                     WHERE f.organization_id = m.organization_id AND f.person_id = m.person_id AND f.application_id = $3))"
        ))
        .bind(permit.organization()?.to_string())
        .bind(id.to_string())
        .bind(only.map(|app| app.to_string()))
        .optional()
        .await?;
    row.map(|row| row.read(permit.only_application())).transpose()
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

/// A membership's own details.
#[derive(Debug, Clone, Default)]
pub struct Details {
    pub enabled: bool,
    pub department: Option<String>,
    pub title: Option<String>,
    pub manager: Option<String>,
    /// JSON.
    pub delegated_access: Option<String>,
}

/// Adds a membership; `false` when there is one.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    permit: &Permit,
    person: UserId,
    details: &Details,
    now: i64,
    seed: u128,
) -> Result<bool, Fault> {
    let organization = permit.organization()?;
    let inserted = tx
        .query(
            "INSERT INTO membership (organization_id, person_id, enabled, department, title, manager, delegated_access,
                                     sort_key, search_text, status, version, created_at, updated_at)
             SELECT $1, p.id, $3, $4, $5, $6, $7, p.sort_key, p.search_text,
                    CASE WHEN p.status = 'Disabled' THEN 'Disabled' WHEN NOT $3 THEN 'Suspended' ELSE p.status END, 1, $8, $8
             FROM person p WHERE p.id = $2
             ON CONFLICT DO NOTHING",
        )
        .bind(organization.to_string())
        .bind(person.to_string())
        .bind(details.enabled)
        .bind(details.department.clone())
        .bind(details.title.clone())
        .bind(details.manager.clone())
        .bind(details.delegated_access.clone())
        .bind(now)
        .execute()
        .await?;
    if inserted == 0 {
        return Ok(false);
    }
    counters::add(tx, &members_counter(organization), 1, seed).await?;
    counters::add(tx, counters::MEMBERS, 1, seed).await?;
    Ok(true)
}

/// Rewrites a membership's details.
///
/// # Errors
/// The database's.
pub async fn update(
    tx: &mut Tx,
    permit: &Permit,
    person: UserId,
    details: &Details,
    now: i64,
) -> Result<(), Fault> {
    tx.query(
        "UPDATE membership SET enabled = $3, department = $4, title = $5, manager = $6, version = version + 1, updated_at = $7
         WHERE organization_id = $1 AND person_id = $2",
    )
    .bind(permit.organization()?.to_string())
    .bind(person.to_string())
    .bind(details.enabled)
    .bind(details.department.clone())
    .bind(details.title.clone())
    .bind(details.manager.clone())
    .bind(now)
    .execute()
    .await?;
    Ok(repeat_person(tx, person).await?)
}

/// Says that a member's roles changed: the membership's version moves.
///
/// # Errors
/// The database's.
pub async fn touch(tx: &mut Tx, permit: &Permit, person: UserId, now: i64) -> Result<(), Fault> {
    tx.query(
        "UPDATE membership SET version = version + 1, updated_at = $3 WHERE organization_id = $1 AND person_id = $2",
    )
    .bind(permit.organization()?.to_string())
    .bind(person.to_string())
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Repeats a person's name, searchable text and state in their memberships: the one place that does.
///
/// # Errors
/// The database's.
pub async fn repeat_person(tx: &mut Tx, person: UserId) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE membership SET
            sort_key = (SELECT p.sort_key FROM person p WHERE p.id = membership.person_id),
            search_text = (SELECT p.search_text FROM person p WHERE p.id = membership.person_id),
            status = (SELECT CASE WHEN p.status = 'Disabled' THEN 'Disabled'
                                  WHEN NOT membership.enabled THEN 'Suspended' ELSE p.status END
                      FROM person p WHERE p.id = membership.person_id)
         WHERE person_id = $1",
    )
    .bind(person.to_string())
    .execute()
    .await
    .map(|_| ())
}

/// Deletes a membership with its roles; `false` when there is none.
///
/// # Errors
/// The database's.
pub async fn delete(tx: &mut Tx, permit: &Permit, person: UserId, seed: u128) -> Result<bool, Fault> {
    let organization = permit.organization()?;
    let deleted = tx
        .query("DELETE FROM membership WHERE organization_id = $1 AND person_id = $2")
        .bind(organization.to_string())
        .bind(person.to_string())
        .execute()
        .await?;
    if deleted == 0 {
        return Ok(false);
    }
    tx.query("DELETE FROM invitation WHERE organization_id = $1 AND person_id = $2")
        .bind(organization.to_string())
        .bind(person.to_string())
        .execute()
        .await?;
    counters::add(tx, &members_counter(organization), -1, seed).await?;
    counters::add(tx, counters::MEMBERS, -1, seed).await?;
    Ok(true)
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
) -> Result<bool, Fault> {
    let added = tx
        .query(
            "INSERT INTO member_role (organization_id, person_id, role_id, application_id) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
        )
        .bind(permit.organization()?.to_string())
        .bind(person.to_string())
        .bind(role.to_string())
        .bind(app.map(|id| id.to_string()))
        .execute()
        .await?;
    Ok(added == 1)
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

/// Takes from a member all roles in an application; answers how many.
///
/// # Errors
/// The database's.
pub async fn remove_roles_in(
    tx: &mut Tx,
    permit: &Permit,
    person: UserId,
    app: ApplicationId,
) -> Result<u64, Fault> {
    Ok(tx
        .query(
            "DELETE FROM member_role WHERE organization_id = $1 AND person_id = $2 AND application_id = $3",
        )
        .bind(permit.organization()?.to_string())
        .bind(person.to_string())
        .bind(app.to_string())
        .execute()
        .await?)
}

/// How many administrators of an organization can act: enabled membership, account not disabled.
///
/// # Errors
/// The database's.
pub async fn count_admins(tx: &mut Tx, organization: OrganizationId) -> Result<i64, sqlx::Error> {
    let (admins,): (i64,) = tx
        .query(
            "SELECT COUNT(*) FROM member_role r
             JOIN membership m ON m.organization_id = r.organization_id AND m.person_id = r.person_id
             WHERE r.role_id = 'Organization Admin' AND r.organization_id = $1 AND m.enabled AND m.status <> 'Disabled'",
        )
        .bind(organization.to_string())
        .one()
        .await?;
    Ok(admins)
}

/// The organizations in which somebody is an administrator who can act.
///
/// # Errors
/// The database's.
pub async fn administered_by(tx: &mut Tx, person: UserId) -> Result<Vec<(OrganizationId, String)>, Fault> {
    let rows: Vec<(String, String)> = tx
        .query(
            "SELECT o.id, o.name FROM membership m JOIN organization o ON o.id = m.organization_id
             JOIN member_role r ON r.organization_id = m.organization_id AND r.person_id = m.person_id
                               AND r.role_id = 'Organization Admin'
             WHERE m.person_id = $1 AND m.enabled AND m.status <> 'Disabled' AND o.enabled ORDER BY o.name_key LIMIT 100",
        )
        .bind(person.to_string())
        .all()
        .await?;
    rows.into_iter()
        .map(|(id, name)| Ok((id.parse().map_err(anyhow::Error::from)?, name)))
        .collect()
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
             WHERE m.person_id = $1 AND m.enabled AND m.status <> 'Disabled' ORDER BY m.organization_id",
        )
        .bind(person.to_string())
        .all()
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id,)| id.parse())
        .collect::<Result<_, _>>()
        .map_err(anyhow::Error::from)?)
}
