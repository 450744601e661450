//! The gateway: one set of queries for SQLite and PostgreSQL, native drivers on both.

mod query;

use std::time::Duration;

use anyhow::Context as _;
use futures::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Arguments as _, Connection as _, Executor as _, Postgres};

use self::query::Arguments;
pub use self::query::{Bind, Query, Row};
use super::counters::{self, Counted};
use super::later::{self, Later};
pub use super::lock::{Hold, Lock};
use super::readers::{Reader, Readers};
use super::writer::{self, Writer};
use crate::fault::Fault;

/// A database, chosen by its URL at run time.
#[derive(Clone)]
pub enum Db {
    /// One file: readers, and one writer that commits what waits together.
    Sqlite {
        readers: Readers,
        writer: Writer,
    },
    Postgres(PgPool),
}

/// Statements that belong together.
pub struct Tx {
    on: On,
    /// What was counted since the transaction began, which is written when it ends.
    pub(super) counted: Counted,
    later: Later,
}

enum On {
    Sqlite(Reader),
    SqliteWriter(Box<sqlx::SqliteConnection>),
    PostgresRead(PoolConnection<Postgres>),
    PostgresWrite(sqlx::Transaction<'static, Postgres>),
}

/// How long a connection that was given back is taken to be alive.
const BELIEVED: Duration = Duration::from_secs(1);

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

impl Db {
    /// Opens the database of a URL (`sqlite://path`, `postgres://…`), makes it where it is an absent SQLite file,
    /// and applies the migrations.
    ///
    /// # Errors
    /// When the URL is of another kind, or the database cannot be reached or migrated.
    pub async fn open(url: &str) -> anyhow::Result<Db> {
        if url.starts_with("sqlite:") {
            let (readers, mut connection) = writer::open(url).await?;
            MIGRATIONS
                .run(&mut connection)
                .await
                .context("the migrations failed")?;
            Ok(Db::Sqlite {
                readers,
                writer: Writer::start(connection)?,
            })
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options: PgConnectOptions = url.parse().context("it is not a URL of PostgreSQL")?;
            let pool = PgPoolOptions::new()
                .max_connections(32)
                .acquire_timeout(Duration::from_secs(3))
                // By itself the pool asks each connection whether it lives before each use: one way to the database and
                // back more for every request. One that answered a moment ago is believed.
                .test_before_acquire(false)
                .before_acquire(|connection, meta| {
                    Box::pin(async move {
                        if meta.idle_for > BELIEVED {
                            connection.ping().await?;
                        }
                        Ok(true)
                    })
                })
                .connect_with(options.statement_cache_capacity(256))
                .await
                .context("PostgreSQL cannot be reached")?;
            MIGRATIONS.run(&pool).await.context("the migrations failed")?;
            Ok(Db::Postgres(pool))
        } else {
            anyhow::bail!("it must start with sqlite:// or postgres://")
        }
    }

    /// Statements that change nothing. They see one another's moment only where a caller asks for a snapshot.
    ///
    /// # Errors
    /// When no connection comes free in three seconds.
    pub async fn read(&self) -> Result<Tx, sqlx::Error> {
        match self {
            Db::Sqlite { readers, .. } => readers.acquire().await.map(On::Sqlite).map(Tx::on),
            Db::Postgres(pool) => pool.acquire().await.map(On::PostgresRead).map(Tx::on),
        }
    }

    /// A transaction: what `work` does is there as a whole once this returns `Ok`, and not at all otherwise.
    ///
    /// # Errors
    /// What `work` says, or that the commit failed.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, Fault>> + Send + 'static,
    {
        match self {
            Db::Sqlite { writer, .. } => writer.run(move |tx| Box::pin(tx.whole(work))).await,
            Db::Postgres(pool) => {
                let mut tx = Tx::on(On::PostgresWrite(pool.begin().await?));
                // Dropped without a commit, it rolls back.
                let answer = tx.whole(work).await?;
                if let On::PostgresWrite(transaction) = tx.on {
                    transaction.commit().await?;
                }
                Ok(answer)
            }
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        self.read().await?.query("SELECT 1").execute().await.map(|_| ())
    }

    /// Ends the connections; on SQLite after the last queued write.
    pub async fn close(&self) {
        match self {
            Db::Sqlite { readers, writer } => {
                writer.stop().await;
                readers.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Waits for a lock, and holds it until the transaction ends. SQLite has one writer: there is nothing to wait for.
    ///
    /// # Errors
    /// The database's.
    pub async fn hold(&mut self, lock: Lock, how: Hold) -> Result<(), sqlx::Error> {
        let On::PostgresWrite(transaction) = &mut self.on else {
            return Ok(());
        };
        super::count_statement();
        sqlx::query(match how {
            Hold::Shared => "SELECT pg_advisory_xact_lock_shared($1)",
            Hold::Exclusive => "SELECT pg_advisory_xact_lock($1)",
        })
        .bind(lock.number())
        .execute(&mut **transaction)
        .await
        .map(|_| ())
    }

    fn on(on: On) -> Tx {
        Tx {
            on,
            counted: Counted::default(),
            later: Later::default(),
        }
    }

    /// SQLite's one connection that writes.
    pub(super) fn of_writer(connection: sqlx::SqliteConnection) -> Tx {
        Tx::on(On::SqliteWriter(Box::new(connection)))
    }

    /// The work, and at its end what it counted.
    async fn whole<T, F>(&mut self, work: F) -> Result<T, Fault>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, Fault>>,
    {
        // The writer's serves one operation after another; the last one may have failed.
        self.counted = Counted::default();
        self.later = Later::default();
        let answer = work(self).await?;
        counters::write(self).await?;
        Ok(answer)
    }

    /// Statements that are no operation's, one after another in one text, behind those that wait: the writer's own.
    pub(super) async fn plain(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        let Later { before, arguments } = std::mem::take(&mut self.later);
        match &mut self.on {
            On::SqliteWriter(connection) => {
                let sql = later::joined(&before, sql, 0);
                (&mut **connection)
                    .execute(sqlx::query_with(sql, arguments))
                    .await
                    .map(|_| ())
            }
            _ => Err(sqlx::Error::Protocol("the writer has SQLite's connection".into())),
        }
    }

    /// Takes back what the writer did since its savepoint, and forgets what waited.
    pub(super) async fn undo(&mut self) -> Result<(), sqlx::Error> {
        self.later = Later::default();
        self.plain("ROLLBACK TO operation").await
    }

    /// A statement with `$1`, `$2` … as its parameters.
    pub fn query(&mut self, sql: &'static str) -> Query<'_> {
        let Later { before, arguments } = std::mem::take(&mut self.later);
        let waiting = arguments.len();
        let arguments = match self.on {
            On::Sqlite(_) | On::SqliteWriter(_) => Arguments::Sqlite(arguments),
            On::PostgresRead(_) | On::PostgresWrite(_) => Arguments::Postgres(PgArguments::default()),
        };
        Query {
            on: &mut self.on,
            later: &mut self.later,
            sql: later::joined(&before, sql, waiting),
            arguments: Ok(arguments),
        }
    }
}
