//! To which organization a sign-in leads by itself: to the one that takes in whoever signs in to it, and to the one that has
//! proved the domain of somebody's address.

use guildhall::id::{OrganizationId, UserId};
use serde_json::json;

use super::entering::closed;
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::Context;
use crate::domain::found;
use crate::fault::Fault;
use crate::store::app_access::Entry;
use crate::store::sign_in_requests::SignInRequest;
use crate::store::{Tx, accounts, connections, discovery_domains, memberships, people};

/// Makes whoever signs in a member of the organization that the application asked for, where that takes in whoever does:
/// whoever has just signed in for this, so that no link makes a member of somebody who did not mean to, and whose account is
/// known to be theirs, so that nobody comes in under another's address.
pub(super) async fn take_in(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    request: &SignInRequest,
    signed_in_at: i64,
) -> Result<(), Fault> {
    let Some(named) = request.organization.as_deref() else {
        return Ok(());
    };
    if signed_in_at < request.created_at {
        return Ok(());
    }
    let Some(organization) = connections::open_to_newcomers(tx, request.application_id, named).await? else {
        return Ok(());
    };
    let person = permit.person()?;
    let user = found(people::get(tx, person).await?, "user")?;
    let proved = user.email.as_ref().is_some_and(|email| email.email_verified);
    if !proved && !accounts::is_vouched(tx, person).await? {
        return Ok(());
    }
    if !memberships::join(tx, permit, organization, cx.now, cx.random()).await? {
        return Ok(());
    }
    cx.rights_of(person);
    cx.changed(
        Change::of("member", person, user.label())
            .within(organization)
            .by(person)
            .after(&json!({ "joined_by": "connection", "roles": ["Organization Member"] })),
    );
    Ok(())
}

/// The organization that has proved the domain of somebody's own, proved address, if it is one that they can enter.
pub(super) async fn by_domain(
    tx: &mut Tx,
    person: UserId,
    entries: &[Entry],
) -> Result<Option<OrganizationId>, Fault> {
    if entries.iter().filter(|entry| closed(entry).is_none()).count() < 2 {
        return Ok(None);
    }
    let user = found(people::get(tx, person).await?, "user")?;
    let Some(email) = user.email.filter(|email| email.email_verified) else {
        return Ok(None);
    };
    let domain = email.value.rsplit('@').next().unwrap_or_default().to_lowercase();
    let led = discovery_domains::leads_to(tx, &domain).await?;
    Ok(led.filter(|id| {
        entries
            .iter()
            .any(|entry| entry.organization_id == *id && closed(entry).is_none())
    }))
}
