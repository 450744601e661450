//! `guildhall serve`.

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::signal;

use super::say;
use crate::config::{Config, unknown_variables};
use crate::live::follow::Follower;
use crate::mail::worker::Worker;
use crate::{start, telemetry, webhooks};

/// Serves until the process is told to stop.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    // First, so that a second server on the same address fails before it touches anything.
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {} (GUILDHALL_LISTEN)", config.listen))?;
    let console = start::open(config).await?;
    let keys = tokio::spawn(start::follow_keys(console.clone()));
    let mail = Worker::start(&console);
    let webhooks = webhooks::worker::Worker::start(&console);
    let follower = Follower::start(&console);
    let upkeep = tokio::spawn(telemetry::upkeep());
    if let Some(link) = start::setup_link(&console).await? {
        say(&format!(
            "There is no administrator yet. Open this link once to become the first:\n\n  {link}\n"
        ))?;
    }
    for name in unknown_variables() {
        tracing::warn!(variable.name = name, "this variable is not a setting");
    }
    let router = crate::router(&console, config);
    tracing::info!(
        listen = %config.listen,
        public_url = %config.public_url,
        database = %config.database_shown(),
        version = env!("CARGO_PKG_VERSION"),
        "serving"
    );
    let live = console.clone();
    let stop = async move {
        told_to_stop().await;
        live.services().live.close();
    };
    start::answer(listener, router, stop).await;
    tracing::info!("stopping");
    keys.abort();
    upkeep.abort();
    mail.stop().await;
    webhooks.stop().await;
    follower.stop().await;
    console.db().close().await;
    Ok(())
}

/// SIGINT from a terminal, SIGTERM from whatever runs the server.
async fn told_to_stop() {
    let interrupted = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminated) => {
                terminated.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
