//! Members: people as an organization sees them, with the roles that they have in it.

use guildhall::id::{ApplicationId, OrganizationId, RoleId, UserId};
use guildhall::members::{
    ListMembers, Member, MemberRole, MemberSort, MemberStatus, OrganizationInformation,
};
use guildhall::page::Page;
use guildhall::users::{EmailAddress, PhoneNumber, UserStatus};

use super::organizations::members_counter;
use super::page::{self, UNIT, Window, keyset};
use super::people::{PersonRow, json, person_columns};
use super::{Tx, accounts, counters};
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
    accepted: bool,
    typed: Option<String>,
    roles: Option<String>,
}

impl MemberRow {
    fn read(self, permit: &Permit) -> Result<Member, Fault> {
        let only = permit.only_application();
        if !self.accepted && !permit.sees_the_invited() {
            return self.read_as_typed(only);
        }
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

    /// Somebody who has not accepted yet, as whoever invited them wrote: what else is known of them is theirs.
    fn read_as_typed(self, only: Option<ApplicationId>) -> Result<Member, Fault> {
        let row = self.person;
        let typed = match json::<accounts::Details>(self.typed.as_deref())? {
            Some(typed) => typed,
            // From before it was kept: the address that the invitation went to.
            None => accounts::Details {
                email: row.email.clone(),
                ..accounts::Details::default()
            },
        };
        Ok(Member {
            user_id: row.id,
            organization_id: self.organization_id,
            email: typed.email.map(|value| EmailAddress {
                value,
                email_verified: false,
            }),
            phone_number: typed.phone_number.map(|value| PhoneNumber {
                value,
                phone_number_verified: false,
            }),
            status: UserStatus::Pending,
            member_status: if self.enabled {
                MemberStatus::Pending
            } else {
                MemberStatus::Suspended
            },
            name: typed.name,
            address: typed.address,
            custom_data: typed.custom_data,
            custom_app_data: typed.custom_app_data,
            username: typed.username,
            birthday: typed.birthday,
            picture: typed.picture,
            language: typed.language,
            status_changed_at: self.joined_at,
            created_at: self.joined_at,
            updated_at: self.membership_updated_at,
            last_auth: None,
            external_user_id: typed.external_user_id,
            external_account_id: typed.external_account_id,
            secondary_emails: typed.secondary_emails,
            secondary_phone_numbers: typed.secondary_phone_numbers,
            organization_information: OrganizationInformation {
                enabled: self.enabled,
                department: self.department,
                title: self.title,
                manager: self.manager,
            },
            roles: read_roles(self.roles.as_deref(), only),
            joined_at: self.joined_at,
            version: self.membership_version,
        })
    }
}

pub(super) fn status_of(text: &str) -> MemberStatus {
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
pub(super) fn read_roles(text: Option<&str>, only: Option<ApplicationId>) -> Vec<MemberRole> {
    let mut roles: Vec<MemberRole> = text
        .unwrap_or_default()
        .split(RECORD)
        .filter_map(|record| {
            let mut parts = record.split(UNIT);
            let (id, app, name, display) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
            Some(MemberRole {
                role_id: id.parse().ok()?,
                role_name: name.to_owned(),
                display_name: Some(display.to_owned()).filter(|display| !display.is_empty()),
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
        "(SELECT string_agg(mr.role_id || '\u{1f}' || COALESCE(mr.application_id, '') || '\u{1f}' || COALESCE(r.name, mr.role_id)
                            || '\u{1f}' || COALESCE(r.display_name, ''), '\u{1e}')
          FROM member_role mr LEFT JOIN role r ON r.id = mr.role_id
          WHERE mr.organization_id = m.organization_id AND mr.person_id = m.person_id) AS roles"
    };
}
pub(super) use roles_column;

macro_rules! columns {
    () => {
        concat!(
            "SELECT ",
            person_columns!(),
            ", m.organization_id, m.enabled, m.department, m.title, m.manager, m.sort_key, m.status AS member_status,
               m.version AS membership_version, m.created_at AS joined_at, m.updated_at AS membership_updated_at,
               m.accepted, m.typed, ",
            roles_column!(),
            " FROM membership m JOIN person p ON p.id = m.person_id"
        )
    };
}

macro_rules! filters {
    ($search:literal, $status:literal, $role:literal, $app:literal, $only:literal, $typed:literal) => {
        concat!(
            " AND (CAST(", $search, " AS TEXT) IS NULL OR m.search_text LIKE ", $search, " ESCAPE '\\' OR m.person_id = ", $search, ")
              AND (CAST(", $status, " AS TEXT) IS NULL OR ", $status, " = CASE
                   WHEN m.accepted OR CAST(", $typed, " AS TEXT) IS NULL THEN m.status
                   WHEN m.enabled THEN 'Pending' ELSE 'Suspended' END)
              AND (CAST(", $role, " AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM member_role f
                   WHERE f.organization_id = m.organization_id AND f.person_id = m.person_id AND f.role_id = ", $role, "
                     AND (CAST(", $only, " AS TEXT) IS NULL OR f.application_id IS NULL OR f.application_id = ", $only, ")))
              AND (CAST(", $app, " AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM member_role f
                   WHERE f.organization_id = m.organization_id AND f.person_id = m.person_id AND f.application_id = ", $app, "
                     AND (CAST(", $only, " AS TEXT) IS NULL OR f.application_id = ", $only, ")))
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
    // A filter finds nobody by what their record does not show: the status of [`MemberRow::read_as_typed`].
    let typed = (!permit.sees_the_invited()).then_some("typed");
    macro_rules! head {
        () => {
            concat!(
                columns!(),
                " WHERE m.organization_id = $4",
                filters!("$5", "$6", "$7", "$8", "$9", "$10")
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
        .bind(typed)
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
                    filters!("$3", "$4", "$5", "$6", "$7", "$8"),
                    " LIMIT $1) AS counted"
                ))
                .bind(page::COUNTED + 1)
                .bind(organization)
                .bind(search)
                .bind(status)
                .bind(role)
                .bind(app)
                .bind(only.map(|id| id.to_string()))
                .bind(typed)
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
    row.map(|row| row.read(permit)).transpose()
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
