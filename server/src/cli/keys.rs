//! `guildhall keys rotate`.

use super::say;
use crate::auth::token::{AHEAD, LIFETIME, StoredKey};
use crate::config::Config;
use crate::fault::Fault;
use crate::{start, store};

/// A running server may see the new key a moment later: what it signs meanwhile lives as long as any.
const LATE: i64 = 60_000;

/// Publishes a new key, which signs once others have had the time to read it; the old one verifies what it signed.
pub async fn rotate(config: &Config) -> anyhow::Result<()> {
    let console = start::open(config).await?;
    let now = console.clock().now();
    let key = StoredKey::generate(now)?.sealed(&console.services().vault)?;
    let kid = key.kid.clone();
    let rotated = console.db().write(move |tx| {
        Box::pin(async move {
            store::keys::insert(tx, &key).await?;
            Ok(store::keys::retire_others(tx, &key.kid, now, now + AHEAD + LIFETIME * 1000 + LATE).await?)
        })
    });
    let rotated = rotated.await;
    console.db().close().await;
    match rotated {
        Ok(()) => say(&format!(
            "The new key {kid} is published; it signs in {} minutes, when everybody who keeps a copy of the keys has it.\n\
             The old one verifies what it signed for another {} minutes.",
            AHEAD / 60_000,
            (AHEAD + LIFETIME * 1000) / 60_000
        )),
        Err(Fault::Broken(error)) => Err(error),
        Err(Fault::Refused(error)) => Err(error.into()),
    }
}
