//! The browsers in which people are signed in: seen and ended by themselves, and by the tenant's administrators.

use guildhall::error::Error;
use guildhall::id::{SessionId, UserId};
use guildhall::sessions::*;
use serde_json::json;

use super::found;
use super::users::changeable;
use crate::auth::device;
use crate::authorize::Permit;
use crate::change::Change;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::sessions::SessionRow;
use crate::store::{self, Tx, logins, people};

fn own_session(permit: &Permit) -> Option<SessionId> {
    permit.user().and_then(|user| user.session_id)
}

fn shown(row: SessionRow, current: Option<SessionId>) -> Session {
    Session {
        device: device::name(row.user_agent.as_deref()),
        ip: row.ip,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
        current: current == Some(row.id),
        session_id: row.id,
    }
}

async fn list(permit: &Permit, tx: &mut Tx, cx: &Context<'_>, id: UserId) -> Result<Vec<Session>, Fault> {
    let rows = store::sessions::of_person(tx, id, cx.now).await?;
    let current = own_session(permit);
    Ok(rows.into_iter().map(|row| shown(row, current)).collect())
}

/// What the audit says of sessions that were ended: which one, or how many.
async fn ended(tx: &mut Tx, cx: &mut Context<'_>, id: UserId, what: serde_json::Value) -> Result<(), Fault> {
    let user = found(people::get(tx, id).await?, "user")?;
    cx.rights_of(id);
    cx.changed(Change::of("user", id, user.label()).before(&what));
    Ok(())
}

async fn end_one(tx: &mut Tx, cx: &mut Context<'_>, id: UserId, session: SessionId) -> Result<(), Fault> {
    if !store::sessions::delete_one_of(tx, id, session).await? {
        return Err(Error::not_found("session").into());
    }
    ended(tx, cx, id, json!({ "session_id": session })).await
}

impl Perform for ListOwnSessions {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<Vec<Session>, Fault> {
        list(permit, tx, cx, permit.person()?).await
    }
}

impl Perform for EndOwnSession {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        end_one(tx, cx, permit.person()?, self.session_id).await
    }
}

impl Perform for EndOtherSessions {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let id = permit.person()?;
        let sessions = store::sessions::delete_of(tx, id, own_session(permit)).await?;
        if sessions == 0 {
            return Ok(());
        }
        ended(tx, cx, id, json!({ "sessions": sessions })).await
    }
}

impl Perform for ListUserSessions {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<Vec<Session>, Fault> {
        found(people::get(tx, self.user_id).await?, "user")?;
        list(permit, tx, cx, self.user_id).await
    }
}

impl Perform for EndUserSession {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        changeable(permit, tx, self.user_id).await?;
        end_one(tx, cx, self.user_id, self.session_id).await
    }
}

impl Perform for EndUserSessions {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        changeable(permit, tx, self.user_id).await?;
        let sessions = store::sessions::delete_of(tx, self.user_id, None).await?;
        logins::end_tokens(tx, self.user_id, cx.now).await?;
        ended(tx, cx, self.user_id, json!({ "sessions": sessions })).await
    }
}
