//! What happens to roles and permissions of an application.

use guildhall::error::Error;
use guildhall::id::CustomRoleId;
use guildhall::page::Page;
use guildhall::roles::*;

use super::{changed, cleared, found};
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::roles::{self as store, Details};
use crate::store::{Tx, applications, permissions};

pub(super) async fn require_application(tx: &mut Tx, permit: &Permit) -> Result<(), Fault> {
    found(
        applications::get(tx, permit, permit.application()?).await?,
        "application",
    )?;
    Ok(())
}

fn name_taken(name: &str) -> Error {
    Error::conflict(
        "role_name_taken",
        format!("The application already has a role called {name}."),
    )
    .at("role_name", "is taken by another role of the application")
}

impl Perform for CreateRole {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Role, Fault> {
        require_application(tx, permit).await?;
        let id = CustomRoleId::compose(cx.now, cx.random());
        let details = Details {
            name: self.role_name.as_str().to_owned(),
            display_name: cleared(self.display_name),
            description: cleared(self.description),
        };
        if !store::insert(tx, permit, id, &details, cx.now).await? {
            return Err(name_taken(&details.name).into());
        }
        store::set_permissions(tx, permit, id, &self.permissions).await?;
        let made = found(store::get(tx, permit, id).await?, "role")?;
        cx.changed(Change::of("role", id, &made.role_name).after(&made));
        Ok(made)
    }
}

impl Perform for ListRoles {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Page<Role>, Fault> {
        require_application(tx, permit).await?;
        store::list(tx, permit, self.cursor.as_ref(), self.limit).await
    }
}

impl Perform for GetRole {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Role, Fault> {
        Ok(found(store::get(tx, permit, self.role_id).await?, "role")?)
    }
}

impl Perform for UpdateRole {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Role, Fault> {
        let before = found(store::get(tx, permit, self.role_id).await?, "role")?;
        cx.require_match(&before.version.to_string())?;
        let details = Details {
            name: self
                .role_name
                .map_or_else(|| before.role_name.clone(), |name| name.as_str().to_owned()),
            display_name: changed(self.display_name, before.display_name.clone()),
            description: changed(self.description, before.description.clone()),
        };
        if store::name_is_taken(tx, permit, self.role_id, &details.name).await? {
            return Err(name_taken(&details.name).into());
        }
        store::update(tx, permit, self.role_id, &details, cx.now).await?;
        if let Some(permissions) = &self.permissions {
            store::set_permissions(tx, permit, self.role_id, permissions).await?;
        }
        let after = found(store::get(tx, permit, self.role_id).await?, "role")?;
        cx.changed(
            Change::of("role", self.role_id, &after.role_name)
                .before(&before)
                .after(&after),
        );
        Ok(after)
    }
}

impl Perform for DeleteRole {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let before = found(store::get(tx, permit, self.role_id).await?, "role")?;
        cx.require_match(&before.version.to_string())?;
        let uses = store::uses(tx, permit, Some(self.role_id)).await?;
        if let Some(used) = uses
            .first()
            .filter(|used| used.members + used.role_groups > 0 && !self.force)
        {
            return Err(Error::conflict(
                "role_in_use",
                format!(
                    "{} is in use: {} members in {} organizations have it, {} role groups hold it.",
                    before.role_name, used.members, used.organizations, used.role_groups
                ),
            )
            .into());
        }
        store::delete(tx, permit, self.role_id).await?;
        cx.changed(Change::of("role", self.role_id, &before.role_name).before(&before));
        Ok(())
    }
}

async fn grid(tx: &mut Tx, permit: &Permit) -> Result<RoleGrid, Fault> {
    Ok(RoleGrid {
        permissions: permissions::list(tx, permit).await?,
        roles: store::all(tx, permit.application()?).await?,
        uses: store::uses(tx, permit, None).await?,
    })
}

impl Perform for GetRoleGrid {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<RoleGrid, Fault> {
        require_application(tx, permit).await?;
        grid(tx, permit).await
    }
}

impl Perform for SaveRoleGrid {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<RoleGrid, Fault> {
        require_application(tx, permit).await?;
        for (at, row) in self.roles.iter().enumerate() {
            let Some(before) = store::get(tx, permit, row.role_id).await? else {
                let field = format!("roles[{at}].role_id");
                return Err(
                    Error::field(field, format!("{} is no role of this application", row.role_id)).into(),
                );
            };
            let mut wanted: Vec<&str> = row
                .permissions
                .iter()
                .map(|permission| permission.as_str())
                .collect();
            wanted.sort_unstable();
            wanted.dedup();
            if before.permissions == wanted {
                continue;
            }
            store::set_permissions(tx, permit, row.role_id, &row.permissions).await?;
            let details = Details {
                name: before.role_name.clone(),
                display_name: before.display_name.clone(),
                description: before.description.clone(),
            };
            store::update(tx, permit, row.role_id, &details, cx.now).await?;
            let after = found(store::get(tx, permit, row.role_id).await?, "role")?;
            cx.changed(
                Change::of("role", row.role_id, &after.role_name)
                    .before(&before)
                    .after(&after),
            );
        }
        grid(tx, permit).await
    }
}

impl Perform for CreatePermission {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<AppPermission, Fault> {
        require_application(tx, permit).await?;
        let made = AppPermission {
            name: self.name.as_str().to_owned(),
            description: cleared(self.description),
        };
        if !permissions::insert(tx, permit, &made.name, made.description.clone()).await? {
            return Err(Error::conflict(
                "permission_taken",
                format!("The application already has {}.", made.name),
            )
            .at("name", "is a permission of the application already")
            .into());
        }
        cx.changed(Change::of("permission", &made.name, &made.name).after(&made));
        Ok(made)
    }
}

impl Perform for DeletePermission {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let holders = permissions::roles_with(tx, permit, self.name.as_str()).await?;
        if !holders.is_empty() {
            let message = format!("{} is in use by: {}.", self.name, holders.join(", "));
            return Err(Error::conflict("permission_in_use", message).into());
        }
        if !permissions::delete(tx, permit, self.name.as_str()).await? {
            return Err(Error::not_found("permission").into());
        }
        cx.changed(Change::of("permission", &self.name, self.name.as_str()));
        Ok(())
    }
}
