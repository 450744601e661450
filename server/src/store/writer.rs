//! SQLite's one writer: it takes the operations that wait, each in its own savepoint, and commits them together.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::db::{Db, Tx};
use super::readers::Readers;
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
pub async fn open(url: &str) -> anyhow::Result<(Readers, SqliteConnection)> {
    let options = url
        .parse::<SqliteConnectOptions>()
        .context("it is not a URL of SQLite")?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(256)
        // Room for a whole page: with less, the connection's thread stops and waits in the middle of one.
        .row_buffer_size(256)
        .disable_statement_logging();
    if !url.contains(":memory:") && !url.contains("mode=memory") {
        make(options.get_filename()).context("the SQLite file cannot be made")?;
    }
    let writer = options
        .clone()
        .connect()
        .await
        .context("the SQLite file cannot be opened")?;
    let readers = Readers::open(options.pragma("query_only", "on"))
        .await
        .context("the SQLite file cannot be opened for reading")?;
    Ok((readers, writer))
}

/// Makes an absent file, readable by its owner only; SQLite gives the files beside it (`-wal`, `-shm`) the same mode. One that is
/// there stays as it is: who else may read it is its owner's choice.
fn make(file: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

impl Writer {
    /// Starts the task on a connection. It has a thread of its own: everybody waits for it, and among the requests that
    /// are being read and answered it would wait for a turn after each of its statements.
    ///
    /// # Errors
    /// When there can be no more threads.
    pub fn start(connection: SqliteConnection) -> anyhow::Result<Writer> {
        let (queue, orders) = mpsc::channel(4 * TOGETHER);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || runtime.block_on(serve(Tx::of_writer(connection), orders)))?;
        Ok(Writer { queue })
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

impl Db {
    /// A number that moves when another process has written to SQLite's file; always 0 on PostgreSQL. It is the writer's own
    /// connection that is asked: what it wrote itself does not count.
    ///
    /// # Errors
    /// The database's.
    pub async fn writes_elsewhere(&self) -> Result<i64, Fault> {
        if matches!(self, Db::Postgres(_)) {
            return Ok(0);
        }
        self.write(|tx| {
            Box::pin(async move {
                let (version,): (i64,) = tx.query("PRAGMA data_version").one().await?;
                Ok(version)
            })
        })
        .await
    }
}

/// Each statement crosses to the connection's thread and back, which costs more than most statements do: hence several
/// in one text wherever they follow one another.
async fn serve(mut tx: Tx, mut orders: mpsc::Receiver<Order>) {
    while let Some(order) = orders.recv().await {
        let mut next = Some(order);
        let mut stop = None;
        let mut waiting: Vec<Tell> = Vec::new();
        let mut broken = tx.plain("BEGIN IMMEDIATE; SAVEPOINT operation").await.err();
        while let Some(order) = next {
            let work = match order {
                Order::Stop(done) => {
                    stop = Some(done);
                    break;
                }
                Order::Run(work) => work,
            };
            if broken.is_some() {
                // A dropped answer tells its caller that the writer failed.
                break;
            }
            let (keep, tell) = work(&mut tx).await;
            // The savepoint stays, for the next operation.
            let kept = match keep {
                Keep::Yes => tx.plain("RELEASE operation; SAVEPOINT operation").await,
                Keep::No => tx.undo().await,
            };
            match kept {
                Ok(()) => waiting.push(tell),
                // What waited for the end of the operation failed, and the operation with it.
                Err(error) => {
                    tell(Err(error.to_string()));
                    broken = tx.undo().await.err();
                }
            }
            next = if waiting.len() < TOGETHER {
                orders.try_recv().ok()
            } else {
                None
            };
        }
        let committed = match broken {
            None => tx.plain("COMMIT").await,
            Some(why) => Err(why),
        };
        if committed.is_err() {
            let _ = tx.plain("ROLLBACK").await;
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
