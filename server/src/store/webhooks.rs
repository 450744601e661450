//! Endpoints that events are sent to.

use guildhall::id::{OrganizationId, WebhookId};
use guildhall::page::{Order, Page};
use guildhall::webhooks::{DisabledBecause, ListWebhooks, Webhook};

use super::Tx;
use super::db::{Hold, Lock};
use super::page::{Window, keyset};
use crate::authorize::Permit;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
struct WebhookRow {
    #[sqlx(try_from = "String")]
    id: WebhookId,
    organization_id: Option<String>,
    url: String,
    description: Option<String>,
    event_types: String,
    enabled: bool,
    disabled_because: Option<String>,
    failing_since: Option<i64>,
    previous_until: Option<i64>,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

impl WebhookRow {
    fn read(self) -> Webhook {
        Webhook {
            webhook_id: self.id,
            organization_id: self.organization_id.and_then(|id| id.parse().ok()),
            url: self.url,
            description: self.description,
            event_types: super::listed(&self.event_types),
            enabled: self.enabled,
            disabled_because: match self.disabled_because.as_deref() {
                Some("gone") => Some(DisabledBecause::Gone),
                Some("failing") => Some(DisabledBecause::Failing),
                _ => None,
            },
            failing_since: self.failing_since,
            previous_secret_until: self.previous_until,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        }
    }
}

macro_rules! columns {
    () => {
        "SELECT w.id, w.organization_id, w.url, w.description, w.event_types, w.enabled, w.disabled_because, w.failing_since,
                w.previous_until, w.created_at, w.updated_at, w.version FROM webhook w"
    };
}

/// The organization whose endpoints a permit is for; none for the tenant's.
fn owner(permit: &Permit) -> Option<String> {
    permit.organization().ok().map(|id| id.to_string())
}

/// Event types as they are kept: with a space around each, so that one is found by its whole name.
fn kept(event_types: &[String]) -> String {
    if event_types.is_empty() {
        String::new()
    } else {
        format!(" {} ", event_types.join(" "))
    }
}

/// Whether there is an endpoint at all.
///
/// # Errors
/// The database's.
pub async fn in_use(tx: &mut Tx) -> Result<bool, sqlx::Error> {
    tx.query("SELECT 1 FROM webhook LIMIT 1").exists().await
}

/// Lists the owner's endpoints, the newest first.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(tx: &mut Tx, permit: &Permit, op: &ListWebhooks) -> Result<Page<Webhook>, Fault> {
    let window = Window::new("webhooks", Order::Descending, op.cursor.as_ref(), op.limit)?;
    let owner = owner(permit);
    // The key is the id, which sorts by time.
    let sql = if owner.is_some() {
        keyset!(
            window.descending(),
            concat!(columns!(), " WHERE w.organization_id = $4"),
            "w.id",
            "w.id"
        )
    } else {
        keyset!(
            window.descending(),
            concat!(
                columns!(),
                " WHERE w.organization_id IS NULL AND CAST($4 AS TEXT) IS NULL"
            ),
            "w.id",
            "w.id"
        )
    };
    let rows: Vec<WebhookRow> = tx
        .query(sql)
        .bind(window.id())
        .bind(window.id())
        .bind(window.fetch())
        .bind(owner)
        .all()
        .await?;
    Ok(window
        .page(rows, |row| (row.id.to_string(), row.id.to_string()))
        .map(WebhookRow::read))
}

/// Reads one endpoint of the owner.
///
/// # Errors
/// The database's.
pub async fn get(tx: &mut Tx, permit: &Permit, id: WebhookId) -> Result<Option<Webhook>, Fault> {
    let row: Option<WebhookRow> = tx
        .query(concat!(
            columns!(),
            " WHERE w.id = $1 AND (w.organization_id = $2 OR (w.organization_id IS NULL AND CAST($2 AS TEXT) IS NULL))"
        ))
        .bind(id.to_string())
        .bind(owner(permit))
        .optional()
        .await?;
    Ok(row.map(WebhookRow::read))
}

/// Reads an endpoint for the server itself, whoever's it is.
///
/// # Errors
/// The database's.
pub async fn any(tx: &mut Tx, id: &str) -> Result<Option<Webhook>, Fault> {
    let row: Option<WebhookRow> = tx
        .query(concat!(columns!(), " WHERE w.id = $1"))
        .bind(id.to_owned())
        .optional()
        .await?;
    Ok(row.map(WebhookRow::read))
}

/// The addresses of those who administer an organization and can act, each with its language, and what it is called.
///
/// # Errors
/// The database's.
pub async fn keepers(
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<Vec<(String, Option<String>, String)>, sqlx::Error> {
    tx.query(
        "SELECT p.email, p.language, o.name FROM membership m
         JOIN organization o ON o.id = m.organization_id
         JOIN member_role r ON r.organization_id = m.organization_id AND r.person_id = m.person_id
                           AND r.role_id = 'Organization Admin'
         JOIN person p ON p.id = m.person_id
         WHERE m.organization_id = $1 AND m.accepted AND m.status = 'Active' AND p.status = 'Active'
           AND p.email IS NOT NULL
         ORDER BY p.id",
    )
    .bind(organization.to_string())
    .all()
    .await
}

/// How many endpoints the owner has; until this transaction ends no other one adds any.
///
/// # Errors
/// The database's.
pub async fn count(tx: &mut Tx, permit: &Permit) -> Result<i64, Fault> {
    let limit = permit.organization().map_or(Lock::TenantWebhooks, Lock::LimitsOf);
    tx.hold(limit, Hold::Exclusive).await?;
    let (counted,): (i64,) = tx
        .query(
            "SELECT COUNT(*) FROM webhook
             WHERE organization_id = $1 OR (organization_id IS NULL AND CAST($1 AS TEXT) IS NULL)",
        )
        .bind(owner(permit))
        .one()
        .await?;
    Ok(counted)
}

/// What an endpoint begins with.
#[derive(Debug)]
pub struct New<'n> {
    pub id: WebhookId,
    pub organization: Option<OrganizationId>,
    pub url: &'n str,
    pub description: Option<String>,
    pub event_types: &'n [String],
    /// Encrypted where there is a key.
    pub secret: String,
}

/// Adds an endpoint.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, _permit: &Permit, new: New<'_>, now: i64) -> Result<(), Fault> {
    tx.query(
        "INSERT INTO webhook (id, organization_id, url, description, event_types, enabled, secret, created_at, updated_at, version)
         VALUES ($1, $2, $3, $4, $5, TRUE, $6, $7, $7, 1)",
    )
    .bind(new.id.to_string())
    .bind(new.organization.map(|id| id.to_string()))
    .bind(new.url.to_owned())
    .bind(new.description)
    .bind(kept(new.event_types))
    .bind(new.secret)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Keeps what an endpoint is now. One that somebody enables begins anew.
///
/// # Errors
/// The database's.
pub async fn update(tx: &mut Tx, _permit: &Permit, webhook: &Webhook, now: i64) -> Result<(), Fault> {
    tx.query(
        "UPDATE webhook SET url = $2, description = $3, event_types = $4, enabled = $5, disabled_because = $6,
                failing_since = $7, updated_at = $8, version = version + 1
         WHERE id = $1",
    )
    .bind(webhook.webhook_id.to_string())
    .bind(webhook.url.clone())
    .bind(webhook.description.clone())
    .bind(kept(&webhook.event_types))
    .bind(webhook.enabled)
    .bind(webhook.disabled_because.map(DisabledBecause::as_str))
    .bind(webhook.failing_since)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Gives an endpoint a new secret; the present one signs, too, until a moment.
///
/// # Errors
/// The database's.
pub async fn rotate(
    tx: &mut Tx,
    _permit: &Permit,
    id: WebhookId,
    secret: String,
    until: i64,
    now: i64,
) -> Result<(), Fault> {
    tx.query(
        "UPDATE webhook SET previous_secret = secret, previous_until = $3, secret = $2, updated_at = $4, version = version + 1
         WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(secret)
    .bind(until)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Removes an endpoint with its deliveries.
///
/// # Errors
/// The database's.
pub async fn remove(tx: &mut Tx, _permit: &Permit, id: WebhookId) -> Result<(), Fault> {
    tx.query("DELETE FROM webhook WHERE id = $1")
        .bind(id.to_string())
        .execute()
        .await?;
    Ok(())
}
