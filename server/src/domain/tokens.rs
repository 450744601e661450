//! Access tokens: for clients by their secret, for people from their session.

use guildhall::caller::Request;
use guildhall::error::{Code, Error};
use guildhall::id::{RequestId, RoleId};
use guildhall::oidc::ClientCredentials;
use guildhall::policy::{Standing, covers, scopes_of};
use guildhall::secret::Secret;
use guildhall::sessions::*;

use super::clients::{authenticated, unnoted};
use super::found;
use crate::auth::token::{Claims, LIFETIME};
use crate::authorize::{Permit, closed, factor_required};
use crate::console::{Context, Perform, Prepared};
use crate::fault::Fault;
use crate::services::Services;
use crate::store::rights::MembershipRights;
use crate::store::{self, Db, Tx};

impl Perform for IssueClientToken {
    async fn prepare(&self, services: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        let said = ClientCredentials {
            client_id: self.client_id.as_str().to_owned(),
            client_secret: Some(self.client_secret.clone()),
        };
        let client = authenticated(db, &said).await?;
        let now = services.clock.now();
        if unnoted(&client, now) {
            let id = client.id;
            db.write(move |tx| Box::pin(async move { Ok(store::clients::used(tx, id, now).await?) }))
                .await?;
        }
        let standing = if client.is_management() {
            Standing::ManagementClient
        } else {
            Standing::ApplicationClient
        };
        let mut granted = client.scopes();
        if granted.is_empty() {
            granted = scopes_of(standing).into_iter().map(str::to_owned).collect();
        }
        if let Some(beyond) = self
            .scope
            .iter()
            .find(|scope| !covers(|one| granted.iter().any(|held| held == one), scope.as_str()))
        {
            return Err(
                Error::new(Code::Invalid, format!("The client was not granted {beyond}."))
                    .because("invalid_scope")
                    .into(),
            );
        }
        let scopes = if self.scope.is_empty() {
            granted
        } else {
            self.scope.iter().map(|scope| scope.as_str().to_owned()).collect()
        };
        Ok(Prepared {
            scopes,
            ..Prepared::default()
        })
    }

    async fn perform(self, _: &Permit, _: &mut Tx, cx: &mut Context<'_>) -> Result<AccessToken, Fault> {
        let id = self.client_id.as_str().to_owned();
        let holder = Holder {
            sub: id.clone(),
            client_id: id,
            scope: cx.prepared.scopes.join(" "),
            ..Holder::default()
        };
        issue(cx, holder)
    }
}

impl Perform for IssueUserToken {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<AccessToken, Fault> {
        let id = permit.person()?;
        let user = found(permit.user(), "user")?;
        if user.scopes.is_some() {
            return Err(
                Error::forbidden("A token is asked for from a session, not with another token.").into(),
            );
        }
        let (standing, roles) = match self.organization_id {
            None => (Standing::Oneself, Vec::new()),
            Some(organization) => {
                let rights = store::rights::user(tx, id, Some(organization)).await?;
                match rights.and_then(|rights| rights.membership) {
                    Some(MembershipRights {
                        admin: true,
                        closed: None,
                        requires_factor: true,
                    }) if !user.second_factor => return Err(factor_required().into()),
                    Some(MembershipRights {
                        admin: true,
                        closed: None,
                        ..
                    }) => {}
                    Some(MembershipRights {
                        admin: true,
                        closed: Some(why),
                        ..
                    }) => return Err(closed(why).into()),
                    _ => return Err(Error::not_found("organization that you administer").into()),
                }
                (
                    Standing::OrganizationAdmin,
                    vec![RoleId::OrganizationAdmin.to_string()],
                )
            }
        };
        let holder = Holder {
            sub: id.to_string(),
            client_id: "guildhall".to_owned(),
            scope: scopes_of(standing).join(" "),
            roles,
            organization: self.organization_id.map(|id| id.to_string()),
            session: user.session_id.map(|id| id.to_string()),
        };
        issue(cx, holder)
    }
}

/// Whom a token stands for.
#[derive(Default)]
struct Holder {
    sub: String,
    client_id: String,
    scope: String,
    roles: Vec<String>,
    organization: Option<String>,
    session: Option<String>,
}

fn issue(cx: &Context<'_>, holder: Holder) -> Result<AccessToken, Fault> {
    let tokens = &cx.services.tokens;
    let iat = cx.now.div_euclid(1000);
    let claims = Claims {
        iss: tokens.issuer().to_owned(),
        aud: tokens.issuer().to_owned(),
        sub: holder.sub,
        client_id: holder.client_id,
        exp: iat.saturating_add(LIFETIME),
        iat,
        jti: RequestId::compose(cx.now, cx.random()).to_string(),
        scope: holder.scope.clone(),
        roles: holder.roles,
        org_id: holder.organization,
        sid: holder.session,
    };
    Ok(AccessToken {
        access_token: Secret::new(tokens.sign(&claims)?),
        token_type: "Bearer".to_owned(),
        expires_in: LIFETIME.unsigned_abs(),
        scope: holder.scope,
    })
}
