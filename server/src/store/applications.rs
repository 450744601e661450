//! Applications and their clients.

use guildhall::applications::{Application, ApplicationKind, ListApplications};
use guildhall::id::ApplicationId;
use guildhall::page::{Order, Page};
use guildhall::text::fold;

use super::page::{self, Window, keyset};
use super::{Tx, listed};
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
    post_logout_redirect_uris: String,
    initiate_login_uri: Option<String>,
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
            redirect_uris: listed(&self.redirect_uris),
            post_logout_redirect_uris: listed(&self.post_logout_redirect_uris),
            initiate_login_uri: self.initiate_login_uri,
            organization_count: count(self.organization_count),
            role_count: count(self.role_count),
            client_count: count(self.client_count),
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        }
    }
}

pub(super) fn kind_of(text: &str) -> ApplicationKind {
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
        "SELECT a.id, a.name, a.name_key, a.kind, a.description, a.redirect_uris, a.post_logout_redirect_uris,
                a.initiate_login_uri, a.version, a.created_at, a.updated_at,
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
        let found = tx
            .query("SELECT 1 FROM application WHERE id = $1")
            .bind(id.to_string())
            .exists()
            .await?;
        if !found {
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
    pub post_logout_redirect_uris: Vec<String>,
    pub initiate_login_uri: Option<String>,
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
            "INSERT INTO application (id, name, name_key, kind, description, redirect_uris, post_logout_redirect_uris,
                                      initiate_login_uri, version, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $8, $9, 1, $7, $7) ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(details.name.clone())
        .bind(fold(&details.name))
        .bind(kind_text(kind))
        .bind(details.description.clone())
        .bind(details.redirect_uris.join(" "))
        .bind(now)
        .bind(details.post_logout_redirect_uris.join(" "))
        .bind(details.initiate_login_uri.clone())
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// Whether another application has the name.
///
/// # Errors
/// The database's.
pub async fn name_is_taken(tx: &mut Tx, id: ApplicationId, name: &str) -> Result<bool, sqlx::Error> {
    tx.query("SELECT 1 FROM application WHERE name_key = $1 AND id <> $2")
        .bind(fold(name))
        .bind(id.to_string())
        .exists()
        .await
}

/// Rewrites an application's row.
///
/// # Errors
/// The database's.
pub async fn update(tx: &mut Tx, permit: &Permit, details: &Details, now: i64) -> Result<(), Fault> {
    tx.query(
        "UPDATE application SET name = $2, name_key = $3, description = $4, redirect_uris = $5,
                post_logout_redirect_uris = $7, initiate_login_uri = $8, version = version + 1, updated_at = $6
         WHERE id = $1",
    )
    .bind(permit.application()?.to_string())
    .bind(details.name.clone())
    .bind(fold(&details.name))
    .bind(details.description.clone())
    .bind(details.redirect_uris.join(" "))
    .bind(now)
    .bind(details.post_logout_redirect_uris.join(" "))
    .bind(details.initiate_login_uri.clone())
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
