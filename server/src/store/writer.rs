//! SQLite's one writer: it takes the operations that wait, each in its own savepoint, and commits them together.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use anyhow::Context as _;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::db::Tx;
use crate::fault::Fault;

/// How many operations one commit may hold: enough to share an fsync, few enough that nobody waits long.
const TOGETHER: usize = 256;

/// Tells whoever waits for an operation how its commit went.
type Tell = Box<dyn FnOnce(Result<(), String>) + Send>;
type Work = Box<dyn for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, (Keep, Tell)> + Send>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Yes,
    No,
}

enum Order {
    Run(Work),
    Stop(oneshot::Sender<()>),
}

/// The way to the task that owns the write connection.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Order>,
}

/// Opens a SQLite file: readers, and the connection that writes. WAL with `synchronous=FULL`: a commit that was
/// answered survives a power cut.
///
/// # Errors
/// When the URL is malformed or the file cannot be opened.
pub async fn open(url: &str) -> anyhow::Result<(SqlitePool, SqliteConnection)> {
    let options = url
        .parse::<SqliteConnectOptions>()
        .context("it is not a URL of SQLite")?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(256)
        .disable_statement_logging();
    let writer = options
        .clone()
        .connect()
        .await
        .context("the SQLite file cannot be opened")?;
    let readers = SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(8)
        .acquire_timeout(Duration::from_secs(3))
        .connect_with(options.pragma("query_only", "on"))
        .await
        .context("the SQLite file cannot be opened for reading")?;
    Ok((readers, writer))
}

impl Writer {
    /// Starts the task on a connection.
    pub fn start(connection: SqliteConnection) -> Writer {
        let (queue, orders) = mpsc::channel(4 * TOGETHER);
        tokio::spawn(serve(Tx::SqliteWriter(Box::new(connection)), orders));
        Writer { queue }
    }

    /// Queues `work` and answers after the commit that holds it.
    ///
    /// # Errors
    /// What `work` says, or that the commit failed.
    pub async fn run<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, Fault>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel::<Result<T, Fault>>();
        let work: Work = Box::new(move |tx| {
            Box::pin(async move {
                let result = match AssertUnwindSafe(work(tx)).catch_unwind().await {
                    Ok(result) => result,
                    Err(_) => Err(Fault::Broken(anyhow::anyhow!("an operation panicked"))),
                };
                let keep = if result.is_ok() { Keep::Yes } else { Keep::No };
                let tell: Tell = Box::new(move |committed| {
                    // Whoever asked may have gone; the work is done all the same.
                    let _ = answer.send(match committed {
                        Ok(()) => result,
                        Err(why) => result.and(Err(Fault::Broken(anyhow::anyhow!("commit failed: {why}")))),
                    });
                });
                (keep, tell)
            })
        });
        let stopped = || Fault::Broken(anyhow::anyhow!("the writer has stopped"));
        self.queue.send(Order::Run(work)).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }

    /// Waits until what is queued is committed, then ends the task.
    pub async fn stop(&self) {
        let (done, ended) = oneshot::channel();
        if self.queue.send(Order::Stop(done)).await.is_ok() {
            let _ = ended.await;
        }
    }
}

async fn serve(mut tx: Tx, mut orders: mpsc::Receiver<Order>) {
    while let Some(order) = orders.recv().await {
        let mut next = Some(order);
        let mut stop = None;
        let mut waiting: Vec<Tell> = Vec::new();
        let mut broken = statement(&mut tx, "BEGIN IMMEDIATE").await.err();
        while let Some(order) = next {
            match order {
                Order::Stop(done) => {
                    stop = Some(done);
                    break;
                }
                Order::Run(work) => {
                    if broken.is_none() {
                        match one(&mut tx, work).await {
                            Ok(tell) => waiting.push(tell),
                            Err((tell, why)) => {
                                broken = Some(why);
                                waiting.extend(tell);
                            }
                        }
                    }
                    // A dropped answer tells its caller that the writer failed.
                }
            }
            next = if waiting.len() < TOGETHER && broken.is_none() {
                orders.try_recv().ok()
            } else {
                None
            };
        }
        let committed = match broken {
            None => statement(&mut tx, "COMMIT").await,
            Some(why) => Err(why),
        };
        if committed.is_err() {
            let _ = statement(&mut tx, "ROLLBACK").await;
        }
        let verdict = committed.map_err(|error| error.to_string());
        for tell in waiting {
            tell(verdict.clone());
        }
        if let Some(done) = stop {
            let _ = done.send(());
            return;
        }
    }
}

/// One operation in its savepoint. An error is the connection's: nothing more can be done in this transaction.
async fn one(tx: &mut Tx, work: Work) -> Result<Tell, (Option<Tell>, sqlx::Error)> {
    statement(tx, "SAVEPOINT operation")
        .await
        .map_err(|error| (None, error))?;
    let (keep, tell) = work(tx).await;
    let ended = match keep {
        Keep::Yes => statement(tx, "RELEASE operation").await,
        Keep::No => match statement(tx, "ROLLBACK TO operation").await {
            Ok(()) => statement(tx, "RELEASE operation").await,
            Err(error) => Err(error),
        },
    };
    match ended {
        Ok(()) => Ok(tell),
        Err(error) => Err((Some(tell), error)),
    }
}

async fn statement(tx: &mut Tx, sql: &'static str) -> Result<(), sqlx::Error> {
    match tx {
        Tx::SqliteWriter(connection) => sqlx::query(sql).execute(&mut **connection).await.map(|_| ()),
        _ => Err(sqlx::Error::Protocol("the writer has SQLite's connection".into())),
    }
}
