//! What happens to role groups of an application.

use guildhall::error::Error;
use guildhall::id::{CustomRoleId, RoleGroupId};
use guildhall::page::Page;
use guildhall::roles::*;

use super::roles::require_application;
use super::{changed, cleared, found, unknown_entry};
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::role_groups as store;
use crate::store::roles::Details;
use crate::store::{Tx, organization_roles};

fn name_taken(name: &str) -> Error {
    Error::conflict(
        "role_group_name_taken",
        format!("The application already has a role group called {name}."),
    )
    .at("name", "is taken by another role group of the application")
}

async fn set_roles(
    tx: &mut Tx,
    permit: &Permit,
    id: RoleGroupId,
    roles: &[CustomRoleId],
) -> Result<(), Fault> {
    match store::set_roles(tx, permit, id, roles).await? {
        None => Ok(()),
        Some(at) => {
            let role = roles.get(at).map(ToString::to_string).unwrap_or_default();
            Err(unknown_entry("role_ids", at, role, "role of this application").into())
        }
    }
}

impl Perform for CreateRoleGroup {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<RoleGroup, Fault> {
        require_application(tx, permit).await?;
        let id = RoleGroupId::compose(cx.now, cx.random());
        let details = Details {
            name: self.name.as_str().to_owned(),
            display_name: cleared(self.display_name),
            description: cleared(self.description),
        };
        if !store::insert(tx, permit, id, &details, cx.now).await? {
            return Err(name_taken(&details.name).into());
        }
        set_roles(tx, permit, id, &self.role_ids).await?;
        let made = found(store::get(tx, permit, id).await?, "role group")?;
        cx.changed(Change::of("role_group", id, &made.name).after(&made));
        Ok(made)
    }
}

impl Perform for ListRoleGroups {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<RoleGroup>, Fault> {
        require_application(tx, permit).await?;
        store::list(tx, permit, self.cursor.as_ref(), self.limit).await
    }
}

impl Perform for GetRoleGroup {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<RoleGroup, Fault> {
        Ok(found(
            store::get(tx, permit, self.role_group_id).await?,
            "role group",
        )?)
    }
}

impl Perform for UpdateRoleGroup {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<RoleGroup, Fault> {
        let id = self.role_group_id;
        let before = found(store::get(tx, permit, id).await?, "role group")?;
        cx.require_match(&before.version.to_string())?;
        let details = Details {
            name: self
                .name
                .map_or_else(|| before.name.clone(), |name| name.as_str().to_owned()),
            display_name: changed(self.display_name, before.display_name.clone()),
            description: changed(self.description, before.description.clone()),
        };
        if store::name_is_taken(tx, permit, id, &details.name).await? {
            return Err(name_taken(&details.name).into());
        }
        store::update(tx, permit, id, &details, cx.now).await?;
        if let Some(roles) = &self.role_ids {
            set_roles(tx, permit, id, roles).await?;
            organization_roles::prune(tx, permit.application()?, None).await?;
        }
        let after = found(store::get(tx, permit, id).await?, "role group")?;
        cx.changed(
            Change::of("role_group", id, &after.name)
                .before(&before)
                .after(&after),
        );
        Ok(after)
    }
}

impl Perform for DeleteRoleGroup {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let before = found(store::get(tx, permit, self.role_group_id).await?, "role group")?;
        cx.require_match(&before.version.to_string())?;
        store::delete(tx, permit, self.role_group_id).await?;
        organization_roles::prune(tx, permit.application()?, None).await?;
        cx.changed(Change::of("role_group", self.role_group_id, &before.name).before(&before));
        Ok(())
    }
}
