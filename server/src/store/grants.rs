//! What sign-ins gave to applications, with the codes and refresh tokens that hang on it: only fingerprints are kept.

use guildhall::id::{ApplicationId, ClientId, GrantId, OrganizationId, SessionId, UserId};

use super::Tx;
use crate::auth::amr;

/// Ends that are cleared away with one new grant.
const CLEARED: i64 = 50;

/// What one sign-in gave an application.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Grant {
    #[sqlx(try_from = "String")]
    pub id: GrantId,
    #[sqlx(try_from = "String")]
    pub session_id: SessionId,
    #[sqlx(try_from = "String")]
    pub client_id: ClientId,
    #[sqlx(try_from = "String")]
    pub application_id: ApplicationId,
    #[sqlx(try_from = "String")]
    pub organization_id: OrganizationId,
    #[sqlx(try_from = "String")]
    pub person_id: UserId,
    pub scope: String,
    /// Milliseconds since the Unix epoch, as every time here.
    pub auth_time: i64,
    pub expires_at: i64,
    /// How the person proved who they are, with spaces between (RFC 8176).
    pub amr: String,
}

/// Adds a grant, and clears away some that are past their end.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, grant: &Grant, now: i64) -> Result<(), sqlx::Error> {
    tx.query(
        "DELETE FROM app_grant WHERE id IN (SELECT id FROM app_grant WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
    )
    .bind(now)
    .bind(CLEARED)
    .later()
    .await?;
    tx.query(
        "INSERT INTO app_grant (id, session_id, client_id, application_id, organization_id, person_id, scope, auth_time,
                                created_at, expires_at, amr)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(grant.id.to_string())
    .bind(grant.session_id.to_string())
    .bind(grant.client_id.to_string())
    .bind(grant.application_id.to_string())
    .bind(grant.organization_id.to_string())
    .bind(grant.person_id.to_string())
    .bind(grant.scope.clone())
    .bind(grant.auth_time)
    .bind(now)
    .bind(grant.expires_at)
    .bind(grant.amr.clone())
    .execute()
    .await
    .map(|_| ())
}

/// A grant that has not ended.
///
/// # Errors
/// The database's.
pub async fn get(tx: &mut Tx, id: GrantId, now: i64) -> Result<Option<Grant>, sqlx::Error> {
    tx.query(
        "SELECT id, session_id, client_id, application_id, organization_id, person_id, scope, auth_time, expires_at,
                amr
         FROM app_grant WHERE id = $1 AND expires_at > $2",
    )
    .bind(id.to_string())
    .bind(now)
    .optional()
    .await
}

/// Lets a grant live as long as its session: its code was redeemed.
///
/// # Errors
/// The database's.
pub async fn keep(tx: &mut Tx, id: GrantId) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE app_grant SET expires_at = (SELECT s.expires_at FROM session s WHERE s.id = app_grant.session_id) WHERE id = $1",
    )
    .bind(id.to_string())
    .execute()
    .await
    .map(|_| ())
}

/// Ends a grant with all that hangs on it.
///
/// # Errors
/// The database's.
pub async fn end(tx: &mut Tx, id: GrantId) -> Result<(), sqlx::Error> {
    tx.query("DELETE FROM app_grant WHERE id = $1")
        .bind(id.to_string())
        .execute()
        .await
        .map(|_| ())
}

/// Says that a person's grants were given for the password alone, once there is no other factor.
///
/// # Errors
/// The database's.
pub async fn set_password_only(tx: &mut Tx, person: UserId) -> Result<(), sqlx::Error> {
    tx.query("UPDATE app_grant SET amr = $2 WHERE person_id = $1")
        .bind(person.to_string())
        .bind(amr::PASSWORD.to_owned())
        .execute()
        .await
        .map(|_| ())
}

/// Ends a person's grants, in one organization or in all.
///
/// # Errors
/// The database's.
pub async fn end_of_person(
    tx: &mut Tx,
    person: UserId,
    organization: Option<OrganizationId>,
) -> Result<(), sqlx::Error> {
    tx.query(
        "DELETE FROM app_grant WHERE person_id = $1 AND (CAST($2 AS TEXT) IS NULL OR organization_id = $2)",
    )
    .bind(person.to_string())
    .bind(organization.map(|id| id.to_string()))
    .execute()
    .await
    .map(|_| ())
}

/// Ends what an application was given by a member of an organization.
///
/// # Errors
/// The database's.
pub async fn end_in_application(
    tx: &mut Tx,
    person: UserId,
    organization: OrganizationId,
    app: ApplicationId,
) -> Result<(), sqlx::Error> {
    tx.query("DELETE FROM app_grant WHERE person_id = $1 AND organization_id = $2 AND application_id = $3")
        .bind(person.to_string())
        .bind(organization.to_string())
        .bind(app.to_string())
        .later()
        .await
}

/// Ends the grants of all members of an organization.
///
/// # Errors
/// The database's.
pub async fn end_of_organization(tx: &mut Tx, organization: OrganizationId) -> Result<(), sqlx::Error> {
    tx.query("DELETE FROM app_grant WHERE organization_id = $1")
        .bind(organization.to_string())
        .execute()
        .await
        .map(|_| ())
}

/// Hangs the grants of a session on another one of the same person, who has signed in anew.
///
/// # Errors
/// The database's.
pub async fn move_to_session(tx: &mut Tx, from: SessionId, to: SessionId) -> Result<(), sqlx::Error> {
    tx.query("UPDATE app_grant SET session_id = $2 WHERE session_id = $1")
        .bind(from.to_string())
        .bind(to.to_string())
        .execute()
        .await
        .map(|_| ())
}

/// A code as it is kept.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Code {
    #[sqlx(try_from = "String")]
    pub grant_id: GrantId,
    pub redirect_uri: String,
    pub code_challenge: String,
    pub nonce: Option<String>,
    pub expires_at: i64,
    pub used_at: Option<i64>,
}

/// Adds a code.
///
/// # Errors
/// The database's.
pub async fn insert_code(tx: &mut Tx, code_hash: String, code: &Code) -> Result<(), sqlx::Error> {
    tx.query(
        "INSERT INTO authorization_code (code_hash, grant_id, redirect_uri, code_challenge, nonce, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(code_hash)
    .bind(code.grant_id.to_string())
    .bind(code.redirect_uri.clone())
    .bind(code.code_challenge.clone())
    .bind(code.nonce.clone())
    .bind(code.expires_at)
    .execute()
    .await
    .map(|_| ())
}

/// The code of a fingerprint, used or not, as long as its grant lives.
///
/// # Errors
/// The database's.
pub async fn code(tx: &mut Tx, code_hash: String) -> Result<Option<Code>, sqlx::Error> {
    tx.query(
        "SELECT grant_id, redirect_uri, code_challenge, nonce, expires_at, used_at FROM authorization_code
         WHERE code_hash = $1",
    )
    .bind(code_hash)
    .optional()
    .await
}

/// Uses a code up; `false` when somebody else has.
///
/// # Errors
/// The database's.
pub async fn use_code(tx: &mut Tx, code_hash: String, now: i64) -> Result<bool, sqlx::Error> {
    let used = tx
        .query("UPDATE authorization_code SET used_at = $2 WHERE code_hash = $1 AND used_at IS NULL")
        .bind(code_hash)
        .bind(now)
        .execute()
        .await?;
    Ok(used == 1)
}

/// A refresh token as it is kept.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RefreshToken {
    #[sqlx(try_from = "String")]
    pub grant_id: GrantId,
    /// When another one took its place.
    pub used_at: Option<i64>,
}

/// Adds a refresh token.
///
/// # Errors
/// The database's.
pub async fn insert_refresh_token(
    tx: &mut Tx,
    token_hash: String,
    grant: GrantId,
    now: i64,
) -> Result<(), sqlx::Error> {
    tx.query("INSERT INTO refresh_token (token_hash, grant_id, created_at) VALUES ($1, $2, $3)")
        .bind(token_hash)
        .bind(grant.to_string())
        .bind(now)
        .execute()
        .await
        .map(|_| ())
}

/// The refresh token of a fingerprint, replaced or not, as long as its grant lives.
///
/// # Errors
/// The database's.
pub async fn refresh_token(tx: &mut Tx, token_hash: String) -> Result<Option<RefreshToken>, sqlx::Error> {
    tx.query("SELECT grant_id, used_at FROM refresh_token WHERE token_hash = $1")
        .bind(token_hash)
        .optional()
        .await
}

/// Uses a refresh token up; `false` when somebody else has.
///
/// # Errors
/// The database's.
pub async fn use_refresh_token(tx: &mut Tx, token_hash: String, now: i64) -> Result<bool, sqlx::Error> {
    let used = tx
        .query("UPDATE refresh_token SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL")
        .bind(token_hash)
        .bind(now)
        .execute()
        .await?;
    Ok(used == 1)
}
