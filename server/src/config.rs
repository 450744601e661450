//! Settings: by flag, `GUILDHALL_*` variable or `guildhall.toml`, in that order; a wrong one is refused at the start.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// The file that is read where `--config` names none.
const FILE: &str = "guildhall.toml";

/// What can be set: the flag and the key in the file are the name without `GUILDHALL_`, in lower case.
const NAMES: [&str; 10] = [
    "GUILDHALL_DATABASE_URL",
    "GUILDHALL_LISTEN",
    "GUILDHALL_PUBLIC_URL",
    "GUILDHALL_SECRET_KEY_FILE",
    "GUILDHALL_SMTP_URL",
    "GUILDHALL_MAIL_DIR",
    "GUILDHALL_RATE_LIMIT",
    "GUILDHALL_LOG",
    "GUILDHALL_LOG_FORMAT",
    "GUILDHALL_TRUST_PROXY",
];

/// The settings as flags. Each is text here: all three ways in are checked in one place.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Settings (flag, else variable, else guildhall.toml)")]
pub struct Flags {
    /// A file with settings, instead of guildhall.toml in the working directory
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the data is: sqlite://FILE or postgres://… [GUILDHALL_DATABASE_URL; default sqlite://guildhall.db]
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// The address and port to listen on [GUILDHALL_LISTEN; default 127.0.0.1:3000]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// How people and programs reach the console [GUILDHALL_PUBLIC_URL; default http://LISTEN]
    #[arg(long, global = true, value_name = "URL")]
    pub public_url: Option<String>,
    /// The key that encrypts secrets in the database; made where it is absent [GUILDHALL_SECRET_KEY_FILE; default DATABASE.key on SQLite, none on PostgreSQL]
    #[arg(long, global = true, value_name = "FILE")]
    pub secret_key_file: Option<String>,
    /// The mail server, smtp://… or smtps://… [GUILDHALL_SMTP_URL]
    #[arg(long, global = true, value_name = "URL")]
    pub smtp_url: Option<String>,
    /// A folder that mail is written to instead of being sent [GUILDHALL_MAIL_DIR]
    #[arg(long, global = true, value_name = "FOLDER")]
    pub mail_dir: Option<String>,
    /// Requests that one caller may make, such as 100/s, or off [GUILDHALL_RATE_LIMIT; default 100/s]
    #[arg(long, global = true, value_name = "RATE")]
    pub rate_limit: Option<String>,
    /// What is logged: error, warn, info, debug, trace, or a filter by module [GUILDHALL_LOG; default info]
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
    /// How it is logged: text or json [GUILDHALL_LOG_FORMAT; default text]
    #[arg(long, global = true, value_name = "FORMAT")]
    pub log_format: Option<String>,
    /// Whether X-Forwarded-For is believed: on behind a proxy of yours, else off [GUILDHALL_TRUST_PROXY; default off]
    #[arg(long, global = true, value_name = "on|off")]
    pub trust_proxy: Option<String>,
}

impl Flags {
    fn get(&self, name: &str) -> Option<&String> {
        match name {
            "GUILDHALL_DATABASE_URL" => self.database_url.as_ref(),
            "GUILDHALL_LISTEN" => self.listen.as_ref(),
            "GUILDHALL_PUBLIC_URL" => self.public_url.as_ref(),
            "GUILDHALL_SECRET_KEY_FILE" => self.secret_key_file.as_ref(),
            "GUILDHALL_SMTP_URL" => self.smtp_url.as_ref(),
            "GUILDHALL_MAIL_DIR" => self.mail_dir.as_ref(),
            "GUILDHALL_RATE_LIMIT" => self.rate_limit.as_ref(),
            "GUILDHALL_LOG" => self.log.as_ref(),
            "GUILDHALL_LOG_FORMAT" => self.log_format.as_ref(),
            "GUILDHALL_TRUST_PROXY" => self.trust_proxy.as_ref(),
            _ => None,
        }
    }
}

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
    /// Requests a second that one caller may make; `None` where nobody is limited.
    pub rate_limit: Option<u32>,
    pub log: String,
    pub log_format: LogFormat,
    pub trust_proxy: bool,
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
            .field("rate_limit", &self.rate_limit)
            .field("log", &self.log)
            .field("log_format", &self.log_format)
            .field("trust_proxy", &self.trust_proxy)
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

    fn check(find: impl Fn(&'static str) -> anyhow::Result<Option<Written>>) -> anyhow::Result<Config> {
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
                return Err(written.refuse("smtp://USER:PASSWORD@HOST:PORT or smtps://…"));
            }
            written => written.map(|written| written.value),
        };
        let mail_dir = match find("GUILDHALL_MAIL_DIR")? {
            Some(written) if Path::new(&written.value).is_file() => {
                return Err(written.refuse("a folder, not a file"));
            }
            written => written.map(|written| written.value.into()),
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
        Ok(Config {
            database_url,
            listen,
            public_url,
            secret_key_file,
            smtp_url,
            mail_dir,
            rate_limit,
            log,
            log_format,
            trust_proxy,
        })
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

/// The key's file where none is set: beside SQLite's.
fn beside(database_url: &str) -> Option<PathBuf> {
    let path = database_url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split('?').next().unwrap_or_default();
    (!path.is_empty() && path != ":memory:").then(|| format!("{path}.key").into())
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

fn is_database(url: &str) -> bool {
    let rest = ["sqlite://", "sqlite:", "postgres://", "postgresql://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme));
    rest.is_some_and(|rest| !rest.is_empty())
}

fn is_smtp(url: &str) -> bool {
    let rest = ["smtp://", "smtps://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
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
fn without_password(url: &str) -> String {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn gather(flags: &Flags, variables: &[(&str, &str)], file: &str) -> anyhow::Result<Config> {
        let variable = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| std::ffi::OsString::from(value))
        };
        Config::gather(flags, variable, Some((Path::new("guildhall.toml"), file)))
    }

    fn refused(variables: &[(&str, &str)], file: &str) -> String {
        gather(&Flags::default(), variables, file)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn has_sensible_defaults() {
        let config = gather(&Flags::default(), &[], "").unwrap();
        assert_eq!(config.database_url, "sqlite://guildhall.db");
        assert_eq!(config.public_url, "http://127.0.0.1:3000");
        assert!(!config.trust_proxy && config.smtp_url.is_none());
    }

    #[test]
    fn a_flag_wins_over_a_variable_and_a_variable_over_the_file() {
        let flags = Flags {
            listen: Some("127.0.0.1:1".into()),
            ..Flags::default()
        };
        let variables = [("GUILDHALL_LISTEN", "127.0.0.1:2"), ("GUILDHALL_LOG", "debug")];
        let config = gather(
            &flags,
            &variables,
            "listen = '127.0.0.1:3'\nlog = 'warn'\ntrust_proxy = true",
        )
        .unwrap();
        assert_eq!(config.listen.port(), 1);
        assert_eq!(config.log, "debug");
        assert!(config.trust_proxy);
    }

    #[test]
    fn a_wrong_setting_is_refused_with_its_name_and_what_is_expected() {
        for (name, wrong, expected) in [
            ("GUILDHALL_LISTEN", "3000", "127.0.0.1:3000"),
            (
                "GUILDHALL_PUBLIC_URL",
                "https://x.example/console",
                "without a path",
            ),
            ("GUILDHALL_DATABASE_URL", "mysql://x", "postgres://"),
            ("GUILDHALL_SMTP_URL", "mail.example", "smtp://"),
            ("GUILDHALL_RATE_LIMIT", "fast", "100/s"),
            ("GUILDHALL_LOG", "info,=", "debug"),
            ("GUILDHALL_LOG_FORMAT", "xml", "json"),
            ("GUILDHALL_TRUST_PROXY", "yes", "on or off"),
        ] {
            let message = refused(&[(name, wrong)], "");
            assert!(message.contains(name) && message.contains(expected), "{message}");
        }
        assert!(refused(&[], "listne = 'x'").contains("listne is not a setting"));
        assert!(refused(&[], "listen = 3000").contains("GUILDHALL_LISTEN"));
    }

    #[test]
    fn secrets_in_urls_are_never_shown() {
        let message = refused(
            &[(
                "GUILDHALL_DATABASE_URL",
                "mysql://me:hunter2@db/x?password=hunter2",
            )],
            "",
        );
        assert!(!message.contains("hunter2"), "{message}");
        let message = refused(&[], "database_url = 'postgres://me:hunter2@db/x'\n=");
        assert!(!message.contains("hunter2"), "{message}");
        let config = gather(
            &Flags::default(),
            &[("GUILDHALL_DATABASE_URL", "postgres://me:hunter2@db/x")],
            "",
        )
        .unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
        assert_eq!(config.database_shown(), "postgres://me:…@db/x");
    }

    #[test]
    fn the_public_url_is_an_origin_as_browsers_write_it() {
        let public = |url| {
            gather(&Flags::default(), &[("GUILDHALL_PUBLIC_URL", url)], "").map(|config| config.public_url)
        };
        assert_eq!(
            public("https://Console.Example:443/").unwrap(),
            "https://console.example"
        );
        assert_eq!(public("http://localhost:0").unwrap(), "http://localhost:0");
        assert!(public("https://me@console.example").is_err());
        assert!(public("console.example").is_err());
    }
}
