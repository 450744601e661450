//! The OpenAPI 3.1 document, made of the route table and the operations' own schemas.

use axum::http::Method;
use guildhall::error::FieldError;
use guildhall::operation::Kind;
use guildhall::policy::{Permission, Standing};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::PREFIXES;
use super::openapi_parts::{answer_headers, error_schema, headers, refusals, security_schemes};
use super::route::{self, Route};

/// The kinds of token that a permission can be used with, as the reference calls them.
pub fn token_kinds(permission: Permission) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    for standing in permission.who() {
        let kind = match standing {
            Standing::ManagementClient => "Admin",
            Standing::ApplicationClient => "Client",
            Standing::OrganizationClient => "OrgClient",
            Standing::OrganizationAdmin => "OrgAdmin",
            Standing::Oneself | Standing::Member => "User",
            Standing::TenantAdmin => "Console session",
            Standing::Anonymous | Standing::Stranger | Standing::System => continue,
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

/// The document of a server at a URL.
pub fn document(public_url: &str) -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut generator = SchemaGenerator::new(settings);
    let table = route::table();
    let mut paths = Map::new();
    let mut bodies = Map::new();
    let mut tags: Vec<Value> = Vec::new();
    let [prefix, _] = PREFIXES;
    for route in &table {
        let operation = operation(route, &mut generator, &mut bodies);
        if let Value::Object(path) = paths
            .entry(format!("{prefix}{}", route.path))
            .or_insert_with(|| json!({}))
        {
            path.insert(route.method.as_str().to_ascii_lowercase(), operation);
        }
        let tag = json!({ "name": route.tag });
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags.push(json!({ "name": "Tokens" }));
    paths.extend(super::provider::paths());
    let field_error = generator.subschema_for::<FieldError>();
    let mut schemas = generator.take_definitions(true);
    schemas.extend(bodies);
    schemas.insert("Error".into(), error_schema(field_error.to_value()));
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Guildhall API",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
            "description": DESCRIPTION,
        },
        "servers": [{ "url": public_url }, { "url": format!("{public_url}/cis"), "description": "The same under the alias" }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": refusals(),
            "parameters": headers(),
            "headers": answer_headers(),
            "securitySchemes": security_schemes(public_url),
        },
    });
    plain_throughout(&mut document);
    document
}

const DESCRIPTION: &str = "Organizations, their members and the roles that these have in the applications that you sell.

Get an access token at `/oidc/token` with the id and secret of a client and send it as `Authorization: Bearer …`. \
A client of a management application gets an Admin token, a client of an end-user application a Client token; a person \
gets a User token, or an OrgAdmin token for an organization that they administer, at `/v1/me/token`.

Your applications sign their members in with OpenID Connect: `/.well-known/openid-configuration` says where everything is.

Answers are `{\"result\": …}`; lists come in pages, with `page_info`. Times are milliseconds since the Unix epoch. \
What you may not see does not exist: 404. A field or parameter that a request does not have is refused by name.";

fn operation(route: &Route, generator: &mut SchemaGenerator, bodies: &mut Map<String, Value>) -> Value {
    let mut input = (route.input)(generator).to_value();
    demand(&mut input, route.musts);
    let text = plain(
        input
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default(),
    );
    let (summary, more) = text
        .split_once(". ")
        .map_or((text.trim_end_matches('.'), ""), |(first, more)| (first, more));
    let summary = summary.split('\n').next().unwrap_or_default();
    let tokens = token_kinds(route.permission).join(", ");
    let mut parameters = Vec::new();
    for name in route.parameters() {
        if let Some(schema) = take_property(&mut input, name) {
            parameters.push(parameter(name, "path", true, schema));
        }
    }
    let has_body = !route.method.is_safe() && (route.method != Method::DELETE || is_required(&input));
    let mut operation = json!({
        "operationId": route.id,
        "tags": [route.tag],
        "summary": summary,
        "description": format!("{more}\n\nTokens: {tokens}.").trim_start(),
        "x-tokens": token_kinds(route.permission),
        "security": security(route.permission),
    });
    let has_fields = input
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|fields| !fields.is_empty());
    if has_body && has_fields {
        let required = is_required(&input);
        let name = (route.type_name)().into_owned();
        if let Some(object) = input.as_object_mut() {
            object.remove("description");
        }
        bodies.insert(name.clone(), input);
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        set(
            &mut operation,
            "requestBody",
            json!({ "required": required, "content": { "application/json": { "schema": schema } } }),
        );
    } else {
        for (name, required, schema) in query(&input) {
            parameters.push(parameter(&name, "query", required, schema));
        }
    }
    let header = |name: &str| json!({ "$ref": format!("#/components/parameters/{name}") });
    if route.method == Method::POST && route.kind == Kind::Write {
        parameters.push(header("IdempotencyKey"));
    }
    if route.refusals.contains(&412) {
        parameters.push(header("IfMatch"));
    }
    if route.method.is_safe() && route.tagged {
        parameters.push(header("IfNoneMatch"));
    }
    if !parameters.is_empty() {
        set(&mut operation, "parameters", Value::Array(parameters));
    }
    let has_input = has_fields || has_body;
    set(
        &mut operation,
        "responses",
        responses(route, generator, has_input, has_body && has_fields),
    );
    operation
}

fn responses(route: &Route, generator: &mut SchemaGenerator, has_input: bool, has_body: bool) -> Value {
    let mut responses = Map::new();
    let mut success = json!({ "description": "Done", "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } } });
    if let Some(schema) = (route.output)(generator) {
        set(
            &mut success,
            "content",
            json!({ "application/json": { "schema": schema } }),
        );
    }
    if route.tagged
        && let Some(Value::Object(headers)) = success.get_mut("headers")
    {
        headers.insert("ETag".into(), json!({ "$ref": "#/components/headers/ETag" }));
    }
    responses.insert(route.success.as_str().to_owned(), success);
    let mut statuses = vec![401, 403, 429];
    statuses.extend((has_input || route.method == Method::POST).then_some(400));
    statuses.extend(route.parameters().next().map(|_| 404));
    statuses.extend(has_body.then_some([413, 415]).into_iter().flatten());
    // What an Idempotency-Key can be refused with.
    statuses.extend(
        (route.method == Method::POST && route.kind == Kind::Write)
            .then_some([409, 422])
            .into_iter()
            .flatten(),
    );
    statuses.extend(&route.refusals);
    statuses.sort_unstable();
    for status in statuses {
        responses.insert(
            status.to_string(),
            json!({ "$ref": format!("#/components/responses/{status}") }),
        );
    }
    if route.method.is_safe() && route.tagged {
        responses.insert(
            "304".into(),
            json!({ "description": "Unchanged since the entity tag of `If-None-Match`" }),
        );
    }
    Value::Object(responses)
}

pub(super) fn set(object: &mut Value, key: &str, value: Value) {
    if let Value::Object(object) = object {
        object.insert(key.to_owned(), value);
    }
}

/// Says that fields are a must which the operation can do without.
fn demand(schema: &mut Value, musts: &[&str]) {
    if musts.is_empty() {
        return;
    }
    let mut required = match schema.get("required") {
        Some(Value::Array(required)) => required.clone(),
        _ => Vec::new(),
    };
    required.extend(musts.iter().map(|must| Value::from(*must)));
    set(schema, "required", Value::Array(required));
    for must in musts {
        if let Some(Value::Object(fields)) = schema.get_mut("properties")
            && let Some(field) = fields.get_mut(*must)
        {
            *field = without_null(field.clone());
        }
    }
}

fn take_property(schema: &mut Value, name: &str) -> Option<Value> {
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|field| field != name);
        if required.is_empty() {
            schema.as_object_mut()?.remove("required");
        }
    }
    schema.get_mut("properties")?.as_object_mut()?.remove(name)
}

fn is_required(schema: &Value) -> bool {
    schema
        .get("required")
        .is_some_and(|required| required.as_array().is_some_and(|fields| !fields.is_empty()))
}

fn query(schema: &Value) -> Vec<(String, bool, Value)> {
    let required = |name: &str| {
        schema
            .get("required")
            .and_then(Value::as_array)
            .is_some_and(|fields| fields.iter().any(|field| field == name))
    };
    let properties = schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    properties
        .map(|(name, schema)| (name.clone(), required(name), without_null(schema.clone())))
        .collect()
}

/// A query has no null: what is optional is left out.
pub(super) fn without_null(mut schema: Value) -> Value {
    if let Some(Value::Array(kinds)) = schema.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [kind] = kinds.as_slice() {
            let kind = kind.clone();
            set(&mut schema, "type", kind);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
        if let [only] = choices.as_slice() {
            let mut only = only.clone();
            if let Some(description) = schema.get("description") {
                set(&mut only, "description", description.clone());
            }
            return only;
        }
    }
    if schema.get("default").is_some_and(Value::is_null)
        && let Value::Object(object) = &mut schema
    {
        object.remove("default");
    }
    schema
}

fn parameter(name: &str, place: &str, required: bool, mut schema: Value) -> Value {
    let description = schema
        .as_object_mut()
        .and_then(|object| object.remove("description"));
    let mut parameter = json!({ "name": name, "in": place, "required": required, "schema": schema });
    if let Some(description) = description.as_ref().and_then(Value::as_str) {
        set(&mut parameter, "description", description.into());
    }
    parameter
}

fn security(permission: Permission) -> Value {
    let scope = permission.scope();
    let scopes: Vec<&str> = if scope.is_empty() { Vec::new() } else { vec![scope] };
    let mut ways = Vec::new();
    if permission.who().iter().any(|who| {
        matches!(
            who,
            Standing::ManagementClient | Standing::ApplicationClient | Standing::OrganizationClient
        )
    }) {
        ways.push(json!({ "clientCredentials": scopes }));
    }
    if permission
        .who()
        .iter()
        .any(|who| !matches!(who, Standing::TenantAdmin))
    {
        ways.push(json!({ "bearer": [] }));
    }
    ways.push(json!({ "session": [] }));
    Value::Array(ways)
}

/// The text of a doc comment: lines joined, Rust's links and the numbers of the plan left out.
fn plain(text: &str) -> String {
    let joined: Vec<String> = text
        .split("\n\n")
        .map(|paragraph| paragraph.replace('\n', " "))
        .collect();
    let text = joined.join("\n\n").replace("[`", "`").replace("`]", "`");
    let mut parts = text.split(" (T");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(')') {
            Some((number, rest)) if number.starts_with(|c: char| c.is_ascii_digit()) => out.push_str(rest),
            _ => out.extend([" (T", part]),
        }
    }
    out
}

/// The same for every description in the document.
fn plain_throughout(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(description)) = object.get_mut("description") {
                *description = plain(description);
            }
            object.values_mut().for_each(plain_throughout);
        }
        Value::Array(items) => items.iter_mut().for_each(plain_throughout),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn docs_become_prose() {
        assert_eq!(
            plain("Changes a\nrole (T17); see [`Role`].\n\nMore (or less)."),
            "Changes a role; see `Role`.\n\nMore (or less)."
        );
        assert_eq!(plain("What it may give (T14 and T15)."), "What it may give.");
    }
}
