//! The handlers on PostgreSQL.

pub type Pool = sqlx::PgPool;
pub type Transaction = sqlx::Transaction<'static, sqlx::Postgres>;
/// What a transaction begins with.
pub const BEGIN: &str = "BEGIN";

#[allow(
    clippy::duplicate_mod,
    reason = "the same handlers over the types of another driver"
)]
#[path = "handlers.rs"]
pub mod handlers;
