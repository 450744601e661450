//! The only place that turns a caller into a permit.

mod standing;

pub use self::standing::{closed, factor_required};

use guildhall::caller::{ActorKind, Caller, ClientKind, UserCaller};
use guildhall::error::Error;
use guildhall::id::{ApplicationId, OrganizationId, UserId};
use guildhall::operation::{Kind, Scope};
use guildhall::policy::{Permission, Standing, allows, covers};

use self::standing::{application_standing, organization_client_standing, user_standing};
use crate::console::Console;
use crate::fault::Fault;

/// The proof that the policy allows a caller an operation in a scope. Store functions take it instead of a bare id.
#[derive(Debug, Clone)]
pub struct Permit {
    standing: Standing,
    scope: Scope,
    actor_kind: ActorKind,
    actor_id: Option<String>,
    user: Option<UserCaller>,
    only_application: Option<ApplicationId>,
    caller_kind: CallerKind,
    scopes: Option<Vec<String>>,
}

/// What a refusal's sentence depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CallerKind {
    Person,
    Program,
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

    /// Refuses unless the caller has this right, too: for an operation that does several things, or a thing that asks
    /// for more than others of its kind.
    ///
    /// # Errors
    /// 403.
    pub fn require(&self, permission: Permission) -> Result<(), Error> {
        if !allows(self.standing, permission) {
            return Err(match self.caller_kind {
                CallerKind::Program => wrong_token_kind(),
                CallerKind::Person => Error::forbidden("You may not do this."),
            });
        }
        require_scope(self.scopes.as_deref(), permission)
    }

    /// Whether the caller has this right, too.
    pub fn may(&self, permission: Permission) -> bool {
        self.require(permission).is_ok()
    }

    /// The same for one application: whoever speaks for the tenant does so for each of its applications.
    ///
    /// # Errors
    /// When it is for less than the tenant: a mistake of ours.
    pub fn within_application(&self, app: ApplicationId) -> Result<Permit, Fault> {
        match self.scope {
            Scope::Tenant => Ok(Permit {
                scope: Scope::Application(app),
                ..self.clone()
            }),
            _ => Err(Fault::Broken(anyhow::anyhow!(
                "this permit is not for the tenant"
            ))),
        }
    }

    /// Refuses a token that lacks one of the scopes: nobody hands out more than they hold.
    ///
    /// # Errors
    /// 403.
    pub fn require_scopes<'s>(&self, mut scopes: impl Iterator<Item = &'s str>) -> Result<(), Error> {
        let Some(held) = &self.scopes else { return Ok(()) };
        match scopes.find(|scope| !covers(|one| is_among(held, one), scope)) {
            Some(scope) => Err(insufficient_scope(scope)),
            None => Ok(()),
        }
    }

    /// The signed-in person who asks, where it is one.
    pub fn user(&self) -> Option<&UserCaller> {
        self.user.as_ref()
    }

    /// Whether somebody who is invited and has not accepted yet is shown as they are. To the organization that invites
    /// them, and to its applications, they are what the inviter wrote: anybody can be invited by their address.
    pub fn sees_the_invited(&self) -> bool {
        !matches!(
            self.standing,
            Standing::Member
                | Standing::OrganizationAdmin
                | Standing::ApplicationClient
                | Standing::OrganizationClient
        )
    }

    /// Whether the audit says of everybody where they sat, and with what: an organization learns it of its own members.
    pub fn sees_where_all_sat(&self) -> bool {
        self.standing != Standing::OrganizationAdmin
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

/// Refuses, before anything of the request is read, whoever can never have the right, whatever it is asked for. It
/// lets nobody in: [`authorize`] decides on everybody else.
///
/// # Errors
/// 401 for nobody, 403 for a kind of token that this is never for.
pub fn may_ever(caller: &Caller, permission: Permission) -> Result<(), Error> {
    use Standing::{
        Anonymous, ApplicationClient, ManagementClient, Member, Oneself, OrganizationAdmin,
        OrganizationClient, Stranger,
    };
    let possible: &[Standing] = match caller {
        Caller::Anonymous => &[Anonymous],
        Caller::Client(client) => match client.kind {
            ClientKind::Management => &[ManagementClient],
            ClientKind::Application(_) => &[ApplicationClient, Stranger],
            ClientKind::Organization(_) => &[OrganizationClient, Stranger],
        },
        // A person's access token never stands for the tenant.
        Caller::User(user) if user.scopes.is_some() => &[Oneself, Member, OrganizationAdmin, Stranger],
        Caller::User(_) | Caller::System => return Ok(()),
    };
    if possible.iter().any(|standing| allows(*standing, permission)) {
        return Ok(());
    }
    Err(match caller {
        Caller::Anonymous => Error::unauthenticated(),
        _ => wrong_token_kind(),
    })
}

/// Lets a caller in, or says why not: 401 for nobody, 404 for what the caller may not even see, 403 for the rest.
///
/// # Errors
/// The refusal, or the database's.
pub async fn authorize(
    console: &Console,
    caller: &Caller,
    permission: Permission,
    kind: Kind,
    scope: Scope,
) -> Result<Permit, Fault> {
    let (standing, actor_kind, actor_id) = match caller {
        Caller::System => (Standing::System, ActorKind::System, None),
        Caller::Anonymous => (Standing::Anonymous, ActorKind::Anonymous, None),
        Caller::User(user) => (
            user_standing(console, user, permission, kind, scope).await?,
            ActorKind::User,
            Some(user.user_id.to_string()),
        ),
        Caller::Client(client) => {
            let standing = match client.kind {
                ClientKind::Management => Standing::ManagementClient,
                ClientKind::Application(app) => application_standing(console, app, scope).await?,
                ClientKind::Organization(own) => organization_client_standing(own, scope),
            };
            (standing, ActorKind::Client, Some(client.client_id.to_string()))
        }
    };
    if !allows(standing, permission) {
        return Err(refusal(caller, standing, permission, scope).into());
    }
    let held = held_by(caller);
    require_scope(held, permission)?;
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
                ClientKind::Management | ClientKind::Organization(_) => None,
            },
            _ => None,
        },
        caller_kind: match caller {
            Caller::Client(_) => CallerKind::Program,
            _ => CallerKind::Person,
        },
        scopes: held.map(<[String]>::to_vec),
    })
}

/// Whether a token's scopes, where there is a token, have the one that a right needs.
fn require_scope(held: Option<&[String]>, permission: Permission) -> Result<(), Error> {
    match held {
        Some(held) if !permission.is_opened_by(|scope| is_among(held, scope)) => {
            Err(insufficient_scope(permission.scope()))
        }
        _ => Ok(()),
    }
}

fn is_among(held: &[String], scope: &str) -> bool {
    held.iter().any(|one| one == scope)
}

/// The scopes of a caller's token, where there is one.
fn held_by(caller: &Caller) -> Option<&[String]> {
    match caller {
        Caller::Client(client) => Some(client.scopes.as_slice()),
        Caller::User(user) => user.scopes.as_deref(),
        Caller::Anonymous | Caller::System => None,
    }
}

/// Refuses, before anything of the request is read, a token without the scope of a right. It lets nobody in: [`authorize`]
/// decides on everybody else.
///
/// # Errors
/// 403.
pub fn may_hold(caller: &Caller, permission: Permission) -> Result<(), Error> {
    require_scope(held_by(caller), permission)
}

fn insufficient_scope(scope: &str) -> Error {
    Error::forbidden(format!("The token lacks the scope {scope}.")).because("insufficient_scope")
}

fn wrong_token_kind() -> Error {
    Error::forbidden("This kind of access token may not do this.").because("wrong_token_kind")
}

fn refusal(caller: &Caller, standing: Standing, permission: Permission, scope: Scope) -> Error {
    if matches!(caller, Caller::Anonymous) {
        return Error::unauthenticated();
    }
    let concerns = match scope {
        Scope::Organization(_) | Scope::OrganizationApplication(..) => Some("organization"),
        Scope::Application(_) => Some("application"),
        Scope::User(_) => Some("user"),
        Scope::Public | Scope::Own | Scope::OwnApplication | Scope::Tenant => None,
    };
    // A program whose kind of token can never do this is told so; a stranger is not told that the thing exists.
    let hopeless = match caller {
        Caller::Client(client) => {
            let at_best = match client.kind {
                ClientKind::Organization(_) => Standing::OrganizationClient,
                _ => Standing::ApplicationClient,
            };
            !allows(at_best, permission)
        }
        _ => false,
    };
    match concerns {
        Some(what) if !standing.sees() && !hopeless => Error::not_found(what),
        _ if matches!(caller, Caller::Client(_)) => wrong_token_kind(),
        _ => Error::forbidden("You may not do this."),
    }
}
