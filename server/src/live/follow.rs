//! What other processes change in the same database: other servers on PostgreSQL, commands on SQLite.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{Live, News, UNTOLD, Whose};
use crate::console::Console;
use crate::store::Db;
use crate::store::live::{self, Listener};

/// How long news are gathered before the other servers are told. PostgreSQL lets one transaction after the other commit that
/// notifies, so that news are no part of those that they tell of: a server's news go out together, in a transaction of their own.
const GATHERED: Duration = Duration::from_millis(20);
/// How often SQLite's file is looked at.
const POLL: Duration = Duration::from_millis(500);
/// How long it takes until a database that did not answer is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// The tasks of a server that tell and hear.
pub struct Follower {
    console: Console,
    hears: JoinHandle<()>,
    tells: Option<JoinHandle<()>>,
}

impl Follower {
    /// Starts them.
    pub fn start(console: &Console) -> Follower {
        let tells = match console.db() {
            Db::Postgres(pool) => {
                let (teller, untold) = mpsc::channel(UNTOLD);
                let live = &console.services().live;
                *live.teller.lock().unwrap_or_else(PoisonError::into_inner) = Some(teller);
                Some(tokio::spawn(tell(live.own.clone(), pool.clone(), untold)))
            }
            Db::Sqlite { .. } => None,
        };
        Follower {
            console: console.clone(),
            hears: tokio::spawn(hear(console.clone())),
            tells,
        }
    }

    /// Tells what is still to be told, and ends them.
    pub async fn stop(self) {
        self.hears.abort();
        let live = &self.console.services().live;
        drop(live.teller.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(tells) = self.tells {
            let _ = tells.await;
        }
    }
}

/// Notes what broke on the way.
pub(super) fn said(error: Option<sqlx::Error>) {
    if let Some(error) = error {
        tracing::warn!(error.cause = %error, "other servers cannot be told, or heard, of what was changed");
    }
}

/// Tells the other servers on PostgreSQL.
async fn tell(own: String, pool: PgPool, mut untold: mpsc::Receiver<Arc<News>>) {
    while let Some(first) = untold.recv().await {
        tokio::time::sleep(GATHERED).await;
        let mut news = News::default();
        news.and(News::clone(&first));
        while let Ok(next) = untold.try_recv() {
            news.and(News::clone(&next));
        }
        said(live::tell(&pool, news.told(&own)).await.err());
    }
}

async fn hear(console: Console) {
    match console.db() {
        Db::Postgres(pool) => hear_servers(&console, pool).await,
        Db::Sqlite { .. } => hear_commands(&console).await,
    }
}

/// Takes in what another process has changed.
fn take(console: &Console, news: News) {
    let services = console.services();
    match &news.rights {
        Whose::Nobodys => {}
        Whose::Of(people) => people.iter().for_each(|person| services.rights.forget(*person)),
        Whose::Everybodys => services.rights.forget_all(),
    }
    services.live.tell_here(Arc::new(news));
}

async fn hear_servers(console: &Console, pool: &PgPool) {
    let live: &Live = &console.services().live;
    let mut broken = false;
    loop {
        let ended = match Listener::open(pool).await {
            Ok(mut listener) => {
                // What was told before, nobody heard.
                if broken {
                    take(console, News::everything());
                }
                broken = false;
                loop {
                    match listener.hear().await {
                        Ok(Some(told)) => {
                            if let Some(news) = News::heard(&told, &live.own) {
                                take(console, news);
                            }
                        }
                        // The connection was lost, and is there again.
                        Ok(None) => take(console, News::everything()),
                        Err(error) => break error,
                    }
                }
            }
            Err(error) => error,
        };
        if matches!(ended, sqlx::Error::PoolClosed) {
            return;
        }
        if !broken {
            said(Some(ended));
        }
        broken = true;
        tokio::time::sleep(PAUSE).await;
    }
}

/// SQLite's file is one server's, but commands write to it, too. What they did is not asked: they are rare.
async fn hear_commands(console: &Console) {
    let mut known = None;
    loop {
        tokio::time::sleep(POLL).await;
        let Ok(now) = console.db().writes_elsewhere().await else {
            continue;
        };
        if known.replace(now).is_some_and(|before| before != now) {
            take(console, News::everything());
        }
    }
}
