//! Clients of applications, and the hashes of their secrets.

use guildhall::applications::{Client, ListClients};
use guildhall::id::{ApplicationId, ClientId};
use guildhall::page::{Order, Page};
use guildhall::text::fold;

use super::page::{Window, keyset};
use super::{Tx, listed};
use crate::authorize::Permit;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
pub(super) struct ClientRow {
    #[sqlx(try_from = "String")]
    pub(super) id: ClientId,
    #[sqlx(try_from = "String")]
    application_id: ApplicationId,
    name: String,
    pub(super) name_key: String,
    is_public: bool,
    scopes: String,
    last_used_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

impl ClientRow {
    pub(super) fn read(self) -> Client {
        Client {
            client_id: self.id,
            app_id: self.application_id,
            name: self.name,
            public: self.is_public,
            scopes: listed(&self.scopes),
            last_used_at: self.last_used_at,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

macro_rules! columns {
    () => {
        "SELECT c.id, c.application_id, c.name, c.name_key, c.is_public, c.scopes, c.last_used_at, c.created_at, c.updated_at
         FROM client c"
    };
}

/// Lists an application's clients by name.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(tx: &mut Tx, permit: &Permit, op: &ListClients) -> Result<Page<Client>, Fault> {
    let window = Window::new("clients", Order::Ascending, op.cursor.as_ref(), op.limit)?;
    let rows: Vec<ClientRow> = tx
        .query(keyset!(
            window.descending(),
            concat!(columns!(), " WHERE c.application_id = $4"),
            "c.name_key",
            "c.id"
        ))
        .bind(window.key())
        .bind(window.id())
        .bind(window.fetch())
        .bind(permit.application()?.to_string())
        .all()
        .await?;
    Ok(window
        .page(rows, |row| (row.name_key.clone(), row.id.to_string()))
        .map(ClientRow::read))
}

/// Reads one client of the application.
///
/// # Errors
/// The database's.
pub async fn get(tx: &mut Tx, permit: &Permit, id: ClientId) -> Result<Option<Client>, Fault> {
    let row: Option<ClientRow> = tx
        .query(concat!(columns!(), " WHERE c.application_id = $1 AND c.id = $2"))
        .bind(permit.application()?.to_string())
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.map(ClientRow::read))
}

/// Adds a client; one without the hash of a secret is a public one.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    permit: &Permit,
    id: ClientId,
    name: &str,
    secret_hash: Option<String>,
    scopes: String,
    now: i64,
) -> Result<(), Fault> {
    tx.query(
        "INSERT INTO client (id, application_id, name, name_key, secret_hash, scopes, is_public, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $8, $7, $7)",
    )
    .bind(id.to_string())
    .bind(permit.application()?.to_string())
    .bind(name.to_owned())
    .bind(fold(name))
    .bind(secret_hash.clone().unwrap_or_default())
    .bind(scopes)
    .bind(now)
    .bind(secret_hash.is_none())
    .execute()
    .await?;
    Ok(())
}

/// Renames a client and sets its scopes.
///
/// # Errors
/// The database's.
pub async fn update(
    tx: &mut Tx,
    permit: &Permit,
    id: ClientId,
    name: &str,
    scopes: String,
    now: i64,
) -> Result<(), Fault> {
    tx.query("UPDATE client SET name = $3, name_key = $4, scopes = $5, updated_at = $6 WHERE application_id = $1 AND id = $2")
        .bind(permit.application()?.to_string())
        .bind(id.to_string())
        .bind(name.to_owned())
        .bind(fold(name))
        .bind(scopes)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Gives a client another secret.
///
/// # Errors
/// The database's.
pub async fn set_secret(
    tx: &mut Tx,
    permit: &Permit,
    id: ClientId,
    secret_hash: String,
    now: i64,
) -> Result<(), Fault> {
    tx.query("UPDATE client SET secret_hash = $3, updated_at = $4 WHERE application_id = $1 AND id = $2")
        .bind(permit.application()?.to_string())
        .bind(id.to_string())
        .bind(secret_hash)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Deletes a client.
///
/// # Errors
/// The database's.
pub async fn delete(tx: &mut Tx, permit: &Permit, id: ClientId) -> Result<(), Fault> {
    tx.query("DELETE FROM client WHERE application_id = $1 AND id = $2")
        .bind(permit.application()?.to_string())
        .bind(id.to_string())
        .execute()
        .await?;
    Ok(())
}

/// A client, as the provider needs to know it, with its application.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AppClient {
    #[sqlx(try_from = "String")]
    pub id: ClientId,
    pub is_public: bool,
    pub secret_hash: String,
    pub last_used_at: Option<i64>,
    #[sqlx(try_from = "String")]
    pub application_id: ApplicationId,
    pub application_name: String,
    kind: String,
    scopes: String,
    redirect_uris: String,
    post_logout_redirect_uris: String,
}

impl AppClient {
    /// Whether it is of the tenant's backend, in which nobody signs in.
    pub fn is_management(&self) -> bool {
        self.kind == "management"
    }

    /// The scopes of the API that it was granted; none where it has all of its kind.
    pub fn scopes(&self) -> Vec<String> {
        listed(&self.scopes)
    }

    /// Whether sign-ins may return there, to the letter.
    pub fn returns_to(&self, uri: &str) -> bool {
        self.redirect_uris.split(' ').any(|own| own == uri) && !uri.is_empty()
    }

    /// Whether sign-outs may return there, to the letter.
    pub fn leaves_to(&self, uri: &str) -> bool {
        self.post_logout_redirect_uris.split(' ').any(|own| own == uri) && !uri.is_empty()
    }
}

/// Reads a client with its application, whoever asks: the provider's own look at who says they are it.
///
/// # Errors
/// The database's.
pub async fn with_application(tx: &mut Tx, id: ClientId) -> Result<Option<AppClient>, sqlx::Error> {
    tx.query(
        "SELECT c.id, c.is_public, c.secret_hash, c.last_used_at, c.application_id, a.name AS application_name, a.kind,
                c.scopes, a.redirect_uris, a.post_logout_redirect_uris
         FROM client c JOIN application a ON a.id = c.application_id WHERE c.id = $1",
    )
    .bind(id.to_string())
    .optional()
    .await
}

/// Notes that a client asked for a token.
///
/// # Errors
/// The database's.
pub async fn used(tx: &mut Tx, id: ClientId, now: i64) -> Result<(), sqlx::Error> {
    tx.query("UPDATE client SET last_used_at = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(now)
        .execute()
        .await
        .map(|_| ())
}
