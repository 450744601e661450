//! Members by the handful, and roles that are given and taken one by one.

use guildhall::assigning::*;
use guildhall::error::Error;
use guildhall::id::{ApplicationId, CustomRoleId, OrganizationId, RoleId, UserId};
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
use crate::store::memberships::Details;
use crate::store::{self, Tx, accounts, given_roles, invitation_links, people};

/// The most that are named at once.
const AT_ONCE: usize = 10;
/// Roles of applications that a member has at the most.
const MOST_ROLES: usize = 50;

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
                remove(permit, tx, cx, id).await?;
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

impl Perform for ListMemberRoles {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Vec<GivenRole>, Fault> {
        require_member(permit, tx, self.organization_id, self.user_id).await?;
        given_roles::of_member(tx, permit, self.user_id).await
    }
}

impl Perform for ListEffectiveRoles {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Vec<GivenRole>, Fault> {
        require_member(permit, tx, self.organization_id, self.user_id).await?;
        given_roles::of_member(tx, permit, self.user_id).await
    }
}

/// Lets the organization have an application and give a role of it, where whoever asks decides on both.
pub(super) async fn let_give(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    roles: &[RoleId],
    app: Option<ApplicationId>,
) -> Result<(), Fault> {
    if !is_the_tenant(permit) {
        return Ok(());
    }
    let organization = permit.organization()?;
    let mut apps: Vec<(ApplicationId, Option<CustomRoleId>)> =
        app.map(|app| (app, None)).into_iter().collect();
    for role in roles {
        if let RoleId::Custom(role) = role
            && let Some(app) = given_roles::application_of(tx, permit, *role).await?
        {
            apps.push((app, Some(*role)));
        }
    }
    let given: Vec<CustomRoleId> = apps.iter().filter_map(|(_, role)| *role).collect();
    let already = store::organization_roles::assignable_among(tx, organization, &given).await?;
    let (mut new_apps, mut new_roles) = (Vec::new(), Vec::new());
    for (app, role) in apps {
        if store::organization_applications::add(tx, permit, organization, app, cx.now).await? {
            new_apps.push(app);
        }
        if let Some(role) = role
            && !already.contains(&(role, app))
            && given_roles::let_give(tx, permit, role, app).await?
        {
            new_roles.push(role);
        }
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
        let roles: Vec<RoleId> = self.role_ids.iter().map(|role| RoleId::Custom(*role)).collect();
        for (at, role) in self.role_ids.iter().enumerate() {
            if given_roles::application_of(tx, permit, *role).await?.is_none() {
                return Err(unknown_entry("role_ids", at, role, "role").into());
            }
        }
        let_give(permit, tx, cx, &roles, None).await?;
        let before = known(tx, permit, self.user_id).await?;
        let given = assignable(tx, permit, &roles, None).await?;
        let mut apps: Vec<ApplicationId> = Vec::new();
        for (role, app) in given {
            store::memberships::add_role(tx, permit, self.user_id, role, app).await?;
            if let Some(app) = app
                && !apps.contains(&app)
            {
                apps.push(app);
            }
        }
        if given_roles::of_member(tx, permit, self.user_id).await?.len() > MOST_ROLES {
            return Err(Error::field(
                "role_ids",
                format!("are too many: a member has at most {MOST_ROLES}"),
            )
            .into());
        }
        for app in apps {
            roles_changed(permit, tx, cx, &before, Some(app)).await?;
        }
        Ok(())
    }
}

impl Perform for TakeMemberRoles {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        require_some("role_ids", &self.role_ids, MOST_ROLES)?;
        require_member(permit, tx, self.organization_id, self.user_id).await?;
        let before = known(tx, permit, self.user_id).await?;
        let mut apps: Vec<ApplicationId> = Vec::new();
        for (at, role) in self.role_ids.iter().enumerate() {
            let Some(app) = given_roles::application_of(tx, permit, *role).await? else {
                return Err(unknown_entry("role_ids", at, role, "role").into());
            };
            let role = RoleId::Custom(*role);
            if store::memberships::remove_role(tx, permit, self.user_id, role).await? && !apps.contains(&app)
            {
                apps.push(app);
            }
        }
        for app in apps {
            roles_changed(permit, tx, cx, &before, Some(app)).await?;
        }
        Ok(())
    }
}
