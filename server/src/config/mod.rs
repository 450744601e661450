//! Settings: by flag, `GUILDHALL_*` variable or `guildhall.toml`, in that order; a wrong one is refused at the start.

mod check;
mod flags;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use lettre::message::Mailbox;

use self::check::without_password;
pub use self::flags::Flags;
use crate::webhooks::networks::Network;

/// The file that is read where `--config` names none.
const FILE: &str = "guildhall.toml";

/// What can be set: the flag and the key in the file are the name without `GUILDHALL_`, in lower case.
const NAMES: [&str; 14] = [
    "GUILDHALL_DATABASE_URL",
    "GUILDHALL_LISTEN",
    "GUILDHALL_PUBLIC_URL",
    "GUILDHALL_SECRET_KEY_FILE",
    "GUILDHALL_SMTP_URL",
    "GUILDHALL_MAIL_DIR",
    "GUILDHALL_MAIL_FROM",
    "GUILDHALL_RATE_LIMIT",
    "GUILDHALL_LOG",
    "GUILDHALL_LOG_FORMAT",
    "GUILDHALL_TRUST_PROXY",
    "GUILDHALL_DNS_SERVER",
    "GUILDHALL_WEBHOOK_PRIVATE",
    "GUILDHALL_WEBHOOK_PRIVATE_ORGANIZATIONS",
];

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// The settings of a run, each valid.
#[derive(Clone)]
pub struct Config {
    /// May hold a password: see [`Config::database_shown`].
    pub database_url: String,
    pub listen: SocketAddr,
    /// Without a slash at the end.
    pub public_url: String,
    /// Where the key is that encrypts secrets in the database; nowhere on PostgreSQL, unless it is set.
    pub secret_key_file: Option<PathBuf>,
    /// May hold a password.
    pub smtp_url: Option<String>,
    pub mail_dir: Option<PathBuf>,
    /// Without a name, mail bears the tenant's.
    pub mail_from: Mailbox,
    /// Requests a second that one caller may make; `None` where nobody is limited.
    pub rate_limit: Option<u32>,
    pub log: String,
    pub log_format: LogFormat,
    pub trust_proxy: bool,
    /// Where the records are looked up by which organizations prove domains; `None` for the system's servers.
    pub dns_server: Option<SocketAddr>,
    /// Addresses that are not public, and that events may be sent to all the same.
    pub webhook_private: Vec<Network>,
    /// Those that events may be sent to for organizations, too.
    pub webhook_private_organizations: Vec<Network>,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("database_url", &self.database_shown())
            .field("listen", &self.listen)
            .field("public_url", &self.public_url)
            .field("secret_key_file", &self.secret_key_file)
            .field("smtp_url", &self.smtp_url.as_deref().map(without_password))
            .field("mail_dir", &self.mail_dir)
            .field("mail_from", &self.mail_from)
            .field("rate_limit", &self.rate_limit)
            .field("log", &self.log)
            .field("log_format", &self.log_format)
            .field("trust_proxy", &self.trust_proxy)
            .field("dns_server", &self.dns_server)
            .field("webhook_private", &self.webhook_private)
            .field(
                "webhook_private_organizations",
                &self.webhook_private_organizations,
            )
            .finish()
    }
}

/// A setting as somebody wrote it, and where.
struct Written {
    name: &'static str,
    value: String,
    place: String,
}

impl Written {
    fn refuse(&self, expected: &str) -> anyhow::Error {
        // A URL may hold a password.
        let value = if self.name.ends_with("_URL") {
            without_password(&self.value)
        } else {
            self.value.clone()
        };
        anyhow::anyhow!("{} ({}) is {value:?}; expected {expected}", self.name, self.place)
    }
}

impl Config {
    /// Reads the settings of this process.
    ///
    /// # Errors
    /// Names the setting that is wrong and what is expected.
    pub fn load(flags: &Flags) -> anyhow::Result<Config> {
        let file = match &flags.config {
            Some(path) => Some((path.clone(), read(path)?)),
            None if Path::new(FILE).exists() => Some((FILE.into(), read(Path::new(FILE))?)),
            None => None,
        };
        let file = file.as_ref().map(|(path, text)| (path.as_path(), text.as_str()));
        Config::gather(flags, |name| std::env::var_os(name), file)
    }

    fn gather(
        flags: &Flags,
        variable: impl Fn(&str) -> Option<std::ffi::OsString>,
        file: Option<(&Path, &str)>,
    ) -> anyhow::Result<Config> {
        let table = match file {
            Some((path, text)) => table(path, text)?,
            None => toml::Table::new(),
        };
        let find = |name: &'static str| -> anyhow::Result<Option<Written>> {
            let key = key_of(name);
            if let Some(value) = flags.get(name) {
                let place = format!("--{}", key.replace('_', "-"));
                return Ok(Some(Written {
                    name,
                    value: value.clone(),
                    place,
                }));
            }
            // An empty variable is what a compose file makes of an unset one.
            if let Some(value) = variable(name).filter(|value| !value.is_empty()) {
                let Some(value) = value.to_str().map(str::to_owned) else {
                    bail!("{name} (environment) is not text; expected UTF-8");
                };
                return Ok(Some(Written {
                    name,
                    value,
                    place: "environment".to_owned(),
                }));
            }
            let path = file
                .map(|(path, _)| path.display().to_string())
                .unwrap_or_default();
            match table.get(&key) {
                None => Ok(None),
                Some(toml::Value::String(value)) => Ok(Some(Written {
                    name,
                    value: value.clone(),
                    place: path,
                })),
                Some(toml::Value::Boolean(on)) => {
                    let value = if *on { "on" } else { "off" }.to_owned();
                    Ok(Some(Written {
                        name,
                        value,
                        place: path,
                    }))
                }
                Some(_) => bail!("{name} ({path}: {key}) must be a text in quotes"),
            }
        };
        Config::check(find)
    }

    /// The database's URL without its password.
    pub fn database_shown(&self) -> String {
        without_password(&self.database_url)
    }

    /// Whether browsers reach the console with TLS.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// Variables that look like settings and are none: a setting that was misspelt does nothing, and nobody notices.
pub fn unknown_variables() -> Vec<String> {
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with("GUILDHALL_") && !NAMES.contains(&name.as_str()))
        .collect()
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path)
        .with_context(|| format!("the settings file {} cannot be read", path.display()))
}

/// The key in the file: `database_url`.
fn key_of(name: &str) -> String {
    name.trim_start_matches("GUILDHALL_").to_ascii_lowercase()
}

fn table(path: &Path, text: &str) -> anyhow::Result<toml::Table> {
    // toml's own message shows the line, which may hold a password.
    let table: toml::Table = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| {
            text.get(..span.start).unwrap_or_default().matches('\n').count() + 1
        });
        anyhow::anyhow!("{}, line {line}: {}", path.display(), error.message())
    })?;
    if let Some(unknown) = table
        .keys()
        .find(|key| !NAMES.iter().any(|name| key_of(name) == **key))
    {
        let known: Vec<String> = NAMES.iter().map(|name| key_of(name)).collect();
        bail!(
            "{}: {unknown} is not a setting; the settings are {}",
            path.display(),
            known.join(", ")
        );
    }
    Ok(table)
}
