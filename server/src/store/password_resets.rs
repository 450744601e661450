//! Links that replace a forgotten password: only a fingerprint of the token is kept.

use guildhall::id::UserId;

use super::Tx;

/// A link that works.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Reset {
    #[sqlx(try_from = "String")]
    pub person_id: UserId,
    /// Where it was sent.
    pub email: String,
    pub expires_at: i64,
}

/// Makes a link; the person's earlier one is dead.
///
/// # Errors
/// The database's.
pub async fn put(
    tx: &mut Tx,
    person: UserId,
    token_hash: String,
    email: &str,
    now: i64,
    expires_at: i64,
) -> Result<(), sqlx::Error> {
    tx.query(
        "INSERT INTO password_reset (person_id, token_hash, email, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (person_id) DO UPDATE SET token_hash = excluded.token_hash, email = excluded.email,
             created_at = excluded.created_at, expires_at = excluded.expires_at",
    )
    .bind(person.to_string())
    .bind(token_hash)
    .bind(email.to_owned())
    .bind(now)
    .bind(expires_at)
    .execute()
    .await
    .map(|_| ())
}

/// What a link is for: of somebody whose account is open, and whose address it was sent to.
///
/// # Errors
/// The database's.
pub async fn find(tx: &mut Tx, token_hash: String, now: i64) -> Result<Option<Reset>, sqlx::Error> {
    tx.query(
        "SELECT r.person_id, r.email, r.expires_at FROM password_reset r JOIN person p ON p.id = r.person_id
         WHERE r.token_hash = $1 AND r.expires_at > $2 AND p.status <> 'Disabled' AND p.email = r.email",
    )
    .bind(token_hash)
    .bind(now)
    .optional()
    .await
}

/// Uses a link up; `false` when somebody else was quicker.
///
/// # Errors
/// The database's.
pub async fn take(tx: &mut Tx, token_hash: String) -> Result<bool, sqlx::Error> {
    let taken = tx
        .query("DELETE FROM password_reset WHERE token_hash = $1")
        .bind(token_hash)
        .execute()
        .await?;
    Ok(taken == 1)
}
