//! Access tokens: for clients by their secret, for people from their session.

use guildhall::caller::Request;
use guildhall::contact::ScopeName;
use guildhall::error::{Code, Error};
use guildhall::id::{RequestId, RoleId};
use guildhall::oidc::ClientCredentials;
use guildhall::policy::{Standing, covers, scopes_of};
use guildhall::secret::Secret;
use guildhall::sessions::*;

use super::clients::{authenticated, presented_for_organization, unnoted};
use super::found;
use crate::auth::token::{Claims, LIFETIME};
use crate::authorize::{Permit, closed, factor_required};
use crate::console::{Context, Perform, Prepared};
use crate::fault::Fault;
use crate::services::Services;
use crate::store::rights::MembershipRights;
use crate::store::{self, Db, Tx};

impl Perform for IssueClientToken {
    async fn prepare(&self, services: &Services, db: &Db, request: &Request) -> Result<Prepared, Fault> {
        let said = ClientCredentials {
            client_id: self.client_id.as_str().to_owned(),
            client_secret: Some(self.client_secret.clone()),
        };
        let now = services.clock.now();
        let client = match authenticated(db, &said).await {
            Ok(client) => client,
            // It may be an API application of an organization's own.
            Err(Fault::Refused(_)) => {
                let client = presented_for_organization(db, &said, request, now).await?;
                return Ok(Prepared {
                    scopes: asked_for(scopes_of_all(Standing::OrganizationClient), &self.scope)?,
                    organization_client: Some(client),
                    ..Prepared::default()
                });
            }
            Err(broken) => return Err(broken),
        };
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
            granted = scopes_of_all(standing);
        }
        let scopes = asked_for(granted, &self.scope)?;
        Ok(Prepared {
            scopes,
            ..Prepared::default()
        })
    }

    async fn perform(self, _: &Permit, _: &mut Tx, cx: &mut Context<'_>) -> Result<AccessToken, Fault> {
        let id = self.client_id.as_str().to_owned();
        let own = cx.prepared.organization_client.as_ref();
        let holder = Holder {
            sub: id.clone(),
            client_id: id,
            scope: cx.prepared.scopes.join(" "),
            organization: own.map(|client| client.organization_id.to_string()),
            secret: own.map(|client| client.secret_id.clone()),
            ..Holder::default()
        };
        issue(cx, holder)
    }
}

fn scopes_of_all(standing: Standing) -> Vec<String> {
    scopes_of(standing).into_iter().map(str::to_owned).collect()
}

/// The scopes that a token carries: all that were granted, or those of them that were asked for.
fn asked_for(granted: Vec<String>, asked: &[ScopeName]) -> Result<Vec<String>, Error> {
    let beyond = asked
        .iter()
        .find(|scope| !covers(|one| granted.iter().any(|held| held == one), scope.as_str()));
    match beyond {
        Some(beyond) => Err(
            Error::new(Code::Invalid, format!("The client was not granted {beyond}."))
                .because("invalid_scope"),
        ),
        None if asked.is_empty() => Ok(granted),
        None => Ok(asked.iter().map(|scope| scope.as_str().to_owned()).collect()),
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
            secret: None,
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
    /// What the token remembers of the secret for which it is issued.
    secret: Option<String>,
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
        secret: holder.secret,
    };
    Ok(AccessToken {
        access_token: Secret::new(tokens.sign(&claims)?),
        token_type: "Bearer".to_owned(),
        expires_in: LIFETIME.unsigned_abs(),
        scope: holder.scope,
    })
}
