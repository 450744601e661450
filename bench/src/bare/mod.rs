//! The server to compare with: axum and sqlx on the same tables, as one writes them by hand. No authentication, no
//! permission check, no audit, no validation beyond the types; each change in a transaction of its own.

mod answers;
mod postgres;
mod sqlite;

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use sqlx::ConnectOptions as _;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::net::TcpListener;

/// Serves until it is killed.
pub async fn serve(database: &str, listen: &str) -> Result<()> {
    let router = if database.starts_with("sqlite:") {
        let options = database
            .parse::<SqliteConnectOptions>()?
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(30))
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .connect_with(options)
            .await
            .context("the SQLite file cannot be opened")?;
        sqlite::handlers::router(pool)
    } else if database.starts_with("postgres:") {
        // As many as the real server has, so that the pools do not make the difference.
        let options: sqlx::postgres::PgConnectOptions = database.parse()?;
        let pool = PgPoolOptions::new()
            .max_connections(32)
            .connect_with(options.disable_statement_logging())
            .await
            .context("PostgreSQL cannot be reached")?;
        postgres::handlers::router(pool)
    } else {
        bail!("--database-url must start with sqlite: or postgres:")
    };
    let listener = TcpListener::bind(listen).await?;
    axum::serve(
        axum::serve::ListenerExt::tap_io(listener, |stream| {
            let _ = stream.set_nodelay(true);
        }),
        router,
    )
    .await?;
    Ok(())
}
