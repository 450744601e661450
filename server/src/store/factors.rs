//! Second factors: authenticator apps, recovery codes, and which organizations ask for one.

use guildhall::factors::{AuthenticatorApp, Factors, Passkey};
use guildhall::id::{SessionId, UserId};

use super::Tx;
use super::passkeys;

/// Organizations that are named.
const NAMED: i64 = 100;

/// An authenticator app as it is kept; the secrets are encrypted.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AppRow {
    pub secret: Option<String>,
    pub created_at: Option<i64>,
    pub last_used_at: Option<i64>,
    pub next_secret: Option<String>,
    pub next_until: Option<i64>,
    pub next_session: Option<String>,
}

/// A person's authenticator app, if it was set up or is being set up.
///
/// # Errors
/// The database's.
pub async fn app(tx: &mut Tx, person: UserId) -> Result<Option<AppRow>, sqlx::Error> {
    tx.query(
        "SELECT secret, created_at, last_used_at, next_secret, next_until, next_session FROM authenticator_app
         WHERE person_id = $1",
    )
    .bind(person.to_string())
    .optional()
    .await
}

/// Keeps the secret of an app that is being set up; the one before that was not finished is dead.
///
/// # Errors
/// The database's.
pub async fn begin_app(
    tx: &mut Tx,
    (person, session): (UserId, SessionId),
    secret: String,
    until: i64,
) -> Result<(), sqlx::Error> {
    tx.query(
        "INSERT INTO authenticator_app (person_id, next_secret, next_until, next_session) VALUES ($1, $2, $3, $4)
         ON CONFLICT (person_id) DO UPDATE SET next_secret = excluded.next_secret, next_until = excluded.next_until,
                                               next_session = excluded.next_session",
    )
    .bind(person.to_string())
    .bind(secret)
    .bind(until)
    .bind(session.to_string())
    .execute()
    .await
    .map(|_| ())
}

/// Makes the app that was being set up the one that counts; `step` is that of the code that proved it. `false` when
/// somebody else has, or the secret is another one by now.
///
/// # Errors
/// The database's.
pub async fn finish_app(
    tx: &mut Tx,
    person: UserId,
    secret: String,
    step: i64,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let changed = tx
        .query(
            "UPDATE authenticator_app SET secret = next_secret, created_at = $3, last_used_at = NULL, last_step = $4,
                    next_secret = NULL, next_until = NULL, next_session = NULL
             WHERE person_id = $1 AND next_secret = $2",
        )
        .bind(person.to_string())
        .bind(secret)
        .bind(now)
        .bind(step)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Takes the code of a time step; `false` when one of it or of a later one was taken before.
///
/// # Errors
/// The database's.
pub async fn take_step(tx: &mut Tx, person: UserId, step: i64, now: i64) -> Result<bool, sqlx::Error> {
    let taken = tx
        .query(
            "UPDATE authenticator_app SET last_step = $2, last_used_at = $3
             WHERE person_id = $1 AND secret IS NOT NULL AND last_step < $2",
        )
        .bind(person.to_string())
        .bind(step)
        .bind(now)
        .execute()
        .await?;
    Ok(taken == 1)
}

/// Takes a person's authenticator app away; `false` when there was none that counted.
///
/// # Errors
/// The database's.
pub async fn remove_app(tx: &mut Tx, person: UserId) -> Result<bool, sqlx::Error> {
    let removed: Option<(Option<String>,)> = tx
        .query("DELETE FROM authenticator_app WHERE person_id = $1 RETURNING secret")
        .bind(person.to_string())
        .optional()
        .await?;
    Ok(removed.is_some_and(|(secret,)| secret.is_some()))
}

/// Replaces a person's recovery codes.
///
/// # Errors
/// The database's.
pub async fn replace_codes(tx: &mut Tx, person: UserId, hashes: Vec<String>) -> Result<(), sqlx::Error> {
    remove_codes(tx, person).await?;
    for hash in hashes {
        tx.query("INSERT INTO recovery_code (person_id, code_hash) VALUES ($1, $2)")
            .bind(person.to_string())
            .bind(hash)
            .execute()
            .await?;
    }
    Ok(())
}

/// Takes a person's recovery codes away.
///
/// # Errors
/// The database's.
pub async fn remove_codes(tx: &mut Tx, person: UserId) -> Result<(), sqlx::Error> {
    tx.query("DELETE FROM recovery_code WHERE person_id = $1")
        .bind(person.to_string())
        .execute()
        .await
        .map(|_| ())
}

/// Uses a recovery code up; `false` when there is no such code, or it was used.
///
/// # Errors
/// The database's.
pub async fn use_code(tx: &mut Tx, person: UserId, hash: String, now: i64) -> Result<bool, sqlx::Error> {
    let used = tx
        .query(
            "UPDATE recovery_code SET used_at = $3 WHERE person_id = $1 AND code_hash = $2 AND used_at IS NULL",
        )
        .bind(person.to_string())
        .bind(hash)
        .bind(now)
        .execute()
        .await?;
    Ok(used == 1)
}

/// How many recovery codes a person has left.
///
/// # Errors
/// The database's.
pub async fn codes_left(tx: &mut Tx, person: UserId) -> Result<u64, sqlx::Error> {
    let (left,): (i64,) = tx
        .query("SELECT COUNT(*) FROM recovery_code WHERE person_id = $1 AND used_at IS NULL")
        .bind(person.to_string())
        .one()
        .await?;
    Ok(u64::try_from(left).unwrap_or_default())
}

/// A person's second factors.
///
/// # Errors
/// The database's.
pub async fn of(tx: &mut Tx, person: UserId) -> Result<Factors, sqlx::Error> {
    let app = app(tx, person).await?.filter(|app| app.secret.is_some());
    let rows = passkeys::of_person(tx, person).await?;
    Ok(Factors {
        authenticator_app: app.map(|app| AuthenticatorApp {
            created_at: app.created_at.unwrap_or_default(),
            last_used_at: app.last_used_at,
        }),
        passkeys: rows
            .into_iter()
            .map(|row| Passkey {
                passkey_id: row.id,
                name: row.name,
                created_at: row.created_at,
                last_used_at: row.last_used_at,
            })
            .collect(),
        recovery_codes_left: codes_left(tx, person).await?,
    })
}

/// Whether signing in asks a person for a second factor.
///
/// # Errors
/// The database's.
pub async fn has_any(tx: &mut Tx, person: UserId) -> Result<bool, sqlx::Error> {
    tx.query(
        "SELECT 1 FROM person p WHERE p.id = $1
             AND (EXISTS (SELECT 1 FROM authenticator_app a WHERE a.person_id = p.id AND a.secret IS NOT NULL)
                  OR EXISTS (SELECT 1 FROM passkey k WHERE k.person_id = p.id))",
    )
    .bind(person.to_string())
    .exists()
    .await
}

/// Takes all of a person's second factors away.
///
/// # Errors
/// The database's.
pub async fn remove_all(tx: &mut Tx, person: UserId) -> Result<(), sqlx::Error> {
    remove_app(tx, person).await?;
    remove_codes(tx, person).await?;
    passkeys::remove_all(tx, person).await?;
    super::pending_sign_ins::forget_guesses(tx, person).await?;
    super::pending_sign_ins::end_of_person(tx, person).await
}

/// The names of the organizations that require a second factor of a person, by name.
///
/// # Errors
/// The database's.
pub async fn required_by(tx: &mut Tx, person: UserId) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = tx
        .query(
            "SELECT o.name FROM membership m JOIN organization o ON o.id = m.organization_id
             WHERE m.person_id = $1 AND m.accepted AND m.enabled AND o.enabled AND o.requires_factor
             ORDER BY o.name_key, o.id LIMIT $2",
        )
        .bind(person.to_string())
        .bind(NAMED)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Since when a person is a member of an organization; `None` where they are not, or only invited.
///
/// # Errors
/// The database's.
pub async fn member_since(
    tx: &mut Tx,
    person: UserId,
    organization: guildhall::id::OrganizationId,
) -> Result<Option<i64>, sqlx::Error> {
    let row: Option<(Option<i64>,)> = tx
        .query(
            "SELECT accepted_at FROM membership WHERE person_id = $1 AND organization_id = $2 AND accepted",
        )
        .bind(person.to_string())
        .bind(organization.to_string())
        .optional()
        .await?;
    Ok(row.and_then(|(since,)| since))
}

/// Whether a person is a member of other organizations than this one, and not only invited.
///
/// # Errors
/// The database's.
pub async fn is_member_elsewhere(
    tx: &mut Tx,
    person: UserId,
    organization: guildhall::id::OrganizationId,
) -> Result<bool, sqlx::Error> {
    tx.query("SELECT 1 FROM membership WHERE person_id = $1 AND organization_id <> $2 AND accepted LIMIT 1")
        .bind(person.to_string())
        .bind(organization.to_string())
        .exists()
        .await
}

/// Whether a person is in other organizations than this one, accepted or only invited.
///
/// # Errors
/// The database's.
pub async fn is_elsewhere(
    tx: &mut Tx,
    person: UserId,
    organization: guildhall::id::OrganizationId,
) -> Result<bool, sqlx::Error> {
    tx.query("SELECT 1 FROM membership WHERE person_id = $1 AND organization_id <> $2 LIMIT 1")
        .bind(person.to_string())
        .bind(organization.to_string())
        .exists()
        .await
}
