//! Which of their addresses people have proved to be theirs, and the links that prove it.

use guildhall::contact::Email;
use guildhall::id::UserId;

use super::Tx;

/// A link that was sent to an address; the one before is dead.
///
/// # Errors
/// The database's.
pub async fn ask(
    tx: &mut Tx,
    person: UserId,
    email: &Email,
    token_hash: String,
    expires_at: i64,
) -> Result<(), sqlx::Error> {
    tx.query(
        "INSERT INTO email_proof (person_id, email_key, token_hash, expires_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (person_id, email_key) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at",
    )
    .bind(person.to_string())
    .bind(email.folded())
    .bind(token_hash)
    .bind(expires_at)
    .execute()
    .await
    .map(|_| ())
}

/// Uses up a person's link: the folded address that it proves.
///
/// # Errors
/// The database's.
pub async fn prove(
    tx: &mut Tx,
    person: UserId,
    token_hash: String,
    now: i64,
) -> Result<Option<String>, sqlx::Error> {
    let proved: Option<(String,)> = tx
        .query(
            "UPDATE email_proof SET verified_at = $3, token_hash = NULL, expires_at = NULL
             WHERE person_id = $1 AND token_hash = $2 AND expires_at > $3 RETURNING email_key",
        )
        .bind(person.to_string())
        .bind(token_hash)
        .bind(now)
        .optional()
        .await?;
    Ok(proved.map(|(email,)| email))
}

/// Keeps that an address was proved, when it stops being the primary one.
///
/// # Errors
/// The database's.
pub async fn keep(tx: &mut Tx, person: UserId, email_key: &str, now: i64) -> Result<(), sqlx::Error> {
    tx.query(
        "INSERT INTO email_proof (person_id, email_key, verified_at) VALUES ($1, $2, $3)
         ON CONFLICT (person_id, email_key) DO UPDATE SET verified_at = excluded.verified_at",
    )
    .bind(person.to_string())
    .bind(email_key.to_owned())
    .bind(now)
    .execute()
    .await
    .map(|_| ())
}

/// Forgets what is known of an address.
///
/// # Errors
/// The database's.
pub async fn forget(tx: &mut Tx, person: UserId, email_key: &str) -> Result<(), sqlx::Error> {
    tx.query("DELETE FROM email_proof WHERE person_id = $1 AND email_key = $2")
        .bind(person.to_string())
        .bind(email_key.to_owned())
        .execute()
        .await
        .map(|_| ())
}

/// The folded addresses that a person has proved.
///
/// # Errors
/// The database's.
pub async fn proved(tx: &mut Tx, person: UserId) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = tx
        .query("SELECT email_key FROM email_proof WHERE person_id = $1 AND verified_at IS NOT NULL ORDER BY email_key")
        .bind(person.to_string())
        .all()
        .await?;
    Ok(rows.into_iter().map(|(email,)| email).collect())
}
