//! Which role groups and roles an organization may give its members.

use guildhall::error::Error;
use guildhall::id::{CustomRoleId, RoleGroupId, RoleId};
use guildhall::roles::*;

use super::organizations::organization;
use super::unknown_entry;
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::{self, Tx, organization_roles};

/// The name of the organization, which must be there and have the application.
async fn require_assignment(tx: &mut Tx, permit: &Permit) -> Result<String, Fault> {
    let app = permit.application()?;
    let organization = organization(permit, tx, permit.organization()?).await?;
    if !organization.app_ids.contains(&app) {
        return Err(Error::not_found("application of this organization").into());
    }
    Ok(organization.name)
}

async fn read(tx: &mut Tx, permit: &Permit) -> Result<OrganizationRoles, Fault> {
    let default = |role: RoleId| DefaultRole {
        role_id: role,
        role_name: role.to_string(),
    };
    Ok(OrganizationRoles {
        role_groups: organization_roles::groups_of(tx, permit).await?,
        roles: organization_roles::direct_of(tx, permit).await?,
        default_organization_roles: vec![
            default(RoleId::OrganizationAdmin),
            default(RoleId::OrganizationMember),
        ],
    })
}

async fn set(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    groups: Option<Vec<RoleGroupId>>,
    direct: Option<Vec<CustomRoleId>>,
) -> Result<OrganizationRoles, Fault> {
    let name = require_assignment(tx, permit).await?;
    let before = read(tx, permit).await?;
    if let Some(groups) = &groups
        && let Some(at) = organization_roles::set_groups_of(tx, permit, groups).await?
    {
        let id = groups.get(at).map(ToString::to_string).unwrap_or_default();
        return Err(unknown_entry("role_group_ids", at, id, "role group of this application").into());
    }
    if let Some(direct) = &direct
        && let Some(at) = organization_roles::set_direct_of(tx, permit, direct).await?
    {
        let id = direct.get(at).map(ToString::to_string).unwrap_or_default();
        return Err(unknown_entry("role_ids", at, id, "role of this application").into());
    }
    let organization = permit.organization()?;
    organization_roles::prune(tx, permit.application()?, Some(organization)).await?;
    store::organizations::touch(tx, organization, cx.now).await?;
    let after = read(tx, permit).await?;
    let names = |given: &OrganizationRoles| {
        serde_json::json!({
            "role_groups": given.role_groups.iter().map(|group| group.name.clone()).collect::<Vec<_>>(),
            "roles": given.roles.iter().map(|role| role.role_name.clone()).collect::<Vec<_>>(),
        })
    };
    cx.changed(
        Change::of("organization", organization, name)
            .within(organization)
            .before(&names(&before))
            .after(&names(&after)),
    );
    Ok(after)
}

impl Perform for GetOrganizationRoles {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<OrganizationRoles, Fault> {
        require_assignment(tx, permit).await?;
        read(tx, permit).await
    }
}

impl Perform for SetOrganizationRoles {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<OrganizationRoles, Fault> {
        set(permit, tx, cx, self.role_group_ids, self.role_ids).await
    }
}

impl Perform for SetOrganizationRoleGroups {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<OrganizationRoles, Fault> {
        set(permit, tx, cx, Some(self.role_group_ids), None).await
    }
}
