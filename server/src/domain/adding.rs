//! Adding a member: somebody new, somebody known, or somebody who is invited.

use guildhall::caller::Request;
use guildhall::contact::{Email, Username};
use guildhall::error::Error;
use guildhall::id::{ApplicationId, OrganizationId, RoleId, UserId};
use guildhall::members::{AddMember, Member};
use guildhall::policy::Standing;
use guildhall::users::{CreateUser, User, UserStatus};

use super::inviting::{caller_name, follow_roles, invite, is_the_tenant, may_join_unasked, show_roles};
use super::inviting_through::{Through, invite_through};
use super::members::{change_of, summary};
use super::membership::{Given, assignable, beyond_ones_rights, require_still_administers};
use super::users::{details, hash_credentials, identifiers, new_password, require_identity};
use super::{cleared, found, organizations};
use crate::authorize::Permit;
use crate::console::{Context, Perform, Prepared};
use crate::fault::Fault;
use crate::mail::{Content, Letter};
use crate::services::Services;
use crate::store::memberships::Details;
use crate::store::people::Identifiers;
use crate::store::{self, Db, Tx, accounts, invitations, people};

impl Perform for AddMember {
    async fn prepare(&self, services: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        // Somebody known keeps their password: no reason to spend a hash on them.
        let new = self.credentials.is_none()
            || people::find(&mut db.read().await?, &identifiers(&self.person()))
                .await?
                .is_empty();
        if !new {
            return Ok(Prepared::default());
        }
        hash_credentials(services, db, &self.person(), Some(self.organization_id)).await
    }

    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Member, Fault> {
        self.add(permit, tx, cx, None).await
    }
}

impl AddMemberBy for AddMember {
    async fn add(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
        through: Option<&Through<'_>>,
    ) -> Result<Member, Fault> {
        let organization = self.organization_id;
        if self.role_ids.is_empty() {
            return Err(Error::field("role_ids", "must name at least one role").into());
        }
        if self.send_invite && self.email.is_none() {
            return Err(Error::field(
                "email",
                "is required with send_invite: the invitation is sent to it",
            )
            .into());
        }
        let input = self.person();
        if input.email.is_none() && input.phone_number.is_none() && input.username.is_none() {
            require_identity(&input)?;
        }
        let given = match assignable(tx, permit, &self.role_ids, None).await {
            // An organization that may give a role of an application is there.
            Ok(given) if given.iter().any(|(_, app)| app.is_some()) => given,
            given => {
                organizations::exists(tx, organization).await?;
                given.map_err(|fault| beyond_ones_rights(permit, fault))?
            }
        };
        require_still_administers(permit, tx, self.role_ids.contains(&RoleId::OrganizationAdmin)).await?;
        if let Some(access) = &self.delegated_access {
            found(people::get(tx, access.actor_id).await?, "user")
                .map_err(|_| Error::field("delegated_access.actor_id", "is nobody"))?;
        }

        let mut invited = input.email.as_ref().map(ToString::to_string);
        // Whoever invites for one organization is not told which numbers and ids the owner of an address has.
        let by_address = self.send_invite && !is_the_tenant(permit);
        let asked = if by_address {
            Identifiers {
                email: identifiers(&input).email,
                ..Identifiers::default()
            }
        } else {
            identifiers(&input)
        };
        // Most are new: they are looked for only where they cannot be added.
        let new = match require_identity(&input) {
            Ok(()) => self.create_person(permit, tx, cx).await?,
            Err(_) => None,
        };
        let mut known_before = None;
        let person = match new {
            Some(person) => person,
            None => match people::find(tx, &asked).await?.as_slice() {
                [one] => {
                    let person = found(people::get(tx, *one).await?, "user")?;
                    if !by_address && contradicts(&input, &person) {
                        return Err(identifiers_disagree().into());
                    }
                    if !self.send_invite && !may_join_unasked(permit, tx, &input, &person).await? {
                        return Err(invitation_required().into());
                    }
                    invited = person.email.as_ref().map(|email| email.value.clone());
                    known_before = Some(person);
                    *one
                }
                [] => {
                    require_identity(&input)?;
                    if by_address {
                        return Err(identifiers_disagree().into());
                    }
                    return Err(Error::conflict(
                        "user_identifier_taken",
                        "Somebody with one of these identifiers was there just now. Try again.",
                    )
                    .into());
                }
                _ => return Err(identifiers_disagree().into()),
            },
        };
        let membership = self.organization_information.clone().unwrap_or_default();
        let membership = Details {
            enabled: membership.enabled.unwrap_or(true),
            accepted: !self.send_invite,
            department: cleared(membership.department),
            title: cleared(membership.title),
            manager: cleared(membership.manager),
            delegated_access: self
                .delegated_access
                .as_ref()
                .map(serde_json::to_string)
                .transpose()?,
            typed: self.send_invite.then(|| details(&input)),
        };
        let joined = if new.is_some() {
            store::memberships::insert_first(tx, permit, person, &membership, cx.now, cx.random()).await?;
            true
        } else {
            store::memberships::insert(tx, permit, person, &membership, cx.now, cx.random()).await?
        };
        // An application's client takes somebody who is in the organization into its application.
        let joins_application = !joined
            && permit.only_application().is_some()
            && store::members::get(tx, permit, person).await?.is_none();
        // Whoever was invited and did not accept yet is invited anew, rather than refused.
        let invited_before =
            !joined && store::memberships::is_accepted(tx, permit, person).await? == Some(false);
        let invited_again = invited_before && self.send_invite;
        if !joined && !joins_application && !invited_again {
            return Err(Error::conflict(
                "already_a_member",
                "They are a member of this organization already.",
            )
            .into());
        }
        if self.send_invite {
            if invited_before {
                let into = through.map(|through| through.app);
                hide_replaced(tx, organization, person, into, &given).await?;
            }
            if joined || invited_before {
                show_roles(permit, tx, person, &given).await?;
            }
            // Somebody known is invited at the address that is theirs, whatever the request says.
            let invited = invited.ok_or_else(|| Error::field("email", "is not known of this person"))?;
            // Invited again with the address alone, they keep the name that was written before.
            if let (true, Some(typed)) = (invited_again && input.name.is_some(), &membership.typed) {
                store::memberships::retype(tx, permit, person, typed).await?;
            }
            let called = input.name.as_ref();
            match through {
                None => invite(permit, tx, cx, person, (&invited, called), &given).await?,
                Some(through) => {
                    invite_through(permit, tx, cx, person, (&invited, called), &given, through).await?;
                }
            }
            if invited_again {
                // The built-in roles are in each of their invitations.
                let known = store::members::get_whole(tx, permit, person).await?;
                follow_roles(permit, tx, &found(known, "member")?.member).await?;
            }
        } else {
            for (role, app) in &given {
                store::memberships::add_role(tx, permit, person, *role, *app).await?;
            }
            if let Some(user) = known_before.filter(|_| joined) {
                tell_of_membership(permit, tx, cx, &user).await?;
            }
        }
        if new.is_none() {
            cx.rights_of(person);
        }
        // Read as the whole organization has them: a client whose roles are all built in still gets its answer.
        let known = found(store::members::get_whole(tx, permit, person).await?, "member")?;
        cx.changed(change_of(&known).after(&summary(&known)));
        Ok(known.member)
    }
}

/// Adding somebody as it is asked for, or as a part of something else.
pub(super) trait AddMemberBy {
    /// Adds them, or invites them: through the application of a client where there is one.
    async fn add(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
        through: Option<&Through<'_>>,
    ) -> Result<Member, Fault>;
}

/// Takes from somebody who is invited anew the roles that they were shown with for the invitations whose place that takes: one
/// through a client names roles of other applications, too.
async fn hide_replaced(
    tx: &mut Tx,
    organization: OrganizationId,
    person: UserId,
    into: Option<ApplicationId>,
    given: &[Given],
) -> Result<(), Fault> {
    for waiting in invitations::waiting_of(tx, organization, person).await? {
        let replaced = match into {
            Some(app) => waiting.app == Some(app),
            None => given.iter().any(|(_, app)| *app == waiting.app),
        };
        if replaced {
            invitations::hide_roles(tx, waiting.id).await?;
        }
    }
    Ok(())
}

/// Tells somebody who has an account, and was not asked, that they are a member from now on, and how to leave. The program
/// itself tells nobody: it fills a demonstration.
pub(super) async fn tell_of_membership(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    user: &User,
) -> Result<(), Fault> {
    let Some(email) = user
        .email
        .as_ref()
        .filter(|_| permit.standing() != Standing::System)
    else {
        return Ok(());
    };
    let organization = permit.organization()?;
    // The tenant and its applications may move all their people at once; an organization neither makes a nuisance of this,
    // nor adds people whom it does not reach.
    if permit.standing() == Standing::OrganizationAdmin {
        let mail = &cx.services.mail;
        mail.admit(tx, Some(organization), &email.value, cx.now).await?;
    }
    let content = Content::AddedToOrganization {
        organization: organizations::organization(permit, tx, organization).await?.name,
        added_by: caller_name(permit, tx).await?,
        link: format!("{}/account/organizations", cx.services.public_url),
    };
    cx.send(
        Letter::to(&email.value, content)
            .for_user(user)
            .within(organization),
    );
    Ok(())
}

/// Adding somebody, in parts.
trait Adding {
    /// Adds the person, unless one of the identifiers is somebody's.
    async fn create_person(
        &self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &Context<'_>,
    ) -> Result<Option<UserId>, Fault>;
}

impl Adding for AddMember {
    async fn create_person(
        &self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &Context<'_>,
    ) -> Result<Option<UserId>, Fault> {
        let id = UserId::compose(cx.now, cx.random());
        let status = if self.send_invite {
            UserStatus::Pending
        } else {
            UserStatus::Active
        };
        let password = new_password(self.credentials.as_ref(), &cx.prepared);
        let details = accounts::Details {
            vouched: is_the_tenant(permit),
            ..details(&self.person())
        };
        let added = accounts::insert(tx, id, &details, status, password, cx.now, cx.random()).await?;
        Ok(added.then_some(id))
    }
}

/// Whether the person is known under another identifier of a kind that the input names: then one of the two is
/// somebody else's.
fn contradicts(input: &CreateUser, person: &User) -> bool {
    let other = |asked: Option<String>, known: Option<String>| matches!((asked, known), (Some(asked), Some(known)) if asked != known);
    other(
        input.email.as_ref().map(Email::folded),
        person.email.as_ref().map(|email| email.value.to_lowercase()),
    ) || other(
        input.phone_number.as_ref().map(ToString::to_string),
        person.phone_number.as_ref().map(|phone| phone.value.clone()),
    ) || other(
        input.username.as_ref().map(Username::folded),
        person.username.as_ref().map(|name| name.to_lowercase()),
    ) || other(
        input.external_user_id.as_ref().map(ToString::to_string),
        person.external_user_id.clone(),
    )
}

fn invitation_required() -> Error {
    Error::conflict(
        "invitation_required",
        "They have an account already, and nobody has proved yet that it is theirs: send an invitation to their address.",
    )
}

fn identifiers_disagree() -> Error {
    Error::conflict(
        "user_identifiers_disagree",
        "The address, number, user name and external id belong to different people.",
    )
}
