//! What happens to organizations that people ask for: kept, approved at once or by an administrator, rejected, withdrawn.

use guildhall::caller::Request;
use guildhall::error::Error;
use guildhall::id::{OrganizationId, RegistrationId};
use guildhall::organizations::CreateOrganization;
use guildhall::page::Page;
use guildhall::registrations::*;
use guildhall::text::Name;
use guildhall::users::{User, UserStatus};
use serde_json::json;

use super::found;
use super::organizations::name_taken;
use crate::auth::rate_limit::Key;
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform, Prepared};
use crate::fault::Fault;
use crate::mail::{Content, Letter};
use crate::services::Services;
use crate::store::db::{Hold, Lock};
use crate::store::registrations::{self as store, Decision};
use crate::store::{Db, Tx, accounts, memberships, people, presentations, tenant};

/// How long what somebody asked for counts against them, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// 429 for whoever asks for organizations too often, taken ones included.
pub(super) fn limit(services: &Services, request: &Request) -> Result<(), Error> {
    match &services.registrations {
        Some(limit) => limit
            .take(&Key::of(request))
            .map(|_| ())
            .map_err(|(error, _)| error),
        None => Ok(()),
    }
}

/// What the tenant has set of registrations.
pub(super) async fn way(tx: &mut Tx, permit: &Permit) -> Result<RegistrationWay, Fault> {
    let settings = tenant::settings(tx, permit).await?;
    Ok(RegistrationWay {
        is_open: settings.self_registration,
        is_automatic: settings.auto_approval,
    })
}

/// The same, or 404 where organizations may not register themselves: as if there were no such thing.
pub(super) async fn open_way(tx: &mut Tx, permit: &Permit) -> Result<RegistrationWay, Fault> {
    let way = way(tx, permit).await?;
    Ok(found(way.is_open.then_some(way), "page")?)
}

async fn registration(tx: &mut Tx, permit: &Permit, id: RegistrationId) -> Result<Registration, Fault> {
    Ok(found(store::get(tx, permit, id).await?, "registration")?)
}

fn change_of(registration: &Registration) -> Change {
    Change::of("registration", registration.registration_id, &registration.name)
}

/// Asks for an organization in somebody's name. Of several who ask for one name at once, one gets it.
pub(super) async fn register(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    requester: &User,
    name: Name,
    way: RegistrationWay,
) -> Result<Registration, Fault> {
    // Neither is an organization named meanwhile, nor another one asked for.
    tx.hold(Lock::OrganizationNames, Hold::Exclusive).await?;
    let id = RegistrationId::compose(cx.now, cx.random());
    let nobody = OrganizationId::compose(cx.now, cx.random());
    if presentations::is_taken(tx, nobody, name.as_str()).await? {
        return Err(name_taken(name.as_str()).into());
    }
    let since = cx.now.saturating_sub(DAY);
    // Each is told to every administrator: asking and taking back is no way to write to them without end.
    if store::count_asked(tx, requester.user_id, since).await? >= u64::from(MOST_PENDING) {
        return Err(Error::conflict(
            "too_many_pending",
            format!(
                "You wait for {MOST_PENDING} organizations already, those counted that you took back within a day. Wait \
                 until one is decided on, or ask again tomorrow."
            ),
        )
        .into());
    }
    if !store::insert(tx, permit, id, name.as_str(), requester.user_id, cx.now).await? {
        return Err(name_taken(name.as_str()).into());
    }
    // Nobody looks at those: of somebody who founds one after the other, an administrator sees the next one first.
    if way.is_automatic
        && store::count_automatic(tx, requester.user_id, since).await? < u64::from(MOST_PENDING)
    {
        let made = approve(permit, tx, cx, (id, requester), name, None).await?;
        let after = own(registration(tx, permit, id).await?);
        cx.changed(change_of(&after).within(made).after(&after));
        return Ok(after);
    }
    let after = own(registration(tx, permit, id).await?);
    for (address, language) in store::deciders(tx).await? {
        let content = Content::RegistrationRequested {
            organization: after.name.clone(),
            requester: requester.label(),
            address: requester.email.as_ref().map(|email| email.value.clone()),
            link: format!("{}/admin/organizations", cx.services.public_url),
        };
        cx.send(Letter::to(address, content).in_language(language.as_deref()));
    }
    cx.changed(change_of(&after).after(&after));
    Ok(after)
}

/// Approves one that waits: it keeps the name no longer, the organization has it, and whoever asked administers that.
async fn approve(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    (id, requester): (RegistrationId, &User),
    name: Name,
    by: Option<String>,
) -> Result<OrganizationId, Fault> {
    let decision = Decision {
        status: RegistrationStatus::Approved,
        reason: None,
        by,
    };
    if !store::decide(tx, permit, id, decision, cx.now).await? {
        return Err(decided().into());
    }
    let create = CreateOrganization {
        name,
        domain: None,
        app_ids: Vec::new(),
        enabled: None,
        domains: Vec::new(),
        alias_name: None,
        slug: None,
        logo_url: None,
        colors: None,
        metadata: None,
        connections: Vec::new(),
    };
    let made = create.perform(permit, tx, cx).await?;
    let organization = made.organization_id;
    store::became(tx, permit, id, organization).await?;
    let person = requester.user_id;
    // Whoever founds an organization is here, and not only invited somewhere.
    if requester.status == UserStatus::Pending {
        accounts::accepted(tx, person, false, cx.now).await?;
    }
    memberships::found(tx, permit, organization, person, cx.now, cx.random()).await?;
    cx.rights_of(person);
    cx.changed(
        Change::of("member", person, requester.label())
            .within(organization)
            .after(&json!({
                "email": requester.email.as_ref().map(|email| &email.value),
                "status": "Active",
                "roles": ["Organization Admin"],
            })),
    );
    Ok(organization)
}

fn decided() -> Error {
    Error::conflict(
        "registration_decided",
        "This request was decided on already, or taken back.",
    )
}

/// As whoever asked sees it: not who decided.
fn own(registration: Registration) -> Registration {
    Registration {
        decided_by: None,
        ..registration
    }
}

impl Perform for RequestOrganization {
    async fn prepare(&self, services: &Services, _: &Db, request: &Request) -> Result<Prepared, Fault> {
        limit(services, request)?;
        Ok(Prepared::default())
    }

    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<Registration, Fault> {
        let way = open_way(tx, permit).await?;
        let requester = found(people::get(tx, permit.person()?).await?, "user")?;
        // Whoever decides is shown the address: it is to be theirs.
        if requester
            .email
            .as_ref()
            .is_some_and(|email| !email.email_verified)
        {
            return Err(
                Error::conflict("address_unproved", "Confirm your address under My account first.").into(),
            );
        }
        register(permit, tx, cx, &requester, self.name, way).await
    }
}

impl Perform for GetOwnRegistrations {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<Registration>, Fault> {
        Ok(store::list_own(tx, permit, &self).await?.map(own))
    }
}

impl Perform for WithdrawRegistration {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let before = own(registration(tx, permit, self.registration_id).await?);
        let oneself = permit.person()?;
        let theirs = before
            .requester
            .as_ref()
            .is_some_and(|requester| requester.user_id == oneself);
        found(theirs.then_some(()), "registration")?;
        let decision = Decision {
            status: RegistrationStatus::Withdrawn,
            reason: None,
            by: Some(oneself.to_string()),
        };
        settle(permit, tx, cx, &before, decision).await?;
        Ok(())
    }
}

/// Ends one that waits without an organization.
async fn settle(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
    before: &Registration,
    decision: Decision,
) -> Result<Registration, Fault> {
    if !store::decide(tx, permit, before.registration_id, decision, cx.now).await? {
        return Err(decided().into());
    }
    let after = registration(tx, permit, before.registration_id).await?;
    cx.changed(change_of(&after).before(before).after(&after));
    // Their pages show it.
    if let Some(requester) = &after.requester {
        cx.rights_of(requester.user_id);
    }
    Ok(after)
}

impl Perform for ListRegistrations {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<Registration>, Fault> {
        store::list(tx, permit, &self).await
    }
}

impl Perform for GetRegistration {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Registration, Fault> {
        registration(tx, permit, self.registration_id).await
    }
}

/// One that waits, of the version that the request names, if it names one.
async fn waiting(
    permit: &Permit,
    tx: &mut Tx,
    cx: &Context<'_>,
    id: RegistrationId,
) -> Result<Registration, Fault> {
    let before = registration(tx, permit, id).await?;
    cx.require_match(&before.version.to_string())?;
    if before.status != RegistrationStatus::Pending {
        return Err(decided().into());
    }
    Ok(before)
}

fn decider(permit: &Permit) -> Option<String> {
    permit.actor().1.map(str::to_owned)
}

impl Perform for ApproveRegistration {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<Registration, Fault> {
        tx.hold(Lock::OrganizationNames, Hold::Exclusive).await?;
        let before = waiting(permit, tx, cx, self.registration_id).await?;
        let requester = before.requester.as_ref().ok_or_else(|| {
            Error::conflict(
                "requester_gone",
                "Whoever asked for it has no account any more. Reject the request, or create the organization by hand.",
            )
        })?;
        if !requester.enabled {
            return Err(Error::conflict(
                "requester_disabled",
                "The account of whoever asked for it is disabled: the organization would have no administrator. Enable \
                 the account first, or reject the request.",
            )
            .into());
        }
        let name = match self.name {
            Some(name) => name,
            None => Name::parse(&before.name).map_err(anyhow::Error::from)?,
        };
        let requester = found(people::get(tx, requester.user_id).await?, "user")?;
        let whose = (before.registration_id, &requester);
        let organization = approve(permit, tx, cx, whose, name, decider(permit)).await?;
        let after = registration(tx, permit, before.registration_id).await?;
        let content = Content::RegistrationApproved {
            organization: after
                .organization_name
                .clone()
                .unwrap_or_else(|| after.name.clone()),
            link: format!("{}/org/{organization}", cx.services.public_url),
        };
        tell(cx, &requester, content);
        cx.changed(
            change_of(&after)
                .within(organization)
                .before(&before)
                .after(&after),
        );
        Ok(after)
    }
}

impl Perform for RejectRegistration {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<Registration, Fault> {
        let before = waiting(permit, tx, cx, self.registration_id).await?;
        let decision = Decision {
            status: RegistrationStatus::Rejected,
            reason: Some(self.reason.as_str().to_owned()),
            by: decider(permit),
        };
        let after = settle(permit, tx, cx, &before, decision).await?;
        let Some(requester) = after.requester.as_ref().map(|requester| requester.user_id) else {
            return Ok(after);
        };
        if let Some(requester) = people::get(tx, requester).await? {
            let content = Content::RegistrationRejected {
                organization: after.name.clone(),
                reason: self.reason.as_str().to_owned(),
                link: format!("{}/account/registrations", cx.services.public_url),
            };
            tell(cx, &requester, content);
        }
        Ok(after)
    }
}

/// Tells whoever asked what became of it, where there is an address to tell it to.
fn tell(cx: &mut Context<'_>, requester: &User, content: Content) {
    if let Some(email) = &requester.email {
        cx.send(Letter::to(&email.value, content).for_user(requester));
    }
}
