//! What happens to members once they are there.

use guildhall::assigning::MOST_ROLES;
use guildhall::error::Error;
use guildhall::id::{ApplicationId, RoleId, UserId};
use guildhall::members::*;
use guildhall::page::Page;
use guildhall::policy::Permission;
use serde_json::json;

use super::inviting::{follow_roles, follow_roles_in};
use super::membership::{assignable, is_acting_admin, require_still_administers, stopped_administering};
use super::passing_on::pass_on;
use super::taking_back::forget_uninvited;
use super::{changed, found, organizations};
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::members::Known;
use crate::store::memberships::Details;
use crate::store::{self, Tx, people};

/// A change of a member, for the audit of their organization: whoever makes it, it calls them as the organization knows them.
pub(super) fn change_of(known: &Known) -> Change {
    let member = &known.to_organization;
    Change::of("member", member.user_id, member.label()).within(member.organization_id)
}

/// A member as the audit keeps it: the membership, not the whole person, and no more than the organization knows.
pub(super) fn summary(known: &Known) -> serde_json::Value {
    let member = &known.to_organization;
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

/// A member who is to be changed, of the version that the request names, if it names one.
async fn changing(tx: &mut Tx, permit: &Permit, cx: &Context<'_>, id: UserId) -> Result<Known, Fault> {
    let before = known(tx, permit, id).await?;
    cx.require_match(&before.member.version.to_string())?;
    Ok(before)
}

/// A member, for a change of them.
pub(super) async fn known(tx: &mut Tx, permit: &Permit, id: UserId) -> Result<Known, Fault> {
    Ok(found(store::members::get_known(tx, permit, id).await?, "member")?)
}

impl Perform for ListMembers {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Page<Member>, Fault> {
        // Who has a role is told by the filter as well as by the answer.
        if self.role_id.is_some() || self.app_id.is_some() {
            permit.require(Permission::ReadMemberRoles)?;
        }
        let mut page = store::members::list(tx, permit, &self).await?;
        hide_roles(permit, &mut page.items);
        // An empty page may be an organization that is not there; whoever was let in by membership knows it is.
        if page.items.is_empty() {
            organizations::exists(tx, self.organization_id).await?;
        }
        Ok(page)
    }
}

/// What a member is there as is for whoever may read that, too.
fn hide_roles(permit: &Permit, members: &mut [Member]) {
    if !permit.may(Permission::ReadMemberRoles) {
        members.iter_mut().for_each(|member| member.roles.clear());
    }
}

impl Perform for GetMember {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Member, Fault> {
        let mut member = member(tx, permit, self.user_id).await?;
        hide_roles(permit, std::slice::from_mut(&mut member));
        Ok(member)
    }
}

impl Perform for UpdateMember {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Member, Fault> {
        store::organizations::guard_admins(tx, self.organization_id).await?;
        let before = changing(tx, permit, cx, self.user_id).await?;
        let current = before.member.organization_information.clone();
        let details = Details {
            enabled: self.enabled.unwrap_or(current.enabled),
            accepted: true,
            department: changed(self.department, current.department),
            title: changed(self.title, current.title),
            manager: changed(self.manager, current.manager),
            delegated_access: None,
            typed: None,
        };
        store::memberships::update(tx, permit, self.user_id, &details, cx.now).await?;
        if details.enabled != current.enabled {
            // Their personal API applications follow them.
            cx.rights_changed();
            if is_acting_admin(&before.member) && !details.enabled {
                stopped_administering(tx, cx, self.organization_id, self.user_id).await?;
            }
        }
        let after = known(tx, permit, self.user_id).await?;
        let change = change_of(&after);
        cx.changed(change.before(&summary(&before)).after(&summary(&after)));
        Ok(after.member)
    }
}

impl Perform for RemoveMember {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        remove(permit, tx, cx, self.user_id, self.pass_applications_to).await
    }
}

pub(super) async fn remove(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    id: UserId,
    heir: Option<UserId>,
) -> Result<(), Fault> {
    let organization = permit.organization()?;
    store::organizations::guard_admins(tx, organization).await?;
    let before = changing(tx, permit, cx, id).await?;
    let change = change_of(&before).before(&summary(&before));
    if let Some(app) = permit.only_application() {
        store::grants::end_in_application(tx, id, organization, app).await?;
        store::memberships::remove_roles_in(tx, permit, id, app).await?;
        store::invitations::revoke_all(tx, organization, Some(id), Some(app), cx.now).await?;
        if forget_uninvited(tx, cx, organization, id).await? {
            cx.changed(change);
            return Ok(());
        }
        store::memberships::touch(tx, permit, id, cx.now).await?;
        let after = found(store::members::get_whole(tx, permit, id).await?, "member")?;
        cx.changed(change.after(&summary(&after)));
    } else {
        pass_on(tx, cx, organization, id, heir).await?;
        store::memberships::delete(tx, permit, id, cx.now, cx.random()).await?;
        if is_acting_admin(&before.member) {
            stopped_administering(tx, cx, organization, id).await?;
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
        let before = changing(tx, permit, cx, self.user_id).await?;
        store::memberships::remove_roles_in(tx, permit, self.user_id, self.app_id).await?;
        for (role, app) in given? {
            store::memberships::add_role(tx, permit, self.user_id, role, app).await?;
        }
        roles_changed(permit, tx, cx, &before, Some(self.app_id)).await
    }
}

/// What every change of a member's roles ends with: of those in an application, or the built-in ones.
pub(super) async fn roles_changed(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    before: &Known,
    app: Option<ApplicationId>,
) -> Result<(), Fault> {
    let id = before.member.user_id;
    store::memberships::touch(tx, permit, id, cx.now).await?;
    let after = known(tx, permit, id).await?;
    require_few_roles(before, &after)?;
    if !after.accepted {
        follow_roles(permit, tx, &after.member).await?;
    } else if let Some(app) = app {
        follow_roles_in(permit, tx, cx, &after.member, app).await?;
    }
    cx.rights_of(id);
    let change = change_of(&after);
    cx.changed(change.before(&summary(before)).after(&summary(&after)));
    Ok(())
}

/// 400 where a change gave somebody more roles of applications than a member has.
fn require_few_roles(before: &Known, after: &Known) -> Result<(), Error> {
    let count = |known: &Known| {
        let of_applications = known.member.roles.iter().filter(|role| role.app_id.is_some());
        of_applications.count()
    };
    if count(after) <= MOST_ROLES || count(after) <= count(before) {
        return Ok(());
    }
    Err(Error::field(
        "role_ids",
        format!("are too many: a member has at most {MOST_ROLES}"),
    ))
}

impl Perform for SetOrganizationAdmin {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        store::organizations::guard_admins(tx, self.organization_id).await?;
        require_still_administers(permit, tx, self.admin).await?;
        let before = changing(tx, permit, cx, self.user_id).await?;
        if self.admin {
            store::memberships::add_role(tx, permit, self.user_id, RoleId::OrganizationAdmin, None).await?;
        } else {
            store::memberships::remove_role(tx, permit, self.user_id, RoleId::OrganizationAdmin).await?;
            if is_acting_admin(&before.member) {
                stopped_administering(tx, cx, self.organization_id, self.user_id).await?;
            }
        }
        roles_changed(permit, tx, cx, &before, None).await
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
        let makes_admins =
            self.action == BulkAction::AssignRole && self.role_id == Some(RoleId::OrganizationAdmin);
        require_still_administers(permit, tx, makes_admins).await?;
        let mut ids = self.user_ids.clone();
        ids.sort();
        ids.dedup();
        for id in &ids {
            match self.action {
                BulkAction::Remove => remove(permit, tx, cx, *id, self.pass_applications_to).await?,
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
                    let before = known(tx, permit, *id).await?;
                    let mut of = None;
                    for (role, app) in assignable(tx, permit, &[role], None).await? {
                        store::memberships::add_role(tx, permit, *id, role, app).await?;
                        of = app;
                    }
                    roles_changed(permit, tx, cx, &before, of).await?;
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
                    display_name: role.display_name.clone(),
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
