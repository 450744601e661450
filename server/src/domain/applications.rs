//! What happens to applications and their clients.

use guildhall::applications::*;
use guildhall::contact::ScopeName;
use guildhall::error::Error;
use guildhall::id::{ApplicationId, ClientId};
use guildhall::page::Page;
use guildhall::policy::{Standing, scopes_of, usable_scopes_of};
use guildhall::secret::Secret;
use guildhall::value::Emptied;

use super::{changed, cleared, found};
use crate::authorize::Permit;
use crate::change::Change;
use crate::clock;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::applications::{self as store, Details};
use crate::store::{Tx, clients, tenant_roles};

fn name_taken(name: &str) -> Error {
    Error::conflict(
        "application_name_taken",
        format!("There is already an application called {name}."),
    )
    .at("name", "is taken by another application")
}

fn texts(uris: Vec<guildhall::contact::RedirectUri>) -> Vec<String> {
    let mut texts: Vec<String> = uris.into_iter().map(String::from).collect();
    texts.dedup();
    texts
}

impl Perform for CreateApplication {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Application, Fault> {
        let id = ApplicationId::compose(cx.now, cx.random());
        let details = Details {
            name: self.name.as_str().to_owned(),
            description: cleared(self.description),
            redirect_uris: texts(self.redirect_uris),
            post_logout_redirect_uris: texts(self.post_logout_redirect_uris),
            initiate_login_uri: self.initiate_login_uri.map(String::from),
        };
        let kind = self.kind.unwrap_or(ApplicationKind::EndUser);
        if !store::insert(tx, permit, id, kind, &details, cx.now).await? {
            return Err(name_taken(&details.name).into());
        }
        let made = found(store::get(tx, permit, id).await?, "application")?;
        cx.changed(Change::of("application", id, &made.name).after(&made));
        Ok(made)
    }
}

impl Perform for ListApplications {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<Application>, Fault> {
        store::list(tx, permit, &self).await
    }
}

impl Perform for GetApplication {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Application, Fault> {
        Ok(found(store::get(tx, permit, self.app_id).await?, "application")?)
    }
}

impl Perform for UpdateApplication {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Application, Fault> {
        let before = found(store::get(tx, permit, self.app_id).await?, "application")?;
        cx.require_match(&before.version.to_string())?;
        let details = Details {
            name: self
                .name
                .map_or_else(|| before.name.clone(), |name| name.as_str().to_owned()),
            description: changed(self.description, before.description.clone()),
            redirect_uris: self
                .redirect_uris
                .map_or_else(|| before.redirect_uris.clone(), texts),
            post_logout_redirect_uris: self
                .post_logout_redirect_uris
                .map_or_else(|| before.post_logout_redirect_uris.clone(), texts),
            initiate_login_uri: match self.initiate_login_uri {
                Some(Emptied(new)) => new.map(String::from),
                None => before.initiate_login_uri.clone(),
            },
        };
        if store::name_is_taken(tx, self.app_id, &details.name).await? {
            return Err(name_taken(&details.name).into());
        }
        store::update(tx, permit, &details, cx.now).await?;
        let after = found(store::get(tx, permit, self.app_id).await?, "application")?;
        cx.changed(
            Change::of("application", self.app_id, &after.name)
                .before(&before)
                .after(&after),
        );
        Ok(after)
    }
}

impl Perform for DeleteApplication {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let before = found(store::get(tx, permit, self.app_id).await?, "application")?;
        cx.require_match(&before.version.to_string())?;
        if before.organization_count > 0 {
            let organizations = before.organization_count;
            return Err(Error::conflict(
                "application_in_use",
                format!(
                    "{organizations} organizations have {}: take it from them first.",
                    before.name
                ),
            )
            .into());
        }
        store::delete(tx, permit).await?;
        cx.rights_changed();
        cx.changed(Change::of("application", self.app_id, &before.name).before(&before));
        Ok(())
    }
}

/// The application of the permit, which must be there: its clients hang on it.
async fn application(tx: &mut Tx, permit: &Permit) -> Result<Application, Fault> {
    Ok(found(
        store::get(tx, permit, permit.application()?).await?,
        "application",
    )?)
}

/// How a client of an application of this kind stands.
fn standing(kind: ApplicationKind) -> Standing {
    match kind {
        ApplicationKind::Management => Standing::ManagementClient,
        ApplicationKind::EndUser => Standing::ApplicationClient,
    }
}

/// Refuses a caller who holds less than a client may do: whoever has its secret is it. A client without scopes of its own
/// has all that it can use.
fn require_no_more(permit: &Permit, scopes: &[String], kind: ApplicationKind) -> Result<(), Error> {
    if scopes.is_empty() {
        permit.require_scopes(scopes_of(standing(kind)).into_iter())
    } else {
        permit.require_scopes(scopes.iter().map(String::as_str))
    }
}

/// The scopes of a client as they are kept; 400 for one that its kind of client can never use, 403 for one that the
/// caller does not have.
fn granted(permit: &Permit, scopes: &[ScopeName], kind: ApplicationKind) -> Result<String, Error> {
    let usable = usable_scopes_of(standing(kind));
    let mut kept: Vec<&str> = Vec::new();
    for (at, scope) in scopes.iter().enumerate() {
        if !usable.contains(&scope.as_str()) {
            return Err(Error::field(
                format!("scopes[{at}]"),
                format!("{scope} is of no use to a client of this kind of application"),
            ));
        }
        if !kept.contains(&scope.as_str()) {
            kept.push(scope.as_str());
        }
    }
    let named: Vec<String> = kept.iter().map(|scope| (*scope).to_owned()).collect();
    require_no_more(permit, &named, kind)?;
    Ok(kept.join(" "))
}

impl Perform for CreateClient {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<ClientWithSecret, Fault> {
        let app = application(tx, permit).await?;
        let id = ClientId::compose(cx.now, cx.random());
        let (secret, scopes) = if self.public {
            require_public(&app, &self.scopes)?;
            (None, String::new())
        } else {
            let scopes = granted(permit, &self.scopes, app.kind)?;
            (Some(clock::secret_text()?), scopes)
        };
        let hash = secret.as_deref().map(clock::fingerprint);
        clients::insert(tx, permit, id, self.name.as_str(), hash, scopes, cx.now).await?;
        let made = found(clients::get(tx, permit, id).await?, "client")?;
        cx.changed(Change::of("client", id, &made.name).after(&made));
        Ok(with_secret(made, secret))
    }
}

/// Refuses a public client where nobody signs in, and scopes of the API, of which it never gets a token.
fn require_public(app: &Application, scopes: &[ScopeName]) -> Result<(), Error> {
    if app.kind == ApplicationKind::Management {
        let why = "is for end-user applications: the backend's client has a secret";
        return Err(Error::field("public", why));
    }
    if !scopes.is_empty() {
        let why = "are of no use to a public client: it gets no token of its own";
        return Err(Error::field("scopes", why));
    }
    Ok(())
}

fn with_secret(client: Client, secret: Option<String>) -> ClientWithSecret {
    ClientWithSecret {
        client_id: client.client_id,
        client_secret: secret.map(Secret::new),
        app_id: client.app_id,
        name: client.name,
        public: client.public,
        scopes: client.scopes,
        created_at: client.created_at,
    }
}

impl Perform for ListClients {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Page<Client>, Fault> {
        application(tx, permit).await?;
        clients::list(tx, permit, &self).await
    }
}

impl Perform for ListTenantClients {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<Page<TenantClient>, Fault> {
        tenant_roles::clients(tx, permit, &self).await
    }
}

impl Perform for GetClient {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Client, Fault> {
        Ok(found(clients::get(tx, permit, self.client_id).await?, "client")?)
    }
}

impl Perform for UpdateClient {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Client, Fault> {
        let app = application(tx, permit).await?;
        let before = found(clients::get(tx, permit, self.client_id).await?, "client")?;
        let name = self
            .name
            .map_or_else(|| before.name.clone(), |name| name.as_str().to_owned());
        let scopes = match &self.scopes {
            Some(scopes) if before.public => {
                require_public(&app, scopes)?;
                String::new()
            }
            Some(scopes) => granted(permit, scopes, app.kind)?,
            None => before.scopes.join(" "),
        };
        clients::update(tx, permit, self.client_id, &name, scopes, cx.now).await?;
        cx.rights_changed();
        let after = found(clients::get(tx, permit, self.client_id).await?, "client")?;
        cx.changed(
            Change::of("client", self.client_id, &after.name)
                .before(&before)
                .after(&after),
        );
        Ok(after)
    }
}

impl Perform for RotateClientSecret {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<ClientWithSecret, Fault> {
        let app = application(tx, permit).await?;
        let client = found(clients::get(tx, permit, self.client_id).await?, "client")?;
        if client.public {
            let why = format!("{} is a public client: it has no secret.", client.name);
            return Err(Error::conflict("client_is_public", why).into());
        }
        require_no_more(permit, &client.scopes, app.kind)?;
        let secret = clock::secret_text()?;
        clients::set_secret(tx, permit, self.client_id, clock::fingerprint(&secret), cx.now).await?;
        cx.changed(Change::of("client", self.client_id, &client.name));
        Ok(with_secret(client, Some(secret)))
    }
}

impl Perform for DeleteClient {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let before = found(clients::get(tx, permit, self.client_id).await?, "client")?;
        clients::delete(tx, permit, self.client_id).await?;
        cx.rights_changed();
        cx.changed(Change::of("client", self.client_id, &before.name).before(&before));
        Ok(())
    }
}
