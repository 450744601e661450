//! The way out: an application signs somebody out of everything (OpenID Connect RP-Initiated Logout 1.0).

use guildhall::caller::Caller;
use guildhall::id::ClientId;
use guildhall::oidc::*;

use super::{given, location, unknown_client, unknown_redirect_uri};
use crate::authorize::Permit;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::{Tx, clients};

impl Perform for GetAppSignOut {
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<AppSignOut, Fault> {
        let hint = self
            .id_token_hint
            .as_ref()
            .and_then(|token| cx.services.tokens.read_id_hint(token.reveal()));
        let hinted = hint.as_ref().and_then(|hint| hint.aud.parse::<ClientId>().ok());
        let said = match given(self.client_id.as_ref()) {
            None => None,
            Some(id) => match id.parse::<ClientId>() {
                Ok(id) if hinted.is_none_or(|hinted| hinted == id) => Some(id),
                _ => return Err(unknown_client().into()),
            },
        };
        let client = match said.or(hinted) {
            Some(id) => clients::with_application(tx, id).await?,
            None => None,
        };
        let back = match given(self.post_logout_redirect_uri.as_ref()) {
            None => None,
            Some(uri) => match &client {
                Some(client) if client.leaves_to(uri) => {
                    let state = given(self.state.as_ref());
                    Some(state.map_or_else(|| uri.to_owned(), |state| location(uri, &[("state", state)])))
                }
                _ => return Err(unknown_redirect_uri().into()),
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
