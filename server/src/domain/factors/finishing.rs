//! The second step of a sign-in: there is no session before it.

use guildhall::error::{Code, Error};
use guildhall::factors::*;
use guildhall::id::UserId;
use guildhall::secret::Secret;

use super::{purpose, recovery_hash};
use crate::auth::passkey::{Site, Used};
use crate::auth::{amr, rate_limit, totp};
use crate::authorize::Permit;
use crate::clock;
use crate::console::{Context, Perform};
use crate::domain::sessions;
use crate::fault::Fault;
use crate::store::pending_sign_ins::{self, Pending};
use crate::store::{self, Tx};

/// How long a sign-in waits for its second step, in seconds.
const LIFETIME: i64 = 10 * 60;
/// Codes that can be guessed wrong in [`WINDOW`], whoever guesses.
const GUESSES: i64 = 10;
/// Milliseconds.
const WINDOW: i64 = 15 * 60 * 1000;

/// Keeps a sign-in whose password was right until its second step.
pub(in crate::domain) async fn begin_pending(
    tx: &mut Tx,
    cx: &Context<'_>,
    person: UserId,
) -> Result<PendingSignIn, Fault> {
    let token = clock::secret_text()?;
    let pending = Pending {
        person_id: person,
        challenge: clock::secret_text()?,
    };
    let expires_at = cx.now.saturating_add(LIFETIME.saturating_mul(1000));
    pending_sign_ins::insert(tx, clock::fingerprint(&token), &pending, cx.now, expires_at).await?;
    Ok(PendingSignIn {
        pending_token: Secret::new(token),
        lifetime: LIFETIME,
    })
}

/// Whether an organization asks for a second factor that was not proved.
pub(in crate::domain) fn lacks(requires_factor: bool, amr: &str) -> bool {
    requires_factor && !amr::has_second_factor(amr)
}

fn over() -> Error {
    Error::new(
        Code::Gone,
        "This sign-in was finished, has waited too long, or was begun in another browser. Sign in again.",
    )
    .because("sign_in_over")
}

async fn waiting(tx: &mut Tx, token: &Secret, now: i64) -> Result<Pending, Fault> {
    let found = pending_sign_ins::get(tx, clock::fingerprint(token.reveal()), now).await?;
    Ok(found.ok_or_else(over)?)
}

impl Perform for GetPendingSignIn {
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<SignInFactors, Fault> {
        let pending = waiting(tx, &self.pending_token, cx.now).await?;
        let factors = store::factors::of(tx, pending.person_id).await?;
        let keys = store::passkeys::of_person(tx, pending.person_id).await?;
        let keys: Vec<String> = keys.into_iter().map(|row| row.credential_id).collect();
        let site = Site::of(&cx.services.public_url);
        Ok(SignInFactors {
            authenticator_app: factors.authenticator_app.is_some(),
            recovery_codes: factors.recovery_codes_left > 0,
            passkeys: (!keys.is_empty()).then(|| PasskeyOptions {
                options: site.request_options(&pending.challenge, &keys).to_string(),
            }),
        })
    }
}

impl Perform for FinishSignIn {
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<FinishedSignIn, Fault> {
        let pending = waiting(tx, &self.pending_token, cx.now).await?;
        let person = pending.person_id;
        let typed = self
            .code
            .as_ref()
            .map(|code| code.reveal().trim())
            .filter(|code| !code.is_empty());
        let proved = match (&self.passkey, typed) {
            (Some(used), _) => proved_by_passkey(tx, cx, &pending, used).await?,
            (None, Some(code)) => proved_by_code(tx, cx, person, code).await?,
            (None, None) => return Err(Error::field("code", "is required").into()),
        };
        let amr = match proved {
            Ok(amr) => amr,
            Err(why) => {
                return Ok(FinishedSignIn::Wrong { why: why.to_owned() });
            }
        };
        // Of two at the same moment one has the session.
        if !pending_sign_ins::delete(tx, clock::fingerprint(self.pending_token.reveal())).await? {
            return Err(over().into());
        }
        pending_sign_ins::forget_guesses(tx, person).await?;
        Ok(FinishedSignIn::SignedIn(
            sessions::enter(tx, cx, person, amr).await?,
        ))
    }
}

/// How it was proved, or a sentence that says why not.
type Proved = Result<&'static str, &'static str>;

/// A code of the app, or a recovery code. Each guess is counted before it is looked at; whoever has no guess left can still
/// use what cannot be guessed.
async fn proved_by_code(tx: &mut Tx, cx: &Context<'_>, person: UserId, typed: &str) -> Result<Proved, Fault> {
    // Six digits are the app's; a recovery code is too long to guess, and not counted.
    let is_short = totp::plain_recovery_code(typed).len() < 20;
    if !is_short {
        let hash = recovery_hash(typed);
        return Ok(if store::factors::use_code(tx, person, hash, cx.now).await? {
            Ok(amr::PASSWORD_AND_CODE)
        } else {
            Err("is no recovery code of yours, or was used already")
        });
    }
    let (guesses, since) = pending_sign_ins::count_guess(tx, person, cx.now, WINDOW).await?;
    if guesses > GUESSES {
        let wait = since.saturating_add(WINDOW).saturating_sub(cx.now);
        let micros = u64::try_from(wait).unwrap_or_default().saturating_mul(1000);
        return Err(rate_limit::too_many(micros).into());
    }
    let app = store::factors::app(tx, person).await?;
    let Some(kept) = app.and_then(|app| app.secret) else {
        return Ok(Err("is no recovery code of yours"));
    };
    let secret = cx.services.vault.reveal(&purpose(person), &kept)?;
    let Some(step) = totp::step_of(&secret, typed, cx.now) else {
        return Ok(Err("is not the code that your app shows now"));
    };
    Ok(if store::factors::take_step(tx, person, step, cx.now).await? {
        Ok(amr::PASSWORD_AND_CODE)
    } else {
        Err("was used already; wait for the next one")
    })
}

async fn proved_by_passkey(
    tx: &mut Tx,
    cx: &Context<'_>,
    pending: &Pending,
    said: &UsedPasskey,
) -> Result<Proved, Fault> {
    const WRONG: Proved = Err("The passkey was not accepted. Try again, or use another way.");
    let keys = store::passkeys::of_person(tx, pending.person_id).await?;
    let Some(known) = keys.into_iter().find(|row| row.credential_id == said.id.as_str()) else {
        return Ok(WRONG);
    };
    let used = Used {
        client_data_json: said.response.client_data_json.as_str(),
        authenticator_data: said.response.authenticator_data.as_str(),
        signature: said.response.signature.as_str(),
    };
    let site = Site::of(&cx.services.public_url);
    let key = match site.used(&pending.challenge, &used, &known.public_key, known.sign_count) {
        Ok(key) => key,
        Err(why) => {
            tracing::info!(user.id = %pending.person_id, passkey.id = %known.id, ?why, "a passkey was not accepted");
            return Ok(WRONG);
        }
    };
    if !store::passkeys::used(tx, known.id, known.sign_count, key.sign_count, cx.now).await? {
        return Ok(WRONG);
    }
    Ok(Ok(if key.shared {
        amr::PASSWORD_AND_SHARED_KEY
    } else {
        amr::PASSWORD_AND_DEVICE
    }))
}
