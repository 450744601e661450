//! A copy of a SQLite database as it is at one moment, while others read and write it.

use std::time::Duration;

use anyhow::Context as _;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

/// Copies the database of `url` into `file`, which is empty or absent. It migrates nothing: a copy from before an update
/// can be made by the program after it.
///
/// # Errors
/// When there is no such database, or the copy cannot be written.
pub async fn copy(url: &str, file: &str) -> anyhow::Result<()> {
    let options = url
        .parse::<SqliteConnectOptions>()
        .context("it is not a URL of SQLite")?;
    let options = options
        .read_only(true)
        .create_if_missing(false)
        .busy_timeout(Duration::from_secs(10))
        // A large database takes as long as it takes: nobody need be warned of a slow statement.
        .disable_statement_logging();
    let mut connection = options
        .connect()
        .await
        .context("the SQLite file cannot be opened")?;
    sqlx::query("VACUUM INTO $1")
        .bind(file)
        .execute(&mut connection)
        .await
        .context("the copy cannot be written")?;
    Ok(connection.close().await?)
}
