//! Passkeys: added with a challenge that only this session can answer, and taken away.

use guildhall::error::Error;
use guildhall::factors::*;
use guildhall::id::{PasskeyId, UserId};

use super::{added, confirmed, removed};
use crate::auth::passkey::{Made, Site};
use crate::authorize::Permit;
use crate::clock;
use crate::console::{Context, Perform};
use crate::domain::found;
use crate::fault::Fault;
use crate::store::passkeys::NewPasskey;
use crate::store::{self, Tx, people};

/// How long a challenge can be answered, in milliseconds: a little longer than a browser waits.
const PATIENCE: i64 = 6 * 60 * 1000;

/// The credentials that somebody has, where there is room for one more.
async fn known_to(tx: &mut Tx, person: UserId) -> Result<Vec<String>, Fault> {
    let known = store::passkeys::of_person(tx, person).await?;
    if known.len() >= MOST_PASSKEYS {
        return Err(Error::conflict(
            "too_many_passkeys",
            format!("You have {MOST_PASSKEYS} passkeys, which is the most. Remove one first."),
        )
        .into());
    }
    Ok(known.into_iter().map(|row| row.credential_id).collect())
}

impl Perform for BeginPasskey {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<PasskeyOptions, Fault> {
        let (person, session, _) = confirmed(permit, tx, cx.now).await?;
        let known = known_to(tx, person).await?;
        let user = found(people::get(tx, person).await?, "user")?;
        let tenant = store::tenant::name(tx).await?;
        let challenge = clock::secret_text()?;
        let until = cx.now.saturating_add(PATIENCE);
        store::sessions::set_challenge(tx, session, challenge.clone(), until).await?;
        let label = user.label();
        let name = user
            .email
            .as_ref()
            .map_or_else(|| label.clone(), |email| email.value.clone());
        let options = Site::of(&cx.services.public_url).creation_options(
            &challenge,
            &tenant,
            (&person.to_string(), &name, &label),
            &known,
        );
        Ok(PasskeyOptions {
            options: options.to_string(),
        })
    }
}

impl Perform for AddPasskey {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<NewRecoveryCodes, Fault> {
        let who = confirmed(permit, tx, cx.now).await?;
        let (person, session, proof) = &who;
        let wrong = || {
            Error::field(
                "credential",
                "is no passkey that was just made for this page; try again",
            )
            .because("wrong_passkey")
        };
        let challenge = proof
            .passkey_challenge
            .as_deref()
            .filter(|_| proof.passkey_until.is_some_and(|until| until > cx.now))
            .ok_or_else(wrong)?;
        let response = &self.credential.response;
        let made = Made {
            id: self.credential.id.as_str(),
            client_data_json: response.client_data_json.as_str(),
            authenticator_data: response.authenticator_data.as_str(),
            public_key: response.public_key.as_str(),
        };
        let key = Site::of(&cx.services.public_url)
            .made(challenge, &made)
            .map_err(|_| wrong())?;
        // Of two answers at the same moment one is taken.
        if !store::sessions::take_challenge(tx, *session, challenge).await? {
            return Err(wrong().into());
        }
        known_to(tx, *person).await?;
        let passkey = NewPasskey {
            id: PasskeyId::compose(cx.now, cx.random()),
            credential_id: self.credential.id.as_str().to_owned(),
            name: self.name.as_str().to_owned(),
            public_key: response.public_key.as_str().to_owned(),
            sign_count: key.sign_count,
        };
        if !store::passkeys::insert(tx, *person, passkey, cx.now).await? {
            return Err(Error::conflict("passkey_known", "This passkey is known already.").into());
        }
        let method = if key.shared { "swk" } else { "hwk" };
        let what = format!("passkey {}", self.name.as_str());
        added(tx, cx, who, method, &what).await
    }
}

impl Perform for RemovePasskey {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let (person, ..) = confirmed(permit, tx, cx.now).await?;
        let name = store::passkeys::remove(tx, person, self.passkey_id).await?;
        let name = found(name, "passkey of yours")?;
        removed(tx, cx, person, &format!("passkey {name}")).await
    }
}
