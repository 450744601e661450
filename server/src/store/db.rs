//! The gateway: one set of queries for SQLite and PostgreSQL, native drivers on both.

use std::time::Duration;

use anyhow::Context as _;
use futures::TryStreamExt as _;
use futures::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{
    Arguments as _, Connection as _, Either, Encode, Executor as _, FromRow, Postgres, SqlStr, Sqlite, Type,
};

use super::counters::{self, Counted};
use super::later::{self, Later};
pub use super::lock::{Hold, Lock};
use super::readers::{Reader, Readers};
use super::writer::{self, Writer};
use crate::fault::Fault;

/// A value that both databases can take.
pub trait Bind:
    for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Send
{
}
impl<T> Bind for T where
    T: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Send
{
}

/// A row that both databases can give.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

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

enum Arguments {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

/// A statement that waits for its values.
#[must_use = "it does nothing, and takes what waited for it along"]
pub struct Query<'t> {
    on: &'t mut On,
    later: &'t mut Later,
    sql: SqlStr,
    arguments: Result<Arguments, sqlx::error::BoxDynError>,
}

/// Runs one of sqlx's query functions on whichever connection the transaction has.
macro_rules! on_connection {
    ($self:ident, $make:expr, $run:ident) => {{
        super::count_statement();
        match ($self.on, $self.arguments.map_err(sqlx::Error::Encode)?) {
            (On::Sqlite(c), Arguments::Sqlite(a)) => $make($self.sql, a).$run(c.connection()?).await,
            (On::SqliteWriter(c), Arguments::Sqlite(a)) => $make($self.sql, a).$run(&mut **c).await,
            (On::PostgresRead(c), Arguments::Postgres(a)) => $make($self.sql, a).$run(&mut **c).await,
            (On::PostgresWrite(c), Arguments::Postgres(a)) => $make($self.sql, a).$run(&mut **c).await,
            _ => Err(sqlx::Error::Protocol("arguments of another database".into())),
        }
    }};
}

impl Query<'_> {
    /// The next parameter's value.
    pub fn bind<T: Bind>(mut self, value: T) -> Self {
        let failed = match &mut self.arguments {
            Ok(Arguments::Sqlite(arguments)) => arguments.add(value).err(),
            Ok(Arguments::Postgres(arguments)) => arguments.add(value).err(),
            Err(_) => None,
        };
        if let Some(error) = failed {
            self.arguments = Err(error);
        }
        self
    }

    /// The next parameter's value, for a statement that has this parameter only where there is one.
    pub fn bind_some<T: Bind>(self, value: Option<T>) -> Self {
        match value {
            Some(value) => self.bind(value),
            None => self,
        }
    }

    /// Every row.
    ///
    /// # Errors
    /// The database's.
    pub async fn all<T: Row>(self) -> Result<Vec<T>, sqlx::Error> {
        on_connection!(self, sqlx::query_as_with, fetch_all)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// The database's.
    pub async fn optional<T: Row>(self) -> Result<Option<T>, sqlx::Error> {
        on_connection!(self, sqlx::query_as_with, fetch_optional)
    }

    /// The one row.
    ///
    /// # Errors
    /// The database's, and when there is none.
    pub async fn one<T: Row>(self) -> Result<T, sqlx::Error> {
        on_connection!(self, sqlx::query_as_with, fetch_one)
    }

    /// Whether there is a row: for a query that selects the number 1.
    ///
    /// # Errors
    /// The database's.
    pub async fn exists(self) -> Result<bool, sqlx::Error> {
        let row: Option<(i32,)> = self.optional().await?;
        Ok(row.is_some())
    }

    /// How many rows it changed.
    ///
    /// # Errors
    /// The database's.
    pub async fn execute(self) -> Result<u64, sqlx::Error> {
        super::count_statement();
        match (self.on, self.arguments.map_err(sqlx::Error::Encode)?) {
            (On::Sqlite(c), Arguments::Sqlite(a)) => sqlx::query_with(self.sql, a)
                .execute(c.connection()?)
                .await
                .map(|done| done.rows_affected()),
            (On::SqliteWriter(c), Arguments::Sqlite(a)) => {
                // What waited for it counts its own rows first.
                let mut steps = (&mut **c).fetch_many(sqlx::query_with(self.sql, a));
                let mut changed = 0;
                while let Some(step) = steps.try_next().await? {
                    if let Either::Left(done) = step {
                        changed = done.rows_affected();
                    }
                }
                Ok(changed)
            }
            (On::PostgresRead(c), Arguments::Postgres(a)) => sqlx::query_with(self.sql, a)
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected()),
            (On::PostgresWrite(c), Arguments::Postgres(a)) => sqlx::query_with(self.sql, a)
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected()),
            _ => Err(sqlx::Error::Protocol("arguments of another database".into())),
        }
    }

    /// Runs it, and asks nothing of its outcome but that it did not fail. SQLite's writer takes it along with the next
    /// statement, or with the end of the operation: each way to the connection's thread and back costs more than most
    /// statements do.
    ///
    /// # Errors
    /// The database's; on SQLite they come with the statement that took it along.
    pub async fn later(self) -> Result<(), sqlx::Error> {
        if matches!(self.on, On::SqliteWriter(_)) {
            super::count_statement();
            if let Arguments::Sqlite(arguments) = self.arguments.map_err(sqlx::Error::Encode)? {
                *self.later = Later {
                    before: self.sql.as_str().to_owned(),
                    arguments,
                };
            }
            return Ok(());
        }
        self.execute().await.map(|_| ())
    }
}
