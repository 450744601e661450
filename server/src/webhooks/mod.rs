//! Events: an operation's audit record is told to endpoints by a worker, signed (Standard Webhooks).

pub mod networks;
mod sending;
pub mod signing;
pub mod worker;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use guildhall::error::Error;
use guildhall::webhooks::WebhookUrl;
use tokio::sync::Notify;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

use self::networks::Network;

/// Everything that sending events needs: one for the program.
pub struct Webhooks {
    /// Addresses that are not public, and may be sent to all the same.
    listed: Vec<Network>,
    /// Those of them that organizations' endpoints may be at, too.
    for_organizations: Vec<Network>,
    tls: TlsConnector,
    /// Wakes the worker: something was committed.
    wake: Notify,
    /// Whether there was an endpoint when it was last looked.
    in_use: AtomicBool,
}

impl Webhooks {
    /// With the addresses that the settings list.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(listed: Vec<Network>, for_organizations: Vec<Network>) -> anyhow::Result<Self> {
        let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .context("TLS cannot be set up")?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Webhooks {
            listed,
            for_organizations,
            tls: TlsConnector::from(Arc::new(config)),
            wake: Notify::new(),
            in_use: AtomicBool::new(true),
        })
    }

    /// Wakes the worker, where there may be an endpoint.
    pub fn stir(&self) {
        if self.in_use.load(Ordering::Relaxed) {
            self.wake.notify_one();
        }
    }

    /// Wakes the worker.
    pub fn wake(&self) {
        self.in_use.store(true, Ordering::Relaxed);
        self.wake.notify_one();
    }

    /// Whether an address may be sent to: public ones with TLS, those that the settings list with or without.
    fn allows(&self, address: IpAddr, is_https: bool, of_tenant: bool) -> bool {
        (of_tenant && networks::is_listed(&self.listed, address))
            || networks::is_listed(&self.for_organizations, address)
            || (is_https && networks::is_public(address))
    }

    /// Refuses what can never be sent to. What a name leads to is looked up with every delivery.
    ///
    /// # Errors
    /// 400 at `url`.
    pub fn check(&self, url: &WebhookUrl, of_tenant: bool) -> Result<(), Error> {
        let (host, _) = url.host_and_port();
        match host.parse::<IpAddr>() {
            Ok(address) if self.allows(address, url.is_https(), of_tenant) => Ok(()),
            Ok(address) if networks::is_public(address) => Err(must_be_https()),
            Ok(_) => Err(Error::field(
                "url",
                "is an address that is not on the public internet; the server’s settings must list it",
            )
            .because("private_address")),
            Err(_)
                if url.is_https()
                    || (of_tenant && !self.listed.is_empty())
                    || !self.for_organizations.is_empty() =>
            {
                Ok(())
            }
            Err(_) => Err(must_be_https()),
        }
    }
}

fn must_be_https() -> Error {
    Error::field("url", "must start with https://")
}
