//! Sends what the outbox holds: at least once, with the same Message-ID on every try, for a day.
//!
//! A server that has claimed a mail says every few seconds that it is still at it. What stands between the mail server's
//! last word and ours in the database can repeat a mail, never lose one.

use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::transport::{AT_ONCE, Refusal, compose};
use super::{Body, purpose};
use crate::console::Console;
use crate::fault::Fault;
use crate::store::Tx;
use crate::store::outbox::{self, Claimed};
use crate::worker::{self, Look, Queue, said};

/// How long a mail waits after each try that failed: a day in all, then it is given up.
const PAUSES: [i64; 13] = [
    10,
    60,
    5 * 60,
    15 * 60,
    60 * 60,
    2 * 60 * 60,
    3 * 60 * 60,
    3 * 60 * 60,
    3 * 60 * 60,
    3 * 60 * 60,
    3 * 60 * 60,
    3 * 60 * 60,
    2 * 60 * 60,
];
/// How often a server says that it is still at a mail.
const BEAT: Duration = Duration::from_secs(15);
/// How long one try may take in all: a mail server that takes a minute for each answer is slow, not dead.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// The worker of a server at the outbox.
pub type Worker = worker::Worker<Outbox>;

/// The mails that wait.
pub struct Outbox;

impl Queue for Outbox {
    type Key = String;
    type Claimed = Claimed;
    const BROKEN: &'static str = "the outbox cannot be used";
    const AT_ONCE: u32 = AT_ONCE;
    /// 90 days.
    const REMEMBERED: i64 = 90 * 24 * 60 * 60 * 1000;

    fn is_idle(console: &Console) -> bool {
        console.services().mail.delivery() == guildhall::mail::Delivery::Kept
    }

    fn wake(console: &Console) -> &Notify {
        &console.services().mail.wake
    }

    async fn due(_: &Console, tx: &mut Tx, look: Look) -> Result<Vec<String>, Fault> {
        Ok(outbox::due(tx, look.now, look.stale, look.at_most).await?)
    }

    async fn claim(tx: &mut Tx, id: String, own: &str, look: Look) -> Result<Option<Claimed>, Fault> {
        Ok(outbox::claim(tx, id, own, look.now, look.stale).await?)
    }

    async fn deliver(console: Console, own: String, mail: Claimed) {
        deliver(console, own, mail).await;
    }

    async fn release(tx: &mut Tx, own: Option<String>) -> Result<(), Fault> {
        Ok(outbox::release(tx, own).await?)
    }

    async fn forget(tx: &mut Tx, before: i64) -> Result<(), Fault> {
        Ok(outbox::forget(tx, before).await?)
    }
}

/// One try.
async fn deliver(console: Console, own: String, mail: Claimed) {
    let started = Instant::now();
    let id = mail.id.clone();
    let outcome = {
        let mut attempt = std::pin::pin!(tokio::time::timeout(LONGEST, attempt(&console, &mail)));
        loop {
            tokio::select! {
                outcome = &mut attempt => break outcome.unwrap_or_else(|_| {
                    Err(Refusal::for_now("timeout", "The mail server did not answer in time."))
                }),
                () = tokio::time::sleep(BEAT) => {
                    let (id, own, now) = (id.clone(), own.clone(), console.clock().now());
                    let beat = console.db().write(move |tx| {
                        Box::pin(async move { Ok(outbox::beat(tx, &id, &own, now).await?) })
                    });
                    // Somebody else believed this server dead, and is at it now.
                    if matches!(beat.await, Ok(false)) {
                        return;
                    }
                }
            }
        }
    };
    let next = outcome.as_ref().err().and_then(|refusal| {
        let pause = usize::try_from(mail.attempts.saturating_sub(1))
            .ok()
            .and_then(|at| PAUSES.get(at))
            .filter(|_| !refusal.permanent)?;
        Some(console.clock().now().saturating_add(pause.saturating_mul(1000)))
    });
    let word = match (&outcome, next) {
        (Ok(()), _) => "sent",
        (Err(_), Some(_)) => "put off",
        (Err(_), None) => "failed",
    };
    metrics::counter!("guildhall_mails_total", "kind" => mail.kind.clone(), "outcome" => word).increment(1);
    metrics::histogram!("guildhall_mail_seconds").record(started.elapsed());
    match &outcome {
        Ok(()) => tracing::info!(mail.id = %id, mail.kind = %mail.kind, mail.attempts, "a mail was sent"),
        Err(refusal) => tracing::warn!(
            mail.id = %id,
            mail.kind = %mail.kind,
            mail.attempts,
            refusal.code = %refusal.code,
            outcome = word,
            "a mail did not go"
        ),
    }
    let reason = outcome.err().map(|refusal| refusal.reason);
    let now = console.clock().now();
    let noted = console.db().write(move |tx| {
        Box::pin(async move {
            match (reason, next) {
                (None, _) => outbox::sent(tx, &id, &own, now).await?,
                (Some(reason), Some(next)) => outbox::put_off(tx, &id, &own, &reason, next).await?,
                (Some(reason), None) => outbox::failed(tx, &id, &own, &reason).await?,
            }
            Ok(())
        })
    });
    said::<Outbox>(noted.await.err());
}

async fn attempt(console: &Console, mail: &Claimed) -> Result<(), Refusal> {
    let services = console.services();
    if mail.expires_at.is_some_and(|at| at <= console.clock().now()) {
        return Err(Refusal::for_good(
            "expired",
            "What it said had run out before it could be sent.",
        ));
    }
    let kept = mail.body.as_deref().unwrap_or_default();
    let body: Body = services
        .vault
        .reveal(&purpose(&mail.id), kept)
        .and_then(|body| Ok(serde_json::from_str(&body)?))
        .map_err(|error| Refusal::for_good("unreadable", format!("The mail cannot be read: {error:#}")))?;
    let message = compose(mail, body, services.mail.from())?;
    services.mail.transport.send(&mail.id, message).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_tried_for_a_day_with_growing_pauses() {
        let total: i64 = PAUSES.iter().sum();
        assert!((23 * 3600..=25 * 3600).contains(&total), "{total}");
        assert!(
            PAUSES
                .iter()
                .take(7)
                .zip(PAUSES.iter().skip(1).take(6))
                .all(|(a, b)| a < b || *b == 3 * 3600)
        );
    }
}
