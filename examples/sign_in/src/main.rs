//! An application whose members sign in with Guildhall: the authorization code flow with PKCE, by the crate `openidconnect`.
//!
//! Register `http://127.0.0.1:4000/callback` as a redirect URI and `http://127.0.0.1:4000/` as a sign-out URI of an application,
//! make a client of it, and run:
//!
//! ```console
//! $ ISSUER=http://127.0.0.1:3000 CLIENT_ID=cli_… CLIENT_SECRET=… cargo run -p sign_in
//! ```
//!
//! Without `CLIENT_SECRET` it is a public client. `LISTEN` is where it is reached, `127.0.0.1:4000` where nothing is said.

use std::collections::HashMap;
use std::env;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreGenderClaim, CoreIdToken, CoreProviderMetadata,
};
use openidconnect::{
    AccessToken, AdditionalClaims, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse as _,
    PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl,
    Scope, TokenResponse as _, UserInfoClaims, reqwest,
};
use serde::{Deserialize, Serialize};

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What Guildhall says beside the standard's own claims.
#[derive(Debug, Clone, Deserialize, Serialize)]
struct Membership {
    org_id: String,
    org_name: String,
    roles: Vec<String>,
    permissions: Vec<String>,
}
impl AdditionalClaims for Membership {}

/// What is known of a browser.
enum Visit {
    /// It was sent to Guildhall: what must come back, and what proves that we asked.
    Asked {
        state: CsrfToken,
        nonce: Nonce,
        verifier: PkceCodeVerifier,
    },
    SignedIn {
        name: String,
        membership: Membership,
        id_token: Box<CoreIdToken>,
    },
}

#[derive(Clone)]
struct App {
    /// Where it is reached.
    here: String,
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    http: reqwest::Client,
    visits: Arc<Mutex<HashMap<String, Visit>>>,
}

impl App {
    /// The client with what the provider says of itself at this moment: its keys may have been exchanged.
    async fn client(&self) -> anyhow::Result<Client> {
        let metadata = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await?;
        let client =
            CoreClient::from_provider_metadata(metadata, self.client_id.clone(), self.client_secret.clone());
        Ok(client.set_redirect_uri(RedirectUrl::new(format!("{}/callback", self.here))?))
    }

    fn remember(&self, browser: &str, visit: Visit) {
        let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        visits.insert(browser.to_owned(), visit);
    }

    fn forget(&self, browser: &str) -> Option<Visit> {
        let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        visits.remove(browser)
    }
}

/// Something did not work: the browser is told what.
struct Failed(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Failed(error.into())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let why = escape(&format!("{:#}", self.0));
        let body = format!("<h1>That did not work</h1><p>{why}</p><p><a href=/>Start again</a></p>");
        (StatusCode::BAD_REQUEST, page(&body)).into_response()
    }
}

/// A whole page around what it says.
fn page(body: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>Example</title><link rel=icon href=\"data:,\"><main>{body}</main></html>"
    ))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

fn browser_of(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get(COOKIE)?.to_str().ok()?;
    let (_, value) = cookies
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == "example")?;
    Some(value.to_owned())
}

/// `GET /`: who is signed in.
async fn home(State(app): State<App>, headers: HeaderMap) -> Html<String> {
    let visits = app.visits.lock().unwrap_or_else(PoisonError::into_inner);
    let visit = browser_of(&headers).and_then(|browser| visits.get(&browser));
    page(&match visit {
        Some(Visit::SignedIn { name, membership, .. }) => format!(
            "<h1>Hello, {}</h1><dl><dt>Organization</dt><dd>{} ({})</dd><dt>Roles</dt><dd>{}</dd>\
             <dt>Permissions</dt><dd>{}</dd></dl><p><a href=/sign-out>Sign out</a></p>",
            escape(name),
            escape(&membership.org_name),
            escape(&membership.org_id),
            escape(&membership.roles.join(", ")),
            escape(&membership.permissions.join(", ")),
        ),
        _ => "<h1>Example</h1><p><a href=/sign-in>Sign in</a></p>".to_owned(),
    })
}

#[derive(Deserialize)]
struct Wanted {
    /// An organization's id or name: nobody is asked which.
    organization: Option<String>,
}

/// `GET /sign-in`: off to Guildhall.
async fn sign_in(State(app): State<App>, Query(wanted): Query<Wanted>) -> Result<Response, Failed> {
    let client = app.client().await?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let mut request = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scope(Scope::new("profile".to_owned()))
        .set_pkce_challenge(challenge);
    if let Some(organization) = wanted.organization {
        request = request.add_extra_param("organization", organization);
    }
    let (url, state, nonce) = request.url();
    let browser = CsrfToken::new_random().secret().clone();
    app.remember(
        &browser,
        Visit::Asked {
            state,
            nonce,
            verifier,
        },
    );
    let cookie = format!("example={browser}; Path=/; HttpOnly; SameSite=Lax");
    Ok((
        StatusCode::SEE_OTHER,
        [(SET_COOKIE, cookie), (LOCATION, url.to_string())],
    )
        .into_response())
}

#[derive(Deserialize)]
struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// `GET /callback`: back from Guildhall. The state is this browser's, the issuer the one that was asked (RFC 9207).
async fn callback(
    State(app): State<App>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Result<Response, Failed> {
    let browser = browser_of(&headers).context("this browser has not asked to sign in")?;
    let Some(Visit::Asked {
        state,
        nonce,
        verifier,
    }) = app.forget(&browser)
    else {
        return Err(anyhow::anyhow!("this browser has not asked to sign in").into());
    };
    if answer.state.as_ref() != Some(state.secret()) || answer.iss.as_deref() != Some(app.issuer.as_str()) {
        return Err(anyhow::anyhow!("this is the answer to another question").into());
    }
    if let Some(error) = answer.error {
        return Err(anyhow::anyhow!("nobody was signed in: {error}").into());
    }
    let code = AuthorizationCode::new(answer.code.context("there is no code")?);
    let client = app.client().await?;
    let tokens = client
        .exchange_code(code)?
        .set_pkce_verifier(verifier)
        .request_async(&app.http)
        .await?;
    let id_token = tokens.id_token().context("there is no ID token")?;
    let claims = id_token.claims(&client.id_token_verifier(), &nonce)?;
    let access_token: AccessToken = tokens.access_token().clone();
    let info: UserInfoClaims<Membership, CoreGenderClaim> = client
        .user_info(access_token, Some(claims.subject().clone()))?
        .request_async(&app.http)
        .await?;
    let name = info
        .name()
        .and_then(|name| name.get(None))
        .map_or_else(|| claims.subject().to_string(), |name| name.to_string());
    app.remember(
        &browser,
        Visit::SignedIn {
            name,
            membership: info.additional_claims().clone(),
            id_token: Box::new(id_token.clone()),
        },
    );
    Ok((StatusCode::SEE_OTHER, [(LOCATION, "/")]).into_response())
}

/// `GET /sign-out`: here, and at Guildhall.
async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response, Failed> {
    let visit = browser_of(&headers).and_then(|browser| app.forget(&browser));
    let to = match visit {
        Some(Visit::SignedIn { id_token, .. }) => {
            let metadata = ProviderMetadataWithLogout::discover_async(app.issuer.clone(), &app.http).await?;
            let end = metadata.additional_metadata().end_session_endpoint.clone();
            LogoutRequest::from(end.context("the provider signs nobody out")?)
                .set_id_token_hint(&id_token)
                .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(format!("{}/", app.here))?)
                .http_get_url()
                .to_string()
        }
        _ => "/".to_owned(),
    };
    Ok((StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:4000".to_owned());
    let listener = tokio::net::TcpListener::bind(listen).await?;
    let app = App {
        here: format!("http://{}", listener.local_addr()?),
        issuer: IssuerUrl::new(env::var("ISSUER").context("ISSUER is not set")?)?,
        client_id: ClientId::new(env::var("CLIENT_ID").context("CLIENT_ID is not set")?),
        client_secret: env::var("CLIENT_SECRET").ok().map(ClientSecret::new),
        // What a provider redirects to is none of its endpoints.
        http: reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()?,
        visits: Arc::default(),
    };
    let (here, issuer, client) = (app.here.clone(), app.issuer.clone(), app.client_id.clone());
    let router = Router::new()
        .route("/", get(home))
        .route("/sign-in", get(sign_in))
        .route("/callback", get(callback))
        .route("/sign-out", get(sign_out))
        .with_state(app);
    eprintln!(
        "Open {here} and sign in.\n\
         At {}, the application of {} must have the redirect URI {here}/callback and the sign-out URI {here}/.",
        issuer.as_str(),
        client.as_str(),
    );
    axum::serve(listener, router).await?;
    Ok(())
}
