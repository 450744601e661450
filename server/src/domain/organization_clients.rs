//! What happens to an organization's API applications.

use guildhall::error::Error;
use guildhall::id::{ClientId, OrganizationId, TeamId, UserId};
use guildhall::organization_clients::*;
use guildhall::page::Page;
use guildhall::policy::Permission;
use guildhall::secret::Secret;

use super::organizations::exists;
use super::{changed, cleared, found};
use crate::authorize::Permit;
use crate::change::Change;
use crate::clock;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::organization_clients::{self as store, Details, NewSecret};
use crate::store::{Tx, organization_client_owners as owners};

/// A change of an API application, for the audit of its organization.
pub(super) fn change_of(organization: OrganizationId, id: ClientId, name: &str) -> Change {
    Change::of("organization_client", id, name).within(organization)
}

fn name_taken(name: &str) -> Error {
    Error::conflict(
        "client_name_taken",
        format!("The organization has an API application called {name} already."),
    )
    .at("name", "is taken by another API application")
}

async fn seen(
    permit: &Permit,
    tx: &mut Tx,
    cx: &Context<'_>,
    id: ClientId,
) -> Result<OrganizationClient, Fault> {
    Ok(found(
        store::get(tx, permit, id, cx.now).await?,
        "API application",
    )?)
}

/// An API application that the caller sees, of the version that the request names, if it names one.
async fn matching(
    permit: &Permit,
    tx: &mut Tx,
    cx: &Context<'_>,
    id: ClientId,
) -> Result<OrganizationClient, Fault> {
    let before = seen(permit, tx, cx, id).await?;
    cx.require_match(&before.version.to_string())?;
    Ok(before)
}

/// The same, where the caller may change and delete it.
async fn managed(
    permit: &Permit,
    tx: &mut Tx,
    cx: &Context<'_>,
    id: ClientId,
) -> Result<OrganizationClient, Fault> {
    let before = seen(permit, tx, cx, id).await?;
    if !before.manageable {
        let owner = &before.owner_name;
        return Err(Error::forbidden(format!(
            "Only {owner}, whose API application this is, and the organization's administrators may do this."
        ))
        .because("not_the_owner")
        .into());
    }
    cx.require_match(&before.version.to_string())?;
    Ok(before)
}

/// Refuses where somebody else has changed it since it was read, a moment ago.
fn unless_outrun(changed: bool) -> Result<(), Error> {
    if changed {
        return Ok(());
    }
    Err(Error::precondition_failed())
}

/// What became of an API application; the audit is told.
async fn become_of(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    before: &OrganizationClient,
) -> Result<OrganizationClient, Fault> {
    let after = seen(permit, tx, cx, before.client_id).await?;
    cx.changed(
        change_of(after.organization_id, after.client_id, &after.name)
            .before(before)
            .after(&after),
    );
    Ok(after)
}

/// A new secret: its text, and what is kept of it.
fn new_secret() -> Result<(Secret, NewSecret), Fault> {
    let text = clock::secret_text()?;
    // Tokens remember the secret by this, which tells nothing of it.
    let id: String = clock::fingerprint(&clock::secret_text()?)
        .chars()
        .take(24)
        .collect();
    let kept = NewSecret {
        id,
        hash: clock::fingerprint(&text),
    };
    Ok((Secret::new(text), kept))
}

/// Who answers for it: a member who can act and has room for one more, and somebody other than the caller only by an
/// administrator's word.
async fn owner(
    permit: &Permit,
    tx: &mut Tx,
    named: Option<UserId>,
    otherwise: Option<UserId>,
) -> Result<UserId, Fault> {
    let organization = permit.organization()?;
    if named.is_some() && named != otherwise {
        permit.require(Permission::ManageOrganizationClients)?;
    }
    let Some(owner) = named.or(otherwise) else {
        return Err(Error::field(
            "owner_id",
            "is required: whoever asks is no member of the organization",
        )
        .into());
    };
    if !owners::can_own(tx, organization, owner).await? {
        return Err(Error::field("owner_id", "must be an active member of the organization").into());
    }
    if !owners::is_acting_admin(tx, organization, owner).await?
        && owners::count(tx, organization, owner).await? >= i64::from(MOST_OWNED_CLIENTS)
    {
        return Err(Error::conflict(
            "too_many_owned_clients",
            format!(
                "A member who does not administer the organization has at most {MOST_OWNED_CLIENTS} of its API applications."
            ),
        )
        .at("owner_id", "has as many as a member can")
        .into());
    }
    Ok(owner)
}

/// The team that sees it: one of the organization's where a team does, and none where it is not asked for.
async fn team(
    permit: &Permit,
    tx: &mut Tx,
    visibility: ClientVisibility,
    team: Option<TeamId>,
) -> Result<Option<TeamId>, Fault> {
    if visibility != ClientVisibility::Team {
        return Ok(None);
    }
    let Some(team) = team else {
        return Err(Error::field("team_id", "is required where a team sees it").into());
    };
    if store::has_team(tx, permit.organization()?, team).await? {
        return Ok(Some(team));
    }
    Err(Error::field("team_id", format!("{team} is no team of the organization")).into())
}

impl Perform for ListOrganizationClients {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<Page<OrganizationClient>, Fault> {
        exists(tx, self.organization_id).await?;
        store::list(tx, permit, &self, cx.now).await
    }
}

impl Perform for GetOrganizationClient {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<OrganizationClient, Fault> {
        seen(permit, tx, cx, self.client_id).await
    }
}

impl Perform for CreateOrganizationClient {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<OrganizationClientWithSecret, Fault> {
        let organization = self.organization_id;
        exists(tx, organization).await?;
        if store::count(tx, permit).await? >= i64::from(MOST_ORGANIZATION_CLIENTS) {
            return Err(Error::conflict(
                "too_many_clients",
                format!("An organization has at most {MOST_ORGANIZATION_CLIENTS} API applications."),
            )
            .into());
        }
        let asking = permit.user().map(|user| user.user_id);
        // The tenant's people ask from outside: they are owners only where they are members, too.
        let asking = match asking {
            Some(person) if owners::can_own(tx, organization, person).await? => Some(person),
            _ => None,
        };
        let details = Details {
            name: self.name.as_str().to_owned(),
            description: cleared(self.description),
            owner: owner(permit, tx, self.owner_id, asking).await?,
            visibility: self.visibility,
            team: team(permit, tx, self.visibility, self.team_id).await?,
        };
        let id = ClientId::compose(cx.now, cx.random());
        let (client_secret, kept) = new_secret()?;
        if !store::insert(tx, permit, id, &details, kept, cx.now).await? {
            return Err(name_taken(&details.name).into());
        }
        // Nobody may have looked for it before, and believe that it is not there; an owner sees what is theirs.
        let client = seen(permit, tx, cx, id).await?;
        cx.changed(change_of(organization, id, &client.name).after(&client));
        Ok(OrganizationClientWithSecret {
            client,
            client_secret,
        })
    }
}

impl Perform for UpdateOrganizationClient {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<OrganizationClient, Fault> {
        let id = self.client_id;
        let before = managed(permit, tx, cx, id).await?;
        let visibility = self.visibility.unwrap_or(before.visibility);
        // One that its team left behind stays as it is until somebody says who sees it.
        let kept = self.visibility.is_none() && self.team_id.is_none();
        let details = Details {
            name: self
                .name
                .map_or_else(|| before.name.clone(), |name| name.as_str().to_owned()),
            description: changed(self.description, before.description.clone()),
            owner: match self.owner_id {
                // Whoever is suspended stays the owner of what is theirs.
                Some(named) if named != before.owner_id => {
                    owner(permit, tx, Some(named), Some(before.owner_id)).await?
                }
                _ => before.owner_id,
            },
            visibility,
            team: if kept {
                before.team_id
            } else {
                team(permit, tx, visibility, self.team_id.or(before.team_id)).await?
            },
        };
        if store::name_is_taken(tx, permit, id, &details.name).await? {
            return Err(name_taken(&details.name).into());
        }
        unless_outrun(store::update(tx, permit, (id, before.version), &details, cx.now).await?)?;
        become_of(permit, tx, cx, &before).await
    }
}

impl Perform for RotateOrganizationClientSecret {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<OrganizationClientWithSecret, Fault> {
        let id = self.client_id;
        let before = matching(permit, tx, cx, id).await?;
        let (client_secret, kept) = new_secret()?;
        let old_until = cx.now.saturating_add(self.grace.millis());
        unless_outrun(store::rotate(tx, permit, (id, before.version), kept, old_until, cx.now).await?)?;
        cx.rights_changed();
        Ok(OrganizationClientWithSecret {
            client: become_of(permit, tx, cx, &before).await?,
            client_secret,
        })
    }
}

impl Perform for RevokeOldSecret {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<OrganizationClient, Fault> {
        let id = self.client_id;
        let before = matching(permit, tx, cx, id).await?;
        if before.old_secret.is_none() {
            return Err(Error::conflict(
                "no_old_secret",
                "Only the current secret counts: there is no other.",
            )
            .into());
        }
        unless_outrun(store::revoke_old(tx, permit, (id, before.version), cx.now).await?)?;
        cx.rights_changed();
        become_of(permit, tx, cx, &before).await
    }
}

impl Perform for DeleteOrganizationClient {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let before = managed(permit, tx, cx, self.client_id).await?;
        store::delete(tx, permit, self.client_id).await?;
        cx.rights_changed();
        cx.changed(change_of(self.organization_id, self.client_id, &before.name).before(&before));
        Ok(())
    }
}
