//! Console sessions: only a fingerprint of the token is kept.

use guildhall::caller::Request;
use guildhall::id::{SessionId, UserId};

use super::Tx;

/// Adds a session.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    id: SessionId,
    token_hash: String,
    person: UserId,
    request: &Request,
    now: i64,
    expires_at: i64,
) -> Result<(), sqlx::Error> {
    tx.query("DELETE FROM session WHERE person_id = $1 AND expires_at < $2")
        .bind(person.to_string())
        .bind(now)
        .execute()
        .await?;
    tx.query(
        "INSERT INTO session (id, token_hash, person_id, ip, user_agent, created_at, last_used_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
    )
    .bind(id.to_string())
    .bind(token_hash)
    .bind(person.to_string())
    .bind(request.ip.clone())
    .bind(request.user_agent.clone())
    .bind(now)
    .bind(expires_at)
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
