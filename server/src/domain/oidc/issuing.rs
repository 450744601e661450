//! The tokens themselves: what they say is looked up anew each time, so that a change of roles is in the next one.

use guildhall::id::RequestId;
use guildhall::oidc::AppTokens;
use guildhall::secret::Secret;

use super::claims;
use crate::auth::amr;
use crate::auth::app_token::{APP_LIFETIME, Access, AppClaims, ID_LIFETIME, IdClaims};
use crate::clock;
use crate::console::Context;
use crate::domain::found;
use crate::fault::Fault;
use crate::store::app_access::{self, Entry};
use crate::store::grants::{self, Grant};
use crate::store::{Tx, people};

/// What a member may do in the application now.
pub(super) async fn access(tx: &mut Tx, grant: &Grant, entry: &Entry) -> Result<Access, Fault> {
    let (roles, permissions) =
        app_access::roles_and_permissions(tx, grant.organization_id, grant.person_id, grant.application_id)
            .await?;
    Ok(Access {
        org_id: grant.organization_id.to_string(),
        org_name: entry.name.clone(),
        roles,
        permissions,
    })
}

/// Whether the scopes have one.
pub(super) fn has(scope: &str, wanted: &str) -> bool {
    scope.split(' ').any(|scope| scope == wanted)
}

/// New tokens of a grant: an access token, the refresh token that takes the last one's place, and an ID token where the
/// scopes say so. The nonce is the authorization request's, for its first ID token alone (OpenID Connect Core, 12.2).
pub(super) async fn issue(
    tx: &mut Tx,
    cx: &Context<'_>,
    grant: &Grant,
    entry: &Entry,
    scope: String,
    nonce: Option<String>,
) -> Result<AppTokens, Fault> {
    let tokens = &cx.services.tokens;
    let access = access(tx, grant, entry).await?;
    let (iat, auth_time) = (cx.now.div_euclid(1000), grant.auth_time.div_euclid(1000));
    let claims = AppClaims {
        iss: tokens.issuer().to_owned(),
        aud: grant.application_id.to_string(),
        sub: grant.person_id.to_string(),
        client_id: grant.client_id.to_string(),
        // It does not outlive the session.
        exp: iat
            .saturating_add(APP_LIFETIME)
            .min(grant.expires_at.div_euclid(1000)),
        iat,
        auth_time,
        jti: RequestId::compose(cx.now, cx.random()).to_string(),
        scope: scope.clone(),
        sid: grant.id.to_string(),
        access: access.clone(),
    };
    let id_token = if has(&scope, "openid") {
        let user = found(people::get(tx, grant.person_id).await?, "user")?;
        let claims = IdClaims {
            iss: claims.iss.clone(),
            aud: claims.client_id.clone(),
            sub: claims.sub.clone(),
            exp: iat.saturating_add(ID_LIFETIME),
            iat,
            auth_time,
            nonce,
            sid: claims.sid.clone(),
            amr: grant.amr.split(' ').map(str::to_owned).collect(),
            acr: amr::class(&grant.amr).to_owned(),
            access,
            person: claims::about(&user, &scope),
        };
        Some(Secret::new(tokens.sign_id(&claims)?))
    } else {
        None
    };
    let refresh_token = clock::secret_text()?;
    grants::insert_refresh_token(tx, clock::fingerprint(&refresh_token), grant.id, cx.now).await?;
    Ok(AppTokens {
        access_token: Secret::new(tokens.sign_for_app(&claims)?),
        token_type: "Bearer".to_owned(),
        expires_in: claims.exp.saturating_sub(iat).unsigned_abs(),
        refresh_token: Secret::new(refresh_token),
        id_token,
        scope,
    })
}
