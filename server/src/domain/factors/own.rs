//! One's own second factors: seen, and changed once the password was given again.

use guildhall::caller::{Caller, Request};
use guildhall::error::Error;
use guildhall::factors::*;
use serde_json::json;

use super::{confirmed, is_confirmed, new_codes, session_of, tell};
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform, Prepared};
use crate::domain::found;
use crate::fault::Fault;
use crate::services::Services;
use crate::store::{self, Db, Tx, logins, people};

impl Perform for GetOwnFactors {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<OwnFactors, Fault> {
        let (person, _, proof) = session_of(permit, tx).await?;
        Ok(OwnFactors {
            factors: store::factors::of(tx, person).await?,
            confirmed: is_confirmed(&proof, cx.now),
            required_by: store::factors::required_by(tx, person).await?,
        })
    }
}

impl Perform for ConfirmPassword {
    async fn prepare(&self, services: &Services, db: &Db, request: &Request) -> Result<Prepared, Fault> {
        let Caller::User(user) = &request.caller else {
            return Ok(Prepared::default());
        };
        let login = logins::of(&mut db.read().await?, user.user_id).await?;
        let hash = login.and_then(|login| login.password_hash);
        let right = services
            .hasher
            .verify(self.password.reveal(), hash.as_deref())
            .await?;
        Ok(Prepared {
            verified: right.then_some(user.user_id),
            ..Prepared::default()
        })
    }

    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let (person, session, _) = session_of(permit, tx).await?;
        if cx.prepared.verified != Some(person) {
            return Err(Error::field("password", "is wrong").into());
        }
        Ok(store::sessions::confirm(tx, session, cx.now).await?)
    }
}

impl Perform for RenewRecoveryCodes {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<NewRecoveryCodes, Fault> {
        let (person, ..) = confirmed(permit, tx, cx.now).await?;
        if !store::factors::has_any(tx, person).await? {
            return Err(Error::conflict(
                "no_factor",
                "Recovery codes stand in for a second factor: set one up first.",
            )
            .into());
        }
        let codes = new_codes(tx, person).await?;
        let user = found(people::get(tx, person).await?, "user")?;
        tell(cx, &user);
        cx.changed(
            Change::of("user", person, user.label()).after(&json!({ "recovery_codes": RECOVERY_CODES })),
        );
        Ok(codes)
    }
}
