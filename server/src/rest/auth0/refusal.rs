//! Refusals as this dialect says them: the status, its name, a sentence, and a stable code where there is one.

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::response::Response;
use guildhall::error::{Code, Error};
use guildhall::policy::Permission;
use serde_json::json;

/// Where a field is that something is wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    Body,
}

/// A refusal.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    status: u16,
    message: String,
    code: Option<&'static str>,
    retry_after: Option<u64>,
}

impl Refusal {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Refusal {
            status,
            message: message.into(),
            code: None,
            retry_after: None,
        }
    }

    fn coded(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// 400 for what is wrong at a place.
    pub(super) fn invalid(place: Place, field: &str, why: &str) -> Self {
        let (what, code) = match place {
            Place::Path => ("Path", "invalid_uri"),
            Place::Query => ("Query", "invalid_query_string"),
            Place::Body => ("Payload", "invalid_body"),
        };
        let at = if field.is_empty() {
            String::new()
        } else {
            format!(" on property {field}")
        };
        Refusal::new(400, format!("{what} validation error: '{why}'{at}.")).coded(code)
    }

    /// 400 for an error that the language found in a query or a body.
    pub(super) fn unreadable(place: Place, error: &Error) -> Self {
        match (error.code, error.fields.first()) {
            (Code::Invalid, Some(at)) => {
                let why = match at.message.as_str() {
                    "is required" => format!("Missing required property: {}", at.field),
                    "is not a field of this request" => {
                        format!("Additional properties not allowed: {}", at.field)
                    }
                    other => other.to_owned(),
                };
                Refusal::invalid(place, &at.field, &why)
            }
            (Code::Invalid, None) => Refusal::invalid(place, "", "Invalid request payload JSON format"),
            _ => Refusal::from(error.clone()),
        }
    }

    /// What an operation refused, with the names that this dialect has for its fields.
    pub(super) fn of(error: &Error, names: &[(&str, &str)]) -> Self {
        match (error.code, error.fields.first()) {
            (Code::Invalid, Some(at)) => {
                let (place, field) = renamed(&at.field, names);
                Refusal::invalid(place, &field, &in_dialect(&at.message))
            }
            _ => Refusal::from(error.clone()),
        }
    }

    /// 401 for a token that somebody else signed.
    pub(super) fn forged(error: &Error) -> Self {
        if error.code == Code::Unauthenticated {
            Refusal::new(401, "Invalid signature received for JSON Web Token validation")
        } else {
            Refusal::from(error.clone())
        }
    }

    /// 401 for a token that is not of the tenant's backend.
    pub(super) fn not_global() -> Self {
        Refusal::new(401, "Client is not global.")
    }

    /// 403 for a token without the scope of a right.
    pub(super) fn without_scope(permission: Permission) -> Self {
        let scope = permission.scopes().last().copied().unwrap_or_default();
        insufficient(scope)
    }

    /// 404 for what this dialect has words of its own.
    pub(super) fn not_found(message: &str, code: Option<&'static str>) -> Self {
        Refusal {
            code,
            ..Refusal::new(404, message)
        }
    }

    /// The same with another sentence, where it says that there is no organization.
    pub(super) fn saying(mut self, without_organization: &str) -> Self {
        if self.message == NO_ORGANIZATION {
            without_organization.clone_into(&mut self.message);
        }
        self
    }

    /// The answer.
    pub(super) fn answer(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut body = json!({
            "statusCode": self.status,
            "error": status.canonical_reason().unwrap_or_default(),
            "message": self.message,
        });
        if let (Some(code), Some(fields)) = (self.code, body.as_object_mut()) {
            fields.insert("errorCode".to_owned(), code.into());
        }
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/json; charset=utf-8"),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

const NO_ORGANIZATION: &str = "No organization found by that id or name";

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let reason = error.reason.as_deref().unwrap_or_default();
        let refusal = match error.code {
            Code::Unauthenticated => Refusal::new(401, "Invalid token"),
            Code::NotFound => missing(&error.message),
            Code::Conflict if matches!(reason, "organization_name_taken" | "organization_slug_taken") => {
                Refusal::new(409, "An organization with this name already exists.")
            }
            Code::Conflict if reason == "member_suspended" => {
                Refusal::new(409, in_dialect(&error.message)).coded("member_suspended")
            }
            Code::Forbidden if reason == "insufficient_scope" => lacking(&error.message),
            Code::RateLimited => Refusal::new(
                429,
                "Too many requests. Check the X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset headers.",
            ),
            Code::Invalid if !error.fields.is_empty() => Refusal::of(&error, &[]),
            Code::Invalid => Refusal::new(400, in_dialect(&error.to_string())).coded("invalid_body"),
            code => Refusal::new(code.status(), in_dialect(&error.to_string())),
        };
        Refusal {
            retry_after: error.retry_after,
            ..refusal
        }
    }
}

/// A scope that the operation asked for beside that of its endpoint, as this dialect says it.
fn lacking(message: &str) -> Refusal {
    let scope = message
        .strip_prefix("The token lacks the scope ")
        .and_then(|rest| rest.strip_suffix('.'))
        .unwrap_or_default();
    insufficient(scope)
}

fn insufficient(scope: &str) -> Refusal {
    Refusal::new(403, format!("Insufficient scope, expected any of: {scope}")).coded("insufficient_scope")
}

/// What is not there, as this dialect says it.
fn missing(message: &str) -> Refusal {
    let what = message
        .strip_prefix("There is no such ")
        .and_then(|rest| rest.strip_suffix('.'))
        .unwrap_or_default();
    match what {
        "organization" => Refusal::not_found(NO_ORGANIZATION, None),
        "invitation" => Refusal::not_found("The invitation does not exist.", Some("inexistent_invitation")),
        "connection" => Refusal::not_found("No connection found by that id", None),
        "domain" => Refusal::not_found("The discovery domain does not exist.", None),
        "user" => Refusal::not_found("The user does not exist.", None),
        "member" => Refusal::not_found("The user is not a member of this organization.", None),
        "role" => Refusal::not_found("The role does not exist.", None),
        _ => Refusal::new(404, in_dialect(message)),
    }
}

/// A field of an operation by its name in this dialect: `user_ids[1]` as `members[1]`.
fn renamed(field: &str, names: &[(&str, &str)]) -> (Place, String) {
    if field == "cursor" {
        return (Place::Query, "from".to_owned());
    }
    for (ours, theirs) in names {
        if let Some(rest) = field.strip_prefix(ours)
            && (rest.is_empty() || rest.starts_with(['[', '.']))
        {
            return (Place::Body, format!("{theirs}{rest}"));
        }
    }
    (Place::Body, field.to_owned())
}

/// A sentence with ids as this dialect writes them.
fn in_dialect(sentence: &str) -> String {
    sentence.replace("usr_", "auth0|").replace("inv_", "uinv_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_this_dialects_names() {
        let error = Error::field("user_ids[1]", "usr_1 is no user");
        let refusal = Refusal::of(&error, &[("user_ids", "members")]);
        assert_eq!(
            refusal.message,
            "Payload validation error: 'auth0|1 is no user' on property members[1]."
        );
        assert_eq!((refusal.status, refusal.code), (400, Some("invalid_body")));
        let cursor = Refusal::from(Error::field("cursor", "is not a cursor of this list"));
        assert_eq!(
            cursor.message,
            "Query validation error: 'is not a cursor of this list' on property from."
        );
    }

    #[test]
    fn what_is_not_there_is_named() {
        let organization = Refusal::from(Error::not_found("organization"));
        assert_eq!(organization.message, "No organization found by that id or name");
        assert_eq!(
            organization.saying("No organization found by that id.").message,
            "No organization found by that id."
        );
        let invitation = Refusal::from(Error::not_found("invitation"));
        assert_eq!(invitation.code, Some("inexistent_invitation"));
    }

    #[test]
    fn a_missing_scope_is_said_by_this_dialects_name() {
        assert_eq!(
            Refusal::without_scope(Permission::AssignMembers).message,
            "Insufficient scope, expected any of: create:organization_members"
        );
        assert_eq!(
            Refusal::without_scope(Permission::CreateOrganizations).message,
            "Insufficient scope, expected any of: create:organizations"
        );
        let within =
            Error::forbidden("The token lacks the scope update:organizations.").because("insufficient_scope");
        let within = Refusal::from(within);
        assert_eq!(
            (within.status, within.message.as_str(), within.code),
            (
                403,
                "Insufficient scope, expected any of: update:organizations",
                Some("insufficient_scope")
            )
        );
    }
}
