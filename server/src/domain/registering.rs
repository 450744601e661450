//! Somebody new registers an organization: a link by mail proves the address, and makes the account and the request.

use guildhall::caller::Request;
use guildhall::error::{Code, Error};
use guildhall::id::UserId;
use guildhall::registrations::*;
use guildhall::text::Name;
use guildhall::users::UserStatus;

use super::found;
use super::passwords::hashed;
use super::registrations::{limit, open_way, register, way};
use super::sessions::begin;
use crate::auth::password_rules::About;
use crate::authorize::Permit;
use crate::change::Change;
use crate::clock;
use crate::console::{Context, Perform, Prepared};
use crate::fault::Fault;
use crate::mail::{Content, Letter};
use crate::services::Services;
use crate::store::begun_registrations::{self as store, Begun};
use crate::store::people::Identifiers;
use crate::store::{Db, Tx, accounts, logins, people};

/// How long a link works, in milliseconds.
const LINK: i64 = 24 * 60 * 60 * 1000;

/// Where somebody who has an account asks for an organization, by way of their sign-in.
const SIGN_IN: &str = "/signin?return_to=%2Faccount%2Fregistrations%2Fnew";

impl Perform for GetRegistrationWay {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<RegistrationWay, Fault> {
        way(tx, permit).await
    }
}

impl Perform for BeginRegistration {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        open_way(tx, permit).await?;
        let key = self.email.folded();
        let thing = format!("begun_registration/{key}");
        let expires_at = cx.now.saturating_add(LINK);
        let by = Identifiers {
            email: Some(key.clone()),
            ..Identifiers::default()
        };
        let organization = self.name.as_str().to_owned();
        // Nobody is told whether the address is known but whoever reads its mail.
        if let Some(id) = people::find(tx, &by).await?.first().copied() {
            let user = found(people::get(tx, id).await?, "user")?;
            let (Some(email), false) = (&user.email, user.status == UserStatus::Disabled) else {
                return Ok(());
            };
            let content = Content::RegistrationAddress {
                organization,
                is_known: true,
                link: format!("{}{SIGN_IN}", cx.services.public_url),
                expires_at,
            };
            cx.send(Letter::to(&email.value, content).for_user(&user).about(thing));
            return Ok(());
        }
        let token = clock::secret_text()?;
        let begun = Begun {
            email: self.email.as_str().to_owned(),
            person_name: self.person_name,
            organization: organization.clone(),
            expires_at,
        };
        store::begin(tx, key, clock::fingerprint(&token), &begun, cx.now).await?;
        let content = Content::RegistrationAddress {
            organization,
            is_known: false,
            link: format!("{}/register/{token}", cx.services.public_url),
            expires_at,
        };
        // An earlier link that still waits to be sent is dead already.
        cx.send(Letter::to(begun.email, content).about(thing));
        Ok(())
    }
}

fn dead_link() -> Error {
    Error::new(
        Code::Gone,
        "This link was used, replaced by a newer one, or has expired. Register again to get another one.",
    )
    .because("link_dead")
}

impl Perform for GetBegunRegistration {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<BegunRegistration, Fault> {
        let begun = store::begun(tx, clock::fingerprint(self.token.as_str()), cx.now).await?;
        let begun = begun.ok_or_else(dead_link)?;
        Ok(BegunRegistration {
            email: begun.email,
            name: begun.organization,
            is_automatic: open_way(tx, permit).await?.is_automatic,
            expires_at: begun.expires_at,
        })
    }
}

impl Perform for FinishRegistration {
    async fn prepare(&self, services: &Services, db: &Db, request: &Request) -> Result<Prepared, Fault> {
        // Hashing is for whoever has a link: to anybody else it would be a way to keep the server busy.
        let mut tx = db.read().await?;
        let token = clock::fingerprint(self.token.as_str());
        let begun = store::begun(&mut tx, token, services.clock.now()).await?;
        let begun = begun.ok_or_else(dead_link)?;
        drop(tx);
        limit(services, request)?;
        let name = self
            .name
            .as_ref()
            .map_or(begun.organization.as_str(), Name::as_str);
        let about = About::new()
            .and_email(&begun.email)
            .and_name(&begun.person_name)
            .and(name);
        let password_hash = Some(hashed(services, "password", &self.password, &about).await?);
        Ok(Prepared {
            password_hash,
            ..Prepared::default()
        })
    }

    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<FinishedRegistration, Fault> {
        let token = clock::fingerprint(self.token.as_str());
        let begun = store::begun(tx, token.clone(), cx.now)
            .await?
            .ok_or_else(dead_link)?;
        let way = open_way(tx, permit).await?;
        // Of two at the same moment one takes it.
        if !store::take(tx, token).await? {
            return Err(dead_link().into());
        }
        let hash = cx.prepared.password_hash.clone().ok_or_else(dead_link)?;
        let id = UserId::compose(cx.now, cx.random());
        let details = accounts::Details {
            email: Some(begun.email),
            // The mailbox that the link was read in is theirs.
            email_verified: true,
            name: Some(begun.person_name).filter(|name| !name.full().is_empty()),
            ..accounts::Details::default()
        };
        let password = Some((hash, false));
        let seed = cx.random();
        if !accounts::insert(tx, id, &details, UserStatus::Active, password, cx.now, seed).await? {
            return Err(Error::conflict(
                "sign_in_required",
                "You have an account by now: sign in with it, and create the organization there.",
            )
            .into());
        }
        let made = found(people::get(tx, id).await?, "user")?;
        cx.changed(Change::of("user", id, made.label()).after(&made));
        let name = match self.name {
            Some(name) => name,
            None => Name::parse(&begun.organization).map_err(anyhow::Error::from)?,
        };
        // Where the name is taken by now, nothing of this has happened, and the link still works.
        let registration = register(permit, tx, cx, &made, name, way).await?;
        logins::signed_in(tx, id, cx.now).await?;
        let session = begin(tx, cx, id).await?;
        cx.done_by(id);
        Ok(FinishedRegistration {
            session,
            registration,
        })
    }
}
