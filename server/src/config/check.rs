//! What each setting may be.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, Tokio1Executor};

use super::{Config, LogFormat, Written};
use crate::webhooks::networks;

impl Config {
    pub(super) fn check(
        find: impl Fn(&'static str) -> anyhow::Result<Option<Written>>,
    ) -> anyhow::Result<Config> {
        let database_url = match find("GUILDHALL_DATABASE_URL")? {
            None => "sqlite://guildhall.db".to_owned(),
            Some(written) if is_database(&written.value) => written.value,
            Some(written) => {
                return Err(written.refuse("sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE"));
            }
        };
        let listen = match find("GUILDHALL_LISTEN")? {
            None => SocketAddr::from(([127, 0, 0, 1], 3000)),
            Some(written) => written
                .value
                .parse()
                .map_err(|_| written.refuse("an address and a port, such as 127.0.0.1:3000"))?,
        };
        let public_url = match find("GUILDHALL_PUBLIC_URL")? {
            None if listen.ip().is_unspecified() => format!("http://localhost:{}", listen.port()),
            None => format!("http://{listen}"),
            Some(written) => origin(&written.value).ok_or_else(|| {
                written.refuse(
                    "http:// or https:// and a host, without a path, such as https://console.example.com",
                )
            })?,
        };
        let secret_key_file = match find("GUILDHALL_SECRET_KEY_FILE")? {
            Some(written) if Path::new(&written.value).is_dir() => {
                return Err(written.refuse("a file, not a folder"));
            }
            Some(written) => Some(written.value.into()),
            None => beside(&database_url),
        };
        let smtp_url = match find("GUILDHALL_SMTP_URL")? {
            Some(written) if !is_smtp(&written.value) => {
                return Err(written.refuse(
                    "smtp://USER:PASSWORD@HOST:PORT or smtps://…, with special characters of the password percent-encoded",
                ));
            }
            written => written.map(|written| written.value),
        };
        let mail_dir = match find("GUILDHALL_MAIL_DIR")? {
            Some(written) if Path::new(&written.value).is_file() => {
                return Err(written.refuse("a folder, not a file"));
            }
            written => written.map(|written| written.value.into()),
        };
        let mail_from = match find("GUILDHALL_MAIL_FROM")? {
            None => no_reply(&public_url)?,
            Some(written) => sender(&written.value).ok_or_else(|| {
                written.refuse("an address such as no-reply@example.com, or Name <ADDRESS>")
            })?,
        };
        let rate_limit = match find("GUILDHALL_RATE_LIMIT")? {
            None => Some(100),
            Some(written) => rate(&written.value)
                .ok_or_else(|| written.refuse("off, or requests a second such as 100/s"))?,
        };
        let log = match find("GUILDHALL_LOG")? {
            None => "info".to_owned(),
            Some(written) if written.value.parse::<tracing_subscriber::EnvFilter>().is_ok() => written.value,
            Some(written) => {
                return Err(
                    written.refuse("error, warn, info, debug, trace, or a filter such as info,server=debug")
                );
            }
        };
        let log_format = match find("GUILDHALL_LOG_FORMAT")? {
            None => LogFormat::Text,
            Some(written) => match written.value.as_str() {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                _ => return Err(written.refuse("text or json")),
            },
        };
        let trust_proxy = match find("GUILDHALL_TRUST_PROXY")? {
            None => false,
            Some(written) => match written.value.as_str() {
                "on" => true,
                "off" => false,
                _ => return Err(written.refuse("on or off")),
            },
        };
        let dns_server =
            match find("GUILDHALL_DNS_SERVER")? {
                None => None,
                Some(written) => Some(dns_server(&written.value).ok_or_else(|| {
                    written.refuse("an address, with or without a port, such as 127.0.0.1:53")
                })?),
            };
        let private = |name| match find(name)? {
            None => Ok(Vec::new()),
            Some(written) => networks::list(&written.value).ok_or_else(|| {
                written.refuse("addresses and networks with commas, such as 127.0.0.1,10.1.0.0/16")
            }),
        };
        let webhook_private = private("GUILDHALL_WEBHOOK_PRIVATE")?;
        let webhook_private_organizations = private("GUILDHALL_WEBHOOK_PRIVATE_ORGANIZATIONS")?;
        Ok(Config {
            database_url,
            listen,
            public_url,
            secret_key_file,
            smtp_url,
            mail_dir,
            mail_from,
            rate_limit,
            log,
            log_format,
            trust_proxy,
            dns_server,
            webhook_private,
            webhook_private_organizations,
        })
    }
}

/// An address with a port, or with that of the DNS.
fn dns_server(text: &str) -> Option<SocketAddr> {
    let alone = || text.parse().ok().map(|ip| SocketAddr::new(ip, 53));
    text.parse().ok().or_else(alone)
}

/// The key's file where none is set: beside SQLite's.
fn beside(database_url: &str) -> Option<PathBuf> {
    let path = database_url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split('?').next().unwrap_or_default();
    (!path.is_empty() && path != ":memory:").then(|| format!("{path}.key").into())
}

fn is_database(url: &str) -> bool {
    let rest = ["sqlite://", "sqlite:", "postgres://", "postgresql://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme));
    rest.is_some_and(|rest| !rest.is_empty())
}

fn is_smtp(url: &str) -> bool {
    ["smtp://", "smtps://"]
        .iter()
        .any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
        && !url.contains(char::is_whitespace)
        && AsyncSmtpTransport::<Tokio1Executor>::from_url(url).is_ok()
}

/// An address, with or without a name before it.
fn sender(text: &str) -> Option<Mailbox> {
    // A header is one line.
    if text.chars().any(char::is_control) {
        return None;
    }
    text.parse().ok()
}

/// The sender where none is set: an address of the host at which the console is. Where that is a number or this
/// machine, no mail server takes it for more than it is.
fn no_reply(public_url: &str) -> anyhow::Result<Mailbox> {
    let host = public_url.split_once("://").map_or(public_url, |(_, host)| host);
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let numeric = host.starts_with('[') || host.parse::<std::net::IpAddr>().is_ok();
    let host = if numeric { "localhost" } else { host };
    format!("no-reply@{host}")
        .parse()
        .or_else(|_| "no-reply@localhost".parse())
        .context("the default of GUILDHALL_MAIL_FROM")
}

/// The origin of a URL that is nothing but one.
fn origin(url: &str) -> Option<String> {
    let url = url.trim_end_matches('/');
    let parsed: http::Uri = url.parse().ok()?;
    let scheme = parsed
        .scheme_str()
        .filter(|scheme| matches!(*scheme, "http" | "https"))?;
    let authority = parsed
        .authority()
        .filter(|authority| !authority.as_str().contains('@'))?;
    let bare = matches!(parsed.path(), "" | "/") && parsed.query().is_none();
    // Browsers send an origin in lower case and without its scheme's own port.
    let mut authority = authority.as_str().to_ascii_lowercase();
    let own_port = if scheme == "https" { ":443" } else { ":80" };
    if let Some(host) = authority.strip_suffix(own_port) {
        authority = host.to_owned();
    }
    (bare && !authority.is_empty()).then(|| format!("{scheme}://{authority}"))
}

/// `Some(None)` for `off`.
fn rate(text: &str) -> Option<Option<u32>> {
    if text == "off" {
        return Some(None);
    }
    let requests = text.strip_suffix("/s")?.parse().ok()?;
    (requests > 0).then_some(Some(requests))
}

/// A URL without the password that it may hold.
pub(super) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    // What follows the question mark may hold one, too.
    let path = path.split('?').next().unwrap_or_default();
    match authority.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:…@{host}{path}")
        }
        None => format!(
            "{scheme}://{}{path}",
            authority.split('?').next().unwrap_or_default()
        ),
    }
}
