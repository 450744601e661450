//! All roles and all clients of the tenant, whatever application they are of.

use guildhall::applications::{ListTenantClients, TenantClient};
use guildhall::page::{Order, Page};
use guildhall::roles::Role;
use guildhall::tenant_roles::ListTenantRoles;

use super::applications::kind_of;
use super::clients::ClientRow;
use super::page::{self, Window, keyset};
use super::roles::{RoleRow, role_columns};
use super::{Tx, listed};
use crate::authorize::Permit;
use crate::fault::Fault;

/// Lists all roles by name.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(tx: &mut Tx, _permit: &Permit, op: &ListTenantRoles) -> Result<Page<Role>, Fault> {
    let (order, cursor) = (Order::Ascending, op.cursor.as_ref());
    let (mut window, skipped) = Window::or_skipping("tenant_roles", order, cursor, op.limit)?;
    let search = page::pattern(op.search.as_ref());
    if let Some(rows) = skipped {
        let last: Option<(String, String)> = tx
            .query(
                "SELECT r.name_key, r.id FROM role r WHERE (CAST($2 AS TEXT) IS NULL OR r.name_key LIKE $2 ESCAPE '\\' OR r.id = $2)
                 ORDER BY r.name_key, r.id LIMIT 1 OFFSET $1",
            )
            .bind(rows)
            .bind(search.clone())
            .optional()
            .await?;
        window.stand_behind(last);
    }
    let rows: Vec<RoleRow> = tx
        .query(keyset!(
            window.descending(),
            concat!(
                role_columns!(),
                " WHERE (CAST($4 AS TEXT) IS NULL OR r.name_key LIKE $4 ESCAPE '\\' OR r.id = $4)"
            ),
            "r.name_key",
            "r.id"
        ))
        .bind(window.key())
        .bind(window.id())
        .bind(window.fetch())
        .bind(search.clone())
        .all()
        .await?;
    let mut page = window.page(rows, |row| (row.name_key.clone(), row.id.to_string()));
    if op.include_total {
        let (counted,): (i64,) = tx
            .query(
                "SELECT COUNT(*) FROM (SELECT 1 FROM role r
                 WHERE (CAST($2 AS TEXT) IS NULL OR r.name_key LIKE $2 ESCAPE '\\' OR r.id = $2) LIMIT $1) AS counted",
            )
            .bind(page::COUNTED + 1)
            .bind(search)
            .one()
            .await?;
        page::put_counted(&mut page, counted);
    }
    Ok(page.map(RoleRow::read))
}

#[derive(sqlx::FromRow)]
struct TenantClientRow {
    #[sqlx(flatten)]
    client: ClientRow,
    application_name: String,
    kind: String,
    description: Option<String>,
    redirect_uris: String,
    post_logout_redirect_uris: String,
    initiate_login_uri: Option<String>,
}

impl TenantClientRow {
    fn read(self) -> TenantClient {
        TenantClient {
            client: self.client.read(),
            app_name: self.application_name,
            kind: kind_of(&self.kind),
            description: self.description,
            redirect_uris: listed(&self.redirect_uris),
            post_logout_redirect_uris: listed(&self.post_logout_redirect_uris),
            initiate_login_uri: self.initiate_login_uri,
        }
    }
}

/// Lists all clients by name.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn clients(
    tx: &mut Tx,
    _permit: &Permit,
    op: &ListTenantClients,
) -> Result<Page<TenantClient>, Fault> {
    let (order, cursor) = (Order::Ascending, op.cursor.as_ref());
    let (mut window, skipped) = Window::or_skipping("tenant_clients", order, cursor, op.limit)?;
    let only = op.client_id.map(|id| id.to_string());
    if let Some(rows) = skipped {
        let last: Option<(String, String)> = tx
            .query(
                "SELECT c.name_key, c.id FROM client c WHERE (CAST($2 AS TEXT) IS NULL OR c.id = $2)
                 ORDER BY c.name_key, c.id LIMIT 1 OFFSET $1",
            )
            .bind(rows)
            .bind(only.clone())
            .optional()
            .await?;
        window.stand_behind(last);
    }
    let rows: Vec<TenantClientRow> = tx
        .query(keyset!(
            window.descending(),
            "SELECT c.id, c.application_id, c.name, c.name_key, c.is_public, c.scopes, c.last_used_at, c.created_at, c.updated_at,
                    a.name AS application_name, a.kind, a.description, a.redirect_uris, a.post_logout_redirect_uris,
                    a.initiate_login_uri
             FROM client c JOIN application a ON a.id = c.application_id WHERE (CAST($4 AS TEXT) IS NULL OR c.id = $4)",
            "c.name_key",
            "c.id"
        ))
        .bind(window.key())
        .bind(window.id())
        .bind(window.fetch())
        .bind(only.clone())
        .all()
        .await?;
    let mut page = window.page(rows, |row| {
        (row.client.name_key.clone(), row.client.id.to_string())
    });
    if op.include_total {
        let (counted,): (i64,) = tx
            .query("SELECT COUNT(*) FROM client WHERE CAST($1 AS TEXT) IS NULL OR id = $1")
            .bind(only)
            .one()
            .await?;
        page.info.total = u64::try_from(counted).ok();
    }
    Ok(page.map(TenantClientRow::read))
}
