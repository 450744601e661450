//! Organizations that people asked for; what somebody new asks for is in `begun_registrations`.

use guildhall::id::{OrganizationId, RegistrationId, UserId};
use guildhall::page::{Order, Page};
use guildhall::registrations::{
    GetOwnRegistrations, ListRegistrations, Registration, RegistrationStatus, Requester,
};
use guildhall::text::fold;
use guildhall::users::{EmailAddress, PersonName, label};

use super::Tx;
use super::db::Query;
use super::page::{COUNTED, Window, keyset, put_counted};
use crate::authorize::Permit;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
struct RegistrationRow {
    #[sqlx(try_from = "String")]
    id: RegistrationId,
    name: String,
    requester_id: Option<String>,
    status: String,
    reason: Option<String>,
    decided_by: Option<String>,
    decided_at: Option<i64>,
    organization_id: Option<String>,
    organization_name: Option<String>,
    version: i64,
    created_at: i64,
    updated_at: i64,
    email: Option<String>,
    username: Option<String>,
    person_name: Option<String>,
    person_status: Option<String>,
}

impl RegistrationRow {
    fn read(self) -> Result<Registration, Fault> {
        let name: Option<PersonName> = super::people::json(self.person_name.as_deref())?;
        let email = self.email.clone().map(|value| EmailAddress {
            value,
            email_verified: false,
        });
        let requester = self.requester_id.and_then(|id| id.parse::<UserId>().ok());
        Ok(Registration {
            registration_id: self.id,
            name: self.name,
            status: RegistrationStatus::ALL
                .into_iter()
                .find(|status| status.as_str() == self.status)
                .unwrap_or(RegistrationStatus::Pending),
            requester: requester.map(|user_id| Requester {
                user_id,
                label: label(
                    name.as_ref(),
                    email.as_ref(),
                    self.username.as_deref(),
                    None,
                    user_id,
                ),
                email: self.email,
                enabled: self.person_status.as_deref() != Some("Disabled"),
            }),
            reason: self.reason,
            decided_by: self.decided_by,
            decided_at: self.decided_at,
            organization_id: self.organization_id.and_then(|id| id.parse().ok()),
            organization_name: self.organization_name,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        })
    }
}

macro_rules! registration_columns {
    () => {
        "SELECT r.id, r.name, r.requester_id, r.status, r.reason, r.decided_by, r.decided_at, r.organization_id,
                o.name AS organization_name, r.version, r.created_at, r.updated_at, p.email, p.username,
                p.name AS person_name, p.status AS person_status
         FROM registration r LEFT JOIN person p ON p.id = r.requester_id
         LEFT JOIN organization o ON o.id = r.organization_id"
    };
}

fn read_all(page: Page<RegistrationRow>) -> Result<Page<Registration>, Fault> {
    let info = page.info;
    let items = page
        .items
        .into_iter()
        .map(RegistrationRow::read)
        .collect::<Result<_, _>>()?;
    Ok(Page { items, info })
}

/// Lists registrations, the newest first.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(
    tx: &mut Tx,
    _permit: &Permit,
    op: &ListRegistrations,
) -> Result<Page<Registration>, Fault> {
    let window = Window::new("registrations", Order::Descending, op.cursor.as_ref(), op.limit)?;
    let status = op.status.map(|status| status.as_str().to_owned());
    // The key is the id, which sorts by time.
    let rows: Vec<RegistrationRow> = tx
        .query(keyset!(
            window.descending(),
            concat!(
                registration_columns!(),
                " WHERE (CAST($4 AS TEXT) IS NULL OR r.status = $4)"
            ),
            "r.id",
            "r.id"
        ))
        .bind(window.id())
        .bind(window.id())
        .bind(window.fetch())
        .bind(status.clone())
        .all()
        .await?;
    let mut page = window.page(rows, |row| (row.id.to_string(), row.id.to_string()));
    if op.include_total {
        let (counted,): (i64,) = tx
            .query(
                "SELECT COUNT(*) FROM (SELECT 1 FROM registration r
                 WHERE (CAST($1 AS TEXT) IS NULL OR r.status = $1) LIMIT $2) counted",
            )
            .bind(status)
            .bind(COUNTED + 1)
            .one()
            .await?;
        put_counted(&mut page, counted);
    }
    read_all(page)
}

/// Lists those of whoever the permit is for, the newest first.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list_own(
    tx: &mut Tx,
    permit: &Permit,
    op: &GetOwnRegistrations,
) -> Result<Page<Registration>, Fault> {
    let window = Window::new(
        "own_registrations",
        Order::Descending,
        op.cursor.as_ref(),
        op.limit,
    )?;
    let rows: Vec<RegistrationRow> = tx
        .query(keyset!(
            window.descending(),
            concat!(registration_columns!(), " WHERE r.requester_id = $4"),
            "r.id",
            "r.id"
        ))
        .bind(window.id())
        .bind(window.id())
        .bind(window.fetch())
        .bind(permit.person()?.to_string())
        .all()
        .await?;
    read_all(window.page(rows, |row| (row.id.to_string(), row.id.to_string())))
}

/// Reads one.
///
/// # Errors
/// The database's.
pub async fn get(tx: &mut Tx, _permit: &Permit, id: RegistrationId) -> Result<Option<Registration>, Fault> {
    let row: Option<RegistrationRow> = tx
        .query(concat!(registration_columns!(), " WHERE r.id = $1"))
        .bind(id.to_string())
        .optional()
        .await?;
    row.map(RegistrationRow::read).transpose()
}

/// Adds one that waits; `false` when another one keeps the name.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    _permit: &Permit,
    id: RegistrationId,
    name: &str,
    requester: UserId,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let inserted = tx
        .query(
            "INSERT INTO registration (id, name, name_key, requester_id, status, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, 'pending', 1, $5, $5) ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(name.to_owned())
        .bind(fold(name))
        .bind(requester.to_string())
        .bind(now)
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// What becomes of one that waits.
#[derive(Debug, Clone)]
pub struct Decision {
    pub status: RegistrationStatus,
    pub reason: Option<String>,
    /// A person or a client.
    pub by: Option<String>,
}

/// Decides on one that waits; `false` when somebody else was quicker.
///
/// # Errors
/// The database's.
pub async fn decide(
    tx: &mut Tx,
    _permit: &Permit,
    id: RegistrationId,
    decision: Decision,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let decided = tx
        .query(
            "UPDATE registration SET status = $2, reason = $3, decided_by = $4, decided_at = $5, updated_at = $5,
                    version = version + 1
             WHERE id = $1 AND status = 'pending'",
        )
        .bind(id.to_string())
        .bind(decision.status.as_str())
        .bind(decision.reason)
        .bind(decision.by)
        .bind(now)
        .execute()
        .await?;
    Ok(decided == 1)
}

/// Keeps which organization it became.
///
/// # Errors
/// The database's.
pub async fn became(
    tx: &mut Tx,
    _permit: &Permit,
    id: RegistrationId,
    organization: OrganizationId,
) -> Result<(), sqlx::Error> {
    tx.query("UPDATE registration SET organization_id = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(organization.to_string())
        .execute()
        .await
        .map(|_| ())
}

/// How many wait, up to 1,000.
///
/// # Errors
/// The database's.
pub async fn count_pending(tx: &mut Tx) -> Result<u64, sqlx::Error> {
    let query = tx
        .query("SELECT COUNT(*) FROM (SELECT 1 FROM registration WHERE status = 'pending' LIMIT $1) counted");
    counted(query.bind(COUNTED)).await
}

/// How many of a person's wait, or were withdrawn since then, up to 1,000.
///
/// # Errors
/// The database's.
pub async fn count_asked(tx: &mut Tx, person: UserId, since: i64) -> Result<u64, sqlx::Error> {
    let query = tx.query(
        "SELECT COUNT(*) FROM (SELECT 1 FROM registration WHERE requester_id = $1
           AND (status = 'pending' OR (status = 'withdrawn' AND decided_at > $2)) LIMIT $3) counted",
    );
    counted(query.bind(person.to_string()).bind(since).bind(COUNTED)).await
}

/// How many of a person's were approved automatically since then, up to 1,000.
///
/// # Errors
/// The database's.
pub async fn count_automatic(tx: &mut Tx, person: UserId, since: i64) -> Result<u64, sqlx::Error> {
    let query = tx.query(
        "SELECT COUNT(*) FROM (SELECT 1 FROM registration WHERE requester_id = $1
           AND status = 'approved' AND decided_by IS NULL AND decided_at > $2 LIMIT $3) counted",
    );
    counted(query.bind(person.to_string()).bind(since).bind(COUNTED)).await
}

async fn counted(query: Query<'_>) -> Result<u64, sqlx::Error> {
    let (counted,): (i64,) = query.one().await?;
    Ok(u64::try_from(counted).unwrap_or_default())
}

/// The addresses of the tenant's administrators, each with its language.
///
/// # Errors
/// The database's.
pub async fn deciders(tx: &mut Tx) -> Result<Vec<(String, Option<String>)>, sqlx::Error> {
    // Apart, as where they are counted.
    tx.query(
        "WITH administrator AS MATERIALIZED (SELECT id, email, language, status FROM person WHERE tenant_admin)
         SELECT email, language FROM administrator WHERE status = 'Active' AND email IS NOT NULL ORDER BY id",
    )
    .all()
    .await
}
