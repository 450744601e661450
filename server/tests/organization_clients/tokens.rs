//! What the token of an API application may, and when it ends.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use server::rest::openapi::token_kinds;
use server::rest::route;

use super::{create, credentials, path, token, try_token};
use crate::api::samples::{self, Ids};
use crate::harness::on_both;

on_both! {
    async fn a_token_has_the_rights_of_its_organization_and_nothing_else(world) {
        let (acme, globex) = (&world.acme, &world.globex);
        let member = world.user_token(acme.member, Some(acme.id));
        let (id, secret) = credentials(&create(world, acme, &member, json!({ "name": "Reports" })).await);
        let own = token(world, &id, &secret).await;
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(own.split('.').nth(1).unwrap()).unwrap()).unwrap();
        assert_eq!((&claims["org_id"], &claims["sub"]), (&json!(acme.id), &json!(id)));
        assert_eq!(claims["scope"], "read:organizations read:teams");
        for read in ["", "/teams"] {
            world.get(&format!("/v1/organizations/{}{read}", acme.id)).token(&own).expect(200).await;
            world.get(&format!("/v1/organizations/{}{read}", globex.id)).token(&own).expect(404).await;
        }
        // Every other route is closed to it, in its own organization as well.
        for route in route::table() {
            if token_kinds(route.permission).contains(&"OrgClient") {
                continue;
            }
            let answer = samples::call(world, &route, &Ids::of(acme)).token(&own).send().await;
            assert!(matches!(answer.status, 403 | 404), "{} {}: {} {}", route.method, route.path, answer.status, answer.text);
        }
        world.get("/api/v2/organizations").token(&own).expect(401).await;
        let wide = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", &*secret), ("scope", "update:organizations")];
        assert_eq!(world.token_request(&wide).expect(400).await.json["error"], "invalid_scope");
        let used = world.get(&format!("{}/{id}", path(acme))).token(&member).expect(200).await;
        assert!(used.result()["last_used_at"].is_i64() && used.result()["secret"]["last_used_at"].is_i64(), "{}", used.text);
    }

    async fn both_secrets_count_until_the_chosen_time(world) {
        let acme = &world.acme;
        let (id, first) = credentials(&create(world, acme, &acme.org_admin, json!({ "name": "Reports" })).await);
        let one = format!("{}/{id}", path(acme));
        let rotated = world.post(&format!("{one}/rotate"), json!({ "grace": "one_day" })).token(&acme.org_admin).expect(200).await;
        let second = rotated.text_of("client_secret");
        let until = rotated.result()["client"]["old_secret"]["expires_at"].as_i64().unwrap();
        assert!(until - rotated.result()["client"]["updated_at"].as_i64().unwrap() == 24 * 3_600_000);
        let (by_first, by_second) = (token(world, &id, &first).await, token(world, &id, &second).await);
        let teams = format!("/v1/organizations/{}/teams", acme.id);
        world.get(&teams).token(&by_first).expect(200).await;
        world.delete(&format!("{one}/old-secret")).token(&acme.org_admin).expect(200).await;
        // What was issued for the old one ends with it, and what the new one opened stays.
        world.get(&teams).token(&by_first).expect(401).await;
        world.get(&teams).token(&by_second).expect(200).await;
        let refused = try_token(world, &id, &first).await;
        assert_eq!((refused.status, &refused.json["error"]), (401, &json!("invalid_client")));
        world.delete(&format!("{one}/old-secret")).token(&acme.org_admin).expect(409).await;
        // At once is the usual: nothing of the second one is left.
        let third = world.post(&format!("{one}/rotate"), json!({})).token(&acme.org_admin).expect(200).await.text_of("client_secret");
        world.get(&teams).token(&by_second).expect(401).await;
        assert_eq!(try_token(world, &id, &second).await.status, 401);
        token(world, &id, &third).await;
    }

    async fn it_ends_with_the_application_and_with_the_organization(world) {
        let acme = &world.acme;
        let teams = format!("/v1/organizations/{}/teams", acme.id);
        let (id, secret) = credentials(&create(world, acme, &acme.org_admin, json!({ "name": "Reports" })).await);
        let own = token(world, &id, &secret).await;
        let (backend, its_secret) = (world.backend.0.to_string(), world.backend.1.clone());
        let introspect = || world.call("POST", "/oidc/introspect").body(
            "application/x-www-form-urlencoded",
            format!("client_id={backend}&client_secret={its_secret}&token={own}"),
        );
        assert_eq!(introspect().expect(200).await.json["active"], true);
        let organization = format!("/v1/organizations/{}", acme.id);
        world.put(&organization, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        world.get(&teams).token(&own).expect(401).await;
        assert_eq!(try_token(world, &id, &secret).await.status, 401);
        assert_eq!(introspect().expect(200).await.json["active"], false);
        world.put(&organization, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        world.get(&teams).token(&own).expect(200).await;
        world.delete(&format!("{}/{id}", path(acme))).token(&acme.org_admin).expect(204).await;
        world.get(&teams).token(&own).expect(401).await;
        assert_eq!(introspect().expect(200).await.json["active"], false);
    }
}
