//! Clients that say who they are, and the tokens that they ask for in their own name.

use guildhall::caller::Request;
use guildhall::error::{Code, Error};
use guildhall::id::ClientId;
use guildhall::oidc::ClientCredentials;

use crate::clock;
use crate::console::{Context, Prepared};
use crate::fault::Fault;
use crate::store::clients::AppClient;
use crate::store::organization_client_tokens::Presented;
use crate::store::{self, Db, Tx, organization_client_tokens};

/// How exactly "last used" is known, in milliseconds: a write for every token would cost more than the token.
const LAST_USED: i64 = 60_000;

/// What whoever is not the client is told; an unknown one and a wrong secret look the same (RFC 6749, 5.2).
pub(super) fn wrong_client() -> Error {
    Error::new(
        Code::Unauthenticated,
        "The client is unknown or its secret is wrong.",
    )
    .because("invalid_client")
}

/// The client that says who it is, if it is that one (RFC 6749, 3.2.1). A public one has nothing to prove it with; one that
/// has a secret must say it.
pub(super) async fn authenticated(db: &Db, said: &ClientCredentials) -> Result<AppClient, Fault> {
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

/// The API application of an organization that says who it is, if it is that one; its use is noted.
pub(super) async fn presented_for_organization(
    db: &Db,
    said: &ClientCredentials,
    request: &Request,
    now: i64,
) -> Result<Presented, Fault> {
    let id: ClientId = said.client_id.parse().map_err(|_| wrong_client())?;
    let hash = said
        .client_secret
        .as_ref()
        .map(|secret| clock::fingerprint(secret.reveal()))
        .ok_or_else(wrong_client)?;
    let client = organization_client_tokens::presented(&mut db.read().await?, id, &hash, now)
        .await?
        .ok_or_else(wrong_client)?;
    let recent = client
        .used_at
        .is_some_and(|at| now.saturating_sub(at) <= LAST_USED);
    if !recent || client.used_from != request.ip {
        let (noted, from) = (client.clone(), request.ip.clone());
        db.write(move |tx| {
            Box::pin(async move { Ok(organization_client_tokens::used(tx, &noted, from, now).await?) })
        })
        .await?;
    }
    Ok(client)
}

/// The same, kept for the operation that it asks for.
pub(super) async fn prepared(db: &Db, said: &ClientCredentials) -> Result<Prepared, Fault> {
    Ok(Prepared {
        client: Some(authenticated(db, said).await?),
        ..Prepared::default()
    })
}

/// The client that was authenticated before the operation.
pub(super) fn presented(cx: &Context<'_>) -> Result<AppClient, Error> {
    cx.prepared.client.clone().ok_or_else(wrong_client)
}

/// Whether the note of a client's last use is so old that it is worth a write.
pub(super) fn unnoted(client: &AppClient, now: i64) -> bool {
    client
        .last_used_at
        .is_none_or(|at| now.saturating_sub(at) > LAST_USED)
}

/// Notes that a client got tokens.
pub(super) async fn note_use(tx: &mut Tx, client: &AppClient, now: i64) -> Result<(), Fault> {
    if unnoted(client, now) {
        store::clients::used(tx, client.id, now).await?;
    }
    Ok(())
}
