//! Looking up the records by which organizations prove that a domain is theirs, and the addresses that events are sent to.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use guildhall::error::{Code, Error};
use guildhall::id::OrganizationId;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{NameServerConfig, ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{Name, RData};

use crate::auth::rate_limit::{Key, RateLimit};

/// How long a server may take to answer, and how often it is asked.
const PATIENCE: Duration = Duration::from_secs(3);
const TRIES: usize = 2;

/// How often an organization has the DNS asked: at once, and then one time in so long.
const AT_ONCE: u32 = 20;
const THEN_EVERY: Duration = Duration::from_secs(15);

/// The resolver; none where the system has none and none is set.
pub struct Dns {
    resolver: Option<TokioResolver>,
    /// None where nothing is limited.
    limit: Option<RateLimit>,
}

impl Dns {
    /// Asks the server that is set, else those of the system.
    pub fn new(server: Option<SocketAddr>, limited: bool) -> Self {
        let builder = match server {
            Some(server) => {
                let mut config = NameServerConfig::udp_and_tcp(server.ip());
                for connection in &mut config.connections {
                    connection.port = server.port();
                }
                let config = ResolverConfig::from_parts(None, Vec::new(), vec![config]);
                let provider = TokioRuntimeProvider::default();
                Ok(TokioResolver::builder_with_config(config, provider))
            }
            None => TokioResolver::builder_tokio(),
        };
        let mut options = ResolverOpts::default();
        options.timeout = PATIENCE;
        options.attempts = TRIES;
        // Somebody who has just written a record tries again, and must not meet an answer from before.
        options.cache_size = 0;
        let resolver = match builder.and_then(|builder| builder.with_options(options).build()) {
            Ok(resolver) => Some(resolver),
            Err(error) => {
                tracing::warn!(
                    error.cause = %error,
                    "no DNS server is known: organizations cannot prove domains (GUILDHALL_DNS_SERVER)"
                );
                None
            }
        };
        Dns {
            resolver,
            limit: limited.then(|| RateLimit::new(AT_ONCE, THEN_EVERY)),
        }
    }

    /// The addresses of a host; none where it is in no DNS.
    ///
    /// # Errors
    /// 503 when no server answers.
    pub async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Error> {
        let silent = || Error::new(Code::Unavailable, "The DNS does not answer. Try again later.");
        let resolver = self.resolver.as_ref().ok_or_else(silent)?;
        match resolver.lookup_ip(host).await {
            Ok(found) => Ok(found.iter().collect()),
            Err(error) if error.is_no_records_found() => Ok(Vec::new()),
            Err(error) => {
                tracing::info!(error.cause = %error, "a host could not be looked up");
                Err(silent())
            }
        }
    }

    /// Whether a name has a TXT record that says a text, which an organization wants to know.
    ///
    /// # Errors
    /// 429 when it asks too often; 503 when no server answers.
    pub async fn says(&self, organization: OrganizationId, name: &str, text: &str) -> Result<bool, Error> {
        if let Some(limit) = &self.limit {
            limit
                .take(&Key::Organization(organization))
                .map_err(|(error, _)| error)?;
        }
        let silent = || Error::new(Code::Unavailable, "The DNS does not answer. Try again later.");
        let resolver = self.resolver.as_ref().ok_or_else(silent)?;
        // With a dot at its end, nothing is tried behind it. What is too long for the DNS is in none.
        let Ok(name) = Name::from_utf8(format!("{name}.")) else {
            return Ok(false);
        };
        match resolver.txt_lookup(name).await {
            Ok(found) => Ok(found.answers().iter().any(|record| match &record.data {
                // A long text comes in parts.
                RData::TXT(said) => said.txt_data.concat() == text.as_bytes(),
                _ => false,
            })),
            Err(error) if error.is_no_records_found() => Ok(false),
            Err(error) => {
                tracing::info!(error.cause = %error, "a record could not be looked up");
                Err(silent())
            }
        }
    }
}
