//! The way out: an application signs its person out of the console, and so of every application that they entered from it.

use axum::extract::{Request as HttpRequest, State};
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use guildhall::caller::{Caller, Request};
use guildhall::error::{Code, Error};
use guildhall::oidc::GetAppSignOut;
use guildhall::operation::Runs as _;
use guildhall::secret::Secret;
use guildhall::sessions::SignOut;

use super::leading::{Problem, see_other};
use crate::auth::{origin, session};
use crate::rest::receive;
use crate::web::Web;
use crate::web::query::parameter;

/// The largest form that is read: an ID token is in it.
const LIMIT: usize = 64 * 1024;
/// What our own pages need to know of it again.
const KEPT: [&str; 3] = ["client_id", "post_logout_redirect_uri", "state"];

fn read(query: &[u8]) -> GetAppSignOut {
    GetAppSignOut {
        id_token_hint: parameter(query, "id_token_hint").map(Secret::new),
        client_id: parameter(query, "client_id"),
        post_logout_redirect_uri: parameter(query, "post_logout_redirect_uri"),
        state: parameter(query, "state"),
    }
}

/// A page of ours with some of the parameters.
fn with(page: &str, query: &[u8], names: &[&str]) -> String {
    let kept = names
        .iter()
        .filter_map(|name| parameter(query, name).map(|value| (*name, value)));
    let kept = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .finish();
    if kept.is_empty() {
        page.to_owned()
    } else {
        format!("{page}?{kept}")
    }
}

/// `GET /oidc/logout`. Whoever comes with a token about whoever is signed in is obeyed; else the person is asked, since any
/// page can lead here.
pub async fn begin(State(web): State<Web>, http: HttpRequest) -> Result<Response, Problem> {
    let (parts, _) = http.into_parts();
    let caller = web.enter(&parts).await?;
    let query = parts.uri.query().unwrap_or_default().as_bytes().to_vec();
    let way = web.console().run(&caller, read(&query)).await?;
    if !way.certain {
        return Ok(see_other(&with("/signin/leave", &query, &KEPT)));
    }
    let to = way.location.unwrap_or_else(|| "/signin/left".to_owned());
    leave(&web, &caller, &to).await
}

/// `POST /oidc/logout`: our own page's answer, or an application's form, which is looked at once the browser comes with its
/// session.
pub async fn by_form(State(web): State<Web>, http: HttpRequest) -> Result<Response, Problem> {
    let (parts, body) = http.into_parts();
    let form = receive(body, LIMIT).await?;
    let own = origin::check(web.public_url(), &parts.method, &parts.headers).is_ok();
    if !own || parameter(&form, "confirmed").as_deref() != Some("yes") {
        let mut names = KEPT.to_vec();
        names.push("id_token_hint");
        return Ok(see_other(&with("/oidc/logout", &form, &names)));
    }
    let caller = web.enter(&parts).await?;
    leave(&web, &caller, &with("/signin/left", &form, &KEPT)).await
}

/// Ends the session, with everything that applications were given in it, and its cookie.
async fn leave(web: &Web, caller: &Request, to: &str) -> Result<Response, Problem> {
    if matches!(caller.caller, Caller::User(_)) {
        let ended: Result<(), Error> = web.console().run(caller, SignOut {}).await;
        // A session that has ended already is signed out all the same.
        if let Err(error) = ended
            && error.code != Code::Unauthenticated
        {
            return Err(error.into());
        }
    }
    let mut response = see_other(to);
    response
        .headers_mut()
        .append(SET_COOKIE, session::clear(web.public_url()));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_is_carried_along() {
        let query = b"client_id=a&state=x%26y&evil=1&id_token_hint=t";
        assert_eq!(
            with("/signin/leave", query, &KEPT),
            "/signin/leave?client_id=a&state=x%26y"
        );
        assert_eq!(with("/signin/left", b"evil=1", &KEPT), "/signin/left");
    }
}
