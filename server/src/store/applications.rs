//! Applications and their clients.

use guildhall::applications::{Application, ApplicationKind, Client, ListApplications, ListClients};
use guildhall::id::{ApplicationId, ClientId};
use guildhall::page::{Order, Page};
use guildhall::text::fold;

use super::Tx;
use super::page::{self, Window, keyset};
use crate::authorize::Permit;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
struct ApplicationRow {
    #[sqlx(try_from = "String")]
    id: ApplicationId,
    name: String,
    name_key: String,
    kind: String,
    description: Option<String>,
    redirect_uris: String,
    version: i64,
    created_at: i64,
    updated_at: i64,
    organization_count: i64,
    role_count: i64,
    client_count: i64,
}

impl ApplicationRow {
    fn read(self) -> Application {
        let count = |n: i64| u64::try_from(n).unwrap_or_default();
        Application {
            app_id: self.id,
            name: self.name,
            kind: kind_of(&self.kind),
            description: self.description,
            redirect_uris: self.redirect_uris.split_whitespace().map(str::to_owned).collect(),
            organization_count: count(self.organization_count),
            role_count: count(self.role_count),
            client_count: count(self.client_count),
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        }
    }
}

fn kind_of(text: &str) -> ApplicationKind {
    if text == "management" {
        ApplicationKind::Management
    } else {
        ApplicationKind::EndUser
    }
}

fn kind_text(kind: ApplicationKind) -> &'static str {
    match kind {
        ApplicationKind::Management => "management",
        ApplicationKind::EndUser => "end_user",
    }
}

macro_rules! columns {
    () => {
        "SELECT a.id, a.name, a.name_key, a.kind, a.description, a.redirect_uris, a.version, a.created_at, a.updated_at,
                (SELECT COUNT(*) FROM organization_application oa WHERE oa.application_id = a.id) AS organization_count,
                (SELECT COUNT(*) FROM role r WHERE r.application_id = a.id) AS role_count,
                (SELECT COUNT(*) FROM client c WHERE c.application_id = a.id) AS client_count
         FROM application a"
    };
}

/// Lists applications by name.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(tx: &mut Tx, _permit: &Permit, op: &ListApplications) -> Result<Page<Application>, Fault> {
    let window = Window::new("applications", Order::Ascending, op.cursor.as_ref(), op.limit)?;
    let search = page::pattern(op.search.as_ref());
    let kind = op.kind.map(kind_text);
    let rows: Vec<ApplicationRow> = tx
        .query(keyset!(
            window.descending(),
            concat!(
                columns!(),
                " WHERE (CAST($4 AS TEXT) IS NULL OR a.name_key LIKE $4 ESCAPE '\\' OR a.id = $4)
                    AND (CAST($5 AS TEXT) IS NULL OR a.kind = $5)"
            ),
            "a.name_key",
            "a.id"
        ))
        .bind(window.key())
        .bind(window.id())
        .bind(window.fetch())
        .bind(search.clone())
        .bind(kind)
        .all()
        .await?;
    let mut page = window.page(rows, |row| (row.name_key.clone(), row.id.to_string()));
    if op.include_total {
        let (counted,): (i64,) = tx
            .query(
                "SELECT COUNT(*) FROM (SELECT 1 FROM application a
                 WHERE (CAST($2 AS TEXT) IS NULL OR a.name_key LIKE $2 ESCAPE '\\' OR a.id = $2)
                   AND (CAST($3 AS TEXT) IS NULL OR a.kind = $3) LIMIT $1) AS counted",
            )
            .bind(page::COUNTED + 1)
            .bind(search)
            .bind(kind)
            .one()
            .await?;
        page::put_counted(&mut page, counted);
    }
    Ok(page.map(ApplicationRow::read))
}

/// Reads one application.
///
/// # Errors
/// The database's.
pub async fn get(
    tx: &mut Tx,
    _permit: &Permit,
    id: ApplicationId,
) -> Result<Option<Application>, sqlx::Error> {
    let row: Option<ApplicationRow> = tx
        .query(concat!(columns!(), " WHERE a.id = $1"))
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.map(ApplicationRow::read))
}

/// The first of `ids` that is no application.
///
/// # Errors
/// The database's.
pub async fn first_unknown(tx: &mut Tx, ids: &[ApplicationId]) -> Result<Option<usize>, sqlx::Error> {
    for (at, id) in ids.iter().enumerate() {
        let found: Option<(i32,)> = tx
            .query("SELECT 1 FROM application WHERE id = $1")
            .bind(id.to_string())
            .optional()
            .await?;
        if found.is_none() {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// What an application's row says of itself.
#[derive(Debug, Clone)]
pub struct Details {
    pub name: String,
    pub description: Option<String>,
    pub redirect_uris: Vec<String>,
}

/// Adds an application; `false` when the name is taken.
///
/// # Errors
/// The database's.
pub async fn insert(
    tx: &mut Tx,
    _permit: &Permit,
    id: ApplicationId,
    kind: ApplicationKind,
    details: &Details,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let inserted = tx
        .query(
            "INSERT INTO application (id, name, name_key, kind, description, redirect_uris, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7) ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(details.name.clone())
        .bind(fold(&details.name))
        .bind(kind_text(kind))
        .bind(details.description.clone())
        .bind(details.redirect_uris.join(" "))
        .bind(now)
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// Whether another application has the name.
///
/// # Errors
/// The database's.
pub async fn name_is_taken(tx: &mut Tx, id: ApplicationId, name: &str) -> Result<bool, sqlx::Error> {
    let row: Option<(i32,)> = tx
        .query("SELECT 1 FROM application WHERE name_key = $1 AND id <> $2")
        .bind(fold(name))
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.is_some())
}

/// Rewrites an application's row.
///
/// # Errors
/// The database's.
pub async fn update(tx: &mut Tx, permit: &Permit, details: &Details, now: i64) -> Result<(), Fault> {
    tx.query(
        "UPDATE application SET name = $2, name_key = $3, description = $4, redirect_uris = $5, version = version + 1,
                updated_at = $6 WHERE id = $1",
    )
    .bind(permit.application()?.to_string())
    .bind(details.name.clone())
    .bind(fold(&details.name))
    .bind(details.description.clone())
    .bind(details.redirect_uris.join(" "))
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Deletes an application that no organization has, with its clients, roles and permissions.
///
/// # Errors
/// The database's.
pub async fn delete(tx: &mut Tx, permit: &Permit) -> Result<(), Fault> {
    let id = permit.application()?.to_string();
    for sql in [
        "DELETE FROM role_permission WHERE application_id = $1",
        "DELETE FROM role WHERE application_id = $1",
        "DELETE FROM application WHERE id = $1",
    ] {
        tx.query(sql).bind(id.clone()).execute().await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct ClientRow {
    #[sqlx(try_from = "String")]
    id: ClientId,
    #[sqlx(try_from = "String")]
    application_id: ApplicationId,
    name: String,
    name_key: String,
    scopes: String,
    last_used_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

impl ClientRow {
    fn read(self) -> Client {
        Client {
            client_id: self.id,
            app_id: self.application_id,
            name: self.name,
            scopes: self.scopes.split_whitespace().map(str::to_owned).collect(),
            last_used_at: self.last_used_at,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

macro_rules! client_columns {
    () => {
        "SELECT c.id, c.application_id, c.name, c.name_key, c.scopes, c.last_used_at, c.created_at, c.updated_at FROM client c"
    };
}

/// Lists an application's clients by name.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list_clients(tx: &mut Tx, permit: &Permit, op: &ListClients) -> Result<Page<Client>, Fault> {
    let window = Window::new("clients", Order::Ascending, op.cursor.as_ref(), op.limit)?;
    let rows: Vec<ClientRow> = tx
        .query(keyset!(
            window.descending(),
            concat!(client_columns!(), " WHERE c.application_id = $4"),
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
pub async fn get_client(tx: &mut Tx, permit: &Permit, id: ClientId) -> Result<Option<Client>, Fault> {
    let row: Option<ClientRow> = tx
        .query(concat!(
            client_columns!(),
            " WHERE c.application_id = $1 AND c.id = $2"
        ))
        .bind(permit.application()?.to_string())
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.map(ClientRow::read))
}

/// Adds a client.
///
/// # Errors
/// The database's.
pub async fn insert_client(
    tx: &mut Tx,
    permit: &Permit,
    id: ClientId,
    name: &str,
    secret_hash: String,
    scopes: String,
    now: i64,
) -> Result<(), Fault> {
    tx.query(
        "INSERT INTO client (id, application_id, name, name_key, secret_hash, scopes, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
    )
    .bind(id.to_string())
    .bind(permit.application()?.to_string())
    .bind(name.to_owned())
    .bind(fold(name))
    .bind(secret_hash)
    .bind(scopes)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Renames a client and sets its scopes.
///
/// # Errors
/// The database's.
pub async fn update_client(
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
pub async fn set_client_secret(
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
pub async fn delete_client(tx: &mut Tx, permit: &Permit, id: ClientId) -> Result<(), Fault> {
    tx.query("DELETE FROM client WHERE application_id = $1 AND id = $2")
        .bind(permit.application()?.to_string())
        .bind(id.to_string())
        .execute()
        .await?;
    Ok(())
}

/// What the token endpoint needs to know of a client.
#[derive(sqlx::FromRow)]
pub struct ClientSecret {
    pub secret_hash: String,
    pub scopes: String,
    pub kind: String,
    pub last_used_at: Option<i64>,
}

/// Reads a client's secret hash.
///
/// # Errors
/// The database's.
pub async fn client_secret(tx: &mut Tx, id: ClientId) -> Result<Option<ClientSecret>, sqlx::Error> {
    tx.query(
        "SELECT c.secret_hash, c.scopes, a.kind, c.last_used_at FROM client c
         JOIN application a ON a.id = c.application_id WHERE c.id = $1",
    )
    .bind(id.to_string())
    .optional()
    .await
}

/// Notes that a client asked for a token.
///
/// # Errors
/// The database's.
pub async fn client_used(tx: &mut Tx, id: ClientId, now: i64) -> Result<(), sqlx::Error> {
    tx.query("UPDATE client SET last_used_at = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(now)
        .execute()
        .await
        .map(|_| ())
}
