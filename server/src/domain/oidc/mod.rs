//! Signing in to the tenant's applications: the rules of an OpenID Connect provider.

mod authenticating;
mod beginning;
mod claims;
mod continuing;
mod entering;
mod inspecting;
mod issuing;
mod leaving;
mod redeeming;
mod routing;

use guildhall::error::{Code, Error};
use guildhall::oidc::AppSignInError;
use guildhall::secret::Secret;

use crate::clock;
use crate::console::Context;
use crate::fault::Fault;
use crate::store::sign_in_requests::SignInRequest;
use crate::store::{self, Tx};

/// The request of a secret, or 410.
async fn waiting(tx: &mut Tx, request: &Secret, now: i64) -> Result<SignInRequest, Fault> {
    let found = store::sign_in_requests::get(tx, clock::fingerprint(request.reveal()), now).await?;
    Ok(found.ok_or_else(over)?)
}

fn over() -> Error {
    Error::new(
        Code::Gone,
        "This sign-in was finished, or has waited too long. Go back to the application and begin again.",
    )
    .because("sign_in_over")
}

/// A page that says what is wrong with the link that led here, since nobody else can be told (RFC 6749, 4.1.2.1).
fn unanswerable(reason: &str, message: &str) -> Error {
    Error::new(Code::Invalid, message).because(reason)
}

fn unknown_client() -> Error {
    unanswerable(
        "unknown_client",
        "The link that led here names no application of this console.",
    )
}

fn unknown_redirect_uri() -> Error {
    unanswerable(
        "unknown_redirect_uri",
        "The link that led here wants to return to a page that the application has not registered.",
    )
}

/// What came without a value is as if it had not come (RFC 6749, 3.1).
fn given(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

/// An address with a query of its own, or none, and these pairs.
fn location(redirect_uri: &str, pairs: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let joint = if redirect_uri.contains('?') { '&' } else { '?' };
    format!("{redirect_uri}{joint}{query}")
}

/// An answer to an application at its redirect URI, with what it wants back (RFC 6749, 4.1.2) and who answers (RFC 9207).
fn answered(cx: &Context<'_>, redirect_uri: &str, state: Option<&str>, answer: &[(&str, &str)]) -> String {
    let mut pairs = answer.to_vec();
    pairs.extend(state.map(|state| ("state", state)));
    pairs.push(("iss", cx.services.tokens.issuer()));
    location(redirect_uri, &pairs)
}

/// A refusal of a sign-in that waits, which its application is told.
fn refused(cx: &Context<'_>, request: &SignInRequest, error: AppSignInError) -> String {
    let error = [("error", error_code(error))];
    answered(cx, &request.redirect_uri, request.state.as_deref(), &error)
}

/// The error's code (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6).
fn error_code(error: AppSignInError) -> &'static str {
    match error {
        AppSignInError::AccessDenied => "access_denied",
        AppSignInError::LoginRequired => "login_required",
        AppSignInError::InteractionRequired => "interaction_required",
    }
}
