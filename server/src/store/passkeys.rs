//! Passkeys: the public halves, and what tells a copied authenticator from the first.

use guildhall::id::{PasskeyId, UserId};

use super::Tx;

/// A passkey as it is kept.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PasskeyRow {
    #[sqlx(try_from = "String")]
    pub id: PasskeyId,
    /// In base64url, as the key.
    pub credential_id: String,
    pub name: String,
    pub public_key: String,
    pub sign_count: i64,
    pub created_at: i64,
    pub last_used_at: Option<i64>,
}

/// A new passkey.
#[derive(Debug, Clone)]
pub struct NewPasskey {
    pub id: PasskeyId,
    pub credential_id: String,
    pub name: String,
    pub public_key: String,
    pub sign_count: i64,
}

/// A person's passkeys, the oldest first.
///
/// # Errors
/// The database's.
pub async fn of_person(tx: &mut Tx, person: UserId) -> Result<Vec<PasskeyRow>, sqlx::Error> {
    tx.query(
        "SELECT id, credential_id, name, public_key, sign_count, created_at, last_used_at FROM passkey
         WHERE person_id = $1 ORDER BY created_at, id",
    )
    .bind(person.to_string())
    .all()
    .await
}

/// Adds a passkey; `false` when its credential is somebody's already.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, person: UserId, passkey: NewPasskey, now: i64) -> Result<bool, sqlx::Error> {
    let inserted = tx
        .query(
            "INSERT INTO passkey (id, person_id, credential_id, name, public_key, sign_count, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(passkey.id.to_string())
        .bind(person.to_string())
        .bind(passkey.credential_id)
        .bind(passkey.name)
        .bind(passkey.public_key)
        .bind(passkey.sign_count)
        .bind(now)
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// Notes a use; `false` when a later one was noted meanwhile, by the authenticator's own count.
///
/// # Errors
/// The database's.
pub async fn used(
    tx: &mut Tx,
    id: PasskeyId,
    was: i64,
    sign_count: i64,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let noted = tx
        .query("UPDATE passkey SET sign_count = $3, last_used_at = $4 WHERE id = $1 AND sign_count = $2")
        .bind(id.to_string())
        .bind(was)
        .bind(sign_count)
        .bind(now)
        .execute()
        .await?;
    Ok(noted == 1)
}

/// Takes one of a person's passkeys away: what it was called.
///
/// # Errors
/// The database's.
pub async fn remove(tx: &mut Tx, person: UserId, id: PasskeyId) -> Result<Option<String>, sqlx::Error> {
    let removed: Option<(String,)> = tx
        .query("DELETE FROM passkey WHERE person_id = $1 AND id = $2 RETURNING name")
        .bind(person.to_string())
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(removed.map(|(name,)| name))
}

/// Takes all of a person's passkeys away.
///
/// # Errors
/// The database's.
pub async fn remove_all(tx: &mut Tx, person: UserId) -> Result<(), sqlx::Error> {
    tx.query("DELETE FROM passkey WHERE person_id = $1")
        .bind(person.to_string())
        .execute()
        .await
        .map(|_| ())
}
