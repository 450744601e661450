//! `/v1/auth/sso/start` (T28): the same sign-in under the name that the API's reference gives it. An organization without an
//! identity provider of its own is served by the hosted page.

use axum::extract::{Request as HttpRequest, State};
use axum::response::Response;

use super::leading::see_other;
use crate::rest::{Rest, reply};

/// What the reference calls it, and what the authorization request does; everything else goes along as it is.
const NAMES: [(&str, &str); 2] = [("email", "login_hint"), ("org_id", "organization")];
/// What an authorization request has, where this one says nothing of it.
const GIVEN: [(&str, &str); 2] = [("response_type", "code"), ("scope", "openid profile email phone")];

/// `GET /v1/auth/sso/start?client_id&redirect_uri&email&org_id`, with `state`, `nonce` and the code challenge of the
/// application.
pub async fn begin(State(rest): State<Rest>, http: HttpRequest) -> Response {
    let (parts, _) = http.into_parts();
    let visit = rest.visit(&parts);
    let mut response = match visit.admitted() {
        Err(error) => reply::refusal(&error, false),
        Ok(()) => {
            let query = translated(parts.uri.query().unwrap_or_default());
            see_other(&format!("/oidc/authorize?{query}"))
        }
    };
    visit.finish(response.headers_mut());
    response
}

fn translated(query: &str) -> String {
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .map(|(name, value)| {
            let other = NAMES.iter().find(|(known, _)| *known == name);
            (other.map_or(name, |(_, other)| (*other).to_owned()), value)
        })
        .collect();
    for (name, value) in GIVEN {
        if !pairs.iter().any(|(given, _)| given == name) {
            pairs.push((name.to_owned(), value.to_owned()));
        }
    }
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_references_names_are_the_standards() {
        assert_eq!(
            translated("client_id=cli_1&email=a%40b.io&org_id=org_1&state=x%26y"),
            "client_id=cli_1&login_hint=a%40b.io&organization=org_1&state=x%26y&response_type=code\
             &scope=openid+profile+email+phone"
        );
        assert!(translated("scope=openid").ends_with("scope=openid&response_type=code"));
    }
}
