//! What happens to members.

use guildhall::caller::Request;
use guildhall::contact::{Email, Username};
use guildhall::error::Error;
use guildhall::id::{ApplicationId, RoleId, UserId};
use guildhall::members::*;
use guildhall::page::Page;
use guildhall::policy::Permission;
use guildhall::users::{CreateUser, User, UserStatus};
use serde_json::json;

use super::inviting::{follow_roles, invite, is_the_tenant, may_join_unasked, show_roles};
use super::membership::{assignable, beyond_ones_rights, is_acting_admin, require_admins_left};
use super::users::{details, hash_credentials, identifiers, new_password, require_identity};
use super::{changed, cleared, found};
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform, Prepared};
use crate::fault::Fault;
use crate::services::Services;
use crate::store::memberships::Details;
use crate::store::{self, Db, Tx, accounts, people};

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
                found(
                    store::organizations::exists(tx, organization)
                        .await?
                        .then_some(()),
                    "organization",
                )?;
                given.map_err(|fault| beyond_ones_rights(permit, fault))?
            }
        };
        if let Some(access) = &self.delegated_access {
            found(people::get(tx, access.actor_id).await?, "user")
                .map_err(|_| Error::field("delegated_access.actor_id", "is nobody"))?;
        }

        let mut invited = input.email.as_ref().map(ToString::to_string);
        // Most are new: they are looked for only where they cannot be added.
        let new = match require_identity(&input) {
            Ok(()) => self.create_person(permit, tx, cx).await?,
            Err(_) => None,
        };
        let person = match new {
            Some(person) => person,
            None => match people::find(tx, &identifiers(&input)).await?.as_slice() {
                [one] => {
                    let person = found(people::get(tx, *one).await?, "user")?;
                    if contradicts(&input, &person) {
                        return Err(identifiers_disagree().into());
                    }
                    if !self.send_invite && !may_join_unasked(permit, tx, &input, &person).await? {
                        return Err(invitation_required().into());
                    }
                    invited = person.email.map(|email| email.value);
                    *one
                }
                [] => {
                    require_identity(&input)?;
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
            if joined || invited_before {
                show_roles(permit, tx, person, &given).await?;
            }
            // Somebody known is invited at the address that is theirs, whatever the request says.
            let invited = invited.ok_or_else(|| Error::field("email", "is not known of this person"))?;
            invite(permit, tx, cx, person, &invited, &given).await?;
        } else {
            for (role, app) in &given {
                store::memberships::add_role(tx, permit, person, *role, *app).await?;
            }
        }
        if new.is_none() {
            cx.rights_of(person);
        }
        // Read as the whole organization has them: a client whose roles are all built in still gets its answer.
        let member = found(store::members::get_whole(tx, permit, person).await?, "member")?;
        cx.changed(
            Change::of("member", person, member.label())
                .within(organization)
                .after(&summary(&member)),
        );
        Ok(member)
    }
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

/// A member as the audit keeps it: the membership, not the whole person.
fn summary(member: &Member) -> serde_json::Value {
    json!({
        "email": member.email.as_ref().map(|email| &email.value),
        "status": member.member_status,
        "enabled": member.organization_information.enabled,
        "department": member.organization_information.department,
        "title": member.organization_information.title,
        "manager": member.organization_information.manager,
        "roles": member.roles.iter().map(|role| role.role_name.clone()).collect::<Vec<_>>(),
    })
}

async fn member(tx: &mut Tx, permit: &Permit, id: UserId) -> Result<Member, Fault> {
    Ok(found(store::members::get(tx, permit, id).await?, "member")?)
}

impl Perform for ListMembers {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Page<Member>, Fault> {
        let page = store::members::list(tx, permit, &self).await?;
        // An empty page may be an organization that is not there; whoever was let in by membership knows it is.
        if page.items.is_empty() {
            found(
                store::organizations::exists(tx, self.organization_id)
                    .await?
                    .then_some(()),
                "organization",
            )?;
        }
        Ok(page)
    }
}

impl Perform for GetMember {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Member, Fault> {
        member(tx, permit, self.user_id).await
    }
}

impl Perform for UpdateMember {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Member, Fault> {
        store::organizations::guard_admins(tx, self.organization_id).await?;
        let before = member(tx, permit, self.user_id).await?;
        cx.require_match(&before.version.to_string())?;
        let current = before.organization_information.clone();
        let details = Details {
            enabled: self.enabled.unwrap_or(current.enabled),
            accepted: true,
            department: changed(self.department, current.department),
            title: changed(self.title, current.title),
            manager: changed(self.manager, current.manager),
            delegated_access: None,
        };
        store::memberships::update(tx, permit, self.user_id, &details, cx.now).await?;
        if details.enabled != current.enabled {
            cx.rights_of(self.user_id);
            if is_acting_admin(&before) && !details.enabled {
                require_admins_left(tx, &[self.organization_id]).await?;
            }
        }
        let after = member(tx, permit, self.user_id).await?;
        let change = Change::of("member", self.user_id, after.label()).within(self.organization_id);
        cx.changed(change.before(&summary(&before)).after(&summary(&after)));
        Ok(after)
    }
}

impl Perform for RemoveMember {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        remove(permit, tx, cx, self.user_id).await
    }
}

async fn remove(permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>, id: UserId) -> Result<(), Fault> {
    let organization = permit.organization()?;
    store::organizations::guard_admins(tx, organization).await?;
    let before = member(tx, permit, id).await?;
    cx.require_match(&before.version.to_string())?;
    let change = Change::of("member", id, before.label())
        .within(organization)
        .before(&summary(&before));
    if let Some(app) = permit.only_application() {
        store::grants::end_in_application(tx, id, organization, app).await?;
        store::memberships::remove_roles_in(tx, permit, id, app).await?;
        store::invitations::revoke_all(tx, organization, Some(id), Some(app), cx.now).await?;
        store::memberships::touch(tx, permit, id, cx.now).await?;
        let after = found(store::members::get_whole(tx, permit, id).await?, "member")?;
        cx.changed(change.after(&summary(&after)));
    } else {
        store::memberships::delete(tx, permit, id, cx.now, cx.random()).await?;
        if is_acting_admin(&before) {
            require_admins_left(tx, &[organization]).await?;
        }
        cx.changed(change);
    }
    cx.rights_of(id);
    Ok(())
}

impl Perform for SetMemberRoles {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let given = assignable(tx, permit, &self.role_ids, Some(self.app_id)).await;
        // An organization that may give a role of the application is there, and has it.
        if !given
            .as_ref()
            .is_ok_and(|given| given.iter().any(|(_, app)| app.is_some()))
        {
            let organization = store::organizations::get(tx, permit, self.organization_id).await?;
            if !found(organization, "organization")?
                .app_ids
                .contains(&self.app_id)
            {
                return Err(Error::not_found("application of this organization").into());
            }
        }
        let before = member(tx, permit, self.user_id).await?;
        cx.require_match(&before.version.to_string())?;
        store::memberships::remove_roles_in(tx, permit, self.user_id, self.app_id).await?;
        for (role, app) in given? {
            store::memberships::add_role(tx, permit, self.user_id, role, app).await?;
        }
        roles_changed(permit, tx, cx, &before).await
    }
}

/// What every change of a member's roles ends with.
async fn roles_changed(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    before: &Member,
) -> Result<(), Fault> {
    store::memberships::touch(tx, permit, before.user_id, cx.now).await?;
    let after = member(tx, permit, before.user_id).await?;
    if store::memberships::is_accepted(tx, permit, before.user_id).await? == Some(false) {
        follow_roles(permit, tx, &after).await?;
    }
    cx.rights_of(before.user_id);
    let change = Change::of("member", before.user_id, after.label()).within(permit.organization()?);
    cx.changed(change.before(&summary(before)).after(&summary(&after)));
    Ok(())
}

impl Perform for SetOrganizationAdmin {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        store::organizations::guard_admins(tx, self.organization_id).await?;
        let before = member(tx, permit, self.user_id).await?;
        cx.require_match(&before.version.to_string())?;
        if self.admin {
            store::memberships::add_role(tx, permit, self.user_id, RoleId::OrganizationAdmin, None).await?;
        } else {
            store::memberships::remove_role(tx, permit, self.user_id, RoleId::OrganizationAdmin).await?;
            if is_acting_admin(&before) {
                require_admins_left(tx, &[self.organization_id]).await?;
            }
        }
        roles_changed(permit, tx, cx, &before).await
    }
}

impl Perform for ChangeMembers {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Changed, Fault> {
        if self.user_ids.is_empty() || self.user_ids.len() > 100 {
            return Err(Error::field("user_ids", "must name 1 to 100 members").into());
        }
        // Whatever is done to many asks for what doing it to one asks for.
        permit.require(match self.action {
            BulkAction::Remove => Permission::RemoveMembers,
            BulkAction::Suspend | BulkAction::Reinstate => Permission::UpdateMembers,
            BulkAction::AssignRole => Permission::AssignRoles,
        })?;
        let mut ids = self.user_ids.clone();
        ids.sort();
        ids.dedup();
        for id in &ids {
            match self.action {
                BulkAction::Remove => remove(permit, tx, cx, *id).await?,
                BulkAction::Suspend | BulkAction::Reinstate => {
                    let update = UpdateMember {
                        organization_id: self.organization_id,
                        user_id: *id,
                        enabled: Some(self.action == BulkAction::Reinstate),
                        department: None,
                        title: None,
                        manager: None,
                    };
                    update.perform(permit, tx, cx).await?;
                }
                BulkAction::AssignRole => {
                    let role = self
                        .role_id
                        .ok_or_else(|| Error::field("role_id", "is required to assign a role"))?;
                    let before = member(tx, permit, *id).await?;
                    for (role, app) in assignable(tx, permit, &[role], None).await? {
                        store::memberships::add_role(tx, permit, *id, role, app).await?;
                    }
                    roles_changed(permit, tx, cx, &before).await?;
                }
            }
        }
        Ok(Changed {
            changed: u64::try_from(ids.len()).unwrap_or_default(),
        })
    }
}

impl Perform for GetMemberAccess {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Vec<ApplicationAccess>, Fault> {
        let member = member(tx, permit, self.user_id).await?;
        let permissions = store::members::permissions(tx, permit, self.user_id).await?;
        let applications = store::organization_applications::list(tx, self.organization_id).await?;
        let access = |(app_id, app_name): (ApplicationId, String)| ApplicationAccess {
            app_id,
            app_name,
            roles: member
                .roles
                .iter()
                .filter(|role| role.app_id == Some(app_id))
                .map(|role| AccessRole {
                    role_id: role.role_id,
                    role_name: role.role_name.clone(),
                    permissions: permissions
                        .iter()
                        .filter(|(of, _)| *of == role.role_id)
                        .map(|(_, permission)| permission.clone())
                        .collect(),
                })
                .collect(),
        };
        let visible = |app: ApplicationId| permit.only_application().is_none_or(|only| only == app);
        Ok(applications
            .into_iter()
            .filter(|(app, _)| visible(*app))
            .map(access)
            .collect())
    }
}

impl Perform for ListMemberships {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<Membership>, Fault> {
        let seen = match permit.only_application() {
            Some(app) => people::is_in_application(tx, self.user_id, app).await?,
            None => people::get(tx, self.user_id).await?.is_some(),
        };
        found(seen.then_some(()), "user")?;
        store::memberships::of_person(tx, permit, &self).await
    }
}
