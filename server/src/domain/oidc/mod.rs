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

use guildhall::error::{Code, Error};
use guildhall::id::ClientId;
use guildhall::oidc::ClientCredentials;
use guildhall::secret::Secret;

use crate::clock;
use crate::fault::Fault;
use crate::store::clients::AppClient;
use crate::store::sign_in_requests::SignInRequest;
use crate::store::{self, Db, Tx};

/// How exactly "last used" is known of a client, in milliseconds, as for its own tokens.
const LAST_USED: i64 = 60_000;

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

/// An answer to an application, in the query of its redirect URI (RFC 6749, 4.1.2; RFC 9207).
fn location(redirect_uri: &str, pairs: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let joint = if redirect_uri.contains('?') { '&' } else { '?' };
    format!("{redirect_uri}{joint}{query}")
}

/// A refusal that the application is told.
fn refused(
    redirect_uri: &str,
    issuer: &str,
    state: Option<&str>,
    error: &str,
    description: Option<&str>,
) -> String {
    let mut pairs = vec![("error", error)];
    pairs.extend(description.map(|why| ("error_description", why)));
    pairs.extend(state.map(|state| ("state", state)));
    pairs.push(("iss", issuer));
    location(redirect_uri, &pairs)
}

fn wrong_client() -> Error {
    Error::new(
        Code::Unauthenticated,
        "The client is unknown or its secret is wrong.",
    )
    .because("invalid_client")
}

/// The client that says who it is, if it is that one (RFC 6749, 3.2.1). A public one has nothing to prove it with; one that
/// has a secret must say it.
async fn authenticated(db: &Db, said: &ClientCredentials) -> Result<AppClient, Fault> {
    let id: ClientId = said.client_id.parse().map_err(|_| wrong_client())?;
    let client = store::clients::with_application(&mut db.read().await?, id)
        .await?
        .ok_or_else(wrong_client)?;
    let right = match &said.client_secret {
        // Fingerprints of 256 random bits: comparing them early-out tells nothing of the secret.
        Some(secret) => !client.is_public && client.secret_hash == clock::fingerprint(secret.reveal()),
        None => client.is_public,
    };
    if right {
        Ok(client)
    } else {
        Err(wrong_client().into())
    }
}

/// Notes that a client got tokens.
async fn note_use(tx: &mut Tx, client: &AppClient, now: i64) -> Result<(), Fault> {
    if client
        .last_used_at
        .is_none_or(|at| now.saturating_sub(at) > LAST_USED)
    {
        store::clients::used(tx, client.id, now).await?;
    }
    Ok(())
}
