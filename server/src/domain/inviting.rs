//! What happens to invitations on the side of those who invite.
//!
//! **Who joins without being asked.** Whoever is invited is no member before they accept: the membership is there, listed as
//! pending, and allows nothing, whether the person is new or known, and whatever password somebody gave them. Somebody known
//! whose address or number was proved, or whose account the tenant made, may also be added without an invitation; any other
//! only by the tenant, for else one organization could make an account in somebody's name and wait to be let in elsewhere.

use guildhall::error::Error;
use guildhall::id::{ApplicationId, CustomRoleId, InvitationId, OrganizationId, RoleId, UserId};
use guildhall::invitations::*;
use guildhall::members::Member;
use guildhall::page::Page;
use guildhall::policy::Standing;
use guildhall::secret::Secret;
use guildhall::users::{CreateUser, PersonName, User};
use serde_json::json;

use super::invitation_way::renew;
use super::membership::{Given, assignable, beyond_ones_rights, require_still_administers};
use super::taking_back::invited_no_more;
use super::{found, organizations};
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::mail::{Content, Letter};
use crate::store::invitations::Invited;
use crate::store::{self, Tx, invitations, people};

/// Whether somebody known may be taken in without an invitation, by what names them in the request.
pub(super) async fn may_join_unasked(
    permit: &Permit,
    tx: &mut Tx,
    input: &CreateUser,
    person: &User,
) -> Result<bool, Fault> {
    let address_proved =
        input.email.is_some() && person.email.as_ref().is_some_and(|email| email.email_verified);
    let number_proved = input.phone_number.is_some()
        && person
            .phone_number
            .as_ref()
            .is_some_and(|phone| phone.phone_number_verified);
    Ok(is_the_tenant(permit)
        || address_proved
        || number_proved
        || store::accounts::is_vouched(tx, person.user_id).await?)
}

/// Whether the caller speaks for the tenant, rather than for one organization or application.
pub(super) fn is_the_tenant(permit: &Permit) -> bool {
    !matches!(
        permit.standing(),
        Standing::OrganizationAdmin | Standing::ApplicationClient
    )
}

/// Invites somebody to each application that the roles are of, with one mail each. Built-in roles ride along with the
/// applications' invitations; alone, they have one of their own.
pub(super) async fn invite(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    person: UserId,
    (email, name): (&str, Option<&PersonName>),
    given: &[Given],
) -> Result<(), Fault> {
    let mut apps: Vec<Option<ApplicationId>> = given.iter().map(|(_, app)| *app).collect();
    apps.sort();
    apps.dedup();
    if apps.len() > 1 {
        apps.retain(Option::is_some);
    }
    let user = found(people::get(tx, person).await?, "user")?;
    for app in apps {
        let roles: Vec<RoleId> = given
            .iter()
            .filter(|(_, of)| of.is_none() || *of == app)
            .map(|(role, _)| *role)
            .collect();
        let invited = Invited {
            app,
            person,
            email,
            name,
            roles: &roles,
            expires_at: cx.now.saturating_add(LIFETIME),
        };
        let id = InvitationId::compose(cx.now, cx.random());
        let id = invitations::invite(tx, permit, id, &invited, cx.now).await?;
        send(permit, tx, cx, id, &user).await?;
    }
    Ok(())
}

/// Who asks, as a mail names them; nobody where it is a program.
pub(super) async fn caller_name(permit: &Permit, tx: &mut Tx) -> Result<Option<String>, Fault> {
    Ok(match permit.user() {
        Some(user) => people::get(tx, user.user_id).await?.map(|user| user.label()),
        None => None,
    })
}

/// Gives an invitation a new link and mails it.
pub(super) async fn send(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    id: InvitationId,
    person: &User,
) -> Result<(), Fault> {
    let organization = permit.organization()?;
    let invitation = found(
        invitations::get_whole(tx, permit, id, cx.now).await?,
        "invitation",
    )?;
    // The program itself fills a demonstration, whose mail reaches nobody.
    if permit.standing() != Standing::System {
        let mail = &cx.services.mail;
        mail.admit(tx, Some(organization), &invitation.email, cx.now)
            .await?;
    }
    let organization_name = organizations::organization(permit, tx, organization)
        .await?
        .label()
        .to_owned();
    let renewed = renew(tx, cx, id, true).await?;
    let (link, expires_at) = (renewed.link, renewed.expires_at);
    let content = Content::Invitation {
        organization: organization_name,
        app: invitation.app_name,
        invited_by: match renewed.inviter_name {
            Some(name) => Some(name),
            None => caller_name(permit, tx).await?,
        },
        roles: invitation
            .roles
            .iter()
            .map(|role| role.label().to_owned())
            .collect(),
        link,
        expires_at,
    };
    cx.send(
        Letter::to(invitation.email, content)
            .for_user(person)
            .within(organization)
            .about(id),
    );
    Ok(())
}

/// Keeps a pending member's invitations in step with the roles that somebody gave them meanwhile.
pub(super) async fn follow_roles(permit: &Permit, tx: &mut Tx, member: &Member) -> Result<(), Fault> {
    let organization = permit.organization()?;
    for waiting in invitations::waiting_of(tx, organization, member.user_id).await? {
        let named = |role: &RoleId| waiting.gives_all && waiting.roles.contains(role);
        let roles: Vec<RoleId> = member
            .roles
            .iter()
            .filter(|role| role.app_id.is_none() || role.app_id == waiting.app || named(&role.role_id))
            .map(|role| role.role_id)
            .collect();
        invitations::set_roles(tx, permit, waiting.id, &roles).await?;
    }
    Ok(())
}

/// Keeps a member's waiting invitation into an application in step with the roles that they have there now: what was taken
/// away, no invitation brings back.
pub(super) async fn follow_roles_in(
    permit: &Permit,
    tx: &mut Tx,
    cx: &Context<'_>,
    member: &Member,
    app: ApplicationId,
) -> Result<(), Fault> {
    let organization = permit.organization()?;
    let roles = member.roles.iter().filter(|role| role.app_id == Some(app));
    let roles: Vec<RoleId> = roles.map(|role| role.role_id).collect();
    for waiting in invitations::waiting_of(tx, organization, member.user_id).await? {
        if waiting.gives_all {
            let lost = of_application(tx, organization, &waiting.roles, app).await?;
            let mut kept = waiting.roles;
            kept.retain(|role| roles.contains(role) || !lost.contains(role));
            invitations::set_roles(tx, permit, waiting.id, &kept).await?;
        } else if waiting.app == Some(app) && roles.is_empty() {
            invitations::revoke(tx, permit, waiting.id, cx.now).await?;
        } else if waiting.app == Some(app) {
            invitations::set_roles(tx, permit, waiting.id, &roles).await?;
        }
    }
    Ok(())
}

/// Those of some roles that are of an application.
async fn of_application(
    tx: &mut Tx,
    organization: OrganizationId,
    roles: &[RoleId],
    app: ApplicationId,
) -> Result<Vec<RoleId>, Fault> {
    let custom: Vec<CustomRoleId> = roles
        .iter()
        .filter_map(|role| match role {
            RoleId::Custom(id) => Some(*id),
            _ => None,
        })
        .collect();
    let among = store::organization_roles::assignable_among(tx, organization, &custom).await?;
    let of_it = among.into_iter().filter(|(_, of)| *of == app);
    Ok(of_it.map(|(role, _)| RoleId::Custom(role)).collect())
}

/// Shows a pending member with the roles that they are invited as: those of these applications, and the built-in ones, in
/// place of earlier ones.
pub(super) async fn show_roles(
    permit: &Permit,
    tx: &mut Tx,
    person: UserId,
    given: &[Given],
) -> Result<(), Fault> {
    for built_in in [RoleId::OrganizationAdmin, RoleId::OrganizationMember] {
        store::memberships::remove_role(tx, permit, person, built_in).await?;
    }
    let mut apps: Vec<ApplicationId> = given.iter().filter_map(|(_, app)| *app).collect();
    apps.dedup();
    for app in apps {
        store::memberships::remove_roles_in(tx, permit, person, app).await?;
    }
    for (role, app) in given {
        store::memberships::add_role(tx, permit, person, *role, *app).await?;
    }
    Ok(())
}

/// An invitation that still waits, expired or not.
async fn open(permit: &Permit, tx: &mut Tx, cx: &Context<'_>, id: InvitationId) -> Result<Invitation, Fault> {
    let invitation = found(invitations::get(tx, permit, id, cx.now).await?, "invitation")?;
    if !invitation.status.is_open() {
        return Err(Error::conflict(
            "invitation_is_over",
            format!("This invitation was {} already.", invitation.status.as_str()),
        )
        .into());
    }
    Ok(invitation)
}

/// An invitation as the audit keeps it.
pub(super) fn summary(invitation: &Invitation) -> serde_json::Value {
    json!({
        "email": invitation.email,
        "app": invitation.app_name,
        "status": invitation.status,
        "expires_at": invitation.expires_at,
        "roles": invitation.roles.iter().map(|role| role.role_name.clone()).collect::<Vec<_>>(),
    })
}

/// What every change of an invitation ends with.
async fn changed(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    before: &Invitation,
) -> Result<Invitation, Fault> {
    let id = before.invitation_id;
    let after = found(invitations::get(tx, permit, id, cx.now).await?, "invitation")?;
    cx.changed(
        Change::of("invitation", id, &after.name)
            .within(after.organization_id)
            .before(&summary(before))
            .after(&summary(&after)),
    );
    Ok(after)
}

impl Perform for ListInvitations {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<Page<Invitation>, Fault> {
        let page = invitations::list(tx, permit, &self, cx.now).await?;
        if page.items.is_empty() {
            organizations::exists(tx, self.organization_id).await?;
        }
        Ok(page)
    }
}

impl Perform for GetInvitation {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Invitation, Fault> {
        organizations::exists(tx, self.organization_id).await?;
        let invitation = invitations::get(tx, permit, self.invitation_id, cx.now).await?;
        Ok(found(
            invitation.filter(|invitation| invitation.status.is_open()),
            "invitation",
        )?)
    }
}

impl Perform for ResendInvitation {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Invitation, Fault> {
        let before = open(permit, tx, cx, self.invitation_id).await?;
        let person = found(people::get(tx, before.user_id).await?, "user")?;
        require_same_address(&before, &person)?;
        send(permit, tx, cx, self.invitation_id, &person).await?;
        changed(permit, tx, cx, &before).await
    }
}

/// The address may have become another one since: then the invitation is to somebody else's mailbox.
fn require_same_address(invitation: &Invitation, person: &User) -> Result<(), Error> {
    let same = person
        .email
        .as_ref()
        .is_some_and(|email| email.value.to_lowercase() == invitation.email.to_lowercase());
    if same {
        return Ok(());
    }
    Err(Error::conflict(
        "address_changed",
        "Their address is another one by now. Revoke this invitation, and invite them again.",
    ))
}

impl Perform for RevokeInvitation {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Invitation, Fault> {
        let before = open(permit, tx, cx, self.invitation_id).await?;
        invitations::revoke(tx, permit, self.invitation_id, cx.now).await?;
        let after = changed(permit, tx, cx, &before).await?;
        let whom = (before.organization_id, before.user_id);
        invited_no_more(tx, cx, whom, self.invitation_id, before.app_id).await?;
        Ok(after)
    }
}

impl Perform for UpdateInvitation {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Invitation, Fault> {
        if self.role_ids.is_empty() {
            return Err(Error::field("role_ids", "must name at least one role").into());
        }
        let before = open(permit, tx, cx, self.invitation_id).await?;
        let given = assignable(tx, permit, &self.role_ids, before.app_id)
            .await
            .map_err(|fault| beyond_ones_rights(permit, fault))?;
        require_still_administers(permit, tx, self.role_ids.contains(&RoleId::OrganizationAdmin)).await?;
        if let (None, Some(at)) = (before.app_id, given.iter().position(|(_, app)| app.is_some())) {
            return Err(Error::field(
                format!("role_ids[{at}]"),
                "is a role of an application, and this invitation is into the organization alone",
            )
            .into());
        }
        if store::memberships::is_accepted(tx, permit, before.user_id).await? == Some(false) {
            if let Some(app) = before.app_id {
                store::memberships::remove_roles_in(tx, permit, before.user_id, app).await?;
            }
            invitations::hide_roles(tx, self.invitation_id).await?;
            show_roles(permit, tx, before.user_id, &given).await?;
            store::memberships::touch(tx, permit, before.user_id, cx.now).await?;
            // The built-in roles are in each of their invitations.
            let known = store::members::get_whole(tx, permit, before.user_id).await?;
            follow_roles(permit, tx, &found(known, "member")?.member).await?;
        } else {
            let roles: Vec<RoleId> = given.iter().map(|(role, _)| *role).collect();
            invitations::set_roles(tx, permit, self.invitation_id, &roles).await?;
        }
        changed(permit, tx, cx, &before).await
    }
}

impl Perform for CopyInvitationLink {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<InvitationLink, Fault> {
        if permit.user().is_none_or(|user| user.session_id.is_none()) {
            return Err(Error::forbidden("A link is shown in the console only.").into());
        }
        let before = open(permit, tx, cx, self.invitation_id).await?;
        // What was sent and did not go yet would bring a dead link.
        store::outbox::cancel(tx, &self.invitation_id.to_string()).await?;
        let renewed = renew(tx, cx, self.invitation_id, false).await?;
        changed(permit, tx, cx, &before).await?;
        Ok(InvitationLink {
            link: Secret::new(renewed.link),
            expires_at: renewed.expires_at,
        })
    }
}
