//! The handlers on SQLite.

pub type Pool = sqlx::SqlitePool;
pub type Transaction = sqlx::Transaction<'static, sqlx::Sqlite>;
/// What a transaction begins with that will write: a deferred one could not wait for another writer later on.
pub const BEGIN: &str = "BEGIN IMMEDIATE";

#[path = "handlers.rs"]
pub mod handlers;
