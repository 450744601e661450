//! What happens to members once they are there.

use guildhall::error::Error;
use guildhall::id::{ApplicationId, RoleId, UserId};
use guildhall::members::*;
use guildhall::page::Page;
use guildhall::policy::Permission;
use serde_json::json;

use super::inviting::{follow_roles, follow_roles_in, forget_uninvited};
use super::membership::{assignable, is_acting_admin, require_admins_left};
use super::{changed, found, organizations};
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::memberships::Details;
use crate::store::{self, Tx, people};

/// A member as the audit keeps it: the membership, not the whole person.
pub(super) fn summary(member: &Member) -> serde_json::Value {
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
            organizations::exists(tx, self.organization_id).await?;
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
            typed: None,
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
        if forget_uninvited(permit, tx, cx, id).await? {
            cx.changed(change);
            return Ok(());
        }
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
        roles_changed(permit, tx, cx, &before, Some(self.app_id)).await
    }
}

/// What every change of a member's roles ends with: of those in an application, or the built-in ones.
async fn roles_changed(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    before: &Member,
    app: Option<ApplicationId>,
) -> Result<(), Fault> {
    store::memberships::touch(tx, permit, before.user_id, cx.now).await?;
    let after = member(tx, permit, before.user_id).await?;
    if store::memberships::is_accepted(tx, permit, before.user_id).await? == Some(false) {
        follow_roles(permit, tx, &after).await?;
    } else if let Some(app) = app {
        follow_roles_in(permit, tx, cx, &after, app).await?;
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
