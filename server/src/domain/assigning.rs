//! Members by the handful, and roles that are given and taken one by one.

use guildhall::assigning::*;
use guildhall::error::Error;
use guildhall::id::{ApplicationId, CustomRoleId, OrganizationId, RoleId, UserId};
use guildhall::policy::Permission;
use guildhall::users::CreateUser;
use serde_json::json;

use super::adding::tell_of_membership;
use super::inviting::{is_the_tenant, may_join_unasked};
use super::members::{change_of, known, remove, roles_changed, summary};
use super::membership::assignable;
use super::organizations::{self, exists};
use super::{found, unknown_entry};
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::members::Known;
use crate::store::memberships::Details;
use crate::store::{self, Tx, accounts, given_roles, invitation_links, people};

fn require_some<T>(field: &str, some: &[T], most: usize) -> Result<(), Error> {
    if (1..=most).contains(&some.len()) {
        return Ok(());
    }
    Err(Error::field(
        field,
        format!("must name 1 to {most}; it names {}", some.len()),
    ))
}

impl Perform for AssignMembers {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        require_some("user_ids", &self.user_ids, AT_ONCE)?;
        exists(tx, self.organization_id).await?;
        for (at, id) in self.user_ids.iter().enumerate() {
            let Some(person) = people::get(tx, *id).await? else {
                return Err(unknown_entry("user_ids", at, id, "user").into());
            };
            if !may_join_unasked(permit, tx, &CreateUser::default(), &person).await? {
                // To whom the tenant does not belong, somebody by whose id nothing is proved is nobody.
                return Err(unknown_entry("user_ids", at, id, "user").into());
            }
            let membership = Details {
                enabled: true,
                accepted: true,
                ..Details::default()
            };
            let new = store::memberships::insert(tx, permit, *id, &membership, cx.now, cx.random()).await?;
            if !new && !take_in(permit, tx, cx, *id).await? {
                continue;
            }
            let role = RoleId::OrganizationMember;
            store::memberships::add_role(tx, permit, *id, role, None).await?;
            tell_of_membership(permit, tx, cx, &person).await?;
            cx.rights_of(*id);
            let joined = found(store::members::get_whole(tx, permit, *id).await?, "member")?;
            cx.changed(change_of(&joined).after(&summary(&joined)));
        }
        Ok(())
    }
}

/// Makes a member of somebody who is invited: the tenant vouches for them. `false` where they are a member already; 409 where
/// that was suspended, which no second joining undoes.
async fn take_in(permit: &Permit, tx: &mut Tx, cx: &Context<'_>, id: UserId) -> Result<bool, Fault> {
    let there = found(store::members::get_whole(tx, permit, id).await?, "member")?;
    if !there.member.organization_information.enabled {
        return Err(Error::conflict(
            "member_suspended",
            format!("The membership of {id} is suspended: reinstate it first."),
        )
        .into());
    }
    if there.accepted {
        return Ok(false);
    }
    if !is_the_tenant(permit) {
        return Err(Error::conflict(
            "invitation_waits",
            format!("{id} is invited, and has not accepted yet."),
        )
        .into());
    }
    invitation_links::vouch(tx, permit, id, cx.now).await?;
    accounts::accepted(tx, id, false, cx.now).await?;
    Ok(true)
}

impl Perform for UnassignMembers {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        require_some("user_ids", &self.user_ids, AT_ONCE)?;
        exists(tx, self.organization_id).await?;
        let mut ids = self.user_ids;
        ids.sort();
        ids.dedup();
        for id in ids {
            if store::members::get(tx, permit, id).await?.is_some() {
                remove(permit, tx, cx, id, None).await?;
            }
        }
        Ok(())
    }
}

/// A member, who must be there.
async fn require_member(
    permit: &Permit,
    tx: &mut Tx,
    organization: OrganizationId,
    id: UserId,
) -> Result<(), Fault> {
    exists(tx, organization).await?;
    found(store::members::get(tx, permit, id).await?, "member")?;
    Ok(())
}

/// The roles of applications that a member has: all of them were given to them and to nobody else, so that each counts.
async fn roles_of(
    permit: &Permit,
    tx: &mut Tx,
    organization: OrganizationId,
    id: UserId,
) -> Result<Vec<GivenRole>, Fault> {
    require_member(permit, tx, organization, id).await?;
    given_roles::of_member(tx, permit, id).await
}

impl Perform for ListMemberRoles {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Vec<GivenRole>, Fault> {
        roles_of(permit, tx, self.organization_id, self.user_id).await
    }
}

impl Perform for ListEffectiveRoles {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Vec<GivenRole>, Fault> {
        roles_of(permit, tx, self.organization_id, self.user_id).await
    }
}

/// A role with the application that it is of.
pub(super) type OfApplication = (CustomRoleId, ApplicationId);

/// Those of some roles that are of applications, each with its own; 400 for one that is no role.
pub(super) async fn with_applications(
    permit: &Permit,
    tx: &mut Tx,
    roles: &[RoleId],
) -> Result<Vec<OfApplication>, Fault> {
    let custom: Vec<CustomRoleId> = roles
        .iter()
        .filter_map(|role| match role {
            RoleId::Custom(id) => Some(*id),
            _ => None,
        })
        .collect();
    let known = given_roles::applications_of(tx, permit, &custom).await?;
    for (at, role) in roles.iter().enumerate() {
        if let RoleId::Custom(id) = role
            && !known.iter().any(|(of, _)| of == id)
        {
            return Err(unknown_entry("role_ids", at, id, "role").into());
        }
    }
    Ok(known)
}

/// Lets the organization have applications and give roles of them, where whoever asks speaks for the tenant. A token that only
/// gives roles, or only invites, does not decide what an organization has: 403 unless all of it is the organization's already.
pub(super) async fn let_give(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    roles: &[OfApplication],
    app: Option<ApplicationId>,
) -> Result<(), Fault> {
    if !is_the_tenant(permit) {
        return Ok(());
    }
    let organization = permit.organization()?;
    let given: Vec<CustomRoleId> = roles.iter().map(|(role, _)| *role).collect();
    let already = store::organization_roles::assignable_among(tx, organization, &given).await?;
    let mut apps: Vec<ApplicationId> = app.into_iter().chain(roles.iter().map(|(_, app)| *app)).collect();
    apps.sort();
    apps.dedup();
    let (mut new_apps, mut new_roles) = (Vec::new(), Vec::new());
    for app in apps {
        if store::organization_applications::add(tx, permit, organization, app, cx.now).await? {
            new_apps.push(app);
        }
    }
    for (role, app) in roles.iter().filter(|of| !already.contains(of)) {
        if given_roles::let_give(tx, permit, *role, *app).await? {
            new_roles.push(*role);
        }
    }
    if !new_apps.is_empty() {
        permit.require(Permission::AssignApplications)?;
    }
    if !new_roles.is_empty() {
        permit.require(Permission::AssignRoleGroups)?;
    }
    if !new_apps.is_empty() || !new_roles.is_empty() {
        store::organizations::touch(tx, organization, cx.now).await?;
        cx.rights_changed();
        let name = organizations::organization(permit, tx, organization).await?.name;
        cx.changed(
            Change::of("organization", organization, name)
                .within(organization)
                .after(&json!({ "app_ids": new_apps, "role_ids": new_roles })),
        );
    }
    Ok(())
}

impl Perform for GiveMemberRoles {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        require_some("role_ids", &self.role_ids, MOST_ROLES)?;
        require_member(permit, tx, self.organization_id, self.user_id).await?;
        let roles: Vec<RoleId> = self.role_ids.into_iter().map(RoleId::Custom).collect();
        let of_applications = with_applications(permit, tx, &roles).await?;
        let_give(permit, tx, cx, &of_applications, None).await?;
        let before = known(tx, permit, self.user_id).await?;
        let mut apps: Vec<ApplicationId> = Vec::new();
        for (role, app) in assignable(tx, permit, &roles, None).await? {
            store::memberships::add_role(tx, permit, self.user_id, role, app).await?;
            apps.extend(app);
        }
        changed_in(permit, tx, cx, &before, apps).await
    }
}

/// What a change of roles in applications ends with, once for each.
async fn changed_in(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    before: &Known,
    mut apps: Vec<ApplicationId>,
) -> Result<(), Fault> {
    apps.sort();
    apps.dedup();
    for app in apps {
        roles_changed(permit, tx, cx, before, Some(app)).await?;
    }
    Ok(())
}

impl Perform for TakeMemberRoles {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        require_some("role_ids", &self.role_ids, MOST_ROLES)?;
        require_member(permit, tx, self.organization_id, self.user_id).await?;
        let before = known(tx, permit, self.user_id).await?;
        let roles: Vec<RoleId> = self.role_ids.into_iter().map(RoleId::Custom).collect();
        let mut apps: Vec<ApplicationId> = Vec::new();
        for (role, app) in with_applications(permit, tx, &roles).await? {
            if store::memberships::remove_role(tx, permit, self.user_id, RoleId::Custom(role)).await? {
                apps.push(app);
            }
        }
        changed_in(permit, tx, cx, &before, apps).await
    }
}
