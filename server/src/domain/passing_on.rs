//! What becomes of the API applications of a member who leaves: they pass on to an administrator of the organization.

use guildhall::error::Error;
use guildhall::id::{OrganizationId, UserId};
use guildhall::organization_clients::{
    ClientSuccession, ClientSuccessions, GetClientSuccession, ListClientSuccessions,
};
use serde_json::json;

use super::found;
use super::organization_clients::change_of;
use super::organizations::exists;
use crate::authorize::Permit;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::{Tx, memberships, organization_client_owners as owners};

/// Passes on what is somebody's in an organization that they are about to leave: to whoever is named, else to the
/// administrator who is a member for the longest. 409 where there is nobody: credentials for which nobody answers must not
/// live on, and what others depend on is not deleted unasked. Call `guard_admins` before.
pub(super) async fn pass_on(
    tx: &mut Tx,
    cx: &mut Context<'_>,
    organization: OrganizationId,
    leaver: UserId,
    named: Option<UserId>,
) -> Result<(), Fault> {
    if let Some(heir) = named
        && (heir == leaver || !owners::is_acting_admin(tx, organization, heir).await?)
    {
        return Err(Error::field(
            "pass_applications_to",
            "must be another active administrator of the organization",
        )
        .into());
    }
    let owned = owners::owned_by(tx, organization, leaver).await?;
    if owned.is_empty() {
        return Ok(());
    }
    let heirs = owners::heirs(tx, organization, Some(leaver)).await?;
    let heir = named.or_else(|| heirs.first().map(|heir| heir.user_id));
    let Some(heir) = heir else {
        return Err(Error::conflict(
            "nobody_for_applications",
            "Nobody else administers the organization and could have their API applications: make another member an \
             administrator first, or delete the applications.",
        )
        .into());
    };
    owners::pass_on(tx, organization, leaver, heir, cx.now).await?;
    cx.rights_changed();
    for (id, name) in owned {
        cx.changed(
            change_of(organization, id, &name)
                .before(&json!({ "owner_id": leaver }))
                .after(&json!({ "owner_id": heir })),
        );
    }
    Ok(())
}

impl Perform for GetClientSuccession {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<ClientSuccession, Fault> {
        let organization = permit.organization()?;
        let member = memberships::is_accepted(tx, permit, self.user_id).await?;
        found(member, "member")?;
        let owned = owners::owned_by(tx, organization, self.user_id).await?;
        let heirs = if owned.is_empty() {
            Vec::new()
        } else {
            owners::heirs(tx, organization, Some(self.user_id)).await?
        };
        Ok(ClientSuccession {
            names: owned.into_iter().map(|(_, name)| name).collect(),
            heirs,
        })
    }
}

impl Perform for ListClientSuccessions {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<ClientSuccessions, Fault> {
        let organization = permit.organization()?;
        let owners = owners::all(tx, organization).await?;
        let heirs = if owners.is_empty() {
            exists(tx, organization).await?;
            Vec::new()
        } else {
            owners::heirs(tx, organization, None).await?
        };
        Ok(ClientSuccessions { owners, heirs })
    }
}
