//! Codes and refresh tokens, each of which works once: a second use ends everything that the first one gave.

use guildhall::caller::Request;
use guildhall::oidc::*;
use serde_json::json;

use super::entering::still_open;
use super::issuing::{has, issue};
use crate::auth::pkce;
use crate::authorize::Permit;
use crate::change::Change;
use crate::clock;
use crate::console::{Context, Perform, Prepared};
use crate::domain::clients::{note_use, prepared, presented};
use crate::domain::found;
use crate::fault::Fault;
use crate::services::Services;
use crate::store::grants::{self, Grant};
use crate::store::{Db, Tx, people};

fn invalid(description: &str) -> AppTokenAnswer {
    AppTokenAnswer::InvalidGrant {
        description: description.to_owned(),
    }
}

/// Somebody has what only the application should have: nothing of it works any more, and the audit tells.
async fn used_twice(
    tx: &mut Tx,
    cx: &mut Context<'_>,
    grant: &Grant,
    what: &str,
) -> Result<AppTokenAnswer, Fault> {
    grants::end(tx, grant.id).await?;
    let user = found(people::get(tx, grant.person_id).await?, "user")?;
    let why = format!("{what} was used twice: what the sign-in gave has ended.");
    cx.changed(
        Change::of("user", grant.person_id, user.label())
            .within(grant.organization_id)
            .after(&json!({ "client_id": grant.client_id, "ended": why })),
    );
    Ok(invalid(&why))
}

impl Perform for RedeemCode {
    async fn prepare(&self, _: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        prepared(db, &self.client).await
    }

    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<AppTokenAnswer, Fault> {
        let client = presented(cx)?;
        let hash = clock::fingerprint(self.code.reveal());
        let unknown = || invalid("The code is unknown, has expired, or what it gave has ended.");
        let Some(code) = grants::code(tx, hash.clone()).await? else {
            return Ok(unknown());
        };
        let Some(mut grant) = grants::get(tx, code.grant_id, cx.now).await? else {
            return Ok(unknown());
        };
        // Somebody else's attempt changes nothing for whose it is.
        if grant.client_id != client.id {
            return Ok(unknown());
        }
        if code.used_at.is_some() || !grants::use_code(tx, hash, cx.now).await? {
            return used_twice(tx, cx, &grant, "The code").await;
        }
        if code.redirect_uri != self.redirect_uri {
            grants::end(tx, grant.id).await?;
            return Ok(invalid("redirect_uri is not that of the authorization request."));
        }
        if !pkce::matches(self.code_verifier.reveal(), &code.code_challenge) {
            grants::end(tx, grant.id).await?;
            return Ok(invalid(
                "code_verifier is not what the code challenge was made of.",
            ));
        }
        let Some(entry) = still_open(tx, &grant).await? else {
            grants::end(tx, grant.id).await?;
            return Ok(invalid("The member can no longer use the application."));
        };
        grants::keep(tx, grant.id).await?;
        grant = found(grants::get(tx, grant.id, cx.now).await?, "session")?;
        note_use(tx, &client, cx.now).await?;
        let scope = grant.scope.clone();
        Ok(AppTokenAnswer::Issued(
            issue(tx, cx, &grant, &entry, scope, code.nonce).await?,
        ))
    }
}

impl Perform for RefreshAppToken {
    async fn prepare(&self, _: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        prepared(db, &self.client).await
    }

    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<AppTokenAnswer, Fault> {
        let client = presented(cx)?;
        let hash = clock::fingerprint(self.refresh_token.reveal());
        let unknown = || invalid("The refresh token is unknown, or what it belongs to has ended.");
        let Some(token) = grants::refresh_token(tx, hash.clone()).await? else {
            return Ok(unknown());
        };
        let Some(grant) = grants::get(tx, token.grant_id, cx.now).await? else {
            return Ok(unknown());
        };
        if grant.client_id != client.id {
            return Ok(unknown());
        }
        if token.used_at.is_some() {
            return used_twice(tx, cx, &grant, "The refresh token").await;
        }
        let scope = match self.scope.as_deref().map(str::trim) {
            None | Some("") => grant.scope.clone(),
            Some(narrower) => {
                if let Some(more) = narrower
                    .split_ascii_whitespace()
                    .find(|one| !has(&grant.scope, one))
                {
                    return Ok(AppTokenAnswer::InvalidScope {
                        description: format!("{more} was not granted."),
                    });
                }
                narrower.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
            }
        };
        if !grants::use_refresh_token(tx, hash, cx.now).await? {
            return used_twice(tx, cx, &grant, "The refresh token").await;
        }
        let Some(entry) = still_open(tx, &grant).await? else {
            grants::end(tx, grant.id).await?;
            return Ok(invalid("The member can no longer use the application."));
        };
        note_use(tx, &client, cx.now).await?;
        Ok(AppTokenAnswer::Issued(
            issue(tx, cx, &grant, &entry, scope, None).await?,
        ))
    }
}
