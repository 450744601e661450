//! Totals of lists, kept in the same transaction as what they count.

use super::Tx;

/// How many rows a total is spread over: writers of one organization rarely wait for one another.
const SHARDS: u128 = 16;

/// Adds to a total. `seed` spreads the writers: any number that differs from one change to the next.
///
/// # Errors
/// The database's.
pub async fn add(tx: &mut Tx, subject: &str, delta: i64, seed: u128) -> Result<(), sqlx::Error> {
    let shard = i64::try_from(seed % SHARDS).unwrap_or_default();
    tx.query(
        "INSERT INTO counter (subject, shard, value) VALUES ($1, $2, $3)
         ON CONFLICT (subject, shard) DO UPDATE SET value = counter.value + excluded.value",
    )
    .bind(subject.to_owned())
    .bind(shard)
    .bind(delta)
    .execute()
    .await
    .map(|_| ())
}

/// A total.
///
/// # Errors
/// The database's.
pub async fn read(tx: &mut Tx, subject: &str) -> Result<u64, sqlx::Error> {
    let (total,): (i64,) = tx
        .query("SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM counter WHERE subject = $1")
        .bind(subject.to_owned())
        .one()
        .await?;
    Ok(u64::try_from(total).unwrap_or_default())
}

/// Forgets a total, with what it counted.
///
/// # Errors
/// The database's.
pub async fn forget(tx: &mut Tx, subject: &str) -> Result<(), sqlx::Error> {
    tx.query("DELETE FROM counter WHERE subject = $1")
        .bind(subject.to_owned())
        .execute()
        .await
        .map(|_| ())
}

/// All organizations.
pub const ORGANIZATIONS: &str = "organizations";
/// Organizations that are not enabled.
pub const DISABLED_ORGANIZATIONS: &str = "organizations/disabled";
/// All people.
pub const PEOPLE: &str = "people";
/// All memberships.
pub const MEMBERS: &str = "members";
