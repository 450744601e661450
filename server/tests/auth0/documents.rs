//! The OpenAPI document of this API.

use std::collections::BTreeSet;

use server::rest::auth0;

use crate::harness::{World, assert_snapshot, run_on_sqlite};

#[test]
fn the_document_is_the_committed_one() {
    let document = auth0::document("https://console.example");
    let text = serde_json::to_string_pretty(&document).unwrap() + "\n";
    assert_snapshot("docs/openapi-auth0.json", &text);
}

#[test]
fn every_endpoint_is_described() {
    let document = auth0::document("https://console.example");
    let mut ids = BTreeSet::new();
    for endpoint in auth0::table() {
        assert!(ids.insert(endpoint.id), "{}", endpoint.id);
        let operation =
            &document["paths"][format!("/api/v2{}", endpoint.path)][endpoint.method.as_str().to_lowercase()];
        assert_eq!(operation["operationId"], endpoint.id);
        assert!(operation["responses"][endpoint.success.as_str()].is_object());
        let scope = endpoint.permissions[0].scopes().last().unwrap();
        assert_eq!(operation["security"][0]["clientCredentials"][0], *scope);
    }
}

#[test]
fn the_server_shows_its_own() {
    run_on_sqlite(async |world: &World| {
        let shown = world.get("/api/v2/openapi.json").expect(200).await;
        assert_eq!(shown.json, auth0::document(&world.url));
    });
}
