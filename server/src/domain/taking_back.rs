//! What becomes of invitations that are taken back, and of whoever was invited by them.

use guildhall::id::{ApplicationId, InvitationId, OrganizationId, UserId};
use serde_json::json;

use crate::change::Change;
use crate::console::Context;
use crate::fault::Fault;
use crate::store::{self, Tx, invitations};

/// Takes somebody off the list who never accepted and whom no invitation waits for any more. `false` where they stay.
pub(super) async fn forget_uninvited(
    tx: &mut Tx,
    cx: &mut Context<'_>,
    organization: OrganizationId,
    person: UserId,
) -> Result<bool, Fault> {
    let forgotten = store::memberships::end_uninvited(tx, organization, person, cx.random()).await?;
    if forgotten {
        cx.rights_of(person);
    }
    Ok(forgotten)
}

/// What becomes of somebody one of whose invitations was taken back: off the list, or without the roles that it would have
/// brought. Whoever is in stays as they are.
pub(super) async fn invited_no_more(
    tx: &mut Tx,
    cx: &mut Context<'_>,
    (organization, person): (OrganizationId, UserId),
    id: InvitationId,
    app: Option<ApplicationId>,
) -> Result<(), Fault> {
    if forget_uninvited(tx, cx, organization, person).await? {
        return Ok(());
    }
    invitations::hide_roles(tx, id).await?;
    if let Some(app) = app {
        store::memberships::remove_uninvited_roles(tx, organization, person, app).await?;
    }
    Ok(())
}

/// Takes back the invitations that would make somebody an administrator because `former` said so, who may say so no more:
/// in one organization, or in all. What another administrator has said since stays.
pub(super) async fn take_back_admins(
    tx: &mut Tx,
    cx: &mut Context<'_>,
    within: Option<OrganizationId>,
    former: UserId,
) -> Result<(), Fault> {
    for taken in invitations::revoke_admins_by(tx, former, within, cx.now).await? {
        store::outbox::cancel(tx, &taken.id.to_string()).await?;
        let named = invitations::called(taken.name.as_ref(), &taken.email);
        cx.changed(
            Change::of("invitation", taken.id, named)
                .within(taken.organization)
                .before(&json!({ "status": "pending" }))
                .after(&json!({ "status": "revoked" })),
        );
        let whom = (taken.organization, taken.person);
        invited_no_more(tx, cx, whom, taken.id, taken.app).await?;
    }
    Ok(())
}
