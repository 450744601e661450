//! The token endpoint: a code, a refresh token or a client's own secret for an access token (RFC 6749, 3.2).

use axum::extract::{Request as HttpRequest, State};
use axum::http::StatusCode;
use axum::response::Response;
use guildhall::error::Code;
use guildhall::oidc::{AppTokenAnswer, ClientCredentials, RedeemCode, RefreshAppToken};
use guildhall::operation::Runs as _;
use guildhall::sessions::IssueClientToken;
use guildhall::{Error, input};
use serde_json::json;

use super::client_auth::{presented, presented_in_either};
use super::form::Form;
use super::refusal::{self, Refused, invalid_client, invalid_scope, refused};
use crate::rest::{Rest, Visit, auth0};

/// `POST /oidc/token`.
pub async fn issue(State(rest): State<Rest>, http: HttpRequest) -> Response {
    let (parts, body) = http.into_parts();
    let visit = rest.visit(&parts);
    let answered = async {
        let (client, form) = presented(&visit, &parts.headers, body).await?;
        granted(&rest, &visit, client, &form).await
    };
    refusal::answer(&visit, answered.await)
}

/// `POST /oauth/token`: the same as a form or as JSON, with an `audience`.
pub async fn issue_in_either(State(rest): State<Rest>, http: HttpRequest) -> Response {
    let (parts, body) = http.into_parts();
    let visit = rest.visit(&parts);
    let answered = async {
        let (client, form) = presented_in_either(&visit, &parts.headers, body).await?;
        let url = &rest.console().services().public_url;
        let own = [url.clone(), format!("{url}{}", auth0::PREFIX)];
        if let Some(other) = form
            .get("audience")
            .filter(|audience| !own.iter().any(|own| own == audience.trim_end_matches('/')))
        {
            return Err(refused(
                StatusCode::FORBIDDEN,
                "access_denied",
                format!("Service not found: {other}"),
            ));
        }
        granted(&rest, &visit, client, &form).await
    };
    refusal::answer(&visit, answered.await)
}

/// The token of a grant.
async fn granted(
    rest: &Rest,
    visit: &Visit,
    client: ClientCredentials,
    form: &Form,
) -> Result<Vec<u8>, Refused> {
    match form.need("grant_type")? {
        "client_credentials" => own_token(rest, visit, client, form).await,
        "authorization_code" => {
            let operation = RedeemCode {
                client,
                code: form.secret("code")?,
                redirect_uri: form.need("redirect_uri")?.to_owned(),
                code_verifier: form.secret("code_verifier")?,
            };
            tokens(guarded(rest, visit, operation).await?)
        }
        "refresh_token" => {
            let operation = RefreshAppToken {
                client,
                refresh_token: form.secret("refresh_token")?,
                scope: form.get("scope").map(str::to_owned),
            };
            tokens(guarded(rest, visit, operation).await?)
        }
        _ => Err(refused(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "The grant types of this endpoint are authorization_code, refresh_token and client_credentials.",
        )),
    }
}

/// Runs an operation in which a client says who it is: who does so wrongly too often is held up.
pub async fn guarded<Op: guildhall::Operation>(
    rest: &Rest,
    visit: &Visit,
    operation: Op,
) -> Result<Op::Output, Refused>
where
    crate::console::Console: guildhall::Runs<Op>,
{
    let attempt = rest.attempts().begin_from(visit.request.ip.as_deref())?;
    let answer: Result<_, Error> = rest.console().run(&visit.request, operation).await;
    // A wrong secret is a guess; a wrong scope, or trouble of ours, is none.
    if !matches!(&answer, Err(error) if error.code == Code::Unauthenticated) {
        attempt.succeeded();
    }
    Ok(answer?)
}

fn tokens(answer: AppTokenAnswer) -> Result<Vec<u8>, Refused> {
    match answer {
        AppTokenAnswer::Issued(tokens) => Ok(serde_json::to_vec(&tokens)?),
        AppTokenAnswer::InvalidGrant { description } => {
            Err(refused(StatusCode::BAD_REQUEST, "invalid_grant", description))
        }
        AppTokenAnswer::InvalidScope { description } => Err(invalid_scope(description)),
    }
}

/// A client's token for itself (RFC 6749, 4.4).
async fn own_token(
    rest: &Rest,
    visit: &Visit,
    client: ClientCredentials,
    form: &Form,
) -> Result<Vec<u8>, Refused> {
    let secret = client.client_secret.ok_or_else(invalid_client)?;
    let scope: Vec<&str> = form
        .get("scope")
        .unwrap_or_default()
        .split_ascii_whitespace()
        .collect();
    let fields = json!({ "client_id": client.client_id, "client_secret": secret, "scope": scope });
    let operation = input::parse::<IssueClientToken>(fields).map_err(|error| {
        let about_scope = error.fields.iter().any(|at| at.field.starts_with("scope"));
        if about_scope {
            invalid_scope(error.message)
        } else {
            invalid_client()
        }
    })?;
    Ok(serde_json::to_vec(&guarded(rest, visit, operation).await?)?)
}
