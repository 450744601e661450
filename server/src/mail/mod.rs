//! Mail: an operation says what to send, its transaction keeps it, a worker sends it.

pub mod grammar;
pub mod own_words;
mod quotas;
pub mod sample;
pub mod templates;
pub mod transport;
pub mod worker;

use guildhall::error::Error;
use guildhall::id::{MailId, OrganizationId, UserId};
use guildhall::mail::{Delivery, MailKind};
use guildhall::users::User;
use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use self::own_words::OwnWords;
use self::quotas::{ADDRESS, Limits, ORGANIZATION};
use self::templates::{Language, Templates};
use self::transport::Transport;
use crate::auth::rate_limit::Key;
use crate::config::Config;
use crate::fault::Fault;
use crate::store::mail_limits;
use crate::store::outbox::{self, Entry};
use crate::store::{self, Tx};
use crate::vault::Vault;

/// What a mail says, by kind. The fields are what the kind's templates are given; each is text there, whatever it holds.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Content {
    Invitation {
        organization: String,
        /// Absent where it is into the organization alone.
        app: Option<String>,
        /// Absent where a program invites.
        invited_by: Option<String>,
        roles: Vec<String>,
        link: String,
        /// Milliseconds since the Unix epoch.
        expires_at: i64,
    },
    InvitationAsked {
        organization: String,
        /// Who asks.
        address: String,
        /// The page of the organization's invitations.
        link: String,
    },
    AddedToOrganization {
        organization: String,
        /// Absent where a program added them.
        added_by: Option<String>,
        /// The page of one's own organizations.
        link: String,
    },
    PasswordReset {
        link: String,
        /// Milliseconds since the Unix epoch.
        expires_at: i64,
    },
    PasswordChanged {
        /// Milliseconds since the Unix epoch.
        at: i64,
        /// Where to get a new password, should it have been somebody else.
        link: String,
    },
    FactorsChanged {
        /// Milliseconds since the Unix epoch.
        at: i64,
        /// The page on which they are seen and changed.
        link: String,
    },
    CodesGuessed {
        /// Milliseconds since the Unix epoch.
        at: i64,
        /// The page on which the password and the second factors are changed.
        link: String,
    },
    VerifyAddress {
        address: String,
        link: String,
        /// Milliseconds since the Unix epoch.
        expires_at: i64,
    },
    RegistrationRequested {
        /// The name that was asked for.
        organization: String,
        requester: String,
        /// Absent where they have none.
        address: Option<String>,
        /// The page on which it is decided.
        link: String,
    },
    RegistrationApproved {
        /// What it is called now.
        organization: String,
        /// The organization's portal.
        link: String,
    },
    RegistrationRejected {
        /// The name that was asked for.
        organization: String,
        reason: String,
        /// The page of one's own requests.
        link: String,
    },
    RegistrationAddress {
        /// The name that was asked for.
        organization: String,
        /// Whether whoever has the address has an account, with which they sign in.
        is_known: bool,
        link: String,
        /// Milliseconds since the Unix epoch.
        expires_at: i64,
    },
    WebhookDisabled {
        /// Absent where the endpoint is the tenant's.
        organization: Option<String>,
        /// Its scheme and host.
        endpoint: String,
        /// Whether it said itself that it wants no more.
        is_gone: bool,
        /// The endpoint's page.
        link: String,
    },
    Test {
        sent_by: String,
    },
}

impl Content {
    /// What it is for.
    pub fn kind(&self) -> MailKind {
        match self {
            Content::Invitation { .. } => MailKind::Invitation,
            Content::InvitationAsked { .. } => MailKind::InvitationAsked,
            Content::AddedToOrganization { .. } => MailKind::AddedToOrganization,
            Content::PasswordReset { .. } => MailKind::PasswordReset,
            Content::PasswordChanged { .. } => MailKind::PasswordChanged,
            Content::FactorsChanged { .. } => MailKind::FactorsChanged,
            Content::CodesGuessed { .. } => MailKind::CodesGuessed,
            Content::VerifyAddress { .. } => MailKind::VerifyAddress,
            Content::RegistrationRequested { .. } => MailKind::RegistrationRequested,
            Content::RegistrationApproved { .. } => MailKind::RegistrationApproved,
            Content::RegistrationRejected { .. } => MailKind::RegistrationRejected,
            Content::RegistrationAddress { .. } => MailKind::RegistrationAddress,
            Content::WebhookDisabled { .. } => MailKind::WebhookDisabled,
            Content::Test { .. } => MailKind::Test,
        }
    }

    /// When what it says stops being true.
    fn expires_at(&self) -> Option<i64> {
        match self {
            Content::Invitation { expires_at, .. }
            | Content::PasswordReset { expires_at, .. }
            | Content::VerifyAddress { expires_at, .. }
            | Content::RegistrationAddress { expires_at, .. } => Some(*expires_at),
            _ => None,
        }
    }
}

/// A mail to be sent: `cx.send(Letter::to(address, content).for_user(&user))`.
#[derive(Debug, Clone)]
pub struct Letter {
    address: String,
    name: Option<String>,
    language: Language,
    person: Option<UserId>,
    organization: Option<OrganizationId>,
    concerns: Option<String>,
    content: Content,
}

impl Letter {
    /// To an address, in English until somebody says whose it is.
    pub fn to(address: impl Into<String>, content: Content) -> Self {
        Letter {
            address: address.into(),
            name: None,
            language: Language::English,
            person: None,
            organization: None,
            concerns: None,
            content,
        }
    }

    /// For somebody we know: in their language, with their name.
    pub fn for_user(mut self, user: &User) -> Self {
        self.person = Some(user.user_id);
        self.name = user
            .name
            .as_ref()
            .map(guildhall::users::PersonName::full)
            .filter(|name| !name.is_empty());
        self.in_language(user.language.as_deref())
    }

    /// In a language (BCP 47) if there are templates in it, else in English.
    pub fn in_language(mut self, language: Option<&str>) -> Self {
        self.language = Language::of(language);
        self
    }

    /// On behalf of an organization.
    pub fn within(mut self, organization: OrganizationId) -> Self {
        self.organization = Some(organization);
        self
    }

    /// About a thing: what still waits about the same is not sent any more, for this says it anew.
    pub fn about(mut self, thing: impl ToString) -> Self {
        self.concerns = Some(thing.to_string());
        self
    }
}

/// What is kept of a mail until it was sent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Body {
    /// The tenant's name, for a sender without one.
    sender: String,
    text: String,
    html: String,
}

/// The purpose for which a mail's body is encrypted.
fn purpose(id: &str) -> String {
    format!("mail/{id}")
}

/// Everything that mail needs: one for the program.
pub struct Post {
    templates: Templates,
    /// What renders the tenant's own words.
    pub own_words: OwnWords,
    transport: Transport,
    from: Mailbox,
    /// Wakes the worker: something was committed.
    wake: Notify,
    limits: Option<Limits>,
}

impl Post {
    /// By the settings.
    ///
    /// # Errors
    /// When a template is malformed, or the mail server's URL is.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        Ok(Post {
            templates: Templates::new()?,
            own_words: OwnWords::new()?,
            transport: Transport::new(config)?,
            from: config.mail_from.clone(),
            wake: Notify::new(),
            limits: config.rate_limit.map(|_| Limits {
                organizations: ORGANIZATION.bucket(),
                addresses: ADDRESS.bucket(),
            }),
        })
    }

    /// How mail leaves.
    pub fn delivery(&self) -> Delivery {
        self.transport.delivery()
    }

    /// Whom mail is from.
    pub fn from(&self) -> &Mailbox {
        &self.from
    }

    /// Wakes the worker.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Refuses a mail too many that somebody wants sent on behalf of an organization (200 in half an hour) or to an address
    /// (five in 25 minutes). The outbox says how many there were, whichever server wrote them; what is asked for at the same
    /// moment it does not know yet, so that each server also counts for itself.
    ///
    /// # Errors
    /// 429 that says when it is worth trying again; the database's.
    pub async fn admit(
        &self,
        tx: &mut Tx,
        organization: Option<OrganizationId>,
        address: &str,
        now: i64,
    ) -> Result<(), Fault> {
        let Some(limits) = &self.limits else { return Ok(()) };
        let kept = mail_limits::wanted_lately(
            tx,
            (address, now.saturating_sub(ADDRESS.period)),
            (organization, now.saturating_sub(ORGANIZATION.period)),
        )
        .await?;
        ADDRESS.check(kept.to_address, now)?;
        ORGANIZATION.check(kept.for_organization, now)?;
        Ok(self.count(limits, organization, address)?)
    }

    fn count(
        &self,
        limits: &Limits,
        organization: Option<OrganizationId>,
        address: &str,
    ) -> Result<(), Error> {
        let address = Key::account(address);
        limits.addresses.take(&address).map_err(|(error, _)| error)?;
        if let Some(organization) = organization
            && let Err((error, _)) = limits.organizations.take(&Key::Organization(organization))
        {
            limits.addresses.give_back(&address);
            return Err(error);
        }
        Ok(())
    }

    /// Writes a letter into the outbox, rendered.
    pub(crate) async fn keep(
        &self,
        tx: &mut Tx,
        vault: &Vault,
        letter: &Letter,
        id: MailId,
        now: i64,
    ) -> Result<(), Fault> {
        let (language, content) = (letter.language, &letter.content);
        let (tenant, words) =
            store::mail_templates::for_mail(tx, content.kind().as_str(), language.tag()).await?;
        let own = words.and_then(|words| self.own_words.sent(language, content, &tenant, &words));
        let rendered = match own {
            Some(rendered) => rendered,
            None => self.templates.render(language, content, &tenant)?,
        };
        let id = id.to_string();
        let body = serde_json::to_string(&Body {
            sender: tenant,
            text: rendered.text,
            html: rendered.html,
        })?;
        if let Some(thing) = &letter.concerns {
            outbox::cancel(tx, thing).await?;
        }
        let entry = Entry {
            // The same on every try: a mail server, or its reader, knows a repeat by it (RFC 5322, 3.6.4).
            message_id: format!("<{id}@{}>", self.from.email.domain()),
            kind: letter.content.kind(),
            language: letter.language.tag(),
            recipient: &letter.address,
            recipient_name: letter.name.as_deref(),
            subject: &rendered.subject,
            body: vault.seal(&purpose(&id), &body)?,
            organization: letter.organization,
            person: letter.person,
            concerns: letter.concerns.as_deref(),
            expires_at: letter.content.expires_at(),
            id,
        };
        Ok(outbox::insert(tx, &entry, now).await?)
    }
}
