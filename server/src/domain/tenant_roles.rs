//! All roles of the tenant in one list. What happens to one is what happens to it in its application.

use guildhall::applications::{ApplicationKind, CreateApplication};
use guildhall::error::Malformed;
use guildhall::id::{ApplicationId, CustomRoleId};
use guildhall::page::Page;
use guildhall::roles::{CreateRole, DeleteRole, GetRole, Role, UpdateRole};
use guildhall::tenant_roles::*;
use guildhall::text::Name;

use super::found;
use crate::authorize::Permit;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::{Tx, given_roles, tenant_roles};

/// The application of a role, and the right that somebody has in it because they have it in the tenant.
async fn application_of(
    permit: &Permit,
    tx: &mut Tx,
    role: CustomRoleId,
) -> Result<(ApplicationId, Permit), Fault> {
    let app = found(given_roles::application_of(tx, permit, role).await?, "role")?;
    Ok((app, permit.within_application(app)?))
}

/// The application that roles of none in particular are of, made where it is missing.
async fn common_application(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
) -> Result<ApplicationId, Fault> {
    if let Some(app) = given_roles::common_application(tx).await? {
        return Ok(app);
    }
    // Somebody may have one of that name already.
    let mut number = 1;
    loop {
        let name = match number {
            1 => "Tenant roles".to_owned(),
            _ => format!("Tenant roles {number}"),
        };
        let new = CreateApplication {
            name: Name::parse(&name)
                .map_err(|Malformed(why)| Fault::Broken(anyhow::anyhow!("the application's name {why}")))?,
            kind: Some(ApplicationKind::EndUser),
            description: None,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            initiate_login_uri: None,
        };
        match new.perform(permit, tx, cx).await {
            Ok(made) => {
                given_roles::set_common_application(tx, permit, made.app_id).await?;
                return Ok(made.app_id);
            }
            Err(Fault::Refused(_)) if number < 100 => number += 1,
            Err(fault) => return Err(fault),
        }
    }
}

impl Perform for ListTenantRoles {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Page<Role>, Fault> {
        tenant_roles::list(tx, permit, &self).await
    }
}

impl Perform for GetTenantRole {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Role, Fault> {
        let (app_id, permit) = application_of(permit, tx, self.role_id).await?;
        let role_id = self.role_id;
        GetRole { app_id, role_id }.perform(&permit, tx, cx).await
    }
}

impl Perform for CreateTenantRole {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Role, Fault> {
        let app_id = common_application(permit, tx, cx).await?;
        let new = CreateRole {
            app_id,
            role_name: self.role_name,
            permissions: Vec::new(),
            description: self.description,
            display_name: None,
        };
        new.perform(&permit.within_application(app_id)?, tx, cx).await
    }
}

impl Perform for UpdateTenantRole {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Role, Fault> {
        let (app_id, permit) = application_of(permit, tx, self.role_id).await?;
        let update = UpdateRole {
            app_id,
            role_id: self.role_id,
            role_name: self.role_name,
            permissions: None,
            description: self.description,
            display_name: None,
        };
        update.perform(&permit, tx, cx).await
    }
}

impl Perform for DeleteTenantRole {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let (app_id, permit) = application_of(permit, tx, self.role_id).await?;
        let delete = DeleteRole {
            app_id,
            role_id: self.role_id,
            force: true,
        };
        delete.perform(&permit, tx, cx).await
    }
}
