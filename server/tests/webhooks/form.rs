//! The form of an endpoint, where somebody else has saved it meanwhile.

use serde_json::json;

use super::{of_acme, on_loopback};
use crate::api::abuse::rpc;
use crate::harness::World;

#[test]
fn both_versions_of_an_endpoint_are_shown_and_one_is_chosen() {
    on_loopback(async |world: &World| {
        let acmes = of_acme(world, "https://hooks.example", &["create_team"]).await;
        let organization = world.acme.id.to_string();
        let cookie = world.session("acme-admin").await;
        let meanwhile = json!({
            "event_types": ["delete_team", "create_team"], "enabled": false, "description": "Theirs",
        });
        world
            .put(&acmes.path, meanwhile)
            .token(&world.acme.org_admin)
            .expect(200)
            .await;
        let old = [
            ("organization_id", &*organization),
            ("webhook_id", &*acmes.id),
            ("url", "https://hooks.example/new"),
            ("description", ""),
            ("event_types[0]", "create_team"),
            ("enabled", "on"),
            ("was_url", "https://hooks.example"),
            ("was_description", ""),
            ("was_types", "create_team"),
            ("was_enabled", "on"),
            ("version", "1"),
        ];
        let refused = rpc(world, "update_webhook", &old)
            .header("cookie", &cookie)
            .expect(409)
            .await;
        assert_eq!(refused.json["reason"], "changed_meanwhile", "{}", refused.text);
        let said = |field: &str| {
            let fields = refused.json["fields"].as_array().unwrap();
            let found = fields.iter().find(|at| at["field"] == field);
            found.and_then(|at| at["message"].as_str()).map(str::to_owned)
        };
        for (field, value) in [
            ("kept.url", "https://hooks.example/new"),
            ("kept.description", "Theirs"),
            ("theirs.types", "create_team delete_team"),
            ("yours.types", "create_team"),
            ("theirs.enabled", "off"),
        ] {
            assert_eq!(said(field).as_deref(), Some(value), "{field}");
        }
        let now = said("theirs.version").unwrap();
        let chosen = [
            ("organization_id", &*organization),
            ("webhook_id", &*acmes.id),
            ("url", "https://hooks.example/new"),
            ("description", "Theirs"),
            ("types", "create_team delete_team"),
            ("enabled", "off"),
            ("version", &*now),
        ];
        rpc(world, "update_webhook", &chosen)
            .header("cookie", &cookie)
            .expect(200)
            .await;
        let saved = world
            .get(&acmes.path)
            .token(&world.acme.org_admin)
            .expect(200)
            .await;
        let saved = saved.result();
        assert_eq!(saved["url"], "https://hooks.example/new");
        assert_eq!(saved["event_types"], json!(["create_team", "delete_team"]));
        assert_eq!(saved["enabled"], json!(false));
    });
}
