//! Sign-ins that wait for the second factor, and how often it was guessed wrong: only a fingerprint of their token is kept.

use guildhall::id::UserId;

use super::Tx;

/// Ends that are cleared away with one new sign-in.
const CLEARED: i64 = 50;

/// A sign-in that waits.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Pending {
    #[sqlx(try_from = "String")]
    pub person_id: UserId,
    /// What a passkey must sign.
    pub challenge: String,
}

/// Keeps a sign-in until a moment, and clears away some that are past theirs.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    token_hash: String,
    pending: &Pending,
    now: i64,
    expires_at: i64,
) -> Result<(), sqlx::Error> {
    tx.query(
        "DELETE FROM pending_sign_in WHERE token_hash IN
            (SELECT token_hash FROM pending_sign_in WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
    )
    .bind(now)
    .bind(CLEARED)
    .later()
    .await?;
    tx.query(
        "INSERT INTO pending_sign_in (token_hash, person_id, challenge, expires_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(token_hash)
    .bind(pending.person_id.to_string())
    .bind(pending.challenge.clone())
    .bind(expires_at)
    .execute()
    .await
    .map(|_| ())
}

/// The sign-in of a fingerprint; `None` when it was finished, or has waited too long.
///
/// # Errors
/// The database's.
pub async fn get(tx: &mut Tx, token_hash: String, now: i64) -> Result<Option<Pending>, sqlx::Error> {
    tx.query(
        "SELECT s.person_id, s.challenge FROM pending_sign_in s JOIN person p ON p.id = s.person_id
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND p.status <> 'Disabled'",
    )
    .bind(token_hash)
    .bind(now)
    .optional()
    .await
}

/// Ends a sign-in; `false` when somebody else has.
///
/// # Errors
/// The database's.
pub async fn delete(tx: &mut Tx, token_hash: String) -> Result<bool, sqlx::Error> {
    let deleted = tx
        .query("DELETE FROM pending_sign_in WHERE token_hash = $1")
        .bind(token_hash)
        .execute()
        .await?;
    Ok(deleted == 1)
}

/// Ends all that wait for a person: the password that was right is another one now, or the account is closed.
///
/// # Errors
/// The database's.
pub async fn end_of_person(tx: &mut Tx, person: UserId) -> Result<(), sqlx::Error> {
    tx.query("DELETE FROM pending_sign_in WHERE person_id = $1")
        .bind(person.to_string())
        .execute()
        .await
        .map(|_| ())
}

/// Counts a guess before it is looked at, so that many at once are counted, too: how many there were since a moment that
/// comes with them, this one included. What is older than `window` milliseconds is forgotten.
///
/// # Errors
/// The database's.
pub async fn count_guess(
    tx: &mut Tx,
    person: UserId,
    now: i64,
    window: i64,
) -> Result<(i64, i64), sqlx::Error> {
    tx.query(
        "INSERT INTO factor_guess (person_id, failures, since) VALUES ($1, 1, $2)
         ON CONFLICT (person_id) DO UPDATE SET
            failures = CASE WHEN factor_guess.since < $3 THEN 1 ELSE factor_guess.failures + 1 END,
            since = CASE WHEN factor_guess.since < $3 THEN excluded.since ELSE factor_guess.since END
         RETURNING failures, since",
    )
    .bind(person.to_string())
    .bind(now)
    .bind(now.saturating_sub(window))
    .one()
    .await
}

/// Forgets the guesses: one was right.
///
/// # Errors
/// The database's.
pub async fn forget_guesses(tx: &mut Tx, person: UserId) -> Result<(), sqlx::Error> {
    tx.query("DELETE FROM factor_guess WHERE person_id = $1")
        .bind(person.to_string())
        .execute()
        .await
        .map(|_| ())
}
