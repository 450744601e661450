//! The settings as flags of the command line.

use std::path::PathBuf;

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
    /// Whom mail is from, such as "Acme <no-reply@acme.example>" [GUILDHALL_MAIL_FROM; default no-reply@ and the public URL's host]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub mail_from: Option<String>,
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
    /// The DNS server that proves organizations' domains, such as 127.0.0.1:53 [GUILDHALL_DNS_SERVER; default the system's]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub dns_server: Option<String>,
    /// Addresses and networks off the public internet that webhooks may reach, with commas [GUILDHALL_WEBHOOK_PRIVATE; default none]
    #[arg(long, global = true, value_name = "NETWORKS")]
    pub webhook_private: Option<String>,
    /// Those of them that organizations' webhooks may reach, too [GUILDHALL_WEBHOOK_PRIVATE_ORGANIZATIONS; default none]
    #[arg(long, global = true, value_name = "NETWORKS")]
    pub webhook_private_organizations: Option<String>,
}

impl Flags {
    pub(super) fn get(&self, name: &str) -> Option<&String> {
        match name {
            "GUILDHALL_DATABASE_URL" => self.database_url.as_ref(),
            "GUILDHALL_LISTEN" => self.listen.as_ref(),
            "GUILDHALL_PUBLIC_URL" => self.public_url.as_ref(),
            "GUILDHALL_SECRET_KEY_FILE" => self.secret_key_file.as_ref(),
            "GUILDHALL_SMTP_URL" => self.smtp_url.as_ref(),
            "GUILDHALL_MAIL_DIR" => self.mail_dir.as_ref(),
            "GUILDHALL_MAIL_FROM" => self.mail_from.as_ref(),
            "GUILDHALL_RATE_LIMIT" => self.rate_limit.as_ref(),
            "GUILDHALL_LOG" => self.log.as_ref(),
            "GUILDHALL_LOG_FORMAT" => self.log_format.as_ref(),
            "GUILDHALL_TRUST_PROXY" => self.trust_proxy.as_ref(),
            "GUILDHALL_DNS_SERVER" => self.dns_server.as_ref(),
            "GUILDHALL_WEBHOOK_PRIVATE" => self.webhook_private.as_ref(),
            "GUILDHALL_WEBHOOK_PRIVATE_ORGANIZATIONS" => self.webhook_private_organizations.as_ref(),
            _ => None,
        }
    }
}
