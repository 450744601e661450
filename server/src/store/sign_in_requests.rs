//! Sign-ins that applications asked for and that wait for somebody: only a fingerprint of their secret is kept.

use guildhall::id::{ApplicationId, ClientId};

use super::Tx;

/// Ends that are cleared away with one new request.
const CLEARED: i64 = 50;

/// What an application asked for.
#[derive(Debug, Clone)]
pub struct NewRequest {
    pub client_id: ClientId,
    pub redirect_uri: String,
    pub scope: String,
    pub state: Option<String>,
    pub nonce: Option<String>,
    pub code_challenge: String,
    pub organization: Option<String>,
    pub prompt: Option<&'static str>,
    pub max_age: Option<i64>,
    pub login_hint: Option<String>,
}

/// Keeps a request until a moment, and clears away some that are past theirs.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    token_hash: String,
    request: &NewRequest,
    now: i64,
    expires_at: i64,
) -> Result<(), sqlx::Error> {
    tx.query(
        "DELETE FROM sign_in_request WHERE token_hash IN
            (SELECT token_hash FROM sign_in_request WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
    )
    .bind(now)
    .bind(CLEARED)
    .later()
    .await?;
    tx.query(
        "INSERT INTO sign_in_request (token_hash, client_id, redirect_uri, scope, state, nonce, code_challenge, organization,
                                      prompt, max_age, login_hint, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(token_hash)
    .bind(request.client_id.to_string())
    .bind(request.redirect_uri.clone())
    .bind(request.scope.clone())
    .bind(request.state.clone())
    .bind(request.nonce.clone())
    .bind(request.code_challenge.clone())
    .bind(request.organization.clone())
    .bind(request.prompt)
    .bind(request.max_age)
    .bind(request.login_hint.clone())
    .bind(now)
    .bind(expires_at)
    .execute()
    .await
    .map(|_| ())
}

/// A request that waits, and whose it is.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SignInRequest {
    #[sqlx(try_from = "String")]
    pub client_id: ClientId,
    #[sqlx(try_from = "String")]
    pub application_id: ApplicationId,
    pub application_name: String,
    pub redirect_uri: String,
    pub scope: String,
    pub state: Option<String>,
    pub nonce: Option<String>,
    pub code_challenge: String,
    pub organization: Option<String>,
    pub prompt: Option<String>,
    pub max_age: Option<i64>,
    pub login_hint: Option<String>,
    pub created_at: i64,
}

/// The request of a fingerprint; `None` when it was used, or has waited too long.
///
/// # Errors
/// The database's.
pub async fn get(tx: &mut Tx, token_hash: String, now: i64) -> Result<Option<SignInRequest>, sqlx::Error> {
    tx.query(
        "SELECT q.client_id, c.application_id, a.name AS application_name, q.redirect_uri, q.scope, q.state, q.nonce,
                q.code_challenge, q.organization, q.prompt, q.max_age, q.login_hint, q.created_at
         FROM sign_in_request q JOIN client c ON c.id = q.client_id JOIN application a ON a.id = c.application_id
         WHERE q.token_hash = $1 AND q.expires_at > $2",
    )
    .bind(token_hash)
    .bind(now)
    .optional()
    .await
}

/// Ends a request; `false` when somebody else has.
///
/// # Errors
/// The database's.
pub async fn delete(tx: &mut Tx, token_hash: String) -> Result<bool, sqlx::Error> {
    let deleted = tx
        .query("DELETE FROM sign_in_request WHERE token_hash = $1")
        .bind(token_hash)
        .execute()
        .await?;
    Ok(deleted == 1)
}
