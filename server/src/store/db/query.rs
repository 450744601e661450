//! A statement with its values, on whichever connection its transaction has.

use futures::TryStreamExt as _;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, Either, Encode, Executor as _, FromRow, Postgres, SqlStr, Sqlite, Type};

use super::On;
use crate::store::later::Later;

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

pub(super) enum Arguments {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

/// A statement that waits for its values.
#[must_use = "it does nothing, and takes what waited for it along"]
pub struct Query<'t> {
    pub(super) on: &'t mut On,
    pub(super) later: &'t mut Later,
    pub(super) sql: SqlStr,
    pub(super) arguments: Result<Arguments, sqlx::error::BoxDynError>,
}

/// Runs one of sqlx's query functions on whichever connection the transaction has.
macro_rules! on_connection {
    ($self:ident, $make:expr, $run:ident) => {{
        crate::store::count_statement();
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
        crate::store::count_statement();
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
            crate::store::count_statement();
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
