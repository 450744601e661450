//! Authenticator apps: set up with a code, so that nobody locks themselves out, and taken away.

use guildhall::error::{Code, Error};
use guildhall::factors::*;
use guildhall::id::{SessionId, UserId};
use guildhall::secret::Secret;

use super::{added, confirmed, purpose, removed};
use crate::auth::totp;
use crate::authorize::Permit;
use crate::console::{Context, Perform};
use crate::domain::found;
use crate::fault::Fault;
use crate::store::{self, Tx, people};

/// How long a set-up can be left alone, in milliseconds.
const PATIENCE: i64 = 15 * 60 * 1000;

impl Perform for BeginAuthenticatorApp {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let (person, session, _) = confirmed(permit, tx, cx.now).await?;
        let secret = totp::new_secret()?;
        let kept = cx.services.vault.seal(&purpose(person), &secret)?;
        let until = cx.now.saturating_add(PATIENCE);
        store::factors::begin_app(tx, (person, session), kept, until).await?;
        Ok(())
    }
}

fn over() -> Error {
    Error::new(
        Code::Gone,
        "This set-up was finished, or has waited too long. Begin again under Security.",
    )
    .because("set_up_over")
}

/// The secret of the app that this session sets up: as it is kept, and as it is.
async fn next_secret(
    tx: &mut Tx,
    cx: &Context<'_>,
    (person, session): (UserId, SessionId),
) -> Result<(String, String), Fault> {
    let app = store::factors::app(tx, person).await?;
    let own = session.to_string();
    let kept = app
        .filter(|app| app.next_until.is_some_and(|until| until > cx.now))
        .filter(|app| app.next_session.as_ref() == Some(&own))
        .and_then(|app| app.next_secret)
        .ok_or_else(over)?;
    let secret = cx.services.vault.reveal(&purpose(person), &kept)?;
    Ok((kept, secret))
}

impl Perform for GetAuthenticatorSetUp {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<AuthenticatorSetUp, Fault> {
        let (person, session, _) = confirmed(permit, tx, cx.now).await?;
        let (_, secret) = next_secret(tx, cx, (person, session)).await?;
        let user = found(people::get(tx, person).await?, "user")?;
        let tenant = store::tenant::name(tx).await?;
        let account = user
            .email
            .as_ref()
            .map_or_else(|| user.label(), |email| email.value.clone());
        let uri = totp::uri(&tenant, &account, &secret);
        let (qr_path, qr_size) = totp::qr(&uri)?;
        Ok(AuthenticatorSetUp {
            key: Secret::new(totp::grouped(&secret, ' ')),
            uri: Secret::new(uri),
            qr_path: Secret::new(qr_path),
            qr_size,
        })
    }
}

impl Perform for ConfirmAuthenticatorApp {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<NewRecoveryCodes, Fault> {
        let who = confirmed(permit, tx, cx.now).await?;
        let (person, session, _) = &who;
        let (kept, secret) = next_secret(tx, cx, (*person, *session)).await?;
        let Some(step) = totp::step_of(&secret, self.code.as_str(), cx.now) else {
            return Err(Error::field(
                "code",
                "is not the code that the app shows now; check that the time of your phone is right",
            )
            .into());
        };
        if !store::factors::finish_app(tx, *person, kept, step, cx.now).await? {
            return Err(over().into());
        }
        added(tx, cx, who, "otp", "authenticator app").await
    }
}

impl Perform for RemoveAuthenticatorApp {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let (person, ..) = confirmed(permit, tx, cx.now).await?;
        if !store::factors::remove_app(tx, person).await? {
            return Err(Error::not_found("authenticator app of yours").into());
        }
        removed(tx, cx, person, "authenticator app").await
    }
}
