//! On the way: whoever is signed in goes in, chooses, signs in anew, or is told why not.

use guildhall::error::Error;
use guildhall::id::{GrantId, SessionId, UserId};
use guildhall::oidc::*;
use guildhall::secret::Secret;
use serde_json::json;

use super::entering::{Door, closed, door};
use super::routing;
use super::{answered, over, refused, waiting};
use crate::authorize::Permit;
use crate::change::Change;
use crate::clock;
use crate::console::{Context, Perform};
use crate::domain::factors::lacks;
use crate::domain::found;
use crate::fault::Fault;
use crate::store::app_access::Entry;
use crate::store::grants::{Code, Grant};
use crate::store::sign_in_requests::SignInRequest;
use crate::store::{self, Tx, people};

/// How long a code lives, in milliseconds (RFC 6749, 4.1.2: ten minutes at the most).
const CODE_LIFETIME: i64 = 60 * 1000;
/// Organizations that the picker shows.
const SHOWN: usize = 100;

/// The person and their session; a token is none.
fn session_of(permit: &Permit) -> Result<(UserId, SessionId), Fault> {
    let session = permit.user().and_then(|user| user.session_id);
    let session =
        session.ok_or_else(|| Error::forbidden("Somebody signs in from a browser, not with a token."))?;
    Ok((permit.person()?, session))
}

impl Perform for ContinueAppSignIn {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<AppSignInStep, Fault> {
        let (person, session) = session_of(permit)?;
        let hash = clock::fingerprint(self.request.reveal());
        let request = waiting(tx, &self.request, cx.now).await?;
        let proof = found(store::sessions::proof(tx, session).await?, "session")?;
        let again = must_sign_in(&request, proof.created_at, cx.now);
        if !again {
            routing::take_in(permit, tx, cx, &request, proof.created_at).await?;
        }
        let stop = |error: AppSignInError, step: AppSignInStep| {
            if request.prompt.as_deref() == Some("none") {
                AppSignInStep::Leave {
                    location: Secret::new(refused(cx, &request, error)),
                }
            } else {
                step
            }
        };
        if again {
            return Ok(stop(AppSignInError::LoginRequired, AppSignInStep::SignIn));
        }
        let entries = store::app_access::entries(
            tx,
            person,
            request.application_id,
            request.organization.as_deref(),
        )
        .await?;
        let chosen = match self.organization_id {
            Some(chosen) => Some(chosen),
            None => routing::by_domain(tx, person, &entries).await?,
        };
        match door(entries, chosen) {
            Door::Choose => Ok(stop(AppSignInError::InteractionRequired, AppSignInStep::Choose)),
            Door::Closed => Ok(stop(AppSignInError::AccessDenied, AppSignInStep::Closed)),
            Door::Open(entry) if lacks(entry.requires_factor, &proof.amr) => {
                // Whoever has a second factor proves it; whoever has none sets one up.
                let step = if store::factors::has_any(tx, person).await? {
                    AppSignInStep::SignIn
                } else {
                    AppSignInStep::SetUpFactor
                };
                Ok(stop(AppSignInError::InteractionRequired, step))
            }
            Door::Open(entry) => {
                // Two tabs may ask at once: one of them gets the code.
                if !store::sign_in_requests::delete(tx, hash).await? {
                    return Err(over().into());
                }
                let visit = Visit {
                    person,
                    session,
                    signed_in_at: proof.created_at,
                    amr: proof.amr,
                };
                let location = enter(tx, cx, &request, visit, &entry).await?;
                Ok(AppSignInStep::Leave {
                    location: Secret::new(location),
                })
            }
        }
    }
}

/// Whether the session is not enough: the application wants them to sign in anew, or it is too old. Whoever has signed in
/// since it asked has done so.
fn must_sign_in(request: &SignInRequest, signed_in_at: i64, now: i64) -> bool {
    if signed_in_at > request.created_at {
        return false;
    }
    let age = now.saturating_sub(signed_in_at);
    request.prompt.as_deref() == Some("login")
        || request
            .max_age
            .is_some_and(|most| age > most.saturating_mul(1000))
}

/// Who goes in, and how they proved who they are.
struct Visit {
    person: UserId,
    session: SessionId,
    signed_in_at: i64,
    amr: String,
}

/// Gives the application a code.
async fn enter(
    tx: &mut Tx,
    cx: &mut Context<'_>,
    request: &SignInRequest,
    visit: Visit,
    entry: &Entry,
) -> Result<String, Fault> {
    let grant = Grant {
        id: GrantId::compose(cx.now, cx.random()),
        session_id: visit.session,
        client_id: request.client_id,
        application_id: request.application_id,
        organization_id: entry.organization_id,
        person_id: visit.person,
        scope: request.scope.clone(),
        auth_time: visit.signed_in_at,
        expires_at: cx.now.saturating_add(CODE_LIFETIME),
        amr: visit.amr,
    };
    store::grants::insert(tx, &grant, cx.now).await?;
    let code = clock::secret_text()?;
    let kept = Code {
        grant_id: grant.id,
        redirect_uri: request.redirect_uri.clone(),
        code_challenge: request.code_challenge.clone(),
        nonce: request.nonce.clone(),
        expires_at: grant.expires_at,
        used_at: None,
    };
    store::grants::insert_code(tx, clock::fingerprint(&code), &kept).await?;
    cx.changed(
        Change::of("application", request.application_id, &request.application_name)
            .within(entry.organization_id)
            .after(&json!({ "client_id": request.client_id, "scope": request.scope })),
    );
    let state = request.state.as_deref();
    Ok(answered(cx, &request.redirect_uri, state, &[("code", &code)]))
}

impl Perform for GetAppSignInChoice {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<AppSignInChoice, Fault> {
        let (person, _) = session_of(permit)?;
        let request = waiting(tx, &self.request, cx.now).await?;
        let asked = request.organization.is_some();
        let entries = store::app_access::entries(
            tx,
            person,
            request.application_id,
            request.organization.as_deref(),
        )
        .await?;
        let user = found(people::get(tx, person).await?, "user")?;
        let (mut open, mut shut) = (Vec::new(), Vec::new());
        for entry in entries {
            match closed(&entry) {
                None => open.push(OpenOrganization {
                    organization_id: entry.organization_id,
                    name: entry.name,
                    logo_url: entry.logo_url,
                }),
                Some(why) => shut.push(ClosedOrganization {
                    name: entry.name,
                    why,
                }),
            }
        }
        open.truncate(SHOWN);
        shut.truncate(SHOWN);
        Ok(AppSignInChoice {
            app_name: request.application_name,
            label: user.label(),
            open,
            closed: shut,
            asked,
        })
    }
}
