//! How a caller stands to what they ask for, and what members are told to whom it is closed.

use guildhall::caller::UserCaller;
use guildhall::error::Error;
use guildhall::id::{ApplicationId, OrganizationId};
use guildhall::operation::{Kind, Scope};
use guildhall::policy::{Permission, Standing};

use super::wrong_token_kind;
use crate::console::Console;
use crate::fault::Fault;
use crate::store::rights::{self, Closed};

/// How a person stands: in their session, or with an access token.
pub(super) async fn user_standing(
    console: &Console,
    user: &UserCaller,
    permission: Permission,
    kind: Kind,
    scope: Scope,
) -> Result<Standing, Fault> {
    let organization = match scope {
        Scope::Organization(id) | Scope::OrganizationApplication(id, _) => Some(id),
        _ => None,
    };
    let rights = if user.session_id.is_some() {
        console.user_rights_now(user.user_id, organization).await?
    } else {
        console.user_rights(user.user_id, organization).await?
    };
    let Some(rights) = rights else {
        return Err(Error::unauthenticated().into());
    };
    if !rights.active {
        return Err(Error::unauthenticated().into());
    }
    if scope == Scope::Own && permission == Permission::StepOut {
        return Ok(Standing::Oneself);
    }
    if let Some(viewed) = user.viewing {
        return Ok(viewer_standing(&rights, viewed, permission, kind, scope)?);
    }
    match scope {
        Scope::Public => return Ok(Standing::Stranger),
        Scope::Own if permission == Permission::FinishSignIn => return Ok(Standing::Oneself),
        _ if rights.must_change_password => {
            return Err(Error::forbidden("Change your password first.")
                .because("password_must_change")
                .into());
        }
        // A token for one organization is not for the account of whoever holds it.
        Scope::Own if user.only_organization.is_some() => return Err(wrong_token_kind().into()),
        Scope::Own => return Ok(Standing::Oneself),
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
                // They know that it exists: no reason to hide why it is closed to them.
                Some(rights::MembershipRights {
                    closed: Some(why), ..
                }) if visible => return Err(closed(why).into()),
                // Closed to this session, not to the person: they prove more, or set it up.
                Some(rights::MembershipRights {
                    requires_factor: true,
                    ..
                }) if visible && !user.second_factor => return Err(factor_required().into()),
                Some(rights::MembershipRights { admin: true, .. }) if visible => Standing::OrganizationAdmin,
                Some(_) if visible => Standing::Member,
                _ => Standing::Stranger,
            }
        }
        _ => Standing::Stranger,
    })
}

/// How a session stands that looks at an organization's portal as its administrators see it. It has their right to read
/// there, for as long as whoever looks administers the tenant, and learns who it is; it changes nothing, and nothing else is
/// open to it, whatever the person may do at other times.
///
/// This is the session's rule, and not its holder's. A session that looks gives no access token; one that was taken before,
/// or with another session, is another credential of the same person and goes on as it was: it stands for a profile or a
/// membership, never for the tenant, so that a look widens nothing that it may do.
fn viewer_standing(
    rights: &rights::UserRights,
    viewed: OrganizationId,
    permission: Permission,
    kind: Kind,
    scope: Scope,
) -> Result<Standing, Error> {
    if kind == Kind::Write {
        return Err(only_viewing());
    }
    match scope {
        Scope::Public => Ok(Standing::Stranger),
        Scope::Own if permission == Permission::FinishSignIn => Ok(Standing::Oneself),
        Scope::Organization(id) | Scope::OrganizationApplication(id, _)
            if id == viewed && rights.tenant_admin && !rights.must_change_password =>
        {
            match rights.organization_enabled {
                Some(true) => Ok(Standing::OrganizationAdmin),
                Some(false) => Err(closed(Closed::Disabled)),
                None => Ok(Standing::Stranger),
            }
        }
        _ => Err(only_viewing()),
    }
}

fn only_viewing() -> Error {
    Error::forbidden(
        "You are looking at an organization as its administrators see it: nothing can be changed, and nothing else \
         opened, until you stop viewing.",
    )
    .because("viewing")
}

/// The refusal of a member to whom the organization is closed.
pub fn closed(why: Closed) -> Error {
    match why {
        Closed::Suspended => Error::forbidden("Your membership in this organization is suspended.")
            .because("membership_suspended"),
        Closed::Disabled => {
            Error::forbidden("This organization is disabled.").because("organization_disabled")
        }
    }
}

/// The refusal of a member whose organization asks for a second factor that they have not proved.
pub fn factor_required() -> Error {
    Error::forbidden(
        "This organization requires a second factor. Set one up under My account, Security; or, where you have one, sign in \
         anew with it.",
    )
    .because("factor_required")
}

/// How an application stands that asks with its own credentials.
pub(super) async fn application_standing(
    console: &Console,
    app: ApplicationId,
    scope: Scope,
) -> Result<Standing, Fault> {
    let sees = match scope {
        Scope::Public => return Ok(Standing::Stranger),
        Scope::Own | Scope::Tenant => false,
        Scope::OwnApplication => true,
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

/// How a client stands that an organization itself made: within that organization, and nowhere else.
pub(super) fn organization_client_standing(own: OrganizationId, scope: Scope) -> Standing {
    match scope {
        Scope::Organization(id) | Scope::OrganizationApplication(id, _) if id == own => {
            Standing::OrganizationClient
        }
        _ => Standing::Stranger,
    }
}
