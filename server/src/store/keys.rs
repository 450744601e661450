//! Signing keys.

use super::Tx;
use crate::auth::token::StoredKey;

#[derive(sqlx::FromRow)]
struct KeyRow {
    kid: String,
    seed: String,
    created_at: i64,
    retires_at: Option<i64>,
}

/// The keys that still verify at `now`.
///
/// # Errors
/// The database's.
pub async fn list(tx: &mut Tx, now: i64) -> Result<Vec<StoredKey>, sqlx::Error> {
    let rows: Vec<KeyRow> = tx
        .query("SELECT kid, seed, created_at, retires_at FROM signing_key WHERE retires_at IS NULL OR retires_at > $1 ORDER BY created_at")
        .bind(now)
        .all()
        .await?;
    let stored = |row: KeyRow| StoredKey {
        kid: row.kid,
        seed: row.seed,
        created_at: row.created_at,
        retires_at: row.retires_at,
    };
    Ok(rows.into_iter().map(stored).collect())
}

/// Adds a key.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, key: &StoredKey) -> Result<(), sqlx::Error> {
    tx.query("INSERT INTO signing_key (kid, seed, created_at) VALUES ($1, $2, $3)")
        .bind(key.kid.clone())
        .bind(key.seed.clone())
        .bind(key.created_at)
        .execute()
        .await
        .map(|_| ())
}

/// Lets every key but the one named verify only until a moment, and deletes those that are past theirs.
///
/// # Errors
/// The database's.
pub async fn retire_others(tx: &mut Tx, kid: &str, now: i64, at: i64) -> Result<(), sqlx::Error> {
    tx.query("UPDATE signing_key SET retires_at = $2 WHERE kid <> $1 AND retires_at IS NULL")
        .bind(kid.to_owned())
        .bind(at)
        .execute()
        .await?;
    tx.query("DELETE FROM signing_key WHERE retires_at < $1")
        .bind(now)
        .execute()
        .await
        .map(|_| ())
}
