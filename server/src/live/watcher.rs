//! One stream: what somebody looks at, and whether they still may.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use guildhall::caller::{Caller, Request};
use guildhall::error::{Code, Error};
use guildhall::id::{ApplicationId, OrganizationId, UserId};
use guildhall::operation::Runs as _;
use guildhall::sessions::{GetMe, Me};
use serde_json::json;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;

use super::{DELIVERY, News, Seat, Topic};
use crate::auth::session;
use crate::clock;
use crate::console::Console;
use crate::store;

/// How long it takes at most until what came first is said: what comes meanwhile is said with it. Each stream waits for
/// another time, so that not all of them ask the database at once.
const GATHERED: (u64, u64) = (30, 120);
/// How long a stream says nothing after it has said something, however much comes.
const PAUSE: Duration = Duration::from_millis(500);
/// How often a stream says that it is there: proxies end what is silent for a minute.
const BEAT: Duration = Duration::from_secs(20);
/// Milliseconds before the page was read: what began then may have been committed later.
const BEFORE: i64 = 500;
/// The things of its applications that an organization shows, as the tenant has them.
const OF_APPLICATIONS: [&str; 4] = ["application", "permission", "role", "role_group"];

/// What of somebody's rights an open page shows.
#[derive(Debug, PartialEq, Eq)]
struct Standing {
    tenant_admin: bool,
    must_change_password: bool,
    viewing: Option<OrganizationId>,
    administers: BTreeSet<OrganizationId>,
}

impl From<Me> for Standing {
    fn from(me: Me) -> Standing {
        Standing {
            tenant_admin: me.tenant_admin,
            must_change_password: me.must_change_password,
            viewing: me.viewing.map(|organization| organization.organization_id),
            administers: me
                .administers
                .into_iter()
                .map(|organization| organization.organization_id)
                .collect(),
        }
    }
}

/// What was heard since the stream said something.
#[derive(Debug, Default)]
struct Heard {
    all: bool,
    /// Kinds and ids.
    things: BTreeSet<(String, String)>,
    /// People whose record changed, who may be members.
    records: BTreeSet<UserId>,
    /// People whose sessions may have ended, which only the tenant's administrators see.
    sessions: BTreeSet<UserId>,
    /// Kinds of things of an application that the organization may have.
    of_applications: BTreeSet<(ApplicationId, String)>,
    /// Whether a delivery of an event is in another state, which logs of them show, and other pages need not read again.
    deliveries: bool,
    /// Whether it is about the rights of whoever looks.
    rights: bool,
}

impl Heard {
    fn is_nothing(&self) -> bool {
        !self.all
            && !self.rights
            && !self.deliveries
            && self.things.is_empty()
            && self.records.is_empty()
            && self.sessions.is_empty()
            && self.of_applications.is_empty()
    }
}

/// A stream of events, one after the other.
pub struct Watcher {
    console: Console,
    request: Request,
    /// Of the session's token.
    fingerprint: String,
    person: UserId,
    topic: Topic,
    standing: Standing,
    news: broadcast::Receiver<Arc<News>>,
    closing: watch::Receiver<bool>,
    /// What is said at the beginning.
    first: Option<Bytes>,
    /// Everything up to this moment was said.
    since: i64,
    quiet_until: Instant,
    beat: Instant,
    is_over: bool,
    _seat: Seat,
}

impl Watcher {
    /// Begins a stream for the session whose token has this fingerprint. Where something changed after `since`, which is when
    /// the page was read, that is the first that it says.
    ///
    /// # Errors
    /// 401 without a session, 403 or 404 for what it may not look at, 429 or 503 for one stream too many.
    pub async fn open(
        console: &Console,
        request: Request,
        fingerprint: String,
        topic: Topic,
        since: Option<i64>,
    ) -> Result<Watcher, Error> {
        let person = match &request.caller {
            // Whoever comes with a token has no page.
            Caller::User(user) if user.session_id.is_some() => user.user_id,
            _ => return Err(Error::unauthenticated()),
        };
        let live = &console.services().live;
        let seat = live.seat(person)?;
        // First, so that nothing is missed of what changes while the rest is looked up.
        let (news, closing) = live.listen();
        topic.lets_in(console, &request).await?;
        let me = console.run(&request, GetMe {}).await?;
        let now = Instant::now();
        let mut watcher = Watcher {
            console: console.clone(),
            request,
            fingerprint,
            person,
            topic,
            standing: me.into(),
            news,
            closing,
            first: None,
            since: console.clock().now(),
            quiet_until: now,
            beat: now + BEAT,
            is_over: false,
            _seat: seat,
        };
        let missed = match since {
            Some(since) => watcher.missed_since(since.saturating_sub(BEFORE)).await?,
            None => false,
        };
        let mut first = watcher.event("hello", &json!({}));
        if missed {
            first.push_str(&watcher.event("changed", &json!({ "all": true })));
        }
        watcher.first = Some(first.into());
        Ok(watcher)
    }

    /// The next words of the stream; `None` at its end.
    pub async fn next(&mut self) -> Option<Bytes> {
        if self.is_over || *self.closing.borrow() {
            return None;
        }
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            let news = tokio::select! {
                _ = self.closing.changed() => return None,
                news = self.news.recv() => news,
                () = tokio::time::sleep_until(self.beat) => return self.beat().await,
            };
            let mut heard = Heard::default();
            match news {
                Ok(news) => self.take(&mut heard, &news),
                // Whoever is so slow that news were lost reads everything again.
                Err(RecvError::Lagged(_)) => heard.all = true,
                Err(RecvError::Closed) => return None,
            }
            if heard.is_nothing() {
                continue;
            }
            self.gather(&mut heard).await;
            match self.say(heard).await {
                Ok(Some(words)) => return Some(words.into()),
                Ok(None) => {}
                Err(error) => return self.end(&error),
            }
        }
    }

    /// Waits a moment for what else comes.
    async fn gather(&mut self, heard: &mut Heard) {
        let (least, more) = GATHERED;
        let jitter = u64::try_from(clock::random_bits() % u128::from(more)).unwrap_or_default();
        let soon = Instant::now() + Duration::from_millis(least + jitter);
        tokio::time::sleep_until(soon.max(self.quiet_until)).await;
        loop {
            match self.news.try_recv() {
                Ok(news) => self.take(heard, &news),
                Err(TryRecvError::Lagged(_)) => heard.all = true,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }

    /// What of some news is for this stream.
    fn take(&self, heard: &mut Heard, news: &News) {
        if news.all {
            heard.all = true;
            heard.rights = true;
            return;
        }
        heard.rights |= news.rights.includes(self.person);
        if let super::Whose::Of(people) = &news.rights {
            // A session may have ended, which the audit does not say of every one.
            let shown = people
                .iter()
                .filter(|person| self.topic == Topic::Tenant || **person == self.person);
            heard
                .things
                .extend(shown.map(|person| ("user".to_owned(), person.to_string())));
            if matches!(self.topic, Topic::Organization(_)) && self.sees_sessions() {
                heard.sessions.extend(people);
            }
        }
        let own = self.person.to_string();
        for thing in &news.things {
            match self.topic {
                Topic::Tenant => {}
                Topic::Organization(id) if thing.organization == Some(id) => {}
                Topic::Organization(_) if OF_APPLICATIONS.contains(&thing.kind.as_str()) => {
                    let of = thing.application.map(|id| (id, thing.kind.clone()));
                    heard.of_applications.extend(of);
                    continue;
                }
                Topic::Organization(_) if thing.is_record => {
                    heard.records.extend(thing.id.parse::<UserId>());
                    continue;
                }
                Topic::Account if thing.id == own => {}
                Topic::Account if thing.kind == "organization" && self.is_theirs(thing.organization) => {}
                _ => continue,
            }
            if thing.kind == DELIVERY {
                heard.deliveries = true;
                continue;
            }
            heard.things.insert((thing.kind.clone(), thing.id.clone()));
        }
    }

    /// Whether it is one of the tenant's administrators who looks, as such.
    fn sees_sessions(&self) -> bool {
        self.standing.tenant_admin && self.standing.viewing.is_none()
    }

    fn is_theirs(&self, organization: Option<OrganizationId>) -> bool {
        organization.is_some_and(|id| self.standing.administers.contains(&id))
    }

    /// Says what was heard to whoever may still hear it.
    async fn say(&mut self, mut heard: Heard) -> Result<Option<String>, Error> {
        self.check().await?;
        let before = self.console.clock().now();
        let mut has_other_rights = false;
        if heard.rights {
            let now: Standing = self.console.run(&self.request, GetMe {}).await?.into();
            has_other_rights = self.standing != now;
            self.standing = now;
        }
        if let Topic::Organization(organization) = self.topic
            && !heard.all
        {
            self.look_up(organization, &mut heard).await.map_err(broke)?;
        }
        let mut words = String::new();
        if heard.all || !heard.things.is_empty() {
            self.since = before;
            let data = if heard.all {
                json!({ "all": true })
            } else {
                let things = heard.things.iter().map(|(kind, id)| match id.as_str() {
                    "" => json!({ "kind": kind }),
                    id => json!({ "kind": kind, "id": id }),
                });
                json!({ "changed": things.collect::<Vec<_>>() })
            };
            words.push_str(&self.event("changed", &data));
        }
        if heard.deliveries {
            words.push_str(&self.event("deliveries", &json!({})));
        }
        if has_other_rights {
            words.push_str(&self.event("rights", &json!({})));
        }
        if words.is_empty() {
            return Ok(None);
        }
        self.quiet_until = Instant::now() + PAUSE;
        self.beat = Instant::now() + BEAT;
        Ok(Some(words))
    }

    /// Which of the people and applications that were heard of are the organization's.
    async fn look_up(&self, organization: OrganizationId, heard: &mut Heard) -> Result<(), sqlx::Error> {
        let mut people = std::mem::take(&mut heard.records);
        if self.sees_sessions() {
            people.append(&mut heard.sessions);
        }
        let applications = std::mem::take(&mut heard.of_applications);
        if people.is_empty() && applications.is_empty() {
            return Ok(());
        }
        let mut tx = self.console.db().read().await?;
        for person in people {
            if store::live::is_member(&mut tx, organization, person).await? {
                heard.things.insert(("member".to_owned(), person.to_string()));
            }
        }
        for (application, kind) in applications {
            if store::live::has_application(&mut tx, organization, application).await? {
                // Which one it is may be more than the organization was given.
                heard.things.insert((kind, String::new()));
            }
        }
        Ok(())
    }

    /// Says that the stream is there; and what changed without anybody having said so, as where another server died before
    /// it could.
    pub async fn beat(&mut self) -> Option<Bytes> {
        self.beat = Instant::now() + BEAT;
        let before = self.console.clock().now();
        let missed = match self.check().await {
            Ok(()) => self.missed_since(self.since).await,
            Err(error) => Err(error),
        };
        match missed {
            Ok(false) => Some(Bytes::from_static(b":\n\n")),
            Ok(true) => {
                self.since = before;
                Some(self.event("changed", &json!({ "all": true })).into())
            }
            Err(error) => self.end(&error),
        }
    }

    /// Whether something changed in what is looked at since a moment.
    async fn missed_since(&self, since: i64) -> Result<bool, Error> {
        let mut tx = self.console.db().read().await.map_err(broke)?;
        match self.topic {
            Topic::Account => store::live::person_changed_since(&mut tx, self.person, since).await,
            Topic::Tenant => store::live::changed_since(&mut tx, since).await,
            Topic::Organization(id) => store::live::organization_changed_since(&mut tx, id, since).await,
        }
        .map_err(broke)
    }

    /// Finds out anew who looks, and whether they may.
    async fn check(&mut self) -> Result<(), Error> {
        self.request.caller = session::still(&self.console, &self.fingerprint)
            .await
            .map_err(|_| Error::internal("live"))?;
        self.topic.lets_in(&self.console, &self.request).await
    }

    /// The last words: why there are no more. Where something broke there are none, and the page asks again.
    fn end(&mut self, error: &Error) -> Option<Bytes> {
        self.is_over = true;
        Some(farewell(error)?.into())
    }

    /// One event (HTML, 9.2.6). Its id is the moment up to which everything was said.
    fn event(&self, name: &str, data: &serde_json::Value) -> String {
        format!("event: {name}\nid: {}\ndata: {data}\n\n", self.since)
    }
}

/// The event that says why there is no stream, or none any more; `None` where it is worth asking again.
pub fn farewell(error: &Error) -> Option<String> {
    let name = match error.code {
        Code::Unauthenticated => "signed-out",
        Code::Forbidden | Code::NotFound => "closed",
        _ => return None,
    };
    Some(format!("event: {name}\ndata: {{}}\n\n"))
}

fn broke(error: sqlx::Error) -> Error {
    tracing::warn!(error.cause = %error, "a live page cannot be told what changed");
    Error::internal("live")
}
