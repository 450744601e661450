//! Totals of lists, kept in the same transaction as what they count.

use super::Tx;

/// How many rows a total is spread over: writers of one organization rarely wait for one another.
const SHARDS: u128 = 16;

macro_rules! upsert {
    ($rows:literal) => {
        concat!(
            "INSERT INTO counter (subject, shard, value) VALUES ",
            $rows,
            " ON CONFLICT (subject, shard) DO UPDATE SET value = counter.value + excluded.value"
        )
    };
}

/// What an operation has counted so far.
#[derive(Debug, Default)]
pub struct Counted {
    sums: Vec<(String, i64)>,
    seed: u128,
}

/// Adds to a total. It is written when the operation ends, together with what else was counted: each statement is a way
/// to the database and back, and a row that everybody counts in is locked for a moment only. `seed` spreads the writers:
/// any number that differs from one change to the next.
///
/// # Errors
/// None; the database's come when it is written.
pub async fn add(tx: &mut Tx, subject: &str, delta: i64, seed: u128) -> Result<(), sqlx::Error> {
    let counted = &mut tx.counted;
    counted.seed = seed;
    match counted.sums.iter_mut().find(|(counted, _)| counted == subject) {
        Some((_, sum)) => *sum += delta,
        None => counted.sums.push((subject.to_owned(), delta)),
    }
    Ok(())
}

/// Writes what was counted.
///
/// # Errors
/// The database's.
pub(super) async fn write(tx: &mut Tx) -> Result<(), sqlx::Error> {
    let Counted { mut sums, seed } = std::mem::take(&mut tx.counted);
    // In one order, so that two operations never wait for each other.
    sums.sort();
    let shard = i64::try_from(seed % SHARDS).unwrap_or_default();
    let mut rest = sums.into_iter();
    loop {
        let some: Vec<(String, i64)> = rest.by_ref().take(3).collect();
        let sql = match some.len() {
            0 => return Ok(()),
            1 => upsert!("($2, $1, $3)"),
            2 => upsert!("($2, $1, $3), ($4, $1, $5)"),
            _ => upsert!("($2, $1, $3), ($4, $1, $5), ($6, $1, $7)"),
        };
        let mut query = tx.query(sql).bind(shard);
        for (subject, sum) in some {
            query = query.bind(subject).bind(sum);
        }
        query.later().await?;
    }
}

/// A total, with what this operation has counted.
///
/// # Errors
/// The database's.
pub async fn read(tx: &mut Tx, subject: &str) -> Result<u64, sqlx::Error> {
    write(tx).await?;
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
    tx.counted.sums.retain(|(counted, _)| counted != subject);
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
