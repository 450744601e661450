//! Second factors: what changes them, what signs in with them, and who takes them away from somebody who lost them.

mod authenticator;
mod finishing;
mod own;
mod passkeys;
mod resetting;

pub(in crate::domain) use self::finishing::{begin_pending, lacks};

use guildhall::error::Error;
use guildhall::factors::{CONFIRMED_FOR, NewRecoveryCodes, RECOVERY_CODES};
use guildhall::id::{SessionId, UserId};
use guildhall::secret::Secret;
use guildhall::users::User;
use serde_json::json;

use super::found;
use crate::auth::{amr, totp};
use crate::authorize::Permit;
use crate::change::Change;
use crate::clock;
use crate::console::Context;
use crate::fault::Fault;
use crate::mail::{Content, Letter};
use crate::store::sessions::Proof;
use crate::store::{self, Tx, people};

/// The person and the session in which they change their factors; a token is none.
async fn session_of(permit: &Permit, tx: &mut Tx) -> Result<(UserId, SessionId, Proof), Fault> {
    let session = permit
        .user()
        .and_then(|user| user.session_id)
        .ok_or_else(|| Error::forbidden("Second factors are changed in a session, not with a token."))?;
    let proof = found(store::sessions::proof(tx, session).await?, "session")?;
    Ok((permit.person()?, session, proof))
}

fn is_confirmed(proof: &Proof, now: i64) -> bool {
    now.saturating_sub(proof.confirmed_at) < CONFIRMED_FOR.saturating_mul(60_000)
}

/// The same, where the password was given within the last minutes: whoever finds an open browser changes nothing. Nor does
/// whoever only knows the password of somebody who has a factor, in a session from before they had it.
async fn confirmed(permit: &Permit, tx: &mut Tx, now: i64) -> Result<(UserId, SessionId, Proof), Fault> {
    let (person, session, proof) = session_of(permit, tx).await?;
    if !is_confirmed(&proof, now) {
        return Err(Error::forbidden("Give your password again first.")
            .because("password_needed")
            .into());
    }
    if !amr::has_second_factor(&proof.amr) && store::factors::has_any(tx, person).await? {
        return Err(Error::forbidden(
            "You have a second factor, which this session has not proved: sign out, and in again with it.",
        )
        .because("factor_needed")
        .into());
    }
    Ok((person, session, proof))
}

/// A factor was added: the session has proved it, and whoever has no recovery codes yet gets some.
async fn added(
    tx: &mut Tx,
    cx: &mut Context<'_>,
    (person, session, proof): (UserId, SessionId, Proof),
    method: &'static str,
    what: &str,
) -> Result<NewRecoveryCodes, Fault> {
    store::sessions::set_amr(tx, session, &amr::with(&proof.amr, method)).await?;
    let codes = if store::factors::codes_left(tx, person).await? == 0 {
        new_codes(tx, person).await?
    } else {
        NewRecoveryCodes::default()
    };
    let user = found(people::get(tx, person).await?, "user")?;
    tell(cx, &user);
    cx.rights_of(person);
    cx.changed(Change::of("user", person, user.label()).after(&json!({ "second_factor": what })));
    Ok(codes)
}

/// A factor was taken away by its owner. Recovery codes without a factor would be for nothing.
async fn removed(tx: &mut Tx, cx: &mut Context<'_>, person: UserId, what: &str) -> Result<(), Fault> {
    if !store::factors::has_any(tx, person).await? {
        let required_by = store::factors::required_by(tx, person).await?;
        if let Some(name) = required_by.first() {
            return Err(Error::conflict(
                "factor_required",
                format!("{name} requires a second factor, and this is your last one. Add another one first."),
            )
            .into());
        }
        store::factors::remove_codes(tx, person).await?;
        // What was proved with a factor that is gone proves nothing for the next one.
        store::sessions::set_password_only(tx, person).await?;
        store::grants::set_password_only(tx, person).await?;
        cx.rights_of(person);
    }
    let user = found(people::get(tx, person).await?, "user")?;
    tell(cx, &user);
    cx.changed(Change::of("user", person, user.label()).before(&json!({ "second_factor": what })));
    Ok(())
}

/// New recovery codes in place of those before.
async fn new_codes(tx: &mut Tx, person: UserId) -> Result<NewRecoveryCodes, Fault> {
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        codes.push(totp::new_recovery_code()?);
    }
    let hashes = codes.iter().map(|code| recovery_hash(code)).collect();
    store::factors::replace_codes(tx, person, hashes).await?;
    Ok(NewRecoveryCodes {
        recovery_codes: codes.into_iter().map(Secret::new).collect(),
    })
}

fn recovery_hash(typed: &str) -> String {
    clock::fingerprint(&totp::plain_recovery_code(typed))
}

/// Tells the owner that their factors are other ones now: whoever did not do it learns of it.
fn tell(cx: &mut Context<'_>, user: &User) {
    let Some(email) = &user.email else { return };
    let content = Content::FactorsChanged {
        at: cx.now,
        link: format!("{}/account/security", cx.services.public_url),
    };
    cx.send(Letter::to(&email.value, content).for_user(user));
}

/// The purpose for which the secret of a person's authenticator app is encrypted.
fn purpose(person: UserId) -> String {
    format!("authenticator_app/{person}")
}
