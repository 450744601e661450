//! The one door: every operation, whatever the way in, is authorized, performed, audited and committed here.

use std::future::Future;
use std::sync::Arc;

use futures::future::BoxFuture;
use guildhall::caller::{ActorKind, Request};
use guildhall::error::Error;
use guildhall::id::{AuditId, EventId, MailId, RequestId, UserId};
use guildhall::operation::{Answer, Kind, Operation, Runs};

use crate::authorize::{self, Permit};
use crate::change::Change;
use crate::clock::{self, Clock};
use crate::fault::Fault;
use crate::live::{News, Whose};
use crate::mail::Letter;
use crate::services::Services;
use crate::store::{self, Db, Tx};

/// How often a transaction that lost against another is tried before the caller is told.
const TRIES: u32 = 4;

/// The door. Cheap to clone.
#[derive(Clone)]
pub struct Console {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    services: Services,
}

/// What an operation did before it joined the writer's queue: the slow things.
#[derive(Debug, Clone, Default)]
pub struct Prepared {
    /// A password that the operation brought, hashed.
    pub password_hash: Option<String>,
    /// The person whose password was verified.
    pub verified: Option<guildhall::id::UserId>,
    /// The scopes that a client may have in its token.
    pub scopes: Vec<String>,
    /// The client that said who it is.
    pub client: Option<store::clients::AppClient>,
    /// The API application of an organization that said who it is.
    pub organization_client: Option<store::organization_client_tokens::Presented>,
    /// Whether the record was found by which an organization proves a domain.
    pub domain_proved: Option<bool>,
    /// What tells the request from others, where a repeat of it is asked for; the door's own.
    pub request_hash: Option<String>,
}

/// What is to be done once an operation is committed.
#[derive(Default)]
struct After {
    stale: Stale,
    mail_is_due: bool,
    /// What those who look are told.
    news: Option<News>,
}

/// What an operation can see of its moment, and where it says what it changed.
pub struct Context<'c> {
    /// Milliseconds since the Unix epoch, the same for the whole operation.
    pub now: i64,
    /// The request.
    pub request: &'c Request,
    /// Keys, settings and the clock.
    pub services: &'c Services,
    /// What was done before the queue.
    pub prepared: Prepared,
    changes: Vec<Change>,
    letters: Vec<Letter>,
    mail_is_due: bool,
    stale: Stale,
}

/// Whose cached rights an operation has made stale.
#[derive(Default)]
enum Stale {
    #[default]
    Nobody,
    These(Vec<UserId>),
    Everybody,
}

impl From<&Stale> for Whose {
    fn from(stale: &Stale) -> Whose {
        match stale {
            Stale::Nobody => Whose::Nobodys,
            Stale::These(people) => Whose::Of(people.iter().copied().collect()),
            Stale::Everybody => Whose::Everybodys,
        }
    }
}

impl Context<'_> {
    /// Says what was changed: the audit record is written in the same transaction.
    pub fn changed(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Says who did all of it, where only the operation itself found out.
    pub fn done_by(&mut self, person: UserId) {
        for change in &mut self.changes {
            change.actor.get_or_insert(person);
        }
    }

    /// Says that anybody's rights may have become other ones: every cached right is looked up anew.
    pub fn rights_changed(&mut self) {
        self.stale = Stale::Everybody;
    }

    /// Says that one person's rights may have become other ones, and nobody else's.
    pub fn rights_of(&mut self, person: UserId) {
        match &mut self.stale {
            Stale::Nobody => self.stale = Stale::These(vec![person]),
            Stale::These(people) => people.push(person),
            Stale::Everybody => {}
        }
    }

    /// Sends a mail, once this is committed: it is kept in the same transaction.
    pub fn send(&mut self, letter: Letter) {
        self.letters.push(letter);
        self.mail_is_due = true;
    }

    /// Says that a mail which was kept before is to be sent now.
    pub fn mail_is_due(&mut self) {
        self.mail_is_due = true;
    }

    /// Refuses with 412 when the request's `If-Match` names another version than the current one.
    ///
    /// # Errors
    /// 412.
    pub fn require_match(&self, current: &str) -> Result<(), Error> {
        match self.request.if_match.as_deref() {
            None | Some("*") => Ok(()),
            Some(wanted)
                if wanted
                    .split(',')
                    .any(|tag| tag.trim().trim_matches('"') == current) =>
            {
                Ok(())
            }
            Some(_) => Err(Error::precondition_failed()),
        }
    }

    /// A random number for a new id.
    pub fn random(&self) -> u128 {
        clock::random_bits()
    }
}

/// What an operation does once the door has let it in.
pub trait Perform: Operation {
    /// The slow things, before the writer's queue: hashing, verifying. Nothing by default.
    fn prepare(
        &self,
        _services: &Services,
        _db: &Db,
        _request: &Request,
    ) -> impl Future<Output = Result<Prepared, Fault>> + Send {
        async { Ok(Prepared::default()) }
    }

    /// The rules, within the transaction.
    fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> impl Future<Output = Result<Self::Output, Fault>> + Send;
}

impl Console {
    /// The door to a database.
    pub fn new(db: Db, services: Services) -> Self {
        Console {
            inner: Arc::new(Inner { db, services }),
        }
    }

    /// The database behind the door; for start-up, health and shutdown.
    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    /// Keys, settings, caches and the clock.
    pub fn services(&self) -> &Services {
        &self.inner.services
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.inner.services.clock
    }

    /// Refuses whom the door would not let in with an operation, and does nothing: for what is not to be received first.
    ///
    /// # Errors
    /// The refusal, or ours.
    pub async fn lets_in<Op: Perform>(&self, request: &Request, operation: &Op) -> Result<(), Error> {
        authorize::authorize(self, &request.caller, Op::PERMISSION, Op::KIND, operation.scope())
            .await
            .map(|_| ())
            .map_err(|fault| self.said::<Op>(request, fault))
    }

    /// What a caller is told of a fault.
    fn said<Op: Operation>(&self, request: &Request, fault: Fault) -> Error {
        match fault {
            Fault::Refused(error) => error,
            Fault::Broken(cause) => {
                let reference = RequestId::compose(self.clock().now(), clock::random_bits()).to_string();
                tracing::error!(
                    operation.name = Op::NAME,
                    request.id = %request.id,
                    error.reference = %reference,
                    error.cause = format!("{cause:#}"),
                    "an operation broke"
                );
                Error::internal(reference)
            }
        }
    }

    async fn pass<Op: Perform>(&self, request: &Request, operation: Op) -> Result<Op::Output, Fault> {
        let permit =
            authorize::authorize(self, &request.caller, Op::PERMISSION, Op::KIND, operation.scope()).await?;
        let prepared = operation.prepare(self.services(), self.db(), request).await?;
        match Op::KIND {
            Kind::Read => {
                let mut tx = self.inner.db.read().await?;
                let mut cx = self.context(request, prepared);
                operation.perform(&permit, &mut tx, &mut cx).await
            }
            Kind::Write => {
                let prepared = Prepared {
                    request_hash: store::idempotency::fingerprint(
                        &self.services().hasher,
                        request,
                        &operation,
                    )
                    .await?,
                    ..prepared
                };
                let mut tries = 1;
                loop {
                    match self
                        .write(request, &permit, operation.clone(), prepared.clone())
                        .await
                    {
                        Err(fault) if fault.is_transient() && tries < TRIES => tries += 1,
                        answer => return answer,
                    }
                }
            }
        }
    }

    async fn write<Op: Perform>(
        &self,
        request: &Request,
        permit: &Permit,
        operation: Op,
        prepared: Prepared,
    ) -> Result<Op::Output, Fault> {
        let (console, request, permit) = (self.clone(), request.clone(), permit.clone());
        let (answer, after) = self
            .inner
            .db
            .write(move |tx| -> BoxFuture<'_, Result<(Op::Output, After), Fault>> {
                Box::pin(async move {
                    let mut cx = console.context(&request, prepared);
                    let repeat = store::idempotency::begin::<Op>(tx, &permit, &cx).await?;
                    if let Some(first_answer) = repeat {
                        return Ok((first_answer, After::default()));
                    }
                    let output = operation.perform(&permit, tx, &mut cx).await?;
                    for change in &cx.changes {
                        record(tx, permit.actor(), Op::NAME, cx.now, &request, change).await?;
                    }
                    for letter in &cx.letters {
                        let (id, services) = (MailId::compose(cx.now, cx.random()), cx.services);
                        services
                            .mail
                            .keep(tx, &services.vault, letter, id, cx.now)
                            .await?;
                    }
                    store::idempotency::finish::<Op>(tx, &permit, &cx, &output).await?;
                    let after = After {
                        news: News::of(&cx.changes, permit.application().ok(), Whose::from(&cx.stale)),
                        stale: cx.stale,
                        mail_is_due: cx.mail_is_due,
                    };
                    Ok((output, after))
                })
            })
            .await?;
        let rights = &self.inner.services.rights;
        match after.stale {
            Stale::Nobody => {}
            Stale::These(people) => people.into_iter().for_each(|person| rights.forget(person)),
            Stale::Everybody => rights.forget_all(),
        }
        if after.mail_is_due {
            self.inner.services.mail.wake();
        }
        if after.news.is_some() {
            self.inner.services.webhooks.stir();
        }
        // After the cached rights are gone: whoever is told reads again at once.
        if let Some(news) = after.news {
            self.inner.services.live.tell(self.db(), news).await;
        }
        Ok(answer)
    }

    /// Tells whoever looks what the server itself has done, once that is committed.
    pub(crate) async fn tell(&self, change: &Change) {
        if let Some(news) = News::of(std::slice::from_ref(change), None, Whose::Nobodys) {
            self.services().live.tell(self.db(), news).await;
        }
    }

    fn context<'c>(&'c self, request: &'c Request, prepared: Prepared) -> Context<'c> {
        Context {
            now: self.clock().now(),
            request,
            services: &self.inner.services,
            prepared,
            changes: Vec::new(),
            letters: Vec::new(),
            mail_is_due: false,
            stale: Stale::default(),
        }
    }
}

/// Writes into the audit what was changed, and an event that tells of it for each endpoint that gets such.
async fn record(
    tx: &mut Tx,
    actor: (ActorKind, Option<&str>),
    operation: &'static str,
    now: i64,
    request: &Request,
    change: &Change,
) -> Result<(), Fault> {
    let id = AuditId::compose(now, clock::random_bits());
    store::audit::insert(tx, actor, id, operation, now, request, change).await?;
    let event = EventId::compose(now, clock::random_bits());
    store::webhook_queue::announce(tx, event, id, operation, change.organization_id, now).await?;
    Ok(())
}

/// The same of what nobody asked for: the server itself did it, as this operation would.
///
/// # Errors
/// The database's.
pub(crate) async fn record_own<Op: Operation>(tx: &mut Tx, now: i64, change: &Change) -> Result<(), Fault> {
    record(
        tx,
        (ActorKind::System, None),
        Op::NAME,
        now,
        &Request::system(),
        change,
    )
    .await
}

impl<Op: Perform> Runs<Op> for Console {
    fn run<'a>(&'a self, request: &'a Request, operation: Op) -> Answer<'a, Op> {
        Box::pin(async move {
            let started = std::time::Instant::now();
            let result = self.pass(request, operation).await;
            let outcome = match &result {
                Ok(_) => "done",
                Err(Fault::Refused(_)) => "refused",
                Err(Fault::Broken(_)) => "broken",
            };
            metrics::counter!("guildhall_operations_total", "operation" => Op::NAME, "outcome" => outcome)
                .increment(1);
            metrics::histogram!("guildhall_operation_seconds", "operation" => Op::NAME)
                .record(started.elapsed());
            result.map_err(|fault| self.said::<Op>(request, fault))
        })
    }
}
