//! The way in: an application's browser comes here, and leaves with a code or with the reason why there is none.

use axum::extract::{Request as HttpRequest, State};
use axum::http::request::Parts;
use axum::response::Response;
use guildhall::caller::Request;
use guildhall::error::{Code, Error};
use guildhall::id::OrganizationId;
use guildhall::oidc::*;
use guildhall::operation::Runs as _;
use guildhall::secret::Secret;

use super::leading::{Problem, see_other};
use crate::auth::origin;
use crate::rest::receive;
use crate::web::Web;
use crate::web::query::parameter;

/// The largest form that is read.
const LIMIT: usize = 16 * 1024;

/// `GET /oidc/authorize`.
pub async fn begin(State(web): State<Web>, http: HttpRequest) -> Result<Response, Problem> {
    let (parts, _) = http.into_parts();
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    // Whoever is invited accepts first; the page leads on to where the application's sign-in begins.
    let invitation = parameter(query, "invitation");
    if let (true, Ok(token)) = (invitation.is_some(), secret_of(invitation.as_deref())) {
        return Ok(see_other(&format!("/invite/{token}")));
    }
    let asked = read(query);
    start(web, parts, asked).await
}

/// `POST /oidc/authorize`, which a form of the application may send (OpenID Connect Core, 3.1.2.1). It brings no session,
/// since the cookie stays at home; the next page sees it.
pub async fn begin_by_form(State(web): State<Web>, http: HttpRequest) -> Result<Response, Problem> {
    let (parts, body) = http.into_parts();
    let form = receive(body, LIMIT).await?;
    start(web, parts, read(&form)).await
}

/// The parameters that there is a use for; unknown ones are ignored (RFC 6749, 3.1).
fn read(query: &[u8]) -> BeginAppSignIn {
    let mut asked = BeginAppSignIn::default();
    for (name, value) in form_urlencoded::parse(query) {
        let place = match name.as_ref() {
            "client_id" => &mut asked.client_id,
            "redirect_uri" => &mut asked.redirect_uri,
            "response_type" => &mut asked.response_type,
            "response_mode" => &mut asked.response_mode,
            "scope" => &mut asked.scope,
            "state" => &mut asked.state,
            "nonce" => &mut asked.nonce,
            "code_challenge" => &mut asked.code_challenge,
            "code_challenge_method" => &mut asked.code_challenge_method,
            "organization" => &mut asked.organization,
            "org_id" => &mut asked.org_id,
            "prompt" => &mut asked.prompt,
            "max_age" => &mut asked.max_age,
            "login_hint" => &mut asked.login_hint,
            "request" | "request_uri" | "registration" => {
                asked.unsupported = Some(name.into_owned());
                continue;
            }
            _ => continue,
        };
        let again = place.replace(value.into_owned()).is_some();
        // Of those that decide whether the application can be told at all, first of all.
        let decides = |name: &str| matches!(name, "client_id" | "redirect_uri");
        if again && !asked.repeated.as_deref().is_some_and(decides) {
            asked.repeated = Some(name.into_owned());
        }
    }
    asked
}

async fn start(web: Web, parts: Parts, asked: BeginAppSignIn) -> Result<Response, Problem> {
    let caller = web.enter_for_app(&parts).await?;
    Ok(match web.console().run(&caller, asked).await? {
        AppSignInBegun::Began { request } => {
            see_other(&format!("/oidc/continue?request={}", request.reveal()))
        }
        AppSignInBegun::Refused { location } => see_other(&location),
    })
}

/// The secret of a sign-in, if it can be one.
fn secret_of(text: Option<&str>) -> Result<&str, Error> {
    text.filter(|text| {
        (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    })
    .ok_or_else(|| Error::new(Code::Gone, "This address names no sign-in.").because("sign_in_over"))
}

/// `GET /oidc/continue?request=…`.
pub async fn go_on(State(web): State<Web>, http: HttpRequest) -> Result<Response, Problem> {
    let (parts, _) = http.into_parts();
    let request = parameter(parts.uri.query().unwrap_or_default().as_bytes(), "request");
    step(web, parts, request, None).await
}

/// `POST /oidc/continue`: the form of the page that asks which organization. From our own pages only: nobody else chooses.
pub async fn choose(State(web): State<Web>, http: HttpRequest) -> Result<Response, Problem> {
    let (parts, body) = http.into_parts();
    origin::check(web.public_url(), &parts.method, &parts.headers)?;
    let form = receive(body, LIMIT).await?;
    // What is no id names nothing that could be chosen: they are asked again.
    let chosen = parameter(&form, "organization_id").and_then(|id| id.parse().ok());
    step(web, parts, parameter(&form, "request"), chosen).await
}

async fn step(
    web: Web,
    parts: Parts,
    request: Option<String>,
    organization_id: Option<OrganizationId>,
) -> Result<Response, Problem> {
    let caller = web.enter(&parts).await?;
    let secret = secret_of(request.as_deref())?;
    let operation = ContinueAppSignIn {
        request: Secret::new(secret),
        organization_id,
    };
    match web.console().run(&caller, operation).await {
        Ok(AppSignInStep::Leave { location }) => Ok(see_other(location.reveal())),
        Ok(AppSignInStep::SignIn) => Ok(see_other(&format!("/signin?request={secret}"))),
        Ok(AppSignInStep::Choose) => Ok(see_other(&format!("/signin/organization?request={secret}"))),
        Ok(AppSignInStep::Closed) => Ok(see_other(&format!("/signin/closed?request={secret}"))),
        Ok(AppSignInStep::SetUpFactor) => Ok(see_other(&format!(
            "/account/security?return_to=/oidc/continue%3Frequest%3D{secret}"
        ))),
        Err(error) if error.code == Code::Unauthenticated => {
            let page = format!("/signin?request={secret}");
            ask(&web, &caller, secret, AppSignInError::LoginRequired, &page).await
        }
        Err(error) if error.reason.as_deref() == Some("password_must_change") => {
            let page = format!("/account/password?return_to=/oidc/continue%3Frequest%3D{secret}");
            let error = AppSignInError::InteractionRequired;
            ask(&web, &caller, secret, error, &page).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Leads to a page that asks something; back to the application where nobody may be asked.
async fn ask(
    web: &Web,
    caller: &Request,
    secret: &str,
    error: AppSignInError,
    page: &str,
) -> Result<Response, Problem> {
    let request = Secret::new(secret);
    let waits = web.console().run(caller, GetAppSignIn { request }).await?;
    if waits.silent {
        leave(web, caller, secret, error).await
    } else {
        Ok(see_other(page))
    }
}

/// `GET /oidc/cancel?request=…`: back to the application without a code.
pub async fn cancel(State(web): State<Web>, http: HttpRequest) -> Result<Response, Problem> {
    let (parts, _) = http.into_parts();
    let caller = web.enter(&parts).await?;
    let request = parameter(parts.uri.query().unwrap_or_default().as_bytes(), "request");
    let secret = secret_of(request.as_deref())?;
    leave(&web, &caller, secret, AppSignInError::AccessDenied).await
}

async fn leave(
    web: &Web,
    caller: &Request,
    secret: &str,
    error: AppSignInError,
) -> Result<Response, Problem> {
    let operation = RefuseAppSignIn {
        request: Secret::new(secret),
        error,
    };
    let leaves = web.console().run(caller, operation).await?;
    Ok(see_other(&leaves.location))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_decides_is_noticed_first() {
        let asked = read(b"state=1&state=2&client_id=a&client_id=b&scope=openid+email&foreign=x");
        assert_eq!(asked.repeated.as_deref(), Some("client_id"));
        assert_eq!(asked.scope.as_deref(), Some("openid email"));
        let asked = read(b"client_id=a&client_id=b&state=1&state=2");
        assert_eq!(asked.repeated.as_deref(), Some("client_id"));
        assert_eq!(read(b"request_uri=x").unsupported.as_deref(), Some("request_uri"));
    }

    #[test]
    fn a_secret_cannot_become_another_address() {
        assert_eq!(secret_of(Some("aZ09-_")).ok(), Some("aZ09-_"));
        for bad in ["", "a b", "a&b=c", "a%26", "//evil.example", &"a".repeat(65)] {
            assert!(secret_of(Some(bad)).is_err(), "{bad}");
        }
    }
}
