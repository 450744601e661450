//! Answers: the envelope, pages, entity tags, refusals. Written straight from the operation's output.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use guildhall::account::Profile;
use guildhall::applications::{Application, Client, ClientWithSecret};
use guildhall::audit::AuditRecord;
use guildhall::connections::OrganizationConnection;
use guildhall::domains::DiscoveryDomain;
use guildhall::error::{Code, Error, FieldError};
use guildhall::factors::Factors;
use guildhall::invitations::Invitation;
use guildhall::mail::{Mail, MailState};
use guildhall::members::{Changed, Member};
use guildhall::oidc::MemberSignedIn;
use guildhall::operation::Described;
use guildhall::organization_clients::{
    ClientSuccession, ClientSuccessions, OrganizationClient, OrganizationClientWithSecret,
};
use guildhall::organizations::Organization;
use guildhall::page::{Page, PageInfo};
use guildhall::registrations::Registration;
use guildhall::roles::{AppPermission, OrganizationRoles, Role, RoleGrid, RoleGroup};
use guildhall::sessions::{AccessToken, Me};
use guildhall::teams::Team;
use guildhall::tenant::{Overview, TenantSettings};
use guildhall::users::User;
use guildhall::webhooks::{Webhook, WebhookDelivery, WebhookDeliveryDetails, WebhookWithSecret};
use schemars::{Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use crate::auth::bearer;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An operation's output as an answer's body.
pub trait Answered {
    /// The whole body; `None` for an answer without one.
    ///
    /// # Errors
    /// When the output cannot be written as JSON.
    fn body(&self) -> serde_json::Result<Option<Vec<u8>>>;

    /// What the entity tag is made of, for things that have one.
    fn version(&self) -> Option<i64> {
        None
    }

    /// Whether answers of this kind have an entity tag.
    const TAGGED: bool = false;

    /// The body's schema.
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema>;
}

#[derive(Serialize)]
struct One<'a, T> {
    result: &'a T,
}

#[derive(Serialize)]
struct Many<'a, T> {
    result: &'a [T],
    page_info: &'a PageInfo,
}

fn written(envelope: &impl Serialize, room: usize) -> serde_json::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::with_capacity(room);
    serde_json::to_writer(&mut bytes, envelope)?;
    Ok(Some(bytes))
}

fn in_envelope<T: Described>(generator: &mut SchemaGenerator) -> Option<Schema> {
    let result = generator.subschema_for::<T>();
    Some(json_schema!({ "type": "object", "properties": { "result": result }, "required": ["result"] }))
}

impl Answered for () {
    fn body(&self) -> serde_json::Result<Option<Vec<u8>>> {
        Ok(None)
    }
    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }
}

impl<T: Serialize + Described> Answered for Page<T> {
    fn body(&self) -> serde_json::Result<Option<Vec<u8>>> {
        written(
            &Many {
                result: &self.items,
                page_info: &self.info,
            },
            1024 * self.items.len().max(1),
        )
    }
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        let (row, info) = (
            generator.subschema_for::<T>(),
            generator.subschema_for::<PageInfo>(),
        );
        Some(json_schema!({
            "type": "object",
            "properties": { "result": { "type": "array", "items": row }, "page_info": info },
            "required": ["result", "page_info"]
        }))
    }
}

impl<T: Serialize + Described> Answered for Vec<T> {
    fn body(&self) -> serde_json::Result<Option<Vec<u8>>> {
        written(&One { result: self }, 1024)
    }
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        in_envelope::<Vec<T>>(generator)
    }
}

macro_rules! single {
    ($($output:ty),*) => {$(
        impl Answered for $output {
            fn body(&self) -> serde_json::Result<Option<Vec<u8>>> {
                written(&One { result: self }, 1024)
            }
            fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
                in_envelope::<$output>(generator)
            }
        }
    )*};
}

macro_rules! tagged {
    ($($output:ty),*) => {$(
        impl Answered for $output {
            fn body(&self) -> serde_json::Result<Option<Vec<u8>>> {
                written(&One { result: self }, 1024)
            }
            fn version(&self) -> Option<i64> {
                Some(self.version)
            }
            const TAGGED: bool = true;
            fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
                in_envelope::<$output>(generator)
            }
        }
    )*};
}

single!(
    Client,
    ClientWithSecret,
    ClientSuccession,
    ClientSuccessions,
    OrganizationClientWithSecret,
    AppPermission,
    OrganizationConnection,
    OrganizationRoles,
    RoleGrid,
    Changed,
    AuditRecord,
    DiscoveryDomain,
    Invitation,
    Mail,
    MailState,
    AccessToken,
    Factors,
    MemberSignedIn,
    Me,
    Overview,
    WebhookDelivery,
    WebhookDeliveryDetails,
    WebhookWithSecret
);
tagged!(
    Organization,
    Profile,
    Member,
    Application,
    OrganizationClient,
    Role,
    RoleGroup,
    Team,
    User,
    Webhook,
    TenantSettings,
    Registration
);

single!(guildhall::mail_templates::MailPreview);
tagged!(guildhall::mail_templates::MailTemplate);

/// The answer to an operation that was done.
pub fn done(output: &impl Answered, success: StatusCode, method: &Method, headers: &HeaderMap) -> Response {
    let body = match output.body() {
        Ok(body) => body,
        Err(cause) => {
            tracing::error!(error.cause = %cause, "an answer could not be written");
            return refusal(&Error::internal("unwritten"), false);
        }
    };
    let Some(body) = body else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = success;
        return response;
    };
    let tag = output
        .version()
        .and_then(|version| HeaderValue::from_str(&format!("\"{version}\"")).ok());
    let unchanged = method.is_safe() && tag.as_ref().is_some_and(|tag| is_known(headers, tag));
    let mut response = Response::new(if unchanged {
        Body::empty()
    } else {
        Body::from(body)
    });
    *response.status_mut() = if unchanged {
        StatusCode::NOT_MODIFIED
    } else {
        success
    };
    if !unchanged {
        response.headers_mut().insert(CONTENT_TYPE, JSON);
    }
    if let Some(tag) = tag {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// Whether `If-None-Match` names the tag (RFC 9110, 13.1.2: compared weakly).
fn is_known(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let known =
        |candidate: &str| candidate == "*" || candidate.trim_start_matches("W/").as_bytes() == tag.as_bytes();
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|candidate| known(candidate.trim()))
}

#[derive(Serialize)]
struct Refusal<'a> {
    message: &'a str,
    error_code: u16,
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: &'a [FieldError],
    #[serde(skip_serializing_if = "Option::is_none")]
    ts_error_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
}

/// The answer to an operation that was not done. `presented` says that the request came with an access token.
pub fn refusal(error: &Error, presented: bool) -> Response {
    let body = Refusal {
        message: &error.message,
        error_code: error.code.status(),
        errors: &error.fields,
        ts_error_code: error.reason.as_deref().filter(|_| error.code == Code::Conflict),
        reference: error.reference.as_deref(),
    };
    let mut response = Response::new(Body::from(serde_json::to_vec(&body).unwrap_or_default()));
    *response.status_mut() = status(error.code);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, JSON);
    if let Some(challenge) = bearer::challenge(error, presented) {
        headers.insert(WWW_AUTHENTICATE, challenge);
    }
    if let Some(seconds) = error.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

pub fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A body of another kind: what the token endpoint and the documentation answer.
pub fn plain(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::body::to_bytes;

    async fn text(response: Response) -> String {
        String::from_utf8(to_bytes(response.into_body(), 10_000).await.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_refusal_says_the_status_and_the_fields() {
        let response = refusal(&Error::field("name", "is required"), false);
        assert_eq!(response.status(), 400);
        assert_eq!(
            text(response).await,
            r#"{"message":"name: is required","error_code":400,"errors":[{"field":"name","message":"is required"}]}"#
        );
        let taken = refusal(&Error::conflict("organization_name_taken", "Taken."), false);
        assert_eq!(
            text(taken).await,
            r#"{"message":"Taken.","error_code":409,"ts_error_code":"organization_name_taken"}"#
        );
    }

    #[tokio::test]
    async fn a_page_and_a_thing() {
        let page = Page {
            items: vec![Changed { changed: 1 }],
            info: PageInfo {
                limit: 50,
                ..PageInfo::default()
            },
        };
        let response = done(&page, StatusCode::OK, &Method::GET, &HeaderMap::new());
        assert_eq!(
            text(response).await,
            r#"{"result":[{"changed":1}],"page_info":{"limit":50,"next_cursor":null,"previous_cursor":null}}"#
        );
        let settings = TenantSettings {
            name: "Acme".into(),
            self_registration: false,
            auto_approval: false,
            version: 7,
        };
        let response = done(&settings, StatusCode::OK, &Method::GET, &HeaderMap::new());
        assert_eq!(response.headers()[ETAG], "\"7\"");
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, "\"6\", W/\"7\"".parse().unwrap());
        assert_eq!(
            done(&settings, StatusCode::OK, &Method::GET, &headers).status(),
            304
        );
        assert_eq!(
            done(&settings, StatusCode::OK, &Method::PUT, &headers).status(),
            200
        );
    }

    #[test]
    fn who_is_told_what() {
        let challenge = |error: Error, presented| {
            refusal(&error, presented)
                .headers()
                .get(WWW_AUTHENTICATE)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(challenge(Error::unauthenticated(), false).unwrap(), "Bearer");
        assert!(
            challenge(Error::unauthenticated(), true)
                .unwrap()
                .contains(r#"error="invalid_token""#)
        );
        assert!(
            challenge(Error::forbidden("no").because("insufficient_scope"), true)
                .unwrap()
                .contains("insufficient_scope")
        );
        assert_eq!(challenge(Error::forbidden("no"), true), None);
    }
}
