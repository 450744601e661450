//! The way out: an application signs somebody out of everything (OpenID Connect RP-Initiated Logout 1.0).

use guildhall::caller::Caller;
use guildhall::error::{Code, Error};
use guildhall::id::ClientId;
use guildhall::oidc::*;

use super::location;
use crate::authorize::Permit;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::{Tx, clients};

fn unknown(reason: &str, message: &str) -> Fault {
    Error::new(Code::Invalid, message).because(reason).into()
}

impl Perform for GetAppSignOut {
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<AppSignOut, Fault> {
        let hint = self
            .id_token_hint
            .as_ref()
            .and_then(|token| cx.services.tokens.read_id_hint(token.reveal()));
        let hinted = hint.as_ref().and_then(|hint| hint.aud.parse::<ClientId>().ok());
        let said = match self.client_id.as_deref().filter(|id| !id.is_empty()) {
            None => None,
            Some(id) => match id.parse::<ClientId>() {
                Ok(id) if hinted.is_none_or(|hinted| hinted == id) => Some(id),
                _ => {
                    return Err(unknown(
                        "unknown_client",
                        "The link that led here names no application of this console.",
                    ));
                }
            },
        };
        let client = match said.or(hinted) {
            Some(id) => clients::with_application(tx, id).await?,
            None => None,
        };
        let back = match self
            .post_logout_redirect_uri
            .as_deref()
            .filter(|uri| !uri.is_empty())
        {
            None => None,
            Some(uri) => match &client {
                Some(client) if client.leaves_to(uri) => {
                    let state = self.state.as_deref().filter(|state| !state.is_empty());
                    Some(state.map_or_else(|| uri.to_owned(), |state| location(uri, &[("state", state)])))
                }
                _ => {
                    return Err(unknown(
                        "unknown_redirect_uri",
                        "The link that led here wants to return to a page that the application has not registered.",
                    ));
                }
            },
        };
        // A hint about somebody else, or none at all, could come from anywhere: whoever is signed in is asked.
        let certain = match &cx.request.caller {
            Caller::User(user) => hint.is_some_and(|hint| hint.sub == user.user_id.to_string()),
            _ => true,
        };
        Ok(AppSignOut {
            app_name: client.map(|client| client.application_name),
            location: back,
            certain,
        })
    }
}
