//! Sends the events that wait: at least once, with the same id and body on every try, for a little over a day.
//!
//! It works as mail's worker does: a delivery is claimed before it is sent, and a claim of which nothing was heard for a
//! minute is a dead server's. No try takes that long.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures::future::BoxFuture;
use guildhall::webhooks::{DisabledBecause, WebhookUrl};
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::sending::{Message, Outcome};
use super::signing::{purpose, sign};
use crate::clock;
use crate::console::Console;
use crate::fault::Fault;
use crate::store::webhook_queue::{self as queue, Claimed, Noted};
use crate::store::{self, Db, Tx};

/// How long a delivery waits after each try that failed, in seconds.
const PAUSES: [i64; 7] = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600];
/// For how long nothing may be taken before an endpoint is disabled, in milliseconds: five days.
const FAILING: i64 = 5 * 24 * 60 * 60 * 1000;
/// How many deliveries one server sends at once, and how many of them to one endpoint: a slow one is in nobody's way.
const AT_ONCE: usize = 16;
const TO_ONE: usize = 4;
/// How often it is looked when nobody says that something came.
const POLL: Duration = Duration::from_secs(3);
/// For how long a claim is believed, in milliseconds.
const BELIEVED: i64 = 60_000;
/// How long deliveries that are being sent may take to end when the server stops.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long deliveries that are over are listed, in milliseconds: 30 days.
const REMEMBERED: i64 = 30 * 24 * 60 * 60 * 1000;
/// How often older ones are forgotten.
const CLEANING: Duration = Duration::from_secs(60 * 60);

/// The worker of a server.
pub struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts it.
    pub fn start(console: &Console) -> Worker {
        let (stop, stopped) = watch::channel(false);
        Worker {
            stop,
            task: tokio::spawn(work(console.clone(), stopped)),
        }
    }

    /// Lets the deliveries that are being sent end for a few seconds, and leaves the others to whoever comes next.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.task.await;
    }
}

async fn work(console: Console, mut stopped: watch::Receiver<bool>) {
    let own = format!("{:032x}", clock::random_bits());
    if matches!(console.db(), Db::Sqlite { .. }) {
        // SQLite has one server: whatever is claimed at its start, a dead one left.
        let released = write(&console, |tx| {
            Box::pin(async move { Ok(queue::release(tx, None).await?) })
        });
        said(released.await.err());
    }
    let mut sending: JoinSet<String> = JoinSet::new();
    let mut busy: HashMap<String, usize> = HashMap::new();
    let mut cleaned: Option<Instant> = None;
    let mut broken = false;
    loop {
        if cleaned.is_none_or(|at| at.elapsed() > CLEANING) {
            cleaned = Some(Instant::now());
            said(forget(&console).await.err());
        }
        let free = AT_ONCE.saturating_sub(sending.len());
        if free > 0 {
            match take(&console, &own, free, &busy).await {
                Ok(claimed) => {
                    broken = false;
                    for one in claimed {
                        *busy.entry(one.webhook_id.clone()).or_default() += 1;
                        sending.spawn(deliver(console.clone(), own.clone(), one));
                    }
                }
                // Said once: the database is asked again and again until it answers.
                Err(fault) if !broken => {
                    broken = true;
                    said(Some(fault));
                }
                Err(_) => {}
            }
        }
        tokio::select! {
            _ = stopped.changed() => break,
            Some(ended) = sending.join_next(), if !sending.is_empty() => match ended {
                Ok(webhook) => {
                    if let Some(count) = busy.get_mut(&webhook) {
                        *count = count.saturating_sub(1);
                    }
                    busy.retain(|_, count| *count > 0);
                }
                // It broke, and nobody knows for which endpoint: at worst one has fewer at once for a while.
                Err(_) if sending.is_empty() => busy.clear(),
                Err(_) => {}
            },
            () = console.services().webhooks.wake.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
    let _ = tokio::time::timeout(FAREWELL, async { while sending.join_next().await.is_some() {} }).await;
    sending.shutdown().await;
    let released = write(&console, move |tx| {
        Box::pin(async move { Ok(queue::release(tx, Some(own)).await?) })
    });
    said(released.await.err());
}

/// Forgets deliveries that are over since long ago.
///
/// # Errors
/// The database's.
pub async fn forget(console: &Console) -> Result<(), Fault> {
    let before = console.clock().now().saturating_sub(REMEMBERED);
    write(console, move |tx| {
        Box::pin(async move { Ok(queue::forget(tx, before).await?) })
    })
    .await
}

/// Claims deliveries that are due. A look without a claim first: on SQLite, only writes wait for one another.
async fn take(
    console: &Console,
    own: &str,
    at_most: usize,
    busy: &HashMap<String, usize>,
) -> Result<Vec<Claimed>, Fault> {
    let now = console.clock().now();
    let stale = now.saturating_sub(BELIEVED);
    let mut tx = console.db().read().await?;
    let in_use = store::webhooks::in_use(&mut tx).await?;
    console
        .services()
        .webhooks
        .in_use
        .store(in_use, Ordering::Relaxed);
    if !in_use {
        return Ok(Vec::new());
    }
    let due = queue::due(&mut tx, now, stale).await?;
    drop(tx);
    let mut busy = busy.clone();
    let mut chosen = Vec::new();
    for (webhook, event) in due {
        let count = busy.entry(webhook.clone()).or_default();
        if *count < TO_ONE && chosen.len() < at_most {
            *count += 1;
            chosen.push((webhook, event));
        }
    }
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    let own = own.to_owned();
    write(console, move |tx| {
        Box::pin(async move {
            let mut claimed = Vec::new();
            for (webhook, event) in chosen {
                // Another server may have been faster.
                if let Some(mut one) = queue::claim(tx, webhook, event, &own, now, stale).await? {
                    one.payload = payload(tx, &one).await?;
                    claimed.push(one);
                }
            }
            Ok(claimed)
        })
    })
    .await
}

/// An event's body (Standard Webhooks, "Payload structure").
#[derive(Serialize)]
struct Event<T> {
    #[serde(rename = "type")]
    kind: String,
    timestamp: String,
    data: T,
}

/// The body of an event.
///
/// # Errors
/// When the time is none, or the data cannot be written as JSON.
pub fn body(kind: &str, at: i64, data: impl Serialize) -> anyhow::Result<String> {
    let timestamp = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at).saturating_mul(1_000_000))
        .context("an event's time")?
        .format(&Rfc3339)?;
    Ok(serde_json::to_string(&Event {
        kind: kind.to_owned(),
        timestamp,
        data,
    })?)
}

/// What is sent: as the first try said it, or made of the audit record, in the words in which the endpoint's owner sees it.
async fn payload(tx: &mut Tx, claimed: &Claimed) -> Result<Option<String>, Fault> {
    let Some(audit_id) = claimed.audit_id.as_deref().filter(|_| claimed.payload.is_none()) else {
        return Ok(claimed.payload.clone());
    };
    let within = claimed.organization_id.is_some();
    let Some(record) = store::audit::for_event(tx, audit_id, within).await? else {
        return Ok(None);
    };
    let payload = body(&claimed.event_type, record.at, record)?;
    queue::keep_payload(tx, claimed, &payload).await?;
    Ok(Some(payload))
}

/// One try; answers whose it was.
async fn deliver(console: Console, own: String, claimed: Claimed) -> String {
    let started = Instant::now();
    let at = console.clock().now();
    let outcome = match attempt(&console, &claimed, at).await {
        Ok(outcome) => outcome,
        Err(error) => {
            tracing::error!(
                event.id = %claimed.event_id,
                error.cause = format!("{error:#}"),
                "an event cannot be sent"
            );
            Outcome::failed("It cannot be read any more.")
        }
    };
    let now = console.clock().now();
    let gone = outcome.status == Some(410);
    let next = outcome.error.as_ref().and_then(|_| {
        let pause = usize::try_from(claimed.attempts.saturating_sub(1))
            .ok()
            .and_then(|at| PAUSES.get(at))
            .filter(|_| !gone && claimed.payload.is_some())?;
        Some(now.saturating_add(pause.saturating_mul(1000)))
    });
    let word = match (&outcome.error, next) {
        (None, _) => "delivered",
        (Some(_), Some(_)) => "put off",
        (Some(_), None) => "failed",
    };
    metrics::counter!("guildhall_webhook_deliveries_total", "outcome" => word).increment(1);
    metrics::histogram!("guildhall_webhook_delivery_seconds").record(started.elapsed());
    // Not where it goes, nor what it says.
    tracing::info!(
        event.id = %claimed.event_id,
        event.kind = %claimed.event_type,
        webhook.id = %claimed.webhook_id,
        claimed.attempts,
        outcome = word,
        "an event was sent"
    );
    let webhook = claimed.webhook_id.clone();
    let noted = Noted {
        at,
        duration: i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX),
        status: outcome.status.map(i64::from),
        error: outcome.error,
        answer: outcome.answer,
        next_at: next,
    };
    let done = write(&console, move |tx| {
        Box::pin(async move {
            if !queue::note(tx, &claimed, &own, &noted, now).await? || noted.error.is_none() {
                return Ok(());
            }
            let failing_since = queue::failing(tx, &claimed.webhook_id, at).await?;
            if gone {
                queue::switch_off(tx, &claimed.webhook_id, DisabledBecause::Gone, now).await?;
            } else if noted.next_at.is_none() && failing_since <= now.saturating_sub(FAILING) {
                queue::switch_off(tx, &claimed.webhook_id, DisabledBecause::Failing, now).await?;
            }
            Ok(())
        })
    });
    said(done.await.err());
    webhook
}

async fn attempt(console: &Console, claimed: &Claimed, at: i64) -> anyhow::Result<Outcome> {
    let services = console.services();
    let Some(payload) = claimed.payload.clone() else {
        return Ok(Outcome::failed("The audit record that it tells of is gone."));
    };
    let url =
        WebhookUrl::parse(&claimed.url).map_err(|error| anyhow::anyhow!("an endpoint's URL {error}"))?;
    let purpose = purpose(claimed.webhook_id.parse()?);
    let previous = claimed
        .previous_secret
        .as_ref()
        .filter(|_| claimed.previous_until.is_some_and(|until| until > at));
    let seconds = at.div_euclid(1000);
    let mut signatures = Vec::new();
    for kept in [Some(&claimed.secret), previous].into_iter().flatten() {
        let secret = services.vault.reveal(&purpose, kept)?;
        signatures.push(sign(&secret, &claimed.event_id, seconds, &payload)?);
    }
    let message = Message {
        url: &url,
        of_tenant: claimed.organization_id.is_none(),
        event_id: &claimed.event_id,
        seconds,
        signatures: signatures.join(" "),
        payload,
    };
    Ok(services.webhooks.send(&services.dns, message).await)
}

/// A transaction of the worker's own.
async fn write<T, F>(console: &Console, work: F) -> Result<T, Fault>
where
    T: Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, Fault>> + Send + 'static,
{
    console.db().write(work).await
}

fn said(fault: Option<Fault>) {
    if let Some(Fault::Broken(cause)) = fault {
        tracing::error!(
            error.cause = format!("{cause:#}"),
            "the webhooks' deliveries cannot be used"
        );
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_event_is_tried_for_about_a_day_with_growing_pauses() {
        let total: i64 = PAUSES.iter().sum();
        assert!((24 * 3600..=30 * 3600).contains(&total), "{total}");
        assert!(PAUSES.is_sorted());
    }

    #[test]
    fn a_body_says_type_time_and_data() {
        let body = body("ping", 1_700_000_000_123, serde_json::json!({ "a": 1 })).unwrap();
        assert_eq!(
            body,
            r#"{"type":"ping","timestamp":"2023-11-14T22:13:20.123Z","data":{"a":1}}"#
        );
    }
}
