//! SQLite's readers: connections that are lent out, one caller each.
//!
//! Not sqlx's pool: it asks a connection whether it lives before it lends it and again when it comes back. Each question
//! crosses to the connection's thread and back, which costs as much as reading a row, and a file has no other end that
//! could hang up.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many there may be beyond the cores: enough to keep those busy while rows are read from the disk. Each has a thread
/// and a cache of pages.
const SPARE: usize = 2;
/// How long a caller waits for one.
const PATIENCE: Duration = Duration::from_secs(3);

/// The readers of a file. Cheap to clone.
#[derive(Clone)]
pub struct Readers {
    inner: Arc<Inner>,
}

struct Inner {
    options: SqliteConnectOptions,
    free: Arc<Semaphore>,
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    /// The one that came back last is lent first: what it has read is still in its cache, and others need not be opened.
    idle: Vec<SqliteConnection>,
    open: u32,
}

/// A reader that is lent; dropping it gives it back.
pub struct Reader {
    connection: Option<SqliteConnection>,
    readers: Readers,
    _permit: OwnedSemaphorePermit,
}

impl Readers {
    /// Opens the first reader, so that a file that cannot be read is known at once.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(options: SqliteConnectOptions) -> Result<Readers, sqlx::Error> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let readers = Readers {
            inner: Arc::new(Inner {
                options,
                free: Arc::new(Semaphore::new(cores + SPARE)),
                shelf: Mutex::default(),
            }),
        };
        readers.acquire().await?;
        Ok(readers)
    }

    /// Lends a reader.
    ///
    /// # Errors
    /// When none comes free in three seconds, and the database's.
    pub async fn acquire(&self) -> Result<Reader, sqlx::Error> {
        let free = self.inner.free.clone();
        let permit = match free.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => tokio::time::timeout(PATIENCE, free.acquire_owned())
                .await
                .map_err(|_| sqlx::Error::PoolTimedOut)?
                .map_err(|_| sqlx::Error::PoolClosed)?,
        };
        let idle = self.shelf().idle.pop();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                let connection = self.inner.options.connect().await?;
                self.shelf().open += 1;
                connection
            }
        };
        Ok(Reader {
            connection: Some(connection),
            readers: self.clone(),
            _permit: permit,
        })
    }

    /// How many are open.
    pub fn size(&self) -> u32 {
        self.shelf().open
    }

    /// How many are open and not lent.
    pub fn num_idle(&self) -> usize {
        self.shelf().idle.len()
    }

    /// Lends none any more and closes those that are not lent.
    pub async fn close(&self) {
        self.inner.free.close();
        let idle = std::mem::take(&mut self.shelf().idle);
        for connection in idle {
            // It has read only: nothing is lost.
            let _ = connection.close().await;
        }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // Nothing can panic while it is held.
        self.inner.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reader {
    /// The connection.
    ///
    /// # Errors
    /// Never: it is there until the reader is dropped.
    pub fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // A caller who left in the middle of a statement leaves no harm: the connection's thread sees that nobody takes
        // the rows, and ends the statement before the next one.
        if let Some(connection) = self.connection.take()
            && !self.readers.inner.free.is_closed()
        {
            self.readers.shelf().idle.push(connection);
        }
    }
}
