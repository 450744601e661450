//! What the OpenAPI document says once for all operations: refusals, headers, ways to sign in.

use guildhall::policy::Permission;
use serde_json::{Map, Value, json};

use super::openapi::set;

pub(super) fn security_schemes(public_url: &str) -> Value {
    let mut scopes = Map::new();
    for permission in Permission::ALL
        .iter()
        .filter(|permission| !permission.scope().is_empty())
    {
        let (verb, noun) = permission.scope().split_once(':').unwrap_or_default();
        scopes.insert(permission.scope().to_owned(), format!("{verb} {noun}").into());
    }
    json!({
        "clientCredentials": {
            "type": "oauth2",
            "description": "A client's access token: Admin or Client, by the kind of its application.",
            "flows": { "clientCredentials": { "tokenUrl": format!("{public_url}/oidc/token"), "scopes": scopes } },
        },
        "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Any access token, a person's included." },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": crate::auth::session::cookie_name(public_url),
            "description": "The console's session; writes must come from the console's own origin.",
        },
    })
}

pub(super) fn refusals() -> Value {
    let mut responses = Map::new();
    for (status, description) in [
        (
            "400",
            "A field or parameter is missing, unknown, repeated or malformed; `errors` names it",
        ),
        (
            "401",
            "No access token, or one that is malformed, expired or revoked",
        ),
        ("403", "This kind of token, or this person, may not do it"),
        ("404", "There is no such thing, or you may not see it"),
        ("409", "It contradicts what there is; `ts_error_code` says how"),
        ("412", "It has another version than `If-Match` names"),
        ("413", "The body is too large"),
        ("415", "The body is not `application/json`"),
        ("422", "The `Idempotency-Key` came with another request before"),
        ("429", "Too many requests; `Retry-After` says when to try again"),
        ("503", "The DNS does not answer"),
    ] {
        let mut headers = json!({ "X-Request-Id": { "$ref": "#/components/headers/RequestId" } });
        match status {
            "401" => set(
                &mut headers,
                "WWW-Authenticate",
                json!({ "$ref": "#/components/headers/WwwAuthenticate" }),
            ),
            "429" => {
                set(
                    &mut headers,
                    "Retry-After",
                    json!({ "$ref": "#/components/headers/RetryAfter" }),
                );
                for name in ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"] {
                    set(
                        &mut headers,
                        name,
                        json!({ "$ref": format!("#/components/headers/{name}") }),
                    );
                }
            }
            _ => {}
        }
        let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } });
        responses.insert(
            status.into(),
            json!({ "description": description, "headers": headers, "content": content }),
        );
    }
    Value::Object(responses)
}

pub(super) fn headers() -> Value {
    let header = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "header", "required": false, "description": description, "schema": schema });
    let tag = || json!({ "type": "string" });
    json!({
        "IfMatch": header("If-Match", "The entity tag of the version that is to be changed; 412 when there is another one by now", tag()),
        "IfNoneMatch": header("If-None-Match", "An entity tag that you know; 304 without a body when it is still the current one", tag()),
        "IdempotencyKey": header("Idempotency-Key", "A key of your own for this request: the same request with the same key is done once and gets the first answer", json!({ "type": "string", "pattern": "^[!-~]{1,255}$" })),
    })
}

pub(super) fn answer_headers() -> Value {
    let text = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
    let number = |description: &str| json!({ "description": description, "schema": { "type": "integer" } });
    json!({
        "RequestId": text("The request's id in our log: yours, where you sent a sane one"),
        "ETag": text("The version, for `If-Match` and `If-None-Match`"),
        "WwwAuthenticate": text("What is missing (RFC 6750)"),
        "RetryAfter": number("Seconds after which it is worth trying again"),
        "X-RateLimit-Limit": number("Requests at once"),
        "X-RateLimit-Remaining": number("Requests that are left"),
        "X-RateLimit-Reset": number("When all are there again, in seconds since the Unix epoch"),
    })
}

pub(super) fn error_schema(field_error: Value) -> Value {
    json!({
        "type": "object",
        "required": ["message", "error_code"],
        "properties": {
            "message": { "type": "string", "description": "A sentence" },
            "error_code": { "type": "integer", "description": "The HTTP status" },
            "errors": { "type": "array", "items": field_error, "description": "The fields at fault" },
            "ts_error_code": { "type": "string", "description": "With 409: a stable string for programs, such as `organization_name_taken`" },
            "reference": { "type": "string", "description": "With 500: where the cause is in our log" },
        },
    })
}
