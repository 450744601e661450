//! Signing a member in with the application's own form: its backend brings the name and the password.

use guildhall::caller::Request;
use guildhall::error::{Code, Error};
use guildhall::id::{ClientId, GrantId};
use guildhall::oidc::*;

use super::entering::{Door, closed, door};
use super::issuing::issue;
use crate::auth::amr;
use crate::authorize::Permit;
use crate::console::{Context, Perform, Prepared};
use crate::domain::{found, sessions};
use crate::fault::Fault;
use crate::services::Services;
use crate::store::app_access::Entry;
use crate::store::grants::{self, Grant};
use crate::store::{self, Db, Tx, logins};

/// What the application gets to know: it asked for the password itself.
const SCOPE: &str = "openid profile email phone";

impl Perform for AuthenticateMember {
    async fn prepare(&self, services: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        Ok(Prepared {
            verified: sessions::verified(services, db, self.username.as_str(), &self.password).await?,
            ..Prepared::default()
        })
    }

    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<MemberSignedIn, Fault> {
        let app = permit.only_application().ok_or_else(|| {
            Error::forbidden("Only an application's own client signs its members in.")
                .because("wrong_token_kind")
        })?;
        let (_, client) = permit.actor();
        let client: ClientId = found(client.and_then(|id| id.parse().ok()), "client")?;
        let person = cx.prepared.verified.ok_or_else(wrong_credentials)?;
        let everywhere = store::app_access::entries(tx, person, app, None).await?;
        // An application is told nothing of whoever is no member at all, not even that the password is right.
        if everywhere.is_empty() {
            return Err(wrong_credentials().into());
        }
        let entries = match &self.org_id {
            None => everywhere,
            Some(asked) => store::app_access::entries(tx, person, app, Some(asked.as_str())).await?,
        };
        let login = found(logins::of(tx, person).await?, "user")?;
        if login.password_must_change {
            return Err(Error::forbidden(
                "The password is a temporary one: have the member change it on the hosted sign-in page first.",
            )
            .because("password_must_change")
            .into());
        }
        // Its own form asks for a password and nothing else.
        if store::factors::has_any(tx, person).await? {
            return Err(second_factor_needed().into());
        }
        let entry = one_of(entries)?;
        if entry.requires_factor {
            return Err(second_factor_needed().into());
        }
        logins::signed_in(tx, person, cx.now).await?;
        let (session, _) = sessions::begin_session(tx, cx, person, amr::PASSWORD).await?;
        let grant = Grant {
            id: GrantId::compose(cx.now, cx.random()),
            session_id: session,
            client_id: client,
            application_id: app,
            organization_id: entry.organization_id,
            person_id: person,
            scope: SCOPE.to_owned(),
            auth_time: cx.now,
            expires_at: sessions::ends_at(cx.now),
            amr: amr::PASSWORD.to_owned(),
        };
        grants::insert(tx, &grant, cx.now).await?;
        let tokens = issue(tx, cx, &grant, &entry, SCOPE.to_owned(), None).await?;
        Ok(MemberSignedIn {
            user_id: person,
            org_id: entry.organization_id,
            org_name: entry.name,
            tokens,
        })
    }
}

/// An unknown name and a wrong password look the same, as on the sign-in page.
fn wrong_credentials() -> Error {
    Error::new(Code::Invalid, "The name or the password is wrong.").because("wrong_credentials")
}

/// An answer with a reason that programs read, for it is the application that can do something about it.
fn second_factor_needed() -> Error {
    Error::conflict(
        "second_factor_required",
        "The member signs in with a second factor, or the organization requires one: send them to the hosted sign-in page.",
    )
}

/// The organization that they sign in for; whoever is in several says which.
fn one_of(entries: Vec<Entry>) -> Result<Entry, Error> {
    let why = entries.iter().find_map(closed);
    let names: Vec<String> = entries
        .iter()
        .filter(|entry| closed(entry).is_none())
        .map(|entry| format!("{} ({})", entry.organization_id, entry.name))
        .collect();
    match door(entries, None) {
        Door::Open(entry) => Ok(entry),
        Door::Choose => Err(Error::conflict(
            "organization_required",
            "The member can use the application in several organizations: say in org_id which one it is.",
        )
        .at("org_id", format!("must be one of: {}", names.join(", ")))),
        Door::Closed => Err(Error::forbidden(match why {
            None => "They are a member of no such organization.",
            Some(Closed::OrganizationDisabled) => "The organization is disabled.",
            Some(Closed::Suspended) => "The membership is suspended.",
            Some(Closed::Pending) => "The invitation was not accepted yet.",
            Some(Closed::WithoutApplication) => "The organization does not have the application.",
        })
        .because(match why {
            None => "no_membership",
            Some(Closed::OrganizationDisabled) => "organization_disabled",
            Some(Closed::Suspended) => "membership_suspended",
            Some(Closed::Pending) => "membership_pending",
            Some(Closed::WithoutApplication) => "application_not_assigned",
        })),
    }
}
