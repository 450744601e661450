//! T26: people. And oneself, and the tenant.

use guildhall::id::UserId;
use serde_json::json;

use crate::harness::{PASSWORD, on_both};

fn of(id: impl std::fmt::Display) -> String {
    format!("/v1/users/{id}")
}

on_both! {
    async fn t26_creates_and_finds(world) {
        let body = json!({ "email": "Grace@example.com", "username": "Grace", "external_user_id": "ext-1",
            "credentials": { "password": "a first password" }, "name": { "first_name": "Grace" } });
        let made = world.post("/v1/users", body).token(&world.admin).expect(201).await;
        let id = made.text_of("user_id");
        assert_eq!(made.text_of("status"), "Active");
        assert!(!made.text.contains("a first password") && !made.text.contains("argon2"), "{}", made.text);
        for path in [of(&id), of("email/grace%40EXAMPLE.com"), of("username/gRACE"), of("external-user-id/ext-1")] {
            assert_eq!(world.get(&path).token(&world.admin).expect(200).await.json, made.json, "{path}");
        }
        for path in [of(UserId::compose(1, 1)), of("x"), of("email/nobody%40example.com"), of("email/nonsense"), of("username/none"), of("external-user-id/none")] {
            world.get(&path).token(&world.admin).expect(404).await;
        }
        let found = world.get("/v1/users?search=GRACE&include_total=1").token(&world.admin).expect(200).await;
        assert_eq!((found.column("user_id"), &found.json["page_info"]["total"]), (vec![id], &json!(1)));
        for (body, reason) in [
            (json!({ "email": "GRACE@example.com" }), "email"),
            (json!({ "email": "h@example.com", "external_user_id": "ext-1" }), "external_user_id"),
            (json!({ "username": "grace", "credentials": { "password": "long enough" } }), "username"),
        ] {
            let taken = world.post("/v1/users", body).token(&world.admin).expect(409).await;
            assert!(taken.json["ts_error_code"].is_string());
            assert_eq!(taken.fields(), [reason], "{}", taken.text);
        }
        assert_eq!(world.post("/v1/users", json!({})).token(&world.admin).expect(400).await.fields(), ["email"]);
        assert_eq!(world.post("/v1/users", json!({ "username": "heinz" })).token(&world.admin).expect(400).await.fields(), ["credentials"]);
    }

    async fn t26_changes_and_deletes(world) {
        let path = of(world.stranger);
        let changed = world.put(&path, json!({ "phone_number": "+14155550123", "language": "de" })).token(&world.admin).expect(200).await;
        assert_eq!(changed.result()["phone_number"]["value"], "+14155550123");
        assert_eq!(changed.result()["email"]["value"], "stranger@example.com");
        let disabled = world.put(&path, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        assert_eq!(disabled.text_of("status"), "Disabled");
        assert_eq!(world.put(&path, json!({ "enabled": true })).token(&world.admin).expect(200).await.text_of("status"), "Active");
        let taken = world.put(&path, json!({ "email": "root@example.com" })).token(&world.admin).expect(409).await;
        assert_eq!(taken.fields(), ["email"]);
        world.put(&of(UserId::compose(1, 1)), json!({})).token(&world.admin).expect(404).await;
        world.delete(&path).token(&world.admin).expect(204).await;
        world.get(&path).token(&world.admin).expect(404).await;
        world.delete(&path).token(&world.admin).expect(404).await;
    }

    async fn t26_sets_a_password_and_ends_the_sessions(world) {
        let cookie = world.session("stranger").await;
        world.get("/v1/me").header("cookie", &cookie).expect(200).await;
        let path = format!("{}/password", of(world.stranger));
        world.post(&path, json!({ "password": "a new password", "force_replace": false })).token(&world.admin).expect(204).await;
        world.get("/v1/me").header("cookie", &cookie).expect(401).await;
        assert_eq!(world.post(&path, json!({ "password": "short" })).token(&world.admin).expect(400).await.fields(), ["password"]);
        assert_eq!(world.post(&path, json!({})).token(&world.admin).expect(400).await.fields(), ["password"]);
        world.post(&format!("{}/password", of(UserId::compose(1, 1))), json!({ "password": PASSWORD })).token(&world.admin).expect(404).await;
    }

    async fn a_password_that_is_replaced_with_the_record_stands_in_the_audit(world) {
        let replace = json!({ "credentials": { "password": "tangerine sofa orbit kelp" } });
        world.put(&of(world.stranger), replace).token(&world.admin).expect(200).await;
        // With no password in it, a change says nothing of one.
        world.put(&of(world.stranger), json!({ "language": "de" })).token(&world.admin).expect(200).await;
        let audit = world.get("/v1/audit?operation=update_user").token(&world.admin).expect(200).await;
        let said: Vec<_> = audit.result().as_array().unwrap().iter().map(|record| record["after"].clone()).collect();
        for after in [json!({ "password": "replaced" }), json!({ "language": "de" })] {
            assert!(said.contains(&after), "{}", audit.text);
        }
        assert!(!audit.text.contains("tangerine") && !audit.text.contains("argon2"), "{}", audit.text);
    }

    async fn a_session_gets_tokens_for_oneself_and_for_what_one_administers(world) {
        let cookie = world.session("acme-admin").await;
        let ask = |body| world.post("/v1/me/token", body).header("cookie", &cookie).header("origin", &world.url);
        let own = ask(json!({})).expect(200).await;
        assert_eq!((own.text_of("token_type").as_str(), &own.result()["expires_in"]), ("Bearer", &json!(3600)));
        let me = world.get("/v1/me").token(&own.text_of("access_token")).expect(200).await;
        assert_eq!(me.text_of("user_id"), world.acme.admin.to_string());
        let admin = ask(json!({ "organization_id": world.acme.id })).expect(200).await;
        let members = format!("/v1/organizations/{}/members", world.acme.id);
        world.get(&members).token(&admin.text_of("access_token")).expect(200).await;
        ask(json!({ "organization_id": world.globex.id })).expect(404).await;
        // Without a body, too.
        world.call("POST", "/v1/me/token").header("cookie", &cookie).header("origin", &world.url).expect(200).await;
        // A token does not breed tokens.
        world.post("/v1/me/token", json!({})).token(&own.text_of("access_token")).expect(403).await;
    }

    async fn the_tenant_is_administered_from_a_session(world) {
        let cookie = world.session("root").await;
        let path = format!("{}/tenant-admin", of(world.stranger));
        world.put(&path, json!({ "admin": true })).token(&world.admin).expect(403).await;
        world.put(&path, json!({ "admin": true })).header("cookie", &cookie).header("origin", &world.url).expect(204).await;
        assert_eq!(world.get(&of(world.stranger)).token(&world.admin).expect(200).await.result()["tenant_admin"], true);
        let settings = world.get("/v1/tenant/settings").header("cookie", &cookie).expect(200).await;
        let renamed = world.put("/v1/tenant/settings", json!({ "name": "Vendor" })).token(&world.admin).expect(200).await;
        assert_ne!(settings.json, renamed.json);
        let overview = world.get("/v1/tenant/overview").token(&world.admin).expect(200).await;
        assert_eq!((&overview.result()["tenant_name"], &overview.result()["organizations"]), (&json!("Vendor"), &json!(2)));
    }

    async fn the_audit_says_who_did_what(world) {
        let path = format!("/v1/organizations/{}", world.acme.id);
        let id = world.put(&path, json!({ "alias_name": "A" })).token(&world.admin).header("x-request-id", "my-request").header("user-agent", "test").expect(200).await;
        assert_eq!(id.header("x-request-id"), Some("my-request"));
        let list = world.get(&format!("/v1/audit?operation=update_organization&target_id={}", world.acme.id)).token(&world.admin).expect(200).await;
        let record = &list.result()[0];
        assert_eq!(record["actor_id"], json!(world.backend.0));
        assert_eq!((&record["before"], &record["after"]), (&json!({ "alias_name": null }), &json!({ "alias_name": "A" })));
        assert_eq!((&record["request_id"], &record["user_agent"], &record["ip"]), (&json!("my-request"), &json!("test"), &json!("127.0.0.1")));
        let one = world.get(&format!("/v1/audit/{}", record["audit_id"].as_str().unwrap())).token(&world.admin).expect(200).await;
        assert_eq!(one.result(), record);
        let own = world.get(&format!("{path}/audit")).token(&world.acme.org_admin).expect(200).await;
        // Where the tenant's own people and programs sit is not the organization's to know.
        let mut told = record.clone();
        for field in ["ip", "user_agent", "request_id"] {
            told[field] = serde_json::Value::Null;
        }
        assert_eq!(own.result()[0], told);
        assert!(!own.text.contains("Globex"));
    }
}
