//! What is known of somebody's rights: looked up, and believed for a moment.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use guildhall::id::{ApplicationId, ClientId, OrganizationId, SessionId, UserId};
use quick_cache::sync::Cache;

use crate::console::Console;
use crate::fault::Fault;
use crate::store::{self, rights};

/// How long a right that was looked up is believed: what changes it here moves the epoch at once, what changes it
/// on another node is seen within this time.
const BELIEVED: Duration = Duration::from_millis(500);

/// How many epochs people share.
const SHARES: usize = 256;

/// How exactly it is kept when a session was last used, in milliseconds: a write for every click would cost more than the click.
const LAST_USED: i64 = 60_000;

/// What was looked up of somebody's rights, believed for a moment. For a browser nothing is: what a person's session may do
/// is read anew with each operation, so that what is taken away is gone at the next click, on every node.
pub struct Rights {
    epoch: AtomicU64,
    /// Epochs of people, many of whom share one: what changes one person's rights leaves most others' alone.
    people: [AtomicU64; SHARES],
    users: Cache<(UserId, Option<OrganizationId>), Believed<Option<rights::UserRights>>>,
    applications: Cache<(ApplicationId, OrganizationId), Believed<bool>>,
    clients: Cache<ClientId, Believed<Option<rights::ClientRights>>>,
    sessions: Cache<SessionId, Believed<Option<rights::TokenSession>>>,
}

#[derive(Clone)]
struct Believed<T> {
    value: T,
    since: Instant,
    epoch: u64,
}

impl Default for Rights {
    fn default() -> Self {
        Rights {
            epoch: AtomicU64::new(0),
            people: std::array::from_fn(|_| AtomicU64::new(0)),
            users: Cache::new(10_000),
            applications: Cache::new(10_000),
            clients: Cache::new(1_000),
            sessions: Cache::new(10_000),
        }
    }
}

impl Rights {
    /// Makes everything that was believed be looked up anew.
    pub fn forget_all(&self) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
    }

    /// Makes what was believed of one person be looked up anew.
    pub fn forget(&self, person: UserId) {
        if let Some(epoch) = self.share(person) {
            epoch.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn share(&self, person: UserId) -> Option<&AtomicU64> {
        let mut hasher = DefaultHasher::new();
        person.hash(&mut hasher);
        let shares = u64::try_from(SHARES).unwrap_or(1);
        self.people
            .get(usize::try_from(hasher.finish() % shares).unwrap_or_default())
    }

    /// Moves whenever something is changed that concerns everybody, or whoever is named.
    fn epoch(&self, person: Option<UserId>) -> u64 {
        let own = person.and_then(|person| self.share(person));
        // Both only grow, so that the sum stays the same only where neither moved.
        self.epoch.load(Ordering::SeqCst) + own.map_or(0, |own| own.load(Ordering::SeqCst))
    }

    async fn believe<K, V>(
        &self,
        person: Option<UserId>,
        cache: &Cache<K, Believed<V>>,
        key: K,
        look_up: impl Future<Output = Result<V, Fault>>,
    ) -> Result<V, Fault>
    where
        K: std::hash::Hash + Eq + Clone,
        V: Clone,
    {
        let epoch = self.epoch(person);
        if let Some(known) = cache.get(&key)
            && known.epoch == epoch
            && known.since.elapsed() < BELIEVED
        {
            return Ok(known.value);
        }
        // The epoch is from before the look-up: what changes meanwhile makes it stale at birth.
        let since = Instant::now();
        let value = look_up.await?;
        cache.insert(
            key,
            Believed {
                value: value.clone(),
                since,
                epoch,
            },
        );
        Ok(value)
    }
}

impl Console {
    /// The client's standing facts, if it exists.
    ///
    /// # Errors
    /// The database's.
    pub async fn client_rights(&self, id: ClientId) -> Result<Option<rights::ClientRights>, Fault> {
        let cache = &self.services().rights;
        cache
            .believe(None, &cache.clients, id, async {
                rights::client(&mut self.db().read().await?, id).await
            })
            .await
    }

    /// The live session of a token's fingerprint, if there is one.
    ///
    /// # Errors
    /// The database's.
    pub async fn session_rights(&self, token_hash: &str) -> Result<Option<rights::SessionRights>, Fault> {
        let now = self.clock().now();
        let found = rights::session(&mut self.db().read().await?, token_hash).await?;
        Ok(found.filter(|session| session.expires_at > now))
    }

    /// The session of a person that asked for an access token, if it is still there.
    ///
    /// # Errors
    /// The database's.
    pub async fn token_session(
        &self,
        person: UserId,
        id: SessionId,
    ) -> Result<Option<rights::TokenSession>, Fault> {
        let cache = &self.services().rights;
        let found = cache
            .believe(Some(person), &cache.sessions, id, async {
                Ok(rights::token_session(&mut self.db().read().await?, id).await?)
            })
            .await?;
        Ok(found.filter(|session| session.expires_at > self.clock().now()))
    }

    /// Notes in the background, and once a minute at most, that a session is used: nobody waits for it.
    pub fn session_used(&self, session: &rights::SessionRights, ip: Option<String>) {
        let (id, now) = (session.session_id, self.clock().now());
        let unless = now.saturating_sub(LAST_USED);
        if session.last_used_at > unless {
            return;
        }
        let console = self.clone();
        tokio::spawn(async move {
            let noted = console.db().write(move |tx| {
                let ip = ip.clone();
                Box::pin(async move { Ok(store::sessions::used(tx, id, ip, now, unless).await?) })
            });
            if noted.await.is_err() {
                tracing::warn!("when a session was last used cannot be written");
            }
        });
    }

    /// A person's standing facts as they are at this moment.
    ///
    /// # Errors
    /// The database's.
    pub async fn user_rights_now(
        &self,
        id: UserId,
        organization: Option<OrganizationId>,
    ) -> Result<Option<rights::UserRights>, Fault> {
        Ok(rights::user(&mut self.db().read().await?, id, organization).await?)
    }

    /// A person's standing facts, in the tenant and in one organization; `None` when there is no such person.
    ///
    /// # Errors
    /// The database's.
    pub async fn user_rights(
        &self,
        id: UserId,
        organization: Option<OrganizationId>,
    ) -> Result<Option<rights::UserRights>, Fault> {
        let cache = &self.services().rights;
        cache
            .believe(Some(id), &cache.users, (id, organization), async {
                Ok(rights::user(&mut self.db().read().await?, id, organization).await?)
            })
            .await
    }

    pub(crate) async fn application_is_in(
        &self,
        app: ApplicationId,
        organization: OrganizationId,
    ) -> Result<bool, Fault> {
        let cache = &self.services().rights;
        cache
            .believe(None, &cache.applications, (app, organization), async {
                Ok(rights::application_is_in(&mut self.db().read().await?, app, organization).await?)
            })
            .await
    }
}
