//! The OpenAPI document of this dialect, made of its table.

use std::collections::BTreeSet;

use axum::extract::{Request as HttpRequest, State};
use axum::http::StatusCode;
use axum::response::Response;
use guildhall::policy::Permission;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::super::{Rest, reply};
use super::endpoint::Endpoint;
use super::refusal::Refusal;
use super::{PREFIX, table};

/// `GET /api/v2/openapi.json`.
pub(super) async fn show(State(rest): State<Rest>, http: HttpRequest) -> Response {
    let (parts, _) = http.into_parts();
    let visit = rest.visit(&parts);
    let mut response = match visit.admitted() {
        Ok(()) => reply::plain(
            StatusCode::OK,
            "application/json",
            rest.inner.auth0_openapi.clone(),
        ),
        Err(error) => Refusal::from(error).answer(),
    };
    visit.finish(response.headers_mut());
    response
}

/// The document of a server at a URL.
pub fn document(public_url: &str) -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut generator = SchemaGenerator::new(settings);
    let mut paths = Map::new();
    let mut scopes = Map::new();
    let mut tags: Vec<Value> = Vec::new();
    let mut partly_shown = BTreeSet::new();
    for endpoint in table() {
        let tag = json!({ "name": endpoint.tag });
        if !tags.contains(&tag) {
            tags.push(tag);
        }
        let query = (endpoint.query)(&mut generator).to_value();
        if query.pointer("/properties/fields").is_some()
            && let Some(answer) = (endpoint.answer)(&mut generator)
        {
            referred(answer.as_value(), &mut partly_shown);
        }
        let operation = operation(&endpoint, &mut generator);
        if let Value::Object(path) = paths
            .entry(format!("{PREFIX}{}", endpoint.path))
            .or_insert_with(|| json!({}))
        {
            path.insert(endpoint.method.as_str().to_ascii_lowercase(), operation);
        }
        for scope in endpoint
            .permissions
            .iter()
            .map(|permission| scope_of(*permission))
        {
            let (verb, noun) = scope.split_once(':').unwrap_or_default();
            scopes.insert(scope.to_owned(), format!("{verb} {noun}").into());
        }
    }
    let mut schemas = generator.take_definitions(true);
    // Whoever asks for some fields gets no others.
    for name in &partly_shown {
        if let Some(Value::Object(schema)) = schemas.get_mut(name) {
            schema.remove("required");
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Guildhall, Auth0-compatible API",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
            "description": DESCRIPTION,
        },
        "servers": [{ "url": public_url }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": refusals(),
            "securitySchemes": {
                "clientCredentials": {
                    "type": "oauth2",
                    "flows": { "clientCredentials": { "tokenUrl": format!("{public_url}/oauth/token"), "scopes": scopes } },
                },
            },
        },
    })
}

const DESCRIPTION: &str = "Organizations, members, roles and invitations for programs that speak Auth0's Management API v2. \
What one of the two APIs makes, the other and the console show.

Get an access token at `/oauth/token` with the id and secret of a client of a management application, as a form or as JSON, \
and send it as `Authorization: Bearer …`.

Giving or inviting with a role that the organization may not give yet, or through an application that it does not have, lets it \
have both from then on. That needs the scope `update:organizations` beside that of the call; without it the answer is 403.";

/// The names of the schemas that one refers to.
fn referred(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            if let Some(path) = fields.get("$ref").and_then(Value::as_str) {
                names.extend(path.rsplit('/').next().map(str::to_owned));
            }
            fields.values().for_each(|field| referred(field, names));
        }
        Value::Array(entries) => entries.iter().for_each(|entry| referred(entry, names)),
        _ => {}
    }
}

/// What this dialect calls the scope of a right.
fn scope_of(permission: Permission) -> &'static str {
    permission.scopes().last().copied().unwrap_or_default()
}

fn operation(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Value {
    let scopes: Vec<&str> = endpoint
        .permissions
        .iter()
        .map(|permission| scope_of(*permission))
        .collect();
    let mut parameters: Vec<Value> = endpoint
        .parameters()
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    parameters.extend(query(&(endpoint.query)(generator).to_value()));
    let mut operation = json!({
        "operationId": endpoint.id,
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "security": [{ "clientCredentials": scopes }],
        "parameters": parameters,
        "responses": responses(endpoint, generator),
    });
    let body = (endpoint.body)(generator).to_value();
    let has_fields = body
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|fields| !fields.is_empty());
    if let (true, Value::Object(operation)) = (has_fields, &mut operation) {
        let required = body.get("required").is_some();
        operation.insert(
            "requestBody".to_owned(),
            json!({ "required": required, "content": { "application/json": { "schema": body } } }),
        );
    }
    operation
}

/// The parameters of a query, as its schema has them.
fn query(schema: &Value) -> Vec<Value> {
    let required = |name: &str| {
        schema
            .get("required")
            .and_then(Value::as_array)
            .is_some_and(|fields| fields.iter().any(|field| field == name))
    };
    let fields = schema.get("properties").and_then(Value::as_object);
    fields
        .into_iter()
        .flatten()
        .map(|(name, schema)| {
            let schema = super::super::openapi::without_null(schema.clone());
            json!({ "name": name, "in": "query", "required": required(name), "schema": schema })
        })
        .collect()
}

fn responses(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Value {
    let mut responses = Map::new();
    let mut success = json!({ "description": "Done" });
    if let (Some(schema), Value::Object(success)) = ((endpoint.answer)(generator), &mut success) {
        success.insert(
            "content".to_owned(),
            json!({ "application/json": { "schema": schema } }),
        );
    }
    responses.insert(endpoint.success.as_str().to_owned(), success);
    let mut statuses = vec![400, 401, 403, 429];
    if endpoint.path.contains('{') {
        statuses.push(404);
    }
    if !endpoint.method.is_safe() {
        statuses.extend([413, 415]);
    }
    statuses.extend(endpoint.refusals);
    for status in statuses {
        responses.insert(
            status.to_string(),
            json!({ "$ref": format!("#/components/responses/{status}") }),
        );
    }
    Value::Object(responses)
}

fn refusals() -> Value {
    let body = json!({
        "type": "object",
        "required": ["statusCode", "error", "message"],
        "properties": {
            "statusCode": { "type": "integer" },
            "error": { "type": "string" },
            "message": { "type": "string" },
            "errorCode": { "type": "string" },
        },
    });
    let mut responses = Map::new();
    for (status, description) in [
        (
            "400",
            "A parameter or a field is missing, unknown, repeated or malformed; the message names it",
        ),
        ("401", "No access token of a management client"),
        ("403", "The token lacks the scope"),
        ("404", "There is no such thing"),
        ("409", "It contradicts what there is"),
        ("413", "The body is too large"),
        ("415", "The body is no JSON"),
        (
            "429",
            "Too many requests; see X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset",
        ),
        ("503", "The DNS does not answer"),
    ] {
        responses.insert(
            status.to_owned(),
            json!({ "description": description, "content": { "application/json": { "schema": body } } }),
        );
    }
    Value::Object(responses)
}
