//! Sends the events that wait: at least once, with the same id and body on every try, for a little over a day.

use std::sync::atomic::Ordering;
use std::time::Instant;

use anyhow::Context as _;
use guildhall::id::MailId;
use guildhall::webhooks::{DisabledBecause, UpdateWebhook, WebhookUrl, origin};
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::Notify;

use super::sending::{Message, Outcome};
use super::signing::{purpose, sign};
use crate::change::Change;
use crate::clock;
use crate::console::{Console, record_own};
use crate::domain::webhooks::changed_from;
use crate::fault::Fault;
use crate::live::DELIVERY;
use crate::mail::{Content, Letter};
use crate::store::webhook_queue::{self as queue, Claimed, Noted};
use crate::store::{self, Tx};
use crate::worker::{self, Look, Queue, said};

/// How long a delivery waits after each try that failed, in seconds.
const PAUSES: [i64; 7] = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600];
/// For how long nothing may be taken before an endpoint is disabled, in milliseconds: five days.
const FAILING: i64 = 5 * 24 * 60 * 60 * 1000;

/// The worker of a server at the events that wait.
pub type Worker = worker::Worker<Deliveries>;

/// The events that wait.
pub struct Deliveries;

impl Queue for Deliveries {
    /// An endpoint and an event.
    type Key = (String, String);
    type Claimed = Claimed;
    const BROKEN: &'static str = "the webhooks' deliveries cannot be used";
    const AT_ONCE: u32 = 64;
    /// 30 days.
    const REMEMBERED: i64 = 30 * 24 * 60 * 60 * 1000;

    fn wake(console: &Console) -> &Notify {
        &console.services().webhooks.wake
    }

    async fn due(console: &Console, tx: &mut Tx, look: Look) -> Result<Vec<Self::Key>, Fault> {
        let in_use = store::webhooks::in_use(tx).await?;
        console
            .services()
            .webhooks
            .in_use
            .store(in_use, Ordering::Relaxed);
        if !in_use {
            return Ok(Vec::new());
        }
        Ok(queue::due(tx, look.now, look.stale, look.at_most).await?)
    }

    async fn claim(
        tx: &mut Tx,
        (webhook, event): Self::Key,
        own: &str,
        look: Look,
    ) -> Result<Option<Claimed>, Fault> {
        let claimed = queue::claim(tx, webhook, event, own, look.now, look.stale).await?;
        let Some(mut claimed) = claimed else {
            return Ok(None);
        };
        claimed.payload = payload(tx, &claimed).await?;
        Ok(Some(claimed))
    }

    async fn deliver(console: Console, own: String, claimed: Claimed) {
        deliver(console, own, claimed).await;
    }

    async fn release(tx: &mut Tx, own: Option<String>) -> Result<(), Fault> {
        Ok(queue::release(tx, own).await?)
    }

    async fn forget(tx: &mut Tx, before: i64) -> Result<(), Fault> {
        Ok(queue::forget(tx, before).await?)
    }
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

/// That a delivery is in another state, as open logs are told: in bursts, one word says it of all of an owner's.
fn moved(claimed: &Claimed) -> Change {
    let change = Change::of(DELIVERY, "", "");
    let owner = claimed.organization_id.as_deref();
    match owner.and_then(|id| id.parse().ok()) {
        Some(organization) => change.within(organization),
        None => change,
    }
}

/// One try.
async fn deliver(console: Console, own: String, claimed: Claimed) {
    let started = Instant::now();
    let moved = moved(&claimed);
    console.tell(&moved).await;
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
    let noted = Noted {
        at,
        duration: i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX),
        status: outcome.status.map(i64::from),
        error: outcome.error,
        answer: outcome.answer,
        next_at: next,
    };
    let door = console.clone();
    let done = console.db().write(move |tx| {
        Box::pin(async move {
            if !queue::note(tx, &claimed, &own, &noted, now).await? || noted.error.is_none() {
                return Ok(None);
            }
            let failing_since = queue::failing(tx, &claimed.webhook_id, at).await?;
            let because = if gone {
                DisabledBecause::Gone
            } else if noted.next_at.is_none() && failing_since <= now.saturating_sub(FAILING) {
                DisabledBecause::Failing
            } else {
                return Ok(None);
            };
            switch_off(&door, tx, &claimed.webhook_id, because, now).await
        })
    });
    match done.await {
        Ok(Some(change)) => {
            console.services().mail.wake();
            console.services().webhooks.stir();
            console.tell(&change).await;
        }
        Ok(None) => {}
        Err(fault) => said::<Deliveries>(Some(fault)),
    }
    console.tell(&moved).await;
}

/// Disables an endpoint that nobody asked to be disabled: it stands in the audit, and whoever administers it gets a mail.
async fn switch_off(
    console: &Console,
    tx: &mut Tx,
    webhook: &str,
    because: DisabledBecause,
    now: i64,
) -> Result<Option<Change>, Fault> {
    let before = store::webhooks::any(tx, webhook).await?;
    if !queue::switch_off(tx, webhook, because, now).await? {
        return Ok(None);
    }
    let (Some(before), Some(after)) = (before, store::webhooks::any(tx, webhook).await?) else {
        return Ok(None);
    };
    let change = changed_from(&before, &after);
    record_own::<UpdateWebhook>(tx, now, &change).await?;
    let (keepers, portal) = match after.organization_id {
        Some(organization) => (
            store::webhooks::keepers(tx, organization).await?,
            format!("org/{organization}"),
        ),
        None => {
            let deciders = store::registrations::deciders(tx).await?;
            let keepers = deciders
                .into_iter()
                .map(|(address, language)| (address, language, String::new()));
            (keepers.collect(), "admin".to_owned())
        }
    };
    let services = console.services();
    for (address, language, organization) in keepers {
        let content = Content::WebhookDisabled {
            organization: Some(organization).filter(|name| !name.is_empty()),
            endpoint: origin(&after.url).to_owned(),
            is_gone: because == DisabledBecause::Gone,
            link: format!("{}/{portal}/webhooks/{webhook}", services.public_url),
        };
        let letter = Letter::to(address, content).in_language(language.as_deref());
        let letter = match after.organization_id {
            Some(organization) => letter.within(organization),
            None => letter,
        };
        let id = MailId::compose(now, clock::random_bits());
        services.mail.keep(tx, &services.vault, &letter, id, now).await?;
    }
    Ok(Some(change))
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
