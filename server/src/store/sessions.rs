//! Console sessions: only a fingerprint of the token is kept.

use guildhall::caller::Request;
use guildhall::id::{OrganizationId, SessionId, UserId};

use super::Tx;
use crate::auth::amr;

/// Rows that a list of sessions has at most.
const LISTED: i64 = 100;

/// A new session.
#[derive(Debug, Clone)]
pub struct NewSession<'s> {
    pub id: SessionId,
    pub token_hash: String,
    pub person: UserId,
    /// How they proved who they are, with spaces between (RFC 8176).
    pub amr: &'s str,
    pub expires_at: i64,
}

/// Adds a session.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    session: NewSession<'_>,
    request: &Request,
    now: i64,
) -> Result<(), sqlx::Error> {
    tx.query("DELETE FROM session WHERE person_id = $1 AND expires_at < $2")
        .bind(session.person.to_string())
        .bind(now)
        .execute()
        .await?;
    tx.query(
        "INSERT INTO session (id, token_hash, person_id, ip, user_agent, created_at, last_used_at, expires_at, amr,
                              confirmed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $6)",
    )
    .bind(session.id.to_string())
    .bind(session.token_hash)
    .bind(session.person.to_string())
    .bind(request.ip.clone())
    .bind(request.user_agent.clone())
    .bind(now)
    .bind(session.expires_at)
    .bind(session.amr.to_owned())
    .execute()
    .await
    .map(|_| ())
}

/// Says at whose portal a session looks, or that it looks at none any more.
///
/// # Errors
/// The database's.
pub async fn set_viewing(
    tx: &mut Tx,
    id: SessionId,
    organization: Option<OrganizationId>,
) -> Result<(), sqlx::Error> {
    tx.query("UPDATE session SET viewing = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(organization.map(|id| id.to_string()))
        .execute()
        .await
        .map(|_| ())
}

/// Ends one session.
///
/// # Errors
/// The database's.
pub async fn delete(tx: &mut Tx, id: SessionId) -> Result<u64, sqlx::Error> {
    tx.query("DELETE FROM session WHERE id = $1")
        .bind(id.to_string())
        .execute()
        .await
}

/// Ends a person's sessions, all but `keep`.
///
/// # Errors
/// The database's.
pub async fn delete_of(tx: &mut Tx, person: UserId, keep: Option<SessionId>) -> Result<u64, sqlx::Error> {
    tx.query("DELETE FROM session WHERE person_id = $1 AND id <> $2")
        .bind(person.to_string())
        .bind(keep.map(|id| id.to_string()).unwrap_or_default())
        .execute()
        .await
}

/// Ends one of a person's sessions; `false` when they have no such session.
///
/// # Errors
/// The database's.
pub async fn delete_one_of(tx: &mut Tx, person: UserId, id: SessionId) -> Result<bool, sqlx::Error> {
    let deleted = tx
        .query("DELETE FROM session WHERE person_id = $1 AND id = $2")
        .bind(person.to_string())
        .bind(id.to_string())
        .execute()
        .await?;
    Ok(deleted == 1)
}

/// Notes that a session is used, and from where; `unless` it was noted since that moment.
///
/// # Errors
/// The database's.
pub async fn used(
    tx: &mut Tx,
    id: SessionId,
    ip: Option<String>,
    now: i64,
    unless: i64,
) -> Result<(), sqlx::Error> {
    tx.query("UPDATE session SET last_used_at = $2, ip = $3 WHERE id = $1 AND last_used_at <= $4")
        .bind(id.to_string())
        .bind(now)
        .bind(ip)
        .bind(unless)
        .execute()
        .await
        .map(|_| ())
}

/// A session as it is kept, without its token.
#[derive(Debug, sqlx::FromRow)]
pub struct SessionRow {
    #[sqlx(try_from = "String")]
    pub id: SessionId,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub created_at: i64,
    pub last_used_at: i64,
    pub expires_at: i64,
}

/// A person's sessions that have not ended, the last used first.
///
/// # Errors
/// The database's.
pub async fn of_person(tx: &mut Tx, person: UserId, now: i64) -> Result<Vec<SessionRow>, sqlx::Error> {
    tx.query(
        "SELECT id, ip, user_agent, created_at, last_used_at, expires_at FROM session
         WHERE person_id = $1 AND expires_at > $2 ORDER BY last_used_at DESC, id DESC LIMIT $3",
    )
    .bind(person.to_string())
    .bind(now)
    .bind(LISTED)
    .all()
    .await
}

/// When a session began, and when it ends by itself; `None` when it was ended.
///
/// # Errors
/// The database's.
pub async fn span(tx: &mut Tx, id: SessionId) -> Result<Option<(i64, i64)>, sqlx::Error> {
    tx.query("SELECT created_at, expires_at FROM session WHERE id = $1")
        .bind(id.to_string())
        .optional()
        .await
}

/// What a session knows of how its person proved who they are.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Proof {
    /// The methods, with spaces between (RFC 8176).
    pub amr: String,
    /// When the password was last given.
    pub confirmed_at: i64,
    /// What a passkey that is about to be added must sign, and until when.
    pub passkey_challenge: Option<String>,
    pub passkey_until: Option<i64>,
}

/// How a session's person proved who they are; `None` when it was ended.
///
/// # Errors
/// The database's.
pub async fn proof(tx: &mut Tx, id: SessionId) -> Result<Option<Proof>, sqlx::Error> {
    tx.query("SELECT amr, confirmed_at, passkey_challenge, passkey_until FROM session WHERE id = $1")
        .bind(id.to_string())
        .optional()
        .await
}

/// Notes that the password was given again.
///
/// # Errors
/// The database's.
pub async fn confirm(tx: &mut Tx, id: SessionId, now: i64) -> Result<(), sqlx::Error> {
    tx.query("UPDATE session SET confirmed_at = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(now)
        .execute()
        .await
        .map(|_| ())
}

/// Says with what a session's person proved who they are, once they proved more.
///
/// # Errors
/// The database's.
pub async fn set_amr(tx: &mut Tx, id: SessionId, amr: &str) -> Result<(), sqlx::Error> {
    tx.query("UPDATE session SET amr = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(amr.to_owned())
        .execute()
        .await
        .map(|_| ())
}

/// Says that a person's sessions were proved with the password alone, once there is no other factor.
///
/// # Errors
/// The database's.
pub async fn set_password_only(tx: &mut Tx, person: UserId) -> Result<(), sqlx::Error> {
    tx.query("UPDATE session SET amr = $2 WHERE person_id = $1")
        .bind(person.to_string())
        .bind(amr::PASSWORD.to_owned())
        .execute()
        .await
        .map(|_| ())
}

/// Keeps what a passkey that is about to be added must sign, in place of what was kept before.
///
/// # Errors
/// The database's.
pub async fn set_challenge(
    tx: &mut Tx,
    id: SessionId,
    challenge: String,
    until: i64,
) -> Result<(), sqlx::Error> {
    tx.query("UPDATE session SET passkey_challenge = $2, passkey_until = $3 WHERE id = $1")
        .bind(id.to_string())
        .bind(challenge)
        .bind(until)
        .execute()
        .await
        .map(|_| ())
}

/// Forgets a challenge that was answered; `false` when it was answered before, or another one is kept by now.
///
/// # Errors
/// The database's.
pub async fn take_challenge(tx: &mut Tx, id: SessionId, challenge: &str) -> Result<bool, sqlx::Error> {
    let taken = tx
        .query(
            "UPDATE session SET passkey_challenge = NULL, passkey_until = NULL
             WHERE id = $1 AND passkey_challenge = $2",
        )
        .bind(id.to_string())
        .bind(challenge.to_owned())
        .execute()
        .await?;
    Ok(taken == 1)
}
