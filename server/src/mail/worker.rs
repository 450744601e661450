//! Sends what the outbox holds: at least once, with the same Message-ID on every try, for a day.
//!
//! A server claims a mail before it sends it, and says every few seconds that it is still at it. A claim of which nothing
//! was heard for a minute is a dead server's, and the mail is anybody's again. What stands between the mail server's last
//! word and ours in the database can repeat a mail, never lose one.

use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::transport::{AT_ONCE, Refusal, compose};
use super::{Body, purpose};
use crate::clock;
use crate::console::Console;
use crate::fault::Fault;
use crate::store::outbox::{self, Claimed};
use crate::store::{Db, Tx};

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
/// How often the outbox is looked at when nobody says that something came.
const POLL: Duration = Duration::from_secs(3);
/// How often a server says that it is still at a mail.
const BEAT: Duration = Duration::from_secs(15);
/// For how long it is believed, in milliseconds.
const BELIEVED: i64 = 60_000;
/// How long one try may take in all: a mail server that takes a minute for each answer is slow, not dead.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// How long mails that are being sent may take to end when the server stops.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long mails that are over are listed, in milliseconds: 90 days.
const REMEMBERED: i64 = 90 * 24 * 60 * 60 * 1000;
/// How often older ones are forgotten.
const CLEANING: Duration = Duration::from_secs(60 * 60);

/// The worker of a server.
pub struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts it; without a way out for mail it has nothing to do.
    pub fn start(console: &Console) -> Worker {
        let (stop, stopped) = watch::channel(false);
        Worker {
            stop,
            task: tokio::spawn(work(console.clone(), stopped)),
        }
    }

    /// Lets the mails that are being sent end for a few seconds, and leaves the others to whoever comes next.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.task.await;
    }
}

async fn work(console: Console, mut stopped: watch::Receiver<bool>) {
    if console.services().mail.delivery() == guildhall::mail::Delivery::Kept {
        return;
    }
    let own = format!("{:032x}", clock::random_bits());
    if matches!(console.db(), Db::Sqlite { .. }) {
        // SQLite has one server: whatever is claimed at its start, a dead one left.
        let released = write(&console, |tx| {
            Box::pin(async move { Ok(outbox::release(tx, None).await?) })
        })
        .await;
        said(released.err());
    }
    let mut sending = JoinSet::new();
    let mut cleaned: Option<Instant> = None;
    let mut broken = false;
    loop {
        if cleaned.is_none_or(|at| at.elapsed() > CLEANING) {
            cleaned = Some(Instant::now());
            let before = console.clock().now().saturating_sub(REMEMBERED);
            let forgotten = write(&console, move |tx| {
                Box::pin(async move { Ok(outbox::forget(tx, before).await?) })
            });
            said(forgotten.await.err());
        }
        let free = i64::from(AT_ONCE).saturating_sub(i64::try_from(sending.len()).unwrap_or(i64::MAX));
        if free > 0 {
            match take(&console, &own, free).await {
                Ok(mails) => {
                    broken = false;
                    for mail in mails {
                        sending.spawn(deliver(console.clone(), own.clone(), mail));
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
            Some(_) = sending.join_next(), if !sending.is_empty() => {}
            () = console.services().mail.wake.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
    let _ = tokio::time::timeout(FAREWELL, async { while sending.join_next().await.is_some() {} }).await;
    sending.shutdown().await;
    let released = write(&console, move |tx| {
        Box::pin(async move { Ok(outbox::release(tx, Some(own)).await?) })
    });
    said(released.await.err());
}

/// Claims mails that are due. A look without a claim first: on SQLite, only writes wait for one another.
async fn take(console: &Console, own: &str, at_most: i64) -> Result<Vec<Claimed>, Fault> {
    let now = console.clock().now();
    let stale = now.saturating_sub(BELIEVED);
    let due = outbox::due(&mut console.db().read().await?, now, stale, at_most).await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let own = own.to_owned();
    write(console, move |tx| {
        Box::pin(async move {
            let mut claimed = Vec::new();
            for id in due {
                // Another server may have been faster.
                claimed.extend(outbox::claim(tx, id, &own, now, stale).await?);
            }
            Ok(claimed)
        })
    })
    .await
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
                    let beat = write(&console, move |tx| {
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
    let noted = write(&console, move |tx| {
        Box::pin(async move {
            match (reason, next) {
                (None, _) => outbox::sent(tx, &id, &own, now).await?,
                (Some(reason), Some(next)) => outbox::put_off(tx, &id, &own, &reason, next).await?,
                (Some(reason), None) => outbox::failed(tx, &id, &own, &reason).await?,
            }
            Ok(())
        })
    });
    said(noted.await.err());
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

/// A transaction of the worker's own.
async fn write<T, F>(console: &Console, work: F) -> Result<T, Fault>
where
    T: Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx) -> futures::future::BoxFuture<'t, Result<T, Fault>> + Send + 'static,
{
    console.db().write(work).await
}

fn said(fault: Option<Fault>) {
    if let Some(Fault::Broken(cause)) = fault {
        tracing::error!(error.cause = format!("{cause:#}"), "the outbox cannot be used");
    }
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
