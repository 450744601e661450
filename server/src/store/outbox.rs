//! The outbox: mail from the moment of the change that it tells of until a mail server has taken it.

use guildhall::id::{MailId, OrganizationId, UserId};
use guildhall::mail::{ListMails, Mail, MailKind, MailStatus};
use guildhall::page::{Order, Page};

use super::Tx;
use super::page::{COUNTED, Window, keyset, pattern, put_counted};
use crate::authorize::Permit;
use crate::fault::Fault;

/// A mail to be kept.
#[derive(Debug)]
pub struct Entry<'e> {
    pub id: String,
    pub message_id: String,
    pub kind: MailKind,
    pub language: &'static str,
    pub recipient: &'e str,
    pub recipient_name: Option<&'e str>,
    pub subject: &'e str,
    /// Encrypted where there is a key.
    pub body: String,
    pub organization: Option<OrganizationId>,
    pub person: Option<UserId>,
    pub concerns: Option<&'e str>,
    pub expires_at: Option<i64>,
}

/// Adds a mail that is due at once.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, entry: &Entry<'_>, now: i64) -> Result<(), sqlx::Error> {
    tx.query(
        "INSERT INTO outbox (id, message_id, kind, language, recipient, recipient_name, subject, body, organization_id,
                             person_id, concerns, expires_at, status, attempts, next_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting', 0, $13, $13)",
    )
    .bind(entry.id.clone())
    .bind(entry.message_id.clone())
    .bind(entry.kind.as_str())
    .bind(entry.language)
    .bind(entry.recipient.to_owned())
    .bind(entry.recipient_name.map(str::to_owned))
    .bind(entry.subject.to_owned())
    .bind(entry.body.clone())
    .bind(entry.organization.map(|id| id.to_string()))
    .bind(entry.person.map(|id| id.to_string()))
    .bind(entry.concerns.map(str::to_owned))
    .bind(entry.expires_at)
    .bind(now)
    .execute()
    .await
    .map(|_| ())
}

/// Takes back what waits, or was given up, about a thing: what it says is true no more. One that is being sent goes.
///
/// # Errors
/// The database's.
pub async fn cancel(tx: &mut Tx, concerns: &str) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE outbox SET status = 'cancelled', body = NULL WHERE concerns = $1 AND status IN ('waiting', 'failed')",
    )
    .bind(concerns.to_owned())
    .execute()
    .await
    .map(|_| ())
}

/// The mails that are due, or whose server has not been heard of since `stale`.
///
/// # Errors
/// The database's.
pub async fn due(tx: &mut Tx, now: i64, stale: i64, at_most: i64) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = tx
        .query(
            "SELECT id FROM outbox WHERE status = 'waiting' AND next_at <= $1
             UNION ALL SELECT id FROM outbox WHERE status = 'sending' AND claimed_at < $2
             ORDER BY id LIMIT $3",
        )
        .bind(now)
        .bind(stale)
        .bind(at_most)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A mail that this server is to send.
#[derive(Debug, sqlx::FromRow)]
pub struct Claimed {
    pub id: String,
    pub message_id: String,
    pub kind: String,
    pub language: String,
    pub recipient: String,
    pub recipient_name: Option<String>,
    pub subject: String,
    pub body: Option<String>,
    /// This try included.
    pub attempts: i64,
    pub expires_at: Option<i64>,
    pub created_at: i64,
}

/// Claims a mail, unless another server was faster: the condition is looked at again once the row is ours to change.
///
/// # Errors
/// The database's.
pub async fn claim(
    tx: &mut Tx,
    id: String,
    own: &str,
    now: i64,
    stale: i64,
) -> Result<Option<Claimed>, sqlx::Error> {
    tx.query(
        "UPDATE outbox SET status = 'sending', claimed_by = $2, claimed_at = $3, attempts = attempts + 1
         WHERE id = $1 AND (status = 'waiting' AND next_at <= $3 OR status = 'sending' AND claimed_at < $4)
         RETURNING id, message_id, kind, language, recipient, recipient_name, subject, body, attempts, expires_at, created_at",
    )
    .bind(id)
    .bind(own.to_owned())
    .bind(now)
    .bind(stale)
    .optional()
    .await
}

/// Says that the server is still at it; `false` when the mail is another's by now.
///
/// # Errors
/// The database's.
pub async fn beat(tx: &mut Tx, id: &str, own: &str, now: i64) -> Result<bool, sqlx::Error> {
    let beaten = tx
        .query("UPDATE outbox SET claimed_at = $3 WHERE id = $1 AND claimed_by = $2 AND status = 'sending'")
        .bind(id.to_owned())
        .bind(own.to_owned())
        .bind(now)
        .execute()
        .await?;
    Ok(beaten == 1)
}

/// Gives back what a server had claimed, or all that anybody had. A try that was cut off is none.
///
/// # Errors
/// The database's.
pub async fn release(tx: &mut Tx, own: Option<String>) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE outbox SET status = 'waiting', claimed_by = NULL, claimed_at = NULL, attempts = attempts - 1
         WHERE status = 'sending' AND (CAST($1 AS TEXT) IS NULL OR claimed_by = $1)",
    )
    .bind(own)
    .execute()
    .await
    .map(|_| ())
}

/// Notes that a mail server took it; what it said is forgotten.
///
/// # Errors
/// The database's.
pub async fn sent(tx: &mut Tx, id: &str, own: &str, now: i64) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE outbox SET status = 'sent', sent_at = $3, body = NULL, last_error = NULL, claimed_by = NULL, claimed_at = NULL
         WHERE id = $1 AND claimed_by = $2",
    )
    .bind(id.to_owned())
    .bind(own.to_owned())
    .bind(now)
    .execute()
    .await
    .map(|_| ())
}

/// Notes that a try failed, and when the next one is due.
///
/// # Errors
/// The database's.
pub async fn put_off(
    tx: &mut Tx,
    id: &str,
    own: &str,
    reason: &str,
    next_at: i64,
) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE outbox SET status = 'waiting', next_at = $4, last_error = $3, claimed_by = NULL, claimed_at = NULL
         WHERE id = $1 AND claimed_by = $2",
    )
    .bind(id.to_owned())
    .bind(own.to_owned())
    .bind(reason.to_owned())
    .bind(next_at)
    .execute()
    .await
    .map(|_| ())
}

/// Notes that it was given up.
///
/// # Errors
/// The database's.
pub async fn failed(tx: &mut Tx, id: &str, own: &str, reason: &str) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE outbox SET status = 'failed', last_error = $3, claimed_by = NULL, claimed_at = NULL
         WHERE id = $1 AND claimed_by = $2",
    )
    .bind(id.to_owned())
    .bind(own.to_owned())
    .bind(reason.to_owned())
    .execute()
    .await
    .map(|_| ())
}

/// Counts all that waits as sent: the demonstration's people have no mailboxes.
///
/// # Errors
/// The database's.
pub async fn count_as_sent(tx: &mut Tx) -> Result<(), sqlx::Error> {
    tx.query("UPDATE outbox SET status = 'sent', sent_at = created_at, attempts = 1, body = NULL WHERE status = 'waiting'")
        .execute()
        .await
        .map(|_| ())
}

/// Makes a mail due now, with all its tries before it; `false` when it is not one that failed or waits.
///
/// # Errors
/// The database's.
pub async fn retry(tx: &mut Tx, _permit: &Permit, id: MailId, now: i64) -> Result<bool, sqlx::Error> {
    let changed = tx
        .query(
            "UPDATE outbox SET status = 'waiting', attempts = 0, next_at = $2
             WHERE id = $1 AND status IN ('failed', 'waiting') AND body IS NOT NULL",
        )
        .bind(id.to_string())
        .bind(now)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Forgets mails that are over since before a moment.
///
/// # Errors
/// The database's.
pub async fn forget(tx: &mut Tx, before: i64) -> Result<(), sqlx::Error> {
    tx.query("DELETE FROM outbox WHERE created_at < $1 AND status IN ('sent', 'failed', 'cancelled')")
        .bind(before)
        .execute()
        .await
        .map(|_| ())
}

/// How many mails wait and how many were given up, each up to 1,000.
///
/// # Errors
/// The database's.
pub async fn count(tx: &mut Tx, _permit: &Permit) -> Result<(u64, u64), sqlx::Error> {
    let (waiting, failed): (i64, i64) = tx
        .query(
            "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE status = 'waiting' OR status = 'sending' LIMIT 1000) w),
                    (SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE status = 'failed' LIMIT 1000) f)",
        )
        .one()
        .await?;
    Ok((
        u64::try_from(waiting).unwrap_or_default(),
        u64::try_from(failed).unwrap_or_default(),
    ))
}

#[derive(sqlx::FromRow)]
struct MailRow {
    #[sqlx(try_from = "String")]
    id: MailId,
    kind: String,
    language: String,
    recipient: String,
    subject: String,
    organization_id: Option<String>,
    status: String,
    attempts: i64,
    next_at: i64,
    last_error: Option<String>,
    created_at: i64,
    sent_at: Option<i64>,
}

impl MailRow {
    fn read(self) -> Mail {
        let status = MailStatus::ALL
            .into_iter()
            .find(|status| status.as_str() == self.status)
            .unwrap_or(MailStatus::Waiting);
        Mail {
            mail_id: self.id,
            to: self.recipient,
            subject: self.subject,
            kind: MailKind::ALL
                .into_iter()
                .find(|kind| kind.as_str() == self.kind)
                .unwrap_or(MailKind::Test),
            language: self.language,
            attempts: u64::try_from(self.attempts).unwrap_or_default(),
            next_at: (status == MailStatus::Waiting).then_some(self.next_at),
            last_error: self.last_error,
            organization_id: self.organization_id.and_then(|id| id.parse().ok()),
            created_at: self.created_at,
            sent_at: self.sent_at,
            status,
        }
    }
}

macro_rules! columns {
    () => {
        "SELECT m.id, m.kind, m.language, m.recipient, m.subject, m.organization_id, m.status, m.attempts, m.next_at,
                m.last_error, m.created_at, m.sent_at FROM outbox m"
    };
}

/// Lists the tenant's mail, the newest first.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(tx: &mut Tx, _permit: &Permit, op: &ListMails) -> Result<Page<Mail>, Fault> {
    let window = Window::new("mails", Order::Descending, op.cursor.as_ref(), op.limit)?;
    let search = pattern(op.search.as_ref());
    let status = op.status.map(|status| status.as_str().to_owned());
    // The key is the id, which sorts by time.
    let rows: Vec<MailRow> = tx
        .query(keyset!(
            window.descending(),
            concat!(
                columns!(),
                " WHERE (CAST($4 AS TEXT) IS NULL OR LOWER(m.recipient) LIKE $4 ESCAPE '\\' OR m.id = $4)
                    AND (CAST($5 AS TEXT) IS NULL OR m.status = $5)"
            ),
            "m.id",
            "m.id"
        ))
        .bind(window.id())
        .bind(window.id())
        .bind(window.fetch())
        .bind(search.clone())
        .bind(status.clone())
        .all()
        .await?;
    let mut page = window.page(rows, |row| (row.id.to_string(), row.id.to_string()));
    if op.include_total {
        let (counted,): (i64,) = tx
            .query(
                "SELECT COUNT(*) FROM (SELECT 1 FROM outbox m
                 WHERE (CAST($1 AS TEXT) IS NULL OR LOWER(m.recipient) LIKE $1 ESCAPE '\\' OR m.id = $1)
                   AND (CAST($2 AS TEXT) IS NULL OR m.status = $2) LIMIT $3) counted",
            )
            .bind(search)
            .bind(status)
            .bind(COUNTED + 1)
            .one()
            .await?;
        put_counted(&mut page, counted);
    }
    Ok(page.map(MailRow::read))
}

/// Reads one mail.
///
/// # Errors
/// The database's.
pub async fn get(tx: &mut Tx, _permit: &Permit, id: MailId) -> Result<Option<Mail>, sqlx::Error> {
    let row: Option<MailRow> = tx
        .query(concat!(columns!(), " WHERE m.id = $1"))
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.map(MailRow::read))
}
