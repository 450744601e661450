//! Events on their way: written with the audit record that they tell of, claimed, tried, and in the end forgotten.

use guildhall::id::{AuditId, EventId, OrganizationId};
use guildhall::webhooks::DisabledBecause;

use super::Tx;

/// Adds a delivery for each endpoint that gets such an event.
///
/// # Errors
/// The database's.
pub async fn announce(
    tx: &mut Tx,
    event: EventId,
    audit: AuditId,
    event_type: &'static str,
    organization: Option<OrganizationId>,
    now: i64,
) -> Result<(), sqlx::Error> {
    tx.query(
        "INSERT INTO webhook_delivery (webhook_id, event_id, event_type, audit_id, status, attempts, next_at, created_at)
         SELECT w.id, CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), 'waiting', 0, CAST($4 AS BIGINT), CAST($4 AS BIGINT)
         FROM webhook w
         WHERE w.enabled AND (w.organization_id IS NULL OR w.organization_id = $5 AND EXISTS (
               SELECT 1 FROM organization o WHERE o.id = w.organization_id AND o.enabled))
           AND (w.event_types = '' OR w.event_types LIKE $6 ESCAPE '\\')",
    )
    .bind(event.to_string())
    .bind(event_type)
    .bind(audit.to_string())
    .bind(now)
    .bind(organization.map(|id| id.to_string()))
    .bind(format!("% {} %", event_type.replace('_', "\\_")))
    .later()
    .await
}

/// Adds a delivery of an event that no record tells of.
///
/// # Errors
/// The database's.
pub async fn add(
    tx: &mut Tx,
    webhook: &str,
    event: EventId,
    event_type: &'static str,
    payload: String,
    now: i64,
) -> Result<(), sqlx::Error> {
    tx.query(
        "INSERT INTO webhook_delivery (webhook_id, event_id, event_type, payload, status, attempts, next_at, created_at)
         VALUES ($1, $2, $3, $4, 'waiting', 0, $5, $5)",
    )
    .bind(webhook.to_owned())
    .bind(event.to_string())
    .bind(event_type)
    .bind(payload)
    .bind(now)
    .execute()
    .await
    .map(|_| ())
}

/// The deliveries that are due, or whose server has not been heard of since `stale`, as many as may be sent now: four at once
/// to an endpoint, one where its last try failed, and sixteen for all endpoints of an owner. Whoever has the fewest under
/// way comes first. However many wait, only the first few of each endpoint are read.
///
/// # Errors
/// The database's.
pub async fn due(
    tx: &mut Tx,
    now: i64,
    stale: i64,
    at_most: i64,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    tx.query(
        "WITH RECURSIVE
             waiting (webhook_id) AS (
                 SELECT MIN(webhook_id) FROM webhook_delivery WHERE status = 'waiting'
                 UNION ALL
                 SELECT (SELECT MIN(n.webhook_id) FROM webhook_delivery n
                         WHERE n.status = 'waiting' AND n.webhook_id > waiting.webhook_id)
                 FROM waiting WHERE waiting.webhook_id IS NOT NULL),
             first (webhook_id, event_id, after) AS (
                 SELECT w.webhook_id,
                        (SELECT d.event_id FROM webhook_delivery d
                         WHERE d.status = 'waiting' AND d.webhook_id = w.webhook_id AND d.next_at <= $1
                         ORDER BY d.next_at, d.event_id LIMIT 1),
                        0
                 FROM waiting w
                 UNION ALL
                 SELECT f.webhook_id,
                        (SELECT d.event_id FROM webhook_delivery l CROSS JOIN webhook_delivery d
                         WHERE l.webhook_id = f.webhook_id AND l.event_id = f.event_id
                           AND d.status = 'waiting' AND d.webhook_id = f.webhook_id AND d.next_at <= $1
                           AND (d.next_at, d.event_id) > (l.next_at, l.event_id)
                         ORDER BY d.next_at, d.event_id LIMIT 1),
                        f.after + 1
                 FROM first f WHERE f.event_id IS NOT NULL AND f.after < 3),
             due (webhook_id, event_id, after) AS MATERIALIZED (
                 SELECT webhook_id, event_id, after FROM first WHERE event_id IS NOT NULL
                 UNION ALL
                 SELECT webhook_id, event_id, 0 FROM webhook_delivery WHERE status = 'sending' AND claimed_at < $2),
             under_way (webhook_id, many) AS MATERIALIZED (
                 SELECT webhook_id, COUNT(*) FROM webhook_delivery WHERE status = 'sending' AND claimed_at >= $2
                 GROUP BY webhook_id),
             owners (owner, many) AS (
                 SELECT COALESCE(w.organization_id, ''), SUM(u.many) FROM under_way u JOIN webhook w ON w.id = u.webhook_id
                 GROUP BY COALESCE(w.organization_id, '')),
             placed (owner, webhook_id, event_id, place, most) AS (
                 SELECT COALESCE(w.organization_id, ''), d.webhook_id, d.event_id,
                        COALESCE(u.many, 0)
                            + ROW_NUMBER() OVER (PARTITION BY d.webhook_id ORDER BY d.after, d.event_id),
                        CASE WHEN w.failing_since IS NULL THEN 4 ELSE 1 END
                 FROM due d JOIN webhook w ON w.id = d.webhook_id LEFT JOIN under_way u ON u.webhook_id = d.webhook_id),
             turns (webhook_id, event_id, turn) AS (
                 SELECT p.webhook_id, p.event_id,
                        COALESCE(o.many, 0) + ROW_NUMBER() OVER (PARTITION BY p.owner ORDER BY p.place, p.event_id)
                 FROM placed p LEFT JOIN owners o ON o.owner = p.owner WHERE p.place <= p.most)
         SELECT t.webhook_id, t.event_id FROM turns t WHERE t.turn <= 16 ORDER BY t.turn, t.event_id LIMIT $3",
    )
    .bind(now)
    .bind(stale)
    .bind(at_most)
    .all()
    .await
}

/// A delivery that this server is to send, and where it goes.
#[derive(Debug, sqlx::FromRow)]
pub struct Claimed {
    pub webhook_id: String,
    pub event_id: String,
    pub event_type: String,
    pub audit_id: Option<String>,
    pub payload: Option<String>,
    /// This try included.
    pub attempts: i64,
    pub organization_id: Option<String>,
    pub url: String,
    /// Encrypted where there is a key.
    pub secret: String,
    pub previous_secret: Option<String>,
    pub previous_until: Option<i64>,
}

/// Claims a delivery, unless another server was faster. What a dead server left for an endpoint that was disabled since is
/// given up.
///
/// # Errors
/// The database's.
pub async fn claim(
    tx: &mut Tx,
    webhook: String,
    event: String,
    own: &str,
    now: i64,
    stale: i64,
) -> Result<Option<Claimed>, sqlx::Error> {
    let claimed = tx
        .query(
            "UPDATE webhook_delivery SET status = 'sending', claimed_by = $3, claimed_at = $4, attempts = attempts + 1
             WHERE webhook_id = $1 AND event_id = $2
               AND (status = 'waiting' AND next_at <= $4 OR status = 'sending' AND claimed_at < $5)
               AND EXISTS (SELECT 1 FROM webhook w WHERE w.id = $1 AND w.enabled)",
        )
        .bind(webhook.clone())
        .bind(event.clone())
        .bind(own.to_owned())
        .bind(now)
        .bind(stale)
        .execute()
        .await?;
    if claimed == 0 {
        tx.query(
            "UPDATE webhook_delivery
             SET status = 'failed', last_error = 'The endpoint was disabled.', claimed_by = NULL, claimed_at = NULL
             WHERE webhook_id = $1 AND event_id = $2
               AND (status = 'waiting' OR status = 'sending' AND claimed_at < $3)
               AND EXISTS (SELECT 1 FROM webhook w WHERE w.id = $1 AND NOT w.enabled)",
        )
        .bind(webhook)
        .bind(event)
        .bind(stale)
        .execute()
        .await?;
        return Ok(None);
    }
    tx.query(
        "SELECT d.webhook_id, d.event_id, d.event_type, d.audit_id, d.payload, d.attempts, w.organization_id, w.url, w.secret,
                w.previous_secret, w.previous_until
         FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id WHERE d.webhook_id = $1 AND d.event_id = $2",
    )
    .bind(webhook)
    .bind(event)
    .optional()
    .await
}

/// Keeps what the first try says for those after it.
///
/// # Errors
/// The database's.
pub async fn keep_payload(tx: &mut Tx, claimed: &Claimed, payload: &str) -> Result<(), sqlx::Error> {
    tx.query("UPDATE webhook_delivery SET payload = $3 WHERE webhook_id = $1 AND event_id = $2")
        .bind(claimed.webhook_id.clone())
        .bind(claimed.event_id.clone())
        .bind(payload.to_owned())
        .execute()
        .await
        .map(|_| ())
}

/// Gives back what a server had claimed, or all that anybody had. A try that was cut off is none.
///
/// # Errors
/// The database's.
pub async fn release(tx: &mut Tx, own: Option<String>) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE webhook_delivery SET status = 'waiting', claimed_by = NULL, claimed_at = NULL, attempts = attempts - 1
         WHERE status = 'sending' AND (CAST($1 AS TEXT) IS NULL OR claimed_by = $1)",
    )
    .bind(own)
    .execute()
    .await
    .map(|_| ())
}

/// What a try came to.
#[derive(Debug)]
pub struct Noted {
    pub at: i64,
    pub duration: i64,
    pub status: Option<i64>,
    /// Absent where the endpoint took it.
    pub error: Option<String>,
    pub answer: Option<String>,
    /// Absent where it is over.
    pub next_at: Option<i64>,
}

/// Notes a try, and that the endpoint works where it took the event; `false` when the delivery is another's by now.
///
/// # Errors
/// The database's.
pub async fn note(
    tx: &mut Tx,
    claimed: &Claimed,
    own: &str,
    noted: &Noted,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let status = match (&noted.error, noted.next_at) {
        (None, _) => "delivered",
        (Some(_), Some(_)) => "waiting",
        (Some(_), None) => "failed",
    };
    let changed = tx
        .query(
            "UPDATE webhook_delivery
             SET status = $4, next_at = COALESCE($5, next_at), last_status = $6, last_error = $7, delivered_at = $8,
                 claimed_by = NULL, claimed_at = NULL
             WHERE webhook_id = $1 AND event_id = $2 AND claimed_by = $3",
        )
        .bind(claimed.webhook_id.clone())
        .bind(claimed.event_id.clone())
        .bind(own.to_owned())
        .bind(status)
        .bind(noted.next_at)
        .bind(noted.status)
        .bind(noted.error.clone())
        .bind(noted.error.is_none().then_some(now))
        .execute()
        .await?;
    if changed == 0 {
        return Ok(false);
    }
    tx.query(
        "INSERT INTO webhook_try (webhook_id, event_id, at, duration, status, error, answer)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(claimed.webhook_id.clone())
    .bind(claimed.event_id.clone())
    .bind(noted.at)
    .bind(noted.duration)
    .bind(noted.status)
    .bind(noted.error.clone())
    .bind(noted.answer.clone())
    .execute()
    .await?;
    if status == "waiting" {
        // It may have been disabled meanwhile.
        tx.query(
            "UPDATE webhook_delivery SET status = 'failed', last_error = 'The endpoint was disabled.'
             WHERE webhook_id = $1 AND event_id = $2
               AND EXISTS (SELECT 1 FROM webhook w WHERE w.id = webhook_delivery.webhook_id AND NOT w.enabled)",
        )
        .bind(claimed.webhook_id.clone())
        .bind(claimed.event_id.clone())
        .execute()
        .await?;
    }
    if noted.error.is_none() {
        tx.query("UPDATE webhook SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL")
            .bind(claimed.webhook_id.clone())
            .execute()
            .await?;
    }
    Ok(true)
}

/// Notes that an endpoint took nothing, and says since when.
///
/// # Errors
/// The database's.
pub async fn failing(tx: &mut Tx, webhook: &str, at: i64) -> Result<i64, sqlx::Error> {
    let since: Option<(i64,)> = tx
        .query("UPDATE webhook SET failing_since = COALESCE(failing_since, $2) WHERE id = $1 RETURNING failing_since")
        .bind(webhook.to_owned())
        .bind(at)
        .optional()
        .await?;
    Ok(since.map_or(at, |(since,)| since))
}

/// Disables an endpoint by itself, and gives up what waits for it; `false` where it is disabled already.
///
/// # Errors
/// The database's.
pub async fn switch_off(
    tx: &mut Tx,
    webhook: &str,
    because: DisabledBecause,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let disabled = tx.query(
        "UPDATE webhook SET enabled = FALSE, disabled_because = $2, updated_at = $3, version = version + 1
         WHERE id = $1 AND enabled",
    )
    .bind(webhook.to_owned())
    .bind(because.as_str())
    .bind(now)
    .execute()
    .await?;
    give_up(tx, webhook).await?;
    Ok(disabled == 1)
}

/// Gives up what waits for an endpoint that was disabled.
///
/// # Errors
/// The database's.
pub async fn give_up(tx: &mut Tx, webhook: &str) -> Result<(), sqlx::Error> {
    tx.query(
        "UPDATE webhook_delivery SET status = 'failed', last_error = 'The endpoint was disabled.'
         WHERE webhook_id = $1 AND status = 'waiting'",
    )
    .bind(webhook.to_owned())
    .execute()
    .await
    .map(|_| ())
}

/// Forgets deliveries that are over, and were written before a moment.
///
/// # Errors
/// The database's.
pub async fn forget(tx: &mut Tx, before: i64) -> Result<(), sqlx::Error> {
    tx.query("DELETE FROM webhook_delivery WHERE created_at < $1 AND status IN ('delivered', 'failed')")
        .bind(before)
        .execute()
        .await
        .map(|_| ())
}
