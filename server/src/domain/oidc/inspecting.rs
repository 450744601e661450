//! Looking at tokens, and ending them: whoever may ask is told whether one is active, and nothing of others'.

use guildhall::caller::Request;
use guildhall::error::{Code, Error};
use guildhall::id::{ClientId, GrantId};
use guildhall::oidc::*;
use serde_json::{Map, Value, json};

use super::claims;
use super::entering::still_open;
use super::issuing::{access, has};
use crate::auth::app_token::{Access, AppClaims};
use crate::auth::bearer::{INSUFFICIENT_SCOPE, INVALID_TOKEN};
use crate::authorize::Permit;
use crate::clock;
use crate::console::{Context, Perform, Prepared};
use crate::domain::clients::{prepared, presented, wrong_client};
use crate::domain::found;
use crate::fault::Fault;
use crate::services::Services;
use crate::store::app_access::Entry;
use crate::store::grants::{self, Grant};
use crate::store::{Db, Tx, clients, organization_client_tokens, people};

/// A grant that lives, of a member who can use the application now.
async fn living(tx: &mut Tx, id: GrantId, now: i64) -> Result<Option<(Grant, Entry)>, Fault> {
    let Some(grant) = grants::get(tx, id, now).await? else {
        return Ok(None);
    };
    let entry = still_open(tx, &grant).await?;
    Ok(entry.map(|entry| (grant, entry)))
}

/// What an application's access token stands for, if it is one and is not dead.
async fn accepted(
    tx: &mut Tx,
    cx: &Context<'_>,
    token: &str,
) -> Result<Option<(AppClaims, Grant, Entry)>, Fault> {
    let Some(claims) = cx.services.tokens.verify_for_app(token, cx.now) else {
        return Ok(None);
    };
    let Ok(id) = claims.sid.parse::<GrantId>() else {
        return Ok(None);
    };
    Ok(living(tx, id, cx.now)
        .await?
        .map(|(grant, entry)| (claims, grant, entry)))
}

fn put_access(into: &mut Map<String, Value>, access: Access) {
    into.insert("org_id".to_owned(), access.org_id.into());
    into.insert("org_name".to_owned(), access.org_name.into());
    into.insert("roles".to_owned(), access.roles.into());
    into.insert("permissions".to_owned(), access.permissions.into());
}

impl Perform for GetUserInfo {
    async fn perform(
        self,
        _: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<Map<String, Value>, Fault> {
        let Some((token, grant, entry)) = accepted(tx, cx, self.access_token.reveal()).await? else {
            let why = "The access token is malformed, expired or revoked, or is for something else.";
            return Err(Error::new(Code::Unauthenticated, why)
                .because(INVALID_TOKEN)
                .into());
        };
        if !has(&token.scope, "openid") {
            return Err(Error::forbidden("The token lacks the scope openid.")
                .because(INSUFFICIENT_SCOPE)
                .into());
        }
        let user = found(people::get(tx, grant.person_id).await?, "user")?;
        let mut answer = claims::about(&user, &token.scope);
        answer.insert("sub".to_owned(), token.sub.into());
        put_access(&mut answer, access(tx, &grant, &entry).await?);
        Ok(answer)
    }
}

fn inactive() -> Map<String, Value> {
    let mut answer = Map::new();
    answer.insert("active".to_owned(), false.into());
    answer
}

fn active(fields: Value) -> Map<String, Value> {
    let mut answer = Map::new();
    answer.insert("active".to_owned(), true.into());
    if let Value::Object(fields) = fields {
        answer.extend(fields);
    }
    answer
}

impl Perform for IntrospectToken {
    async fn prepare(&self, _: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        let prepared = prepared(db, &self.client).await?;
        // Who has no secret proves nothing: anybody could ask in its name (RFC 7662, 2.1).
        if prepared.client.as_ref().is_none_or(|client| client.is_public) {
            return Err(wrong_client().into());
        }
        Ok(prepared)
    }

    async fn perform(
        self,
        _: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<Map<String, Value>, Fault> {
        let client = presented(cx)?;
        let token = self.token.reveal();
        let all = client.is_management();
        if let Some((claims, grant, entry)) = accepted(tx, cx, token).await? {
            if !all && grant.application_id != client.application_id {
                return Ok(inactive());
            }
            let current = access(tx, &grant, &entry).await?;
            let mut answer = active(serde_json::to_value(&claims)?);
            answer.insert("token_type".to_owned(), "Bearer".into());
            put_access(&mut answer, current);
            return Ok(answer);
        }
        // A client's own token, of the tenant's API.
        if let Some(claims) = cx.services.tokens.verify(token, cx.now) {
            let Ok(of) = claims.sub.parse::<ClientId>() else {
                return Ok(inactive());
            };
            let known = clients::with_application(tx, of).await?.is_some()
                || organization_client_tokens::secrets(tx, of)
                    .await?
                    .is_some_and(|secrets| secrets.keep(claims.secret.as_deref(), cx.now));
            if !known || (!all && of != client.id) {
                return Ok(inactive());
            }
            let mut answer = active(serde_json::to_value(&*claims)?);
            answer.insert("token_type".to_owned(), "Bearer".into());
            return Ok(answer);
        }
        let Some(refresh) = grants::refresh_token(tx, clock::fingerprint(token)).await? else {
            return Ok(inactive());
        };
        match living(tx, refresh.grant_id, cx.now).await? {
            Some((grant, _)) if refresh.used_at.is_none() && grant.client_id == client.id => {
                Ok(active(json!({
                    "iss": cx.services.tokens.issuer(),
                    "client_id": grant.client_id,
                    "sub": grant.person_id,
                    "scope": grant.scope,
                    "sid": grant.id,
                    "org_id": grant.organization_id,
                    "exp": grant.expires_at.div_euclid(1000),
                })))
            }
            _ => Ok(inactive()),
        }
    }
}

impl Perform for RevokeToken {
    async fn prepare(&self, _: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        prepared(db, &self.client).await
    }

    /// A token that is none, dead, or another client's is answered as one that was ended: whoever asks has nothing to do
    /// about it (RFC 7009, 2.2).
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let client = presented(cx)?;
        let token = self.token.reveal();
        let tokens = &cx.services.tokens;
        let id = if let Some(claims) = tokens.verify_for_app(token, cx.now) {
            claims.sid.parse().ok()
        } else if tokens.verify(token, cx.now).is_some() {
            let why = "A token of this API cannot be revoked: it dies with its client, its person's session, or in its time.";
            return Err(Error::new(Code::Invalid, why)
                .because("unsupported_token_type")
                .into());
        } else {
            grants::refresh_token(tx, clock::fingerprint(token))
                .await?
                .map(|refresh| refresh.grant_id)
        };
        let Some(id) = id else { return Ok(()) };
        if let Some(grant) = grants::get(tx, id, cx.now).await?
            && grant.client_id == client.id
        {
            grants::end(tx, grant.id).await?;
        }
        Ok(())
    }
}
