//! What people sign in with.

use guildhall::id::{OrganizationId, UserId};

use super::Tx;

/// Sets the password's hash; a link that was to replace a forgotten one is dead, and so is what applications were given.
///
/// # Errors
/// The database's.
pub async fn set_password(
    tx: &mut Tx,
    id: UserId,
    hash: String,
    must_change: bool,
    now: i64,
) -> Result<(), sqlx::Error> {
    super::grants::end_of_person(tx, id, None).await?;
    super::pending_sign_ins::end_of_person(tx, id).await?;
    tx.query("DELETE FROM password_reset WHERE person_id = $1")
        .bind(id.to_string())
        .execute()
        .await?;
    tx.query(
        "UPDATE person SET password_hash = $2, password_must_change = $3, tokens_valid_from = $4, updated_at = $4,
                           version = version + 1
         WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(hash)
    .bind(must_change)
    .bind(now)
    .execute()
    .await
    .map(|_| ())
}

/// Ends every access token of a person, and what applications were given.
///
/// # Errors
/// The database's.
pub async fn end_tokens(tx: &mut Tx, id: UserId, now: i64) -> Result<(), sqlx::Error> {
    super::grants::end_of_person(tx, id, None).await?;
    tx.query("UPDATE person SET tokens_valid_from = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(now)
        .execute()
        .await
        .map(|_| ())
}

/// Notes a sign-in.
///
/// # Errors
/// The database's.
pub async fn signed_in(tx: &mut Tx, id: UserId, now: i64) -> Result<(), sqlx::Error> {
    tx.query("UPDATE person SET last_auth = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(now)
        .execute()
        .await
        .map(|_| ())
}

/// What sign-in needs to know of somebody.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Login {
    #[sqlx(try_from = "String")]
    pub id: UserId,
    pub status: String,
    pub password_hash: Option<String>,
    pub password_must_change: bool,
}

/// Finds whoever signs in with a folded address or user name.
///
/// # Errors
/// The database's.
pub async fn find(tx: &mut Tx, identifier: &str) -> Result<Option<Login>, sqlx::Error> {
    tx.query(
        "SELECT id, status, password_hash, password_must_change FROM person WHERE email_key = $1
         UNION ALL SELECT id, status, password_hash, password_must_change FROM person WHERE username_key = $1 LIMIT 1",
    )
    .bind(identifier.to_owned())
    .optional()
    .await
}

/// The password hash of a person.
///
/// # Errors
/// The database's.
pub async fn of(tx: &mut Tx, id: UserId) -> Result<Option<Login>, sqlx::Error> {
    tx.query("SELECT id, status, password_hash, password_must_change FROM person WHERE id = $1")
        .bind(id.to_string())
        .optional()
        .await
}

/// The names that somebody who guesses a person's password would try: of the tenant, of the organizations that the person is
/// in, and of one that they are about to join.
///
/// # Errors
/// The database's.
pub async fn names_around(
    tx: &mut Tx,
    person: Option<UserId>,
    joins: Option<OrganizationId>,
) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = tx
        .query(
            "SELECT name FROM tenant UNION SELECT name FROM organization WHERE id = $1
             UNION SELECT o.name FROM membership m JOIN organization o ON o.id = m.organization_id
                   WHERE m.person_id = $2 LIMIT 100",
        )
        .bind(joins.map(|id| id.to_string()))
        .bind(person.map(|id| id.to_string()))
        .all()
        .await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}
