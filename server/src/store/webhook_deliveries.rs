//! The log of deliveries, as the owner of an endpoint reads it.

use guildhall::id::{EventId, WebhookId};
use guildhall::page::{Order, Page};
use guildhall::webhooks::{
    DeliveryStatus, ListDeliveries, WebhookDelivery, WebhookDeliveryDetails, WebhookTry,
};

use super::Tx;
use super::page::{Window, keyset};
use crate::authorize::Permit;
use crate::fault::Fault;

#[derive(sqlx::FromRow)]
struct DeliveryRow {
    #[sqlx(try_from = "String")]
    webhook_id: WebhookId,
    #[sqlx(try_from = "String")]
    event_id: EventId,
    event_type: String,
    status: String,
    attempts: i64,
    next_at: i64,
    last_status: Option<i64>,
    last_error: Option<String>,
    created_at: i64,
    delivered_at: Option<i64>,
}

/// An answer's status.
fn status_of(kept: Option<i64>) -> Option<u16> {
    kept.and_then(|status| u16::try_from(status).ok())
}

impl DeliveryRow {
    fn read(self) -> WebhookDelivery {
        let status = DeliveryStatus::ALL
            .into_iter()
            .find(|status| status.as_str() == self.status)
            .unwrap_or(DeliveryStatus::Waiting);
        WebhookDelivery {
            webhook_id: self.webhook_id,
            event_id: self.event_id,
            event_type: self.event_type,
            attempts: u64::try_from(self.attempts).unwrap_or_default(),
            next_at: (status == DeliveryStatus::Waiting).then_some(self.next_at),
            last_status: status_of(self.last_status),
            last_error: self.last_error,
            created_at: self.created_at,
            delivered_at: self.delivered_at,
            status,
        }
    }
}

macro_rules! columns {
    () => {
        "SELECT d.webhook_id, d.event_id, d.event_type, d.status, d.attempts, d.next_at, d.last_status, d.last_error,
                d.created_at, d.delivered_at FROM webhook_delivery d"
    };
}

/// Lists the deliveries of an endpoint, the newest first. That the endpoint is the owner's was looked up before.
///
/// # Errors
/// 400 for a foreign cursor; the database's.
pub async fn list(
    tx: &mut Tx,
    _permit: &Permit,
    op: &ListDeliveries,
) -> Result<Page<WebhookDelivery>, Fault> {
    let window = Window::new("deliveries", Order::Descending, op.cursor.as_ref(), op.limit)?;
    // The key is the event's id, which sorts by time.
    let sql = if op.status.is_some() {
        keyset!(
            window.descending(),
            concat!(columns!(), " WHERE d.webhook_id = $4 AND d.status = $5"),
            "d.event_id",
            "d.event_id"
        )
    } else {
        keyset!(
            window.descending(),
            concat!(
                columns!(),
                " WHERE d.webhook_id = $4 AND CAST($5 AS TEXT) IS NULL"
            ),
            "d.event_id",
            "d.event_id"
        )
    };
    let rows: Vec<DeliveryRow> = tx
        .query(sql)
        .bind(window.id())
        .bind(window.id())
        .bind(window.fetch())
        .bind(op.webhook_id.to_string())
        .bind(op.status.map(DeliveryStatus::as_str))
        .all()
        .await?;
    Ok(window
        .page(rows, |row| (row.event_id.to_string(), row.event_id.to_string()))
        .map(DeliveryRow::read))
}

/// Reads one delivery.
///
/// # Errors
/// The database's.
pub async fn get(
    tx: &mut Tx,
    _permit: &Permit,
    webhook: WebhookId,
    event: EventId,
) -> Result<Option<WebhookDelivery>, Fault> {
    let row: Option<DeliveryRow> = tx
        .query(concat!(
            columns!(),
            " WHERE d.webhook_id = $1 AND d.event_id = $2"
        ))
        .bind(webhook.to_string())
        .bind(event.to_string())
        .optional()
        .await?;
    Ok(row.map(DeliveryRow::read))
}

#[derive(sqlx::FromRow)]
struct TryRow {
    at: i64,
    duration: i64,
    status: Option<i64>,
    error: Option<String>,
    answer: Option<String>,
}

/// What is sent with a delivery, and its tries.
///
/// # Errors
/// The database's.
pub async fn details(
    tx: &mut Tx,
    _permit: &Permit,
    delivery: WebhookDelivery,
) -> Result<WebhookDeliveryDetails, Fault> {
    let (webhook, event) = (delivery.webhook_id.to_string(), delivery.event_id.to_string());
    let payload: Option<(Option<String>,)> = tx
        .query("SELECT payload FROM webhook_delivery WHERE webhook_id = $1 AND event_id = $2")
        .bind(webhook.clone())
        .bind(event.clone())
        .optional()
        .await?;
    let tries: Vec<TryRow> = tx
        .query(
            "SELECT at, duration, status, error, answer FROM webhook_try WHERE webhook_id = $1 AND event_id = $2
             ORDER BY at DESC LIMIT 50",
        )
        .bind(webhook)
        .bind(event)
        .all()
        .await?;
    Ok(WebhookDeliveryDetails {
        delivery,
        payload: payload.and_then(|(payload,)| payload),
        tries: tries
            .into_iter()
            .map(|row| WebhookTry {
                at: row.at,
                duration: u64::try_from(row.duration).unwrap_or_default(),
                status: status_of(row.status),
                error: row.error,
                answer: row.answer,
            })
            .collect(),
    })
}

/// Makes a delivery due now, with all tries before it; `false` while a server is at it.
///
/// # Errors
/// The database's.
pub async fn resend(
    tx: &mut Tx,
    _permit: &Permit,
    webhook: WebhookId,
    event: EventId,
    now: i64,
) -> Result<bool, Fault> {
    let changed = tx
        .query(
            "UPDATE webhook_delivery SET status = 'waiting', attempts = 0, next_at = $3, delivered_at = NULL
             WHERE webhook_id = $1 AND event_id = $2 AND status <> 'sending'",
        )
        .bind(webhook.to_string())
        .bind(event.to_string())
        .bind(now)
        .execute()
        .await?;
    Ok(changed == 1)
}
