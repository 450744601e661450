//! What somebody new asks for, until the address is proved: only a fingerprint of the link's token is kept.

use guildhall::users::PersonName;

use super::Tx;
use crate::fault::Fault;

/// Links that are cleared away with one new link.
const CLEARED: i64 = 50;

/// What somebody new asked for.
#[derive(Debug, Clone)]
pub struct Begun {
    pub email: String,
    pub person_name: PersonName,
    /// The name that was asked for.
    pub organization: String,
    pub expires_at: i64,
}

#[derive(sqlx::FromRow)]
struct BegunRow {
    email: String,
    person_name: String,
    organization_name: String,
    expires_at: i64,
}

/// Keeps what somebody new asks for, in place of an earlier wish; clears away some links that are past their end.
///
/// # Errors
/// The database's.
pub async fn begin(
    tx: &mut Tx,
    email_key: String,
    token_hash: String,
    begun: &Begun,
    now: i64,
) -> Result<(), Fault> {
    tx.query(
        "DELETE FROM begun_registration WHERE email_key IN
            (SELECT email_key FROM begun_registration WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
    )
    .bind(now)
    .bind(CLEARED)
    .later()
    .await?;
    tx.query(
        "INSERT INTO begun_registration (email_key, email, person_name, organization_name, token_hash, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (email_key) DO UPDATE SET email = excluded.email, person_name = excluded.person_name,
             organization_name = excluded.organization_name, token_hash = excluded.token_hash,
             created_at = excluded.created_at, expires_at = excluded.expires_at",
    )
    .bind(email_key)
    .bind(begun.email.clone())
    .bind(serde_json::to_string(&begun.person_name)?)
    .bind(begun.organization.clone())
    .bind(token_hash)
    .bind(now)
    .bind(begun.expires_at)
    .execute()
    .await?;
    Ok(())
}

/// What a link is for, while it works.
///
/// # Errors
/// The database's.
pub async fn begun(tx: &mut Tx, token_hash: String, now: i64) -> Result<Option<Begun>, Fault> {
    let row: Option<BegunRow> = tx
        .query(
            "SELECT email, person_name, organization_name, expires_at FROM begun_registration
             WHERE token_hash = $1 AND expires_at > $2",
        )
        .bind(token_hash)
        .bind(now)
        .optional()
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Begun {
        person_name: serde_json::from_str(&row.person_name)?,
        email: row.email,
        organization: row.organization_name,
        expires_at: row.expires_at,
    }))
}

/// Uses a link up; `false` when somebody else was quicker.
///
/// # Errors
/// The database's.
pub async fn take(tx: &mut Tx, token_hash: String) -> Result<bool, sqlx::Error> {
    let taken = tx
        .query("DELETE FROM begun_registration WHERE token_hash = $1")
        .bind(token_hash)
        .execute()
        .await?;
    Ok(taken == 1)
}
