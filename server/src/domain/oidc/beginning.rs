//! The way in: an application's request is checked before anybody is asked anything.

use guildhall::error::Error;
use guildhall::id::ClientId;
use guildhall::oidc::*;
use guildhall::portal::OrganizationLogo;
use guildhall::secret::Secret;

use super::{answered, given, refused, unknown_client, unknown_redirect_uri, waiting};
use crate::auth::pkce;
use crate::authorize::Permit;
use crate::clock;
use crate::console::{Context, Perform};
use crate::domain::found;
use crate::fault::Fault;
use crate::store::clients::AppClient;
use crate::store::sign_in_brands::{self, Brand};
use crate::store::sign_in_requests::{self, NewRequest, SignInRequest};
use crate::store::{Tx, clients, logos};

/// How long somebody may take to sign in, in milliseconds: a forgotten password is part of it.
const PATIENCE: i64 = 60 * 60 * 1000;
/// Bytes of what an application wants back, to the letter.
const LONGEST: usize = 2048;

const INVALID: &str = "invalid_request";

/// What the application is told: the error's code (RFC 6749, 4.1.2.1) and a sentence for its developer.
type Refusal = (&'static str, &'static str);

impl Perform for BeginAppSignIn {
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<AppSignInBegun, Fault> {
        let client = client_of(&self, tx).await?;
        let redirect_uri = redirect_uri_of(&self, &client)?;
        match checked(&self, client.id, redirect_uri.clone()) {
            Ok(request) => {
                let token = clock::secret_text()?;
                let hash = clock::fingerprint(&token);
                let expires_at = cx.now.saturating_add(PATIENCE);
                sign_in_requests::insert(tx, hash, &request, cx.now, expires_at).await?;
                Ok(AppSignInBegun::Began {
                    request: Secret::new(token),
                })
            }
            Err((error, description)) => Ok(AppSignInBegun::Refused {
                location: answered(
                    cx,
                    &redirect_uri,
                    self.state.as_deref().filter(|state| state.len() <= LONGEST),
                    &[("error", error), ("error_description", description)],
                ),
            }),
        }
    }
}

/// Reads what should be a part of the request, or nothing.
fn copied(text: Option<&String>, refusal: Refusal) -> Result<Option<String>, Refusal> {
    match given(text) {
        Some(text) if text.len() > LONGEST || text.chars().any(char::is_control) => Err(refusal),
        text => Ok(text.map(str::to_owned)),
    }
}

/// The application's client that the request names.
async fn client_of(asked: &BeginAppSignIn, tx: &mut Tx) -> Result<AppClient, Fault> {
    if asked.repeated.as_deref() == Some("client_id") {
        return Err(unknown_client().into());
    }
    let id: ClientId = given(asked.client_id.as_ref())
        .and_then(|id| id.parse().ok())
        .ok_or_else(unknown_client)?;
    let client = clients::with_application(tx, id)
        .await?
        .ok_or_else(unknown_client)?;
    // Nobody signs in to the tenant's backend.
    if client.is_management() {
        return Err(unknown_client().into());
    }
    Ok(client)
}

/// The redirect URI, which is one of the application's to the letter.
fn redirect_uri_of(asked: &BeginAppSignIn, client: &AppClient) -> Result<String, Error> {
    given(asked.redirect_uri.as_ref())
        .filter(|uri| client.returns_to(uri) && asked.repeated.as_deref() != Some("redirect_uri"))
        .map(str::to_owned)
        .ok_or_else(unknown_redirect_uri)
}

/// Everything else, which the application is told.
fn checked(asked: &BeginAppSignIn, client_id: ClientId, redirect_uri: String) -> Result<NewRequest, Refusal> {
    if asked.repeated.is_some() {
        return Err((INVALID, "A parameter is given more than once."));
    }
    match asked.unsupported.as_deref() {
        None => {}
        Some("request") => return Err(("request_not_supported", "Send the parameters themselves.")),
        Some("request_uri") => {
            return Err(("request_uri_not_supported", "Send the parameters themselves."));
        }
        Some(_) => {
            return Err((
                "registration_not_supported",
                "Clients are registered in the console.",
            ));
        }
    }
    match given(asked.response_type.as_ref()) {
        Some("code") => {}
        Some(_) => return Err(("unsupported_response_type", "The response type is code.")),
        None => return Err((INVALID, "response_type is missing.")),
    }
    if given(asked.response_mode.as_ref()).is_some_and(|mode| mode != "query") {
        return Err((INVALID, "The response mode is query."));
    }
    let code_challenge = given(asked.code_challenge.as_ref()).ok_or((
        INVALID,
        "code_challenge is missing: use PKCE with the method S256.",
    ))?;
    if given(asked.code_challenge_method.as_ref()) != Some("S256") {
        return Err((INVALID, "The code challenge's method is S256."));
    }
    if !pkce::is_challenge(code_challenge) {
        return Err((INVALID, "code_challenge is no SHA-256 in base64url."));
    }
    let (prompt, max_age) = (prompt_of(asked)?, max_age_of(asked)?);
    let organization = match (given(asked.organization.as_ref()), given(asked.org_id.as_ref())) {
        (Some(one), Some(other)) if one != other => {
            return Err((INVALID, "organization and org_id name different ones."));
        }
        (Some(one), _) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    };
    if organization
        .as_ref()
        .is_some_and(|text| text.chars().count() > 100 || text.chars().any(char::is_control))
    {
        return Err((INVALID, "organization is too long, or no text."));
    }
    Ok(NewRequest {
        client_id,
        redirect_uri,
        scope: scope_of(asked)?,
        state: copied(asked.state.as_ref(), (INVALID, "state is too long, or no text."))?,
        nonce: copied(asked.nonce.as_ref(), (INVALID, "nonce is too long, or no text."))?,
        code_challenge: code_challenge.to_owned(),
        organization,
        prompt,
        max_age,
        // No more than a hint: what cannot be one is left out.
        login_hint: given(asked.login_hint.as_ref())
            .filter(|hint| hint.len() <= 254 && !hint.chars().any(char::is_control))
            .map(str::to_owned),
    })
}

/// The scopes that there are, each once; others are ignored, and the answer says what was granted (RFC 6749, 3.3).
fn scope_of(asked: &BeginAppSignIn) -> Result<String, Refusal> {
    let wanted = given(asked.scope.as_ref()).unwrap_or_default();
    let granted: Vec<&str> = SCOPES
        .into_iter()
        .filter(|scope| wanted.split(' ').any(|one| one == *scope))
        .collect();
    if granted.is_empty() && !wanted.trim().is_empty() {
        return Err(("invalid_scope", "None of these scopes is known."));
    }
    Ok(granted.join(" "))
}

/// Whether nobody may be asked anything, or somebody must sign in anew (OpenID Connect Core, 3.1.2.1). Consent is the
/// tenant's own to give: nobody is asked for it.
fn prompt_of(asked: &BeginAppSignIn) -> Result<Option<&'static str>, Refusal> {
    let wanted: Vec<&str> = given(asked.prompt.as_ref())
        .unwrap_or_default()
        .split_ascii_whitespace()
        .collect();
    if wanted
        .iter()
        .any(|one| !matches!(*one, "none" | "login" | "consent" | "select_account"))
    {
        return Err((
            INVALID,
            "A value of prompt is none of none, login, consent, select_account.",
        ));
    }
    match wanted.as_slice() {
        ["none"] => Ok(Some("none")),
        several if several.contains(&"none") => Err((INVALID, "prompt=none goes with nothing else.")),
        several if several.contains(&"login") || several.contains(&"select_account") => Ok(Some("login")),
        _ => Ok(None),
    }
}

fn max_age_of(asked: &BeginAppSignIn) -> Result<Option<i64>, Refusal> {
    match given(asked.max_age.as_ref()) {
        None => Ok(None),
        Some(text) => match text.parse::<u32>() {
            Ok(seconds) => Ok(Some(seconds.into())),
            Err(_) => Err((INVALID, "max_age is no number of seconds.")),
        },
    }
}

impl Perform for GetAppSignIn {
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<AppSignIn, Fault> {
        let request = waiting(tx, &self.request, cx.now).await?;
        let organization = brand(tx, &request).await?.map(|brand| {
            let ours = format!("/logo/{}/", brand.organization_id);
            SignInOrganization {
                name: brand.name,
                logo_is_ours: brand.logo_url.as_ref().is_some_and(|url| url.contains(&ours)),
                logo_url: brand.logo_url,
                colors: brand.colors,
            }
        });
        Ok(AppSignIn {
            app_id: request.application_id,
            app_name: request.application_name,
            login_hint: request.login_hint,
            returns_to: origin(&request.redirect_uri),
            silent: request.prompt.as_deref() == Some("none"),
            organization,
        })
    }
}

impl Perform for GetAppSignInLogo {
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<OrganizationLogo, Fault> {
        let request = waiting(tx, &self.request, cx.now).await?;
        let brand = found(brand(tx, &request).await?, "logo")?;
        Ok(found(logos::shown(tx, brand.organization_id).await?, "logo")?)
    }
}

/// How the organization looks that an application asked for.
async fn brand(tx: &mut Tx, request: &SignInRequest) -> Result<Option<Brand>, Fault> {
    Ok(match request.organization.as_deref() {
        Some(called) => sign_in_brands::asked(tx, request.application_id, called).await?,
        None => None,
    })
}

/// Scheme, host and port of a URL: what a content security policy names.
fn origin(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{authority}")
}

impl Perform for RefuseAppSignIn {
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<LeaveForApp, Fault> {
        let request = waiting(tx, &self.request, cx.now).await?;
        sign_in_requests::delete(tx, clock::fingerprint(self.request.reveal())).await?;
        Ok(LeaveForApp {
            location: refused(cx, &request, self.error),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn request() -> BeginAppSignIn {
        let text = |text: &str| Some(text.to_owned());
        BeginAppSignIn {
            response_type: text("code"),
            scope: text("openid email nonsense"),
            code_challenge: text("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            code_challenge_method: text("S256"),
            ..BeginAppSignIn::default()
        }
    }

    fn read(request: &BeginAppSignIn) -> Result<NewRequest, &'static str> {
        checked(
            request,
            ClientId::compose(1, 1),
            "https://app.example/cb".to_owned(),
        )
        .map_err(|(error, _)| error)
    }

    #[test]
    fn what_is_missing_or_wrong_is_refused_as_the_standards_say() {
        assert_eq!(read(&request()).unwrap().scope, "openid email");
        let text = |text: &str| Some(text.to_owned());
        type Bend = fn(&mut BeginAppSignIn, Option<String>);
        let bent: [(&str, Bend, Option<String>); 16] = [
            ("invalid_request", |r, v| r.response_type = v, None),
            (
                "unsupported_response_type",
                |r, v| r.response_type = v,
                text("token"),
            ),
            (
                "unsupported_response_type",
                |r, v| r.response_type = v,
                text("code id_token"),
            ),
            ("invalid_request", |r, v| r.response_mode = v, text("fragment")),
            ("invalid_request", |r, v| r.code_challenge = v, None),
            ("invalid_request", |r, v| r.code_challenge = v, text("short")),
            ("invalid_request", |r, v| r.code_challenge_method = v, None),
            (
                "invalid_request",
                |r, v| r.code_challenge_method = v,
                text("plain"),
            ),
            ("invalid_scope", |r, v| r.scope = v, text("everything")),
            ("invalid_request", |r, v| r.prompt = v, text("none login")),
            ("invalid_request", |r, v| r.prompt = v, text("create")),
            ("invalid_request", |r, v| r.max_age = v, text("-1")),
            (
                "invalid_request",
                |r, v| r.state = v,
                Some("x".repeat(LONGEST + 1)),
            ),
            ("invalid_request", |r, v| r.repeated = v, text("state")),
            ("request_not_supported", |r, v| r.unsupported = v, text("request")),
            (
                "request_uri_not_supported",
                |r, v| r.unsupported = v,
                text("request_uri"),
            ),
        ];
        for (error, bend, value) in bent {
            let mut request = request();
            bend(&mut request, value.clone());
            assert_eq!(read(&request).err(), Some(error), "{value:?}");
        }
        let mut both = request();
        (both.organization, both.org_id) = (text("a"), text("b"));
        assert_eq!(read(&both).err(), Some("invalid_request"));
    }

    #[test]
    fn an_origin_is_all_that_a_policy_is_told() {
        assert_eq!(
            origin("https://app.example:8443/cb?x=/y"),
            "https://app.example:8443"
        );
        assert_eq!(origin("http://127.0.0.1:3000"), "http://127.0.0.1:3000");
    }
}
