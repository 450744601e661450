//! `guildhall keys rotate`.

use super::say;
use crate::auth::token::{LIFETIME, StoredKey};
use crate::config::Config;
use crate::fault::Fault;
use crate::{start, store};

/// A running server signs with the old key until it has seen the new one: what it signs meanwhile lives as long as any.
const LATE: i64 = 60_000;

/// Signs with a new key from now on.
pub async fn rotate(config: &Config) -> anyhow::Result<()> {
    let console = start::open(config).await?;
    let now = console.clock().now();
    let key = StoredKey::generate(now)?.sealed(&console.services().vault)?;
    let kid = key.kid.clone();
    let rotated = console.db().write(move |tx| {
        Box::pin(async move {
            store::keys::insert(tx, &key).await?;
            Ok(store::keys::retire_others(tx, &key.kid, now, now + LIFETIME * 1000 + LATE).await?)
        })
    });
    let rotated = rotated.await;
    console.db().close().await;
    match rotated {
        Ok(()) => say(&format!(
            "The new key {kid} signs from now on; running servers take it up within seconds.\n\
             The old one verifies what it signed for another {} minutes.",
            LIFETIME / 60
        )),
        Err(Fault::Broken(error)) => Err(error),
        Err(Fault::Refused(error)) => Err(error.into()),
    }
}
