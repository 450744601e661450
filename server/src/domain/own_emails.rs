//! The addresses of one's own: added, proved by a link that was mailed, made the one to sign in with, taken away.

use guildhall::account::*;
use guildhall::contact::Email;
use guildhall::error::{Code, Error};
use guildhall::id::UserId;
use guildhall::users::User;

use super::account::MOST;
use super::found;
use super::users::details_of;
use crate::authorize::Permit;
use crate::change::Change;
use crate::clock;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::mail::{Content, Letter};
use crate::store::people::Identifiers;
use crate::store::{Tx, accounts, email_proofs, people};

/// How long a link that proves an address works, in milliseconds.
const LINK: i64 = 24 * 60 * 60 * 1000;

fn is(email: &Email, text: &str) -> bool {
    email.folded() == text.to_lowercase()
}

fn is_primary(user: &User, email: &Email) -> bool {
    user.email.as_ref().is_some_and(|own| is(email, &own.value))
}

fn is_further(user: &User, email: &Email) -> bool {
    user.secondary_emails.iter().any(|own| is(email, own))
}

fn not_yours() -> Error {
    Error::not_found("address of yours")
}

async fn oneself(permit: &Permit, tx: &mut Tx) -> Result<User, Fault> {
    Ok(found(people::get(tx, permit.person()?).await?, "user")?)
}

/// Writes somebody's changed record of their own, and says so.
pub(super) async fn save(
    tx: &mut Tx,
    cx: &mut Context<'_>,
    before: &User,
    details: &crate::store::accounts::Details,
) -> Result<User, Fault> {
    let id = before.user_id;
    accounts::update(tx, id, details, cx.now).await?;
    let after = found(people::get(tx, id).await?, "user")?;
    cx.changed(Change::of("user", id, after.label()).before(before).after(&after));
    Ok(after)
}

async fn send_link(tx: &mut Tx, cx: &mut Context<'_>, user: &User, email: &Email) -> Result<(), Fault> {
    let token = clock::secret_text()?;
    let expires_at = cx.now.saturating_add(LINK);
    email_proofs::ask(tx, user.user_id, email, clock::fingerprint(&token), expires_at).await?;
    let content = Content::VerifyAddress {
        address: email.to_string(),
        link: format!("{}/account/verify/{token}", cx.services.public_url),
        expires_at,
    };
    let thing = format!("verify/{}/{}", user.user_id, email.folded());
    cx.send(Letter::to(email.as_str(), content).for_user(user).about(thing));
    Ok(())
}

impl Perform for AddOwnEmail {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let user = oneself(permit, tx).await?;
        if is_primary(&user, &self.email) || is_further(&user, &self.email) {
            return Err(Error::field("email", "is one of your addresses already").into());
        }
        let mut details = details_of(&user);
        if details.secondary_emails.len() >= MOST {
            return Err(Error::field("email", "is one too many: 20 further addresses at most").into());
        }
        // Whether somebody else has it is not said: whoever reads its mail proves that it is theirs.
        details.secondary_emails.push(self.email.to_string());
        // What was proved before it was taken away may be true no longer.
        email_proofs::forget(tx, user.user_id, &self.email.folded()).await?;
        save(tx, cx, &user, &details).await?;
        send_link(tx, cx, &user, &self.email).await
    }
}

impl Perform for SendEmailVerification {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let user = oneself(permit, tx).await?;
        if !is_primary(&user, &self.email) && !is_further(&user, &self.email) {
            return Err(not_yours().into());
        }
        send_link(tx, cx, &user, &self.email).await
    }
}

impl Perform for VerifyOwnEmail {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<OwnEmail, Fault> {
        let before = oneself(permit, tx).await?;
        let id = before.user_id;
        let dead = || {
            Error::new(
                Code::Gone,
                "This link was used, replaced by a newer one, has expired, or was sent to somebody else. Ask for another one \
                 under E-mail addresses.",
            )
            .because("link_dead")
        };
        let key = email_proofs::prove(tx, id, clock::fingerprint(self.token.as_str()), cx.now)
            .await?
            .ok_or_else(dead)?;
        let same = |value: &&String| value.to_lowercase() == key;
        let value = match (&before.email, before.secondary_emails.iter().find(same)) {
            (Some(email), _) if same(&&email.value) => {
                accounts::verify_email(tx, id, cx.now).await?;
                email.value.clone()
            }
            (_, Some(further)) => further.clone(),
            // It was taken away since.
            _ => return Err(dead().into()),
        };
        let primary = before.email.as_ref().is_some_and(|email| email.value == value);
        let after = found(people::get(tx, id).await?, "user")?;
        cx.changed(
            Change::of("user", id, after.label()).after(&serde_json::json!({ "verified_email": value })),
        );
        Ok(OwnEmail {
            value,
            email_verified: true,
            primary,
        })
    }
}

impl Perform for MakeEmailPrimary {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let before = oneself(permit, tx).await?;
        if make_primary(tx, cx, &before, &self.email).await? {
            let after = oneself(permit, tx).await?;
            cx.changed(
                Change::of("user", after.user_id, after.label())
                    .before(&before)
                    .after(&after),
            );
        }
        Ok(())
    }
}

/// Makes one of somebody's verified addresses the one to sign in with; `false` when it is already.
///
/// # Errors
/// 400 at `email` when it is none of theirs or not verified; 409 when it is somebody else's.
pub(super) async fn make_primary(
    tx: &mut Tx,
    cx: &Context<'_>,
    user: &User,
    email: &Email,
) -> Result<bool, Fault> {
    if is_primary(user, email) {
        return Ok(false);
    }
    let id: UserId = user.user_id;
    let proved = email_proofs::proved(tx, id).await?;
    if !is_further(user, email) || !proved.contains(&email.folded()) {
        return Err(Error::field(
            "email",
            "must be one of your verified addresses: add it, and follow the link that is sent to it",
        )
        .into());
    }
    let by = Identifiers {
        email: Some(email.folded()),
        ..Identifiers::default()
    };
    if people::find(tx, &by).await?.iter().any(|other| *other != id) {
        return Err(Error::conflict(
            "user_identifier_taken",
            "Somebody else signs in with this address.",
        )
        .at("email", "belongs to somebody else")
        .into());
    }
    let mut details = details_of(user);
    details.secondary_emails.retain(|own| !is(email, own));
    if let Some(old) = details.email.replace(email.to_string()) {
        if details.email_verified {
            email_proofs::keep(tx, id, &old.to_lowercase(), cx.now).await?;
        }
        details.secondary_emails.insert(0, old);
    }
    details.email_verified = true;
    accounts::update(tx, id, &details, cx.now).await?;
    Ok(true)
}

impl Perform for RemoveOwnEmail {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let user = oneself(permit, tx).await?;
        if is_primary(&user, &self.email) {
            return Err(Error::conflict(
                "primary_email",
                "You sign in with this address. Make another one the primary one first.",
            )
            .at("email", "is the primary one")
            .into());
        }
        if !is_further(&user, &self.email) {
            return Err(not_yours().into());
        }
        let mut details = details_of(&user);
        details.secondary_emails.retain(|own| !is(&self.email, own));
        email_proofs::forget(tx, user.user_id, &self.email.folded()).await?;
        save(tx, cx, &user, &details).await?;
        Ok(())
    }
}
