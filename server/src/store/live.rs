//! What live consoles ask of the database: what changed since a moment, and, on PostgreSQL, to tell other servers.

use guildhall::id::{ApplicationId, AuditId, OrganizationId, UserId};
use sqlx::PgPool;
use sqlx::postgres::PgListener;

use super::Tx;

/// Where servers tell each other.
const CHANNEL: &str = "guildhall_live";

/// Tells every server on the same database, this one too.
///
/// # Errors
/// The database's.
pub async fn tell(pool: &PgPool, told: String) -> Result<(), sqlx::Error> {
    super::count_statement();
    sqlx::query("SELECT pg_notify($1, $2)")
        .bind(CHANNEL)
        .bind(told)
        .execute(pool)
        .await
        .map(|_| ())
}

/// Hears what servers tell.
pub struct Listener(PgListener);

impl Listener {
    /// Begins to listen.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(pool: &PgPool) -> Result<Listener, sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Listener(listener))
    }

    /// Waits for the next word; `None` where the connection was lost meanwhile, and words with it.
    ///
    /// # Errors
    /// The database's.
    pub async fn hear(&mut self) -> Result<Option<String>, sqlx::Error> {
        Ok(self
            .0
            .try_recv()
            .await?
            .map(|notification| notification.payload().to_owned()))
    }
}

/// The first id that a record of a moment can have.
fn first_of(moment: i64) -> String {
    AuditId::compose(moment, 0).to_string()
}

/// Whether anything was changed since a moment.
///
/// # Errors
/// The database's.
pub async fn changed_since(tx: &mut Tx, moment: i64) -> Result<bool, sqlx::Error> {
    let row: Option<(i32,)> = tx
        .query("SELECT 1 FROM audit WHERE id > $1 LIMIT 1")
        .bind(first_of(moment))
        .optional()
        .await?;
    Ok(row.is_some())
}

/// Whether anything was changed in an organization since a moment.
///
/// # Errors
/// The database's.
pub async fn organization_changed_since(
    tx: &mut Tx,
    organization: OrganizationId,
    moment: i64,
) -> Result<bool, sqlx::Error> {
    let row: Option<(i32,)> = tx
        .query("SELECT 1 FROM audit WHERE organization_id = $1 AND id > $2 LIMIT 1")
        .bind(organization.to_string())
        .bind(first_of(moment))
        .optional()
        .await?;
    Ok(row.is_some())
}

/// Whether anything was changed of a person since a moment, anywhere.
///
/// # Errors
/// The database's.
pub async fn person_changed_since(tx: &mut Tx, person: UserId, moment: i64) -> Result<bool, sqlx::Error> {
    let row: Option<(i32,)> = tx
        .query("SELECT 1 FROM audit WHERE target_id = $1 AND id > $2 LIMIT 1")
        .bind(person.to_string())
        .bind(first_of(moment))
        .optional()
        .await?;
    Ok(row.is_some())
}

/// Whether an organization has an application.
///
/// # Errors
/// The database's.
pub async fn has_application(
    tx: &mut Tx,
    organization: OrganizationId,
    application: ApplicationId,
) -> Result<bool, sqlx::Error> {
    let row: Option<(i32,)> = tx
        .query("SELECT 1 FROM organization_application WHERE organization_id = $1 AND application_id = $2")
        .bind(organization.to_string())
        .bind(application.to_string())
        .optional()
        .await?;
    Ok(row.is_some())
}

/// Whether a person is a member of an organization; whoever is only invited is none yet.
///
/// # Errors
/// The database's.
pub async fn is_member(
    tx: &mut Tx,
    organization: OrganizationId,
    person: UserId,
) -> Result<bool, sqlx::Error> {
    let row: Option<(i32,)> = tx
        .query("SELECT 1 FROM membership WHERE organization_id = $1 AND person_id = $2 AND accepted")
        .bind(organization.to_string())
        .bind(person.to_string())
        .optional()
        .await?;
    Ok(row.is_some())
}
