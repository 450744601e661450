//! The OpenAPI document and the page of it.

use std::collections::BTreeSet;

use serde_json::Value;
use server::rest::{openapi, route};

use crate::harness::{World, assert_snapshot, run_on_sqlite};

fn document() -> Value {
    openapi::document("https://console.example")
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                found.insert(reference.clone());
            }
            object.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn the_document_is_the_committed_one() {
    let text = serde_json::to_string_pretty(&document()).unwrap() + "\n";
    assert_snapshot("docs/openapi.json", &text);
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_used() {
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for reference in &found {
        assert!(
            document.pointer(reference.trim_start_matches('#')).is_some(),
            "{reference}"
        );
    }
    for kind in ["schemas", "responses", "parameters", "headers"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            assert!(
                found.contains(&format!("#/components/{kind}/{name}")),
                "{kind}/{name} is used nowhere"
            );
        }
    }
}

#[test]
fn every_route_is_described() {
    let document = document();
    let mut ids = BTreeSet::new();
    for route in route::table() {
        let operation =
            &document["paths"][format!("/v1{}", route.path)][route.method.as_str().to_lowercase()];
        assert!(
            ids.insert(operation["operationId"].as_str().unwrap().to_owned()),
            "{}",
            route.id
        );
        assert!(
            operation["summary"]
                .as_str()
                .is_some_and(|summary| (5..=160).contains(&summary.len())),
            "{}: {}",
            route.id,
            operation["summary"]
        );
        assert!(
            operation["responses"][route.success.as_str()].is_object(),
            "{}",
            route.id
        );
        let named = |place: &str| -> Vec<&str> {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            parameters
                .filter(|parameter| parameter["in"] == place)
                .filter_map(|parameter| parameter["name"].as_str())
                .collect()
        };
        assert_eq!(
            named("path"),
            route.parameters().collect::<Vec<_>>(),
            "{}",
            route.id
        );
        let scopes = &operation["security"][0]["clientCredentials"];
        if scopes.is_array() {
            assert_eq!(scopes[0], route.permission.scope(), "{}", route.id);
        }
    }
}

#[test]
fn the_server_shows_its_own_document_and_page() {
    run_on_sqlite(async |world: &World| {
        let document = world.get("/openapi.json").expect(200).await;
        assert_eq!(document.json, openapi::document(&world.url));
        let page = world.get("/docs").header("accept", "text/html").expect(200).await;
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert!(page.text.contains("Creates an organization") && !page.text.contains("<script"));
        let style = world.get("/docs/style.css").expect(200).await;
        assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    });
}
