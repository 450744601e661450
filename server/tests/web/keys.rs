//! The keys that sign access tokens: encrypted at rest, exchanged while the server runs.

use std::path::Path;

use server::auth::token::StoredKey;
use server::config::{Config, Flags};
use server::console::Console;
use server::{start, store};

use super::Browser;

fn kids(console: &Console) -> Vec<String> {
    let keys = console.services().tokens.jwks(console.clock().now());
    let keys = keys["keys"].as_array().unwrap().iter();
    keys.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_rotated_key_reaches_a_running_server() {
    let browser = Browser::open().await;
    assert_eq!(kids(&browser.console).len(), 1);
    let follows = tokio::spawn(start::follow_keys(browser.console.clone()));
    let now = browser.console.clock().now();
    let key = StoredKey::generate(now + 1).unwrap();
    let new = key.kid.clone();
    let stored = browser.console.db().write(move |tx| {
        Box::pin(async move {
            store::keys::insert(tx, &key).await?;
            Ok(store::keys::retire_others(tx, &key.kid, now, now + 60_000).await?)
        })
    });
    stored.await.unwrap();
    for _ in 0..100 {
        if kids(&browser.console).contains(&new) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(kids(&browser.console).len(), 2);
    follows.abort();
}

async fn open(database: &Path) -> Console {
    let flags = Flags {
        database_url: Some(format!("sqlite://{}", database.display())),
        ..Flags::default()
    };
    start::open(&Config::load(&flags).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_database_alone_signs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (home, away) = (folder.path().join("home.db"), folder.path().join("away.db"));
    let console = open(&home).await;
    let first = kids(&console);
    let seeds = store::keys::list(&mut console.db().read().await.unwrap(), 0)
        .await
        .unwrap();
    assert!(!seeds.is_empty() && seeds.iter().all(|key| key.seed.starts_with("sealed1.")));
    console.db().close().await;

    // The same key after a restart.
    let console = open(&home).await;
    assert_eq!(kids(&console), first);
    console.db().close().await;

    // A stolen or restored copy without the file beside it: it starts, but not as the one that it was copied from.
    std::fs::copy(&home, &away).unwrap();
    let console = open(&away).await;
    assert!(!kids(&console).is_empty() && kids(&console).iter().all(|kid| !first.contains(kid)));
    console.db().close().await;
}
