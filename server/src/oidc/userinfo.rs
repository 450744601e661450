//! What an application is told about whoever signed in, for their access token (OpenID Connect Core, 5.3).

use axum::extract::{Request as HttpRequest, State};
use axum::http::StatusCode;
use axum::response::Response;
use guildhall::error::Error;
use guildhall::oidc::GetUserInfo;
use guildhall::operation::Runs as _;
use guildhall::secret::Secret;

use crate::auth::bearer;
use crate::rest::{Rest, reply};

/// `GET` and `POST /oidc/userinfo`: refused as any call with an access token (RFC 6750, 3).
pub async fn show(State(rest): State<Rest>, http: HttpRequest) -> Response {
    let (parts, _) = http.into_parts();
    let visit = rest.visit(&parts);
    let token = bearer::token(&parts.headers);
    let answered: Result<_, Error> = async {
        visit.admitted()?;
        let access_token = Secret::new(token.ok_or_else(Error::unauthenticated)?);
        rest.console()
            .run(&visit.request, GetUserInfo { access_token })
            .await
    }
    .await;
    let mut response = match answered.map(|claims| serde_json::to_vec(&claims)) {
        Ok(Ok(body)) => reply::plain(StatusCode::OK, "application/json", body),
        Ok(Err(_)) => reply::refusal(&Error::internal("unwritten"), false),
        Err(error) => reply::refusal(&error, token.is_some()),
    };
    visit.finish(response.headers_mut());
    response
}
