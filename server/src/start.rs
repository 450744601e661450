//! From settings to a console that answers: the database, the keys, the first administrator's link, the listener.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::auth::password::Hasher;
use crate::auth::rate_limit::RateLimit;
use crate::auth::token::{StoredKey, Tokens};
use crate::clock::{self, Clock};
use crate::config::Config;
use crate::console::Console;
use crate::dns::Dns;
use crate::fault::Fault;
use crate::live::Live;
use crate::mail::Post;
use crate::rights::Rights;
use crate::services::Services;
use crate::store::{self, Db};
use crate::vault::Vault;
use crate::webhooks::Webhooks;

/// How long a request that is being answered may take to end when the server stops.
const FAREWELL: Duration = Duration::from_secs(10);
/// How long a connection may take to say what it wants, and may idle between requests.
const HEADERS: Duration = Duration::from_secs(30);

/// Opens the console: the database with its migrations, the tenant's row, the signing keys.
///
/// # Errors
/// When the database cannot be reached or migrated, or a stored key is none.
pub async fn open(config: &Config) -> anyhow::Result<Console> {
    let db = Db::open(&config.database_url).await.with_context(|| {
        format!(
            "the database {} cannot be opened (GUILDHALL_DATABASE_URL)",
            config.database_shown()
        )
    })?;
    let services = Services {
        clock: Clock::default(),
        rights: Rights::default(),
        live: Live::default(),
        hasher: Hasher::new()?,
        tokens: Tokens::new(&config.public_url),
        vault: Vault::open(config.secret_key_file.as_deref())?,
        mail: Post::new(config)?,
        dns: Dns::new(config.dns_server, config.rate_limit.is_some()),
        webhooks: Webhooks::new(
            config.webhook_private.clone(),
            config.webhook_private_organizations.clone(),
        )?,
        registrations: config
            .rate_limit
            .map(|_| RateLimit::new(10, Duration::from_secs(6 * 60))),
        public_url: config.public_url.clone(),
    };
    let console = Console::new(db, services);
    ensure_tenant(&console).await?;
    name_in_addresses(&console).await?;
    load_keys(&console, &mut Vec::new()).await?;
    Ok(console)
}

/// Makes the tenant's row and its first signing key where there are none that can be read: a copy of the database without
/// its key file starts, and signs with a new key. Two servers may start at once on one database:
/// the second waits at the row until the first has committed, and then finds the key.
async fn ensure_tenant(console: &Console) -> anyhow::Result<()> {
    let (now, own) = (console.clock().now(), console.clone());
    let ensured = console.db().write(move |tx| {
        Box::pin(async move {
            let vault = &own.services().vault;
            store::tenant::ensure(tx, now).await?;
            store::tenant::guard_admins(tx).await?;
            let stored = store::keys::list(tx, now).await?;
            if !stored
                .into_iter()
                .any(|key| key.retires_at.is_none() && key.revealed(vault).is_ok())
            {
                store::keys::insert(tx, &StoredKey::generate(now)?.sealed(vault)?).await?;
            }
            Ok(())
        })
    });
    ensured.await.map_err(cause)
}

/// Gives organizations from before there were names in addresses one each.
async fn name_in_addresses(console: &Console) -> anyhow::Result<()> {
    let some = || {
        console
            .db()
            .write(|tx| Box::pin(async move { store::presentations::name_the_nameless(tx).await }))
    };
    while some().await.map_err(cause)? {}
    Ok(())
}

/// Takes the stored keys into use if they are others than those `known`.
///
/// # Errors
/// The database's, and when a stored key is none.
async fn load_keys(console: &Console, known: &mut Vec<(String, Option<i64>)>) -> anyhow::Result<()> {
    let stored = store::keys::list(&mut console.db().read().await?, console.clock().now()).await?;
    let names: Vec<_> = stored
        .iter()
        .map(|key| (key.kid.clone(), key.retires_at))
        .collect();
    if names != *known {
        let mut readable = Vec::new();
        for key in stored {
            match key.revealed(&console.services().vault) {
                Ok(key) => readable.push(key),
                Err(error) => tracing::warn!(
                    error.cause = format!("{error:#}"),
                    "a signing key cannot be read: what it signed is refused"
                ),
            }
        }
        console.services().tokens.use_keys(readable)?;
        *known = names;
    }
    Ok(())
}

/// Follows the stored keys for ever, so that a rotation by command reaches a running server.
pub async fn follow_keys(console: Console) {
    let every = match console.db() {
        // Another server may sign with the new key at once.
        Db::Postgres(_) => Duration::from_secs(1),
        Db::Sqlite { .. } => Duration::from_secs(5),
    };
    let mut known = Vec::new();
    let mut broken = false;
    loop {
        tokio::time::sleep(every).await;
        let loaded = load_keys(&console, &mut known).await;
        if let Err(error) = &loaded
            && !broken
        {
            tracing::error!(
                error.cause = format!("{error:#}"),
                "the signing keys cannot be read"
            );
        }
        broken = loaded.is_err();
    }
}

/// A new link with which the first tenant admin is made; the one printed before is dead. Nothing where there is one.
///
/// # Errors
/// The database's.
pub async fn setup_link(console: &Console) -> anyhow::Result<Option<String>> {
    let token = clock::secret_text()?;
    let fingerprint = clock::fingerprint(&token);
    let needed = console.db().write(move |tx| {
        Box::pin(async move {
            store::tenant::guard_admins(tx).await?;
            let needed = store::tenant::count_admins(tx).await? == 0;
            store::tenant::set_setup_token(tx, needed.then_some(fingerprint)).await?;
            Ok(needed)
        })
    });
    let needed = needed.await.map_err(cause)?;
    Ok(needed.then(|| format!("{}/setup/{token}", console.services().public_url)))
}

fn cause(fault: Fault) -> anyhow::Error {
    match fault {
        Fault::Refused(error) => error.into(),
        Fault::Broken(error) => error,
    }
}

/// Answers requests until `stop`, then ends those that are being answered.
///
/// Not axum's own loop: that waits for ever for a client that sends its headers a byte at a time.
pub async fn answer(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADERS);
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer): (_, SocketAddr) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Too many open files, for example: it passes when connections end.
                tracing::warn!(error.cause = %error, "a connection cannot be taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let service = router
            .clone()
            .map_request(move |request: http::Request<hyper::body::Incoming>| {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(ConnectInfo(peer));
                request
            });
        let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // The other side hung up or spoke no HTTP: nobody is left to tell.
            let _ = connection.await;
        });
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, connections.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests did not end in time and were cut off");
    }
}
