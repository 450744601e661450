//! The only place that turns a caller into a permit.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use guildhall::caller::{ActorKind, Caller, ClientKind, UserCaller};
use guildhall::error::Error;
use guildhall::id::{ApplicationId, ClientId, OrganizationId, UserId};
use guildhall::operation::Scope;
use guildhall::policy::{Permission, Standing, allows};
use quick_cache::sync::Cache;

use crate::console::Console;
use crate::fault::Fault;
use crate::store::rights;

/// How long a right that was looked up is believed: what changes it here moves the epoch at once, what changes it
/// on another node is seen within this time.
const BELIEVED: Duration = Duration::from_millis(500);

/// The proof that the policy allows a caller an operation in a scope. Store functions take it instead of a bare id.
#[derive(Debug, Clone)]
pub struct Permit {
    standing: Standing,
    scope: Scope,
    actor_kind: ActorKind,
    actor_id: Option<String>,
    user: Option<UserCaller>,
    only_application: Option<ApplicationId>,
}

impl Permit {
    /// How the caller stands to the scope.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// The organization of the scope.
    ///
    /// # Errors
    /// When the operation belongs to none: a mistake of ours.
    pub fn organization(&self) -> Result<OrganizationId, Fault> {
        match self.scope {
            Scope::Organization(id) | Scope::OrganizationApplication(id, _) => Ok(id),
            _ => Err(Fault::Broken(anyhow::anyhow!(
                "this permit is for no organization"
            ))),
        }
    }

    /// The application of the scope.
    ///
    /// # Errors
    /// When the operation belongs to none: a mistake of ours.
    pub fn application(&self) -> Result<ApplicationId, Fault> {
        match self.scope {
            Scope::Application(id) | Scope::OrganizationApplication(_, id) => Ok(id),
            _ => Err(Fault::Broken(anyhow::anyhow!(
                "this permit is for no application"
            ))),
        }
    }

    /// The person of the scope.
    ///
    /// # Errors
    /// When the operation belongs to nobody: a mistake of ours.
    pub fn person(&self) -> Result<UserId, Fault> {
        match (self.scope, &self.user) {
            (Scope::User(id), _) => Ok(id),
            (Scope::Own, Some(user)) => Ok(user.user_id),
            _ => Err(Fault::Broken(anyhow::anyhow!("this permit is for no person"))),
        }
    }

    /// The signed-in person who asks, where it is one.
    pub fn user(&self) -> Option<&UserCaller> {
        self.user.as_ref()
    }

    /// The one application that an application's client sees; everybody else sees all.
    pub fn only_application(&self) -> Option<ApplicationId> {
        self.only_application
    }

    /// The one organization that an organization's token sees; everybody else sees all that is theirs.
    pub fn only_organization(&self) -> Option<OrganizationId> {
        self.user.as_ref().and_then(|user| user.only_organization)
    }

    /// The actor, for the audit.
    pub fn actor(&self) -> (ActorKind, Option<&str>) {
        (self.actor_kind, self.actor_id.as_deref())
    }
}

/// What was looked up of somebody's rights, believed for a moment.
pub struct Rights {
    epoch: AtomicU64,
    users: Cache<(UserId, Option<OrganizationId>), Believed<Option<rights::UserRights>>>,
    applications: Cache<(ApplicationId, OrganizationId), Believed<bool>>,
    clients: Cache<ClientId, Believed<Option<rights::ClientRights>>>,
    sessions: Cache<String, Believed<Option<rights::SessionRights>>>,
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

    async fn believe<K, V>(
        &self,
        cache: &Cache<K, Believed<V>>,
        key: K,
        look_up: impl Future<Output = Result<V, Fault>>,
    ) -> Result<V, Fault>
    where
        K: std::hash::Hash + Eq + Clone,
        V: Clone,
    {
        let epoch = self.epoch.load(Ordering::SeqCst);
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
            .believe(&cache.clients, id, async {
                rights::client(&mut self.db().read().await?, id).await
            })
            .await
    }

    /// The live session of a token's fingerprint, if there is one.
    ///
    /// # Errors
    /// The database's.
    pub async fn session_rights(&self, token_hash: String) -> Result<Option<rights::SessionRights>, Fault> {
        let cache = &self.services().rights;
        let now = self.clock().now();
        let found = cache
            .believe(&cache.sessions, token_hash.clone(), async {
                rights::session(&mut self.db().read().await?, &token_hash).await
            })
            .await?;
        Ok(found.filter(|session| session.expires_at > now))
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
            .believe(&cache.users, (id, organization), async {
                Ok(rights::user(&mut self.db().read().await?, id, organization).await?)
            })
            .await
    }

    async fn application_is_in(
        &self,
        app: ApplicationId,
        organization: OrganizationId,
    ) -> Result<bool, Fault> {
        let cache = &self.services().rights;
        cache
            .believe(&cache.applications, (app, organization), async {
                Ok(rights::application_is_in(&mut self.db().read().await?, app, organization).await?)
            })
            .await
    }
}

/// Lets a caller in, or says why not: 401 for nobody, 404 for what the caller may not even see, 403 for the rest.
///
/// # Errors
/// The refusal, or the database's.
pub async fn authorize(
    console: &Console,
    caller: &Caller,
    permission: Permission,
    scope: Scope,
) -> Result<Permit, Fault> {
    let (standing, actor_kind, actor_id) = match caller {
        Caller::System => (Standing::System, ActorKind::System, None),
        Caller::Anonymous => (Standing::Anonymous, ActorKind::Anonymous, None),
        Caller::User(user) => (
            user_standing(console, user, scope).await?,
            ActorKind::User,
            Some(user.user_id.to_string()),
        ),
        Caller::Client(client) => {
            let standing = match client.kind {
                ClientKind::Management => Standing::ManagementClient,
                ClientKind::Application(app) => application_standing(console, app, scope).await?,
            };
            (standing, ActorKind::Client, Some(client.client_id.to_string()))
        }
    };
    if !allows(standing, permission) {
        return Err(refusal(caller, standing, permission, scope).into());
    }
    let needed = permission.scope();
    let held = match caller {
        Caller::Client(client) => Some(&client.scopes),
        Caller::User(user) => user.scopes.as_ref(),
        _ => None,
    };
    if let Some(held) = held
        && !needed.is_empty()
        && !held.iter().any(|scope| scope == needed)
    {
        return Err(Error::forbidden(format!("The token lacks the scope {needed}."))
            .because("insufficient_scope")
            .into());
    }
    Ok(Permit {
        standing,
        scope,
        actor_kind,
        actor_id,
        user: match caller {
            Caller::User(user) => Some(user.clone()),
            _ => None,
        },
        only_application: match caller {
            Caller::Client(client) => match client.kind {
                ClientKind::Application(app) => Some(app),
                ClientKind::Management => None,
            },
            _ => None,
        },
    })
}

fn refusal(caller: &Caller, standing: Standing, permission: Permission, scope: Scope) -> Error {
    if matches!(caller, Caller::Anonymous) {
        return Error::unauthenticated();
    }
    let concerns = match scope {
        Scope::Organization(_) | Scope::OrganizationApplication(..) => Some("organization"),
        Scope::Application(_) => Some("application"),
        Scope::User(_) => Some("user"),
        Scope::Public | Scope::Own | Scope::Tenant => None,
    };
    // A program whose kind of token can never do this is told so; a stranger is not told that the thing exists.
    let hopeless = matches!(caller, Caller::Client(_)) && !allows(Standing::ApplicationClient, permission);
    match concerns {
        Some(what) if !standing.sees() && !hopeless => Error::not_found(what),
        _ if matches!(caller, Caller::Client(_)) => {
            Error::forbidden("This kind of access token may not do this.").because("wrong_token_kind")
        }
        _ => Error::forbidden("You may not do this."),
    }
}

async fn user_standing(console: &Console, user: &UserCaller, scope: Scope) -> Result<Standing, Fault> {
    let organization = match scope {
        Scope::Organization(id) | Scope::OrganizationApplication(id, _) => Some(id),
        _ => None,
    };
    let Some(rights) = console.user_rights(user.user_id, organization).await? else {
        return Err(Error::unauthenticated().into());
    };
    if !rights.active {
        return Err(Error::unauthenticated().into());
    }
    match scope {
        Scope::Public => return Ok(Standing::Stranger),
        Scope::Own => return Ok(Standing::Oneself),
        _ if rights.must_change_password => {
            return Err(Error::forbidden("Change your password first.")
                .because("password_must_change")
                .into());
        }
        _ => {}
    }
    let tied = user.only_organization.is_some() || user.scopes.is_some();
    // A user's access token stands for a membership or a profile, never for the tenant.
    if rights.tenant_admin && !tied {
        return Ok(Standing::TenantAdmin);
    }
    Ok(match scope {
        Scope::User(id) if id == user.user_id => Standing::Oneself,
        Scope::Organization(id) | Scope::OrganizationApplication(id, _) => {
            let visible = user.only_organization.is_none_or(|only| only == id);
            match rights.membership {
                Some(rights::MembershipRights {
                    enabled: true,
                    admin: true,
                }) if visible => Standing::OrganizationAdmin,
                Some(rights::MembershipRights {
                    enabled: true,
                    admin: false,
                }) if visible => Standing::Member,
                // They know that it exists: no reason to hide why it is closed to them.
                Some(rights::MembershipRights { enabled: false, .. }) if visible => {
                    return Err(not_enabled().into());
                }
                _ => Standing::Stranger,
            }
        }
        _ => Standing::Stranger,
    })
}

/// The refusal of a member whose organization is disabled, or whose membership is suspended.
pub fn not_enabled() -> Error {
    Error::forbidden("This organization is disabled, or your membership in it is suspended.")
        .because("membership_not_enabled")
}

async fn application_standing(
    console: &Console,
    app: ApplicationId,
    scope: Scope,
) -> Result<Standing, Fault> {
    let sees = match scope {
        Scope::Public => return Ok(Standing::Stranger),
        Scope::Own | Scope::Tenant => false,
        Scope::Application(id) => id == app,
        Scope::Organization(id) => console.application_is_in(app, id).await?,
        Scope::OrganizationApplication(id, wanted) => {
            wanted == app && console.application_is_in(app, id).await?
        }
        // Which people it sees is the store's to narrow: those who are in its organizations.
        Scope::User(_) => true,
    };
    Ok(if sees {
        Standing::ApplicationClient
    } else {
        Standing::Stranger
    })
}
