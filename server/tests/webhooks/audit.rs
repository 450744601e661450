//! What the audit, and with it every receiver of events, is told of an endpoint.

use serde_json::{Value, json};

use super::receiver::Receiver;
use super::{endpoint, of_acme, on_loopback};
use crate::harness::World;

/// The newest record about an endpoint.
async fn newest(world: &World, id: &str) -> Value {
    let path = format!("/v1/audit?target_id={id}");
    let listed = world.get(&path).token(&world.admin).expect(200).await;
    listed.result()[0].clone()
}

#[test]
fn nobody_else_is_told_the_path_and_query_of_an_endpoint() {
    on_loopback(async |world: &World| {
        let others = Receiver::start().await;
        endpoint(world, &others.url(), &[]).await;
        let acmes = of_acme(
            world,
            "https://hooks.example:8443/services/T0KEN?key=s3cret",
            &["create_team"],
        )
        .await;
        let set = async |body: Value| {
            world
                .put(&acmes.path, body)
                .token(&world.acme.org_admin)
                .expect(200)
                .await
        };
        let made = newest(world, &acmes.id).await;
        assert_eq!(made["target_name"], "https://hooks.example:8443");
        assert_eq!(made["after"]["url"], "https://hooks.example:8443");
        // Whoever manages it reads all of it.
        let body = json!({ "url": "https://hooks.example:8443/services/T0KEN?key=0ther" });
        let changed = set(body).await;
        assert!(changed.text.contains("key=0ther"), "{}", changed.text);
        let record = newest(world, &acmes.id).await;
        assert_eq!(record["after"], json!({ "address_changed": true }));
        assert_eq!(record["before"], json!({}));
        set(json!({ "url": "https://elsewhere.example/services/T0KEN" })).await;
        let record = newest(world, &acmes.id).await;
        assert_eq!(record["before"], json!({ "url": "https://hooks.example:8443" }));
        assert_eq!(record["after"], json!({ "url": "https://elsewhere.example" }));
        world
            .delete(&acmes.path)
            .token(&world.acme.org_admin)
            .expect(204)
            .await;
        // That the tenant's endpoint itself was made is told to it, too.
        for event in others.until(5).await {
            for secret in ["T0KEN", "s3cret", "0ther"] {
                assert!(!event.body.contains(secret), "{}", event.body);
            }
        }
    });
}
