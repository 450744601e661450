//! How a mail leaves: to a mail server, into a folder, or not at all.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use guildhall::mail::Delivery;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{Error as SmtpError, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use super::Body;
use crate::config::Config;
use crate::store::outbox::Claimed;

/// How many mails one server sends at once, and so how many connections it holds.
pub const AT_ONCE: u32 = 8;
/// How long a mail server may take for one answer (RFC 5321, 4.5.3.2 wants minutes).
const ANSWER: Duration = Duration::from_secs(150);

/// Why a mail did not go.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Whether trying again is in vain.
    pub permanent: bool,
    /// For the administrator: the mail server's words, or ours.
    pub reason: String,
    /// For the log, which must not name anybody: the reply's code, or what kind of trouble it is.
    pub code: String,
}

impl Refusal {
    fn new(permanent: bool, code: &str, reason: impl std::fmt::Display) -> Self {
        Refusal {
            permanent,
            reason: reason.to_string(),
            code: code.to_owned(),
        }
    }

    /// In vain whenever it is tried.
    pub fn for_good(code: &str, reason: impl std::fmt::Display) -> Self {
        Self::new(true, code, reason)
    }

    /// Worth another try.
    pub fn for_now(code: &str, reason: impl std::fmt::Display) -> Self {
        Self::new(false, code, reason)
    }
}

/// The way out.
pub enum Transport {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
    Kept,
}

impl Transport {
    /// By the settings; a folder is there instead of a mail server.
    ///
    /// # Errors
    /// When the folder cannot be made, or the mail server's URL is malformed.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        if let Some(folder) = &config.mail_dir {
            std::fs::create_dir_all(folder).with_context(|| {
                format!(
                    "the folder {} cannot be made (GUILDHALL_MAIL_DIR)",
                    folder.display()
                )
            })?;
            return Ok(Transport::Folder(folder.clone()));
        }
        let Some(url) = &config.smtp_url else {
            return Ok(Transport::Kept);
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| anyhow::anyhow!("GUILDHALL_SMTP_URL cannot be used"))?
            .timeout(Some(ANSWER))
            .pool_config(PoolConfig::new().max_size(AT_ONCE));
        if let Some(tls) = tls(url)? {
            builder = builder.tls(tls);
        }
        Ok(Transport::Smtp(builder.build()))
    }

    /// What kind it is.
    pub fn delivery(&self) -> Delivery {
        match self {
            Transport::Smtp(_) => Delivery::Smtp,
            Transport::Folder(_) => Delivery::Folder,
            Transport::Kept => Delivery::Kept,
        }
    }

    /// Hands a mail over. Into a folder it goes whole or not at all, and a repeat takes the first one's place.
    ///
    /// # Errors
    /// Why it did not go.
    pub async fn send(&self, id: &str, message: Message) -> Result<(), Refusal> {
        match self {
            Transport::Smtp(server) => match server.send(message).await {
                Ok(_) => Ok(()),
                Err(error) => Err(refusal(&error)),
            },
            Transport::Folder(folder) => {
                let (folder, id) = (folder.clone(), id.to_owned());
                let written = tokio::task::spawn_blocking(move || write(&folder, &id, &message.formatted()));
                match written.await {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => Err(Refusal::for_now("folder", format!("The folder: {error}"))),
                    Err(error) => Err(Refusal::for_now("folder", error)),
                }
            }
            Transport::Kept => Err(Refusal::for_now("kept", "No mail server is set.")),
        }
    }
}

fn write(folder: &Path, id: &str, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let unfinished = folder.join(format!(".{id}.part"));
    let mut file = std::fs::File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(unfinished, folder.join(format!("{id}.eml")))
}

/// STARTTLS for an `smtp://` that does not say: where the server offers it, and without exception where a password would
/// travel to another machine.
fn tls(url: &str) -> anyhow::Result<Option<Tls>> {
    let Some(rest) = url.strip_prefix("smtp://") else {
        return Ok(None);
    };
    if rest.contains("tls=") {
        return Ok(None);
    }
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let (has_password, host) = match authority.rsplit_once('@') {
        Some((_, host)) => (true, host),
        None => (false, authority),
    };
    let host = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_here = host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    if is_here {
        return Ok(None);
    }
    let parameters = TlsParameters::new(host.to_owned()).context("TLS for GUILDHALL_SMTP_URL")?;
    Ok(Some(if has_password {
        Tls::Required(parameters)
    } else {
        Tls::Opportunistic(parameters)
    }))
}

/// What a mail server's answer means for the mail.
fn refusal(error: &SmtpError) -> Refusal {
    let reason = {
        use std::error::Error as _;
        let mut reason = error.to_string();
        if let Some(cause) = error.source() {
            let cause = cause.to_string();
            if !reason.contains(&cause) {
                reason = format!("{reason}: {cause}");
            }
        }
        reason
    };
    match error.status() {
        Some(code) => {
            let code = code.to_string();
            // Who we are was refused, not the mail: it goes once the settings are right (RFC 4954, 4 and 6).
            let ours = matches!(code.as_str(), "530" | "534" | "535" | "538");
            Refusal::new(error.is_permanent() && !ours, &code, reason)
        }
        None if error.is_client() => Refusal::for_good("client", reason),
        None if error.is_timeout() => Refusal::for_now("timeout", "The mail server did not answer in time."),
        None => Refusal::for_now("connection", reason),
    }
}

/// A mail as it travels (RFC 5322), marked as written by a program (RFC 3834, 5).
pub(super) fn compose(mail: &Claimed, body: Body, from: &Mailbox) -> Result<Message, Refusal> {
    let in_vain = |what: &str, error: &dyn std::fmt::Display| {
        Refusal::for_good("malformed", format!("{what}: {error}"))
    };
    let address = mail
        .recipient
        .parse()
        .map_err(|error: lettre::address::AddressError| in_vain("The recipient's address", &error))?;
    let written = u64::try_from(mail.created_at).unwrap_or_default();
    Message::builder()
        .message_id(Some(mail.message_id.clone()))
        .date(SystemTime::UNIX_EPOCH + Duration::from_millis(written))
        .from(Mailbox::new(
            from.name.clone().or(Some(body.sender)),
            from.email.clone(),
        ))
        .to(Mailbox::new(mail.recipient_name.clone(), address))
        .subject(mail.subject.clone())
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Content-Language"),
            mail.language.clone(),
        ))
        .multipart(
            MultiPart::alternative()
                .singlepart(
                    SinglePart::builder()
                        .header(ContentType::TEXT_PLAIN)
                        .body(body.text),
                )
                .singlepart(
                    SinglePart::builder()
                        .header(ContentType::TEXT_HTML)
                        .body(body.html),
                ),
        )
        .map_err(|error| in_vain("The mail cannot be written", &error))
}
