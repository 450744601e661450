//! What a server does beside its requests: it claims what is due, does it, and gives back what it did not get to.
//!
//! Several servers share one queue. A claim of which nothing was heard for a minute is a dead server's, and what it is of is
//! anybody's again: what stands in a queue is done at least once.

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::clock;
use crate::console::Console;
use crate::fault::Fault;
use crate::store::{Db, Tx};

/// How often a queue is looked at when nobody says that something came.
const POLL: Duration = Duration::from_secs(3);
/// For how long a claim is believed, in milliseconds.
const BELIEVED: i64 = 60_000;
/// How long what is under way may take to end when the server stops.
const FAREWELL: Duration = Duration::from_secs(5);
/// How often what is over since long ago is forgotten.
const CLEANING: Duration = Duration::from_secs(60 * 60);

/// The moment of a look.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Milliseconds since the Unix epoch.
    pub now: i64,
    /// Claims from before are a dead server's.
    pub stale: i64,
    /// How many more can be under way.
    pub at_most: i64,
}

/// A queue in the database, and what is done with what is in it.
pub trait Queue: Send + Sync + 'static {
    /// What something in it is claimed by.
    type Key: Send + 'static;
    /// What was claimed.
    type Claimed: Send + 'static;
    /// What the log says when the database does not answer.
    const BROKEN: &'static str;
    /// How many are under way at once on one server.
    const AT_ONCE: u32;
    /// How long what is over is kept, in milliseconds.
    const REMEMBERED: i64;

    /// Whether this server has nothing to do with it at all.
    fn is_idle(_console: &Console) -> bool {
        false
    }

    /// Says that something came.
    fn wake(console: &Console) -> &Notify;

    /// What is due.
    fn due(
        console: &Console,
        tx: &mut Tx,
        look: Look,
    ) -> impl Future<Output = Result<Vec<Self::Key>, Fault>> + Send;

    /// Claims it, unless another server was faster.
    fn claim(
        tx: &mut Tx,
        key: Self::Key,
        own: &str,
        look: Look,
    ) -> impl Future<Output = Result<Option<Self::Claimed>, Fault>> + Send;

    /// Does it once, and notes what came of it.
    fn deliver(
        console: Console,
        own: String,
        claimed: Self::Claimed,
    ) -> impl Future<Output = ()> + Send + 'static;

    /// Gives back what a server had claimed, or all that anybody had.
    fn release(tx: &mut Tx, own: Option<String>) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Forgets what is over, and was written before a moment.
    fn forget(tx: &mut Tx, before: i64) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// The worker of a server at one queue.
pub struct Worker<Q> {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    queue: PhantomData<Q>,
}

impl<Q: Queue> Worker<Q> {
    /// Starts it.
    pub fn start(console: &Console) -> Self {
        let (stop, stopped) = watch::channel(false);
        Worker {
            stop,
            task: tokio::spawn(work::<Q>(console.clone(), stopped)),
            queue: PhantomData,
        }
    }

    /// Lets what is under way end for a few seconds, and leaves the rest to whoever comes next.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.task.await;
    }

    /// Forgets what is over since long ago.
    ///
    /// # Errors
    /// The database's.
    pub async fn forget(console: &Console) -> Result<(), Fault> {
        let before = console.clock().now().saturating_sub(Q::REMEMBERED);
        console
            .db()
            .write(move |tx| Box::pin(async move { Q::forget(tx, before).await }))
            .await
    }
}

async fn work<Q: Queue>(console: Console, mut stopped: watch::Receiver<bool>) {
    if Q::is_idle(&console) {
        return;
    }
    let own = format!("{:032x}", clock::random_bits());
    if matches!(console.db(), Db::Sqlite { .. }) {
        // SQLite has one server: whatever is claimed at its start, a dead one left.
        said::<Q>(release::<Q>(&console, None).await.err());
    }
    let mut under_way: JoinSet<()> = JoinSet::new();
    let mut cleaned: Option<Instant> = None;
    let mut broken = false;
    loop {
        if cleaned.is_none_or(|at| at.elapsed() > CLEANING) {
            cleaned = Some(Instant::now());
            said::<Q>(Worker::<Q>::forget(&console).await.err());
        }
        let busy = i64::try_from(under_way.len()).unwrap_or(i64::MAX);
        let free = i64::from(Q::AT_ONCE).saturating_sub(busy);
        if free > 0 {
            match take::<Q>(&console, &own, free).await {
                Ok(claimed) => {
                    broken = false;
                    for one in claimed {
                        under_way.spawn(Q::deliver(console.clone(), own.clone(), one));
                    }
                }
                // Said once: the database is asked again and again until it answers.
                Err(fault) if !broken => {
                    broken = true;
                    said::<Q>(Some(fault));
                }
                Err(_) => {}
            }
        }
        tokio::select! {
            _ = stopped.changed() => break,
            Some(_) = under_way.join_next(), if !under_way.is_empty() => {}
            () = Q::wake(&console).notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
    let _ = tokio::time::timeout(FAREWELL, async { while under_way.join_next().await.is_some() {} }).await;
    under_way.shutdown().await;
    said::<Q>(release::<Q>(&console, Some(own)).await.err());
}

async fn release<Q: Queue>(console: &Console, own: Option<String>) -> Result<(), Fault> {
    console
        .db()
        .write(move |tx| Box::pin(async move { Q::release(tx, own).await }))
        .await
}

/// Claims what is due. A look without a claim first: on SQLite, only writes wait for one another.
async fn take<Q: Queue>(console: &Console, own: &str, at_most: i64) -> Result<Vec<Q::Claimed>, Fault> {
    let now = console.clock().now();
    let look = Look {
        now,
        stale: now.saturating_sub(BELIEVED),
        at_most,
    };
    let mut tx = console.db().read().await?;
    let due = Q::due(console, &mut tx, look).await?;
    drop(tx);
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let own = own.to_owned();
    console
        .db()
        .write(move |tx| {
            Box::pin(async move {
                let mut claimed = Vec::new();
                for key in due {
                    // Another server may have been faster.
                    claimed.extend(Q::claim(tx, key, &own, look).await?);
                }
                Ok(claimed)
            })
        })
        .await
}

/// Says what broke.
pub(crate) fn said<Q: Queue>(fault: Option<Fault>) {
    if let Some(Fault::Broken(cause)) = fault {
        tracing::error!(error.cause = format!("{cause:#}"), "{}", Q::BROKEN);
    }
}
