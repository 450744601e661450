//! What the OpenAPI document says of the OpenID Connect provider. Its own document is `/.well-known/openid-configuration`.

use serde_json::{Map, Value, json};

/// The paths that programs call; those for browsers answer with pages and redirects.
pub fn paths() -> Map<String, Value> {
    let mut paths = Map::new();
    for (path, described) in [
        ("/oidc/token", token()),
        ("/oidc/userinfo", user_info()),
        ("/oidc/introspect", introspection()),
        ("/oidc/revoke", revocation()),
        ("/.well-known/jwks.json", keys()),
        ("/.well-known/openid-configuration", discovery()),
    ] {
        paths.insert(path.to_owned(), described);
    }
    paths
}

/// A refusal of the token endpoint and its neighbours.
fn refused() -> Value {
    json!({
        "description": "Refused (RFC 6749, 5.2)",
        "content": { "application/json": { "schema": {
            "type": "object",
            "required": ["error"],
            "properties": {
                "error": { "type": "string", "enum": ["invalid_request", "invalid_client", "invalid_grant", "invalid_scope", "unauthorized_client", "unsupported_grant_type", "unsupported_token_type", "slow_down", "server_error", "temporarily_unavailable"] },
                "error_description": { "type": "string" },
            },
        } } },
    })
}

/// A form with the client's own fields and more.
fn form(required: &[&str], more: Value) -> Value {
    let mut properties = json!({ "client_id": { "type": "string" }, "client_secret": { "type": "string" } });
    if let (Value::Object(properties), Value::Object(more)) = (&mut properties, more) {
        properties.extend(more);
    }
    json!({ "required": true, "content": { "application/x-www-form-urlencoded": { "schema": {
        "type": "object",
        "required": required,
        "properties": properties,
    } } } })
}

fn answers(done: Value) -> Value {
    let refused = refused();
    json!({
        "200": done,
        "400": refused, "401": refused, "413": refused, "415": refused, "429": refused,
    })
}

const AUTHENTICATION: &str =
    "The client authenticates by HTTP Basic, or by `client_id` and `client_secret` in the form; not both.";

fn token() -> Value {
    json!({ "post": {
        "operationId": "issue_client_token",
        "tags": ["Tokens"],
        "summary": "Get an access token",
        "description": format!(
            "{AUTHENTICATION} A public client has its `client_id` alone. With `client_credentials` it gets a token for itself; with \
             a code or a refresh token of an application’s sign-in an ID token and the refresh token that takes the last one’s \
             place, too. Codes and refresh tokens work once."
        ),
        "x-tokens": [],
        "security": [],
        "requestBody": form(&["grant_type"], json!({
            "grant_type": { "type": "string", "enum": ["client_credentials", "authorization_code", "refresh_token"] },
            "scope": { "type": "string", "description": "Scopes with spaces between; all that was granted where nothing is said" },
            "code": { "type": "string", "description": "With `authorization_code`" },
            "redirect_uri": { "type": "string", "description": "With `authorization_code`: that of the authorization request" },
            "code_verifier": { "type": "string", "description": "With `authorization_code`: what the code challenge was made of (S256)" },
            "refresh_token": { "type": "string", "description": "With `refresh_token`" },
        })),
        "responses": answers(json!({ "description": "Done", "content": { "application/json": { "schema": {
            "allOf": [{ "$ref": "#/components/schemas/AccessToken" }],
            "properties": { "refresh_token": { "type": "string" }, "id_token": { "type": "string" } },
        } } } })),
    } })
}

fn user_info() -> Value {
    json!({ "get": {
        "operationId": "get_user_info",
        "tags": ["Tokens"],
        "summary": "Read the claims about whoever signed in",
        "description": "With the access token of an application’s sign-in that has the scope `openid` (OpenID Connect Core, 5.3). \
                        Organization, roles and permissions are those of this moment.",
        "x-tokens": [],
        "security": [{ "bearer": [] }],
        "responses": {
            "200": { "description": "Done", "content": { "application/json": { "schema": {
                "type": "object",
                "required": ["sub"],
                "properties": {
                    "sub": { "type": "string" },
                    "org_id": { "type": "string" },
                    "org_name": { "type": "string" },
                    "roles": { "type": "array", "items": { "type": "string" } },
                    "permissions": { "type": "array", "items": { "type": "string" } },
                },
            } } } },
            "401": { "$ref": "#/components/responses/401" },
            "403": { "$ref": "#/components/responses/403" },
            "429": { "$ref": "#/components/responses/429" },
        },
    } })
}

fn introspection() -> Value {
    json!({ "post": {
        "operationId": "introspect_token",
        "tags": ["Tokens"],
        "summary": "Ask whether a token is active",
        "description": format!(
            "{AUTHENTICATION} A client is told about tokens of its own application; a management client about all (RFC 7662)."
        ),
        "x-tokens": [],
        "security": [],
        "requestBody": form(&["token"], json!({ "token": { "type": "string" } })),
        "responses": answers(json!({ "description": "Done", "content": { "application/json": { "schema": {
            "type": "object", "required": ["active"], "properties": { "active": { "type": "boolean" } },
        } } } })),
    } })
}

fn revocation() -> Value {
    json!({ "post": {
        "operationId": "revoke_token",
        "tags": ["Tokens"],
        "summary": "End what was granted with a token",
        "description": format!(
            "{AUTHENTICATION} The refresh token, the access tokens and the sign-in that they come from end together. A token that \
             is none, dead or another client’s is answered the same (RFC 7009)."
        ),
        "x-tokens": [],
        "security": [],
        "requestBody": form(&["token"], json!({ "token": { "type": "string" } })),
        "responses": answers(json!({ "description": "Done" })),
    } })
}

fn keys() -> Value {
    json!({ "get": {
        "operationId": "get_keys",
        "tags": ["Tokens"],
        "summary": "Read the public keys of tokens",
        "description": "A JSON Web Key Set (RFC 7517) with Ed25519 keys (RFC 8037). Access tokens are JWTs after RFC 9068.",
        "x-tokens": [],
        "security": [],
        "responses": { "200": { "description": "Done", "content": { "application/jwk-set+json": { "schema": {
            "type": "object", "required": ["keys"], "properties": { "keys": { "type": "array", "items": { "type": "object" } } },
        } } } } },
    } })
}

fn discovery() -> Value {
    json!({ "get": {
        "operationId": "get_provider_metadata",
        "tags": ["Tokens"],
        "summary": "Read where the OpenID Connect provider has everything",
        "description": "OpenID Connect Discovery 1.0; the same at `/.well-known/oauth-authorization-server` (RFC 8414).",
        "x-tokens": [],
        "security": [],
        "responses": { "200": { "description": "Done", "content": { "application/json": { "schema": {
            "type": "object", "required": ["issuer"], "properties": { "issuer": { "type": "string" } },
        } } } } },
    } })
}
