//! Nobody does by a side way what they may not do by the main one.

use serde_json::{Value, json};

use crate::harness::{World, on_both};

/// A token of a new client of an application with these scopes only.
async fn narrow(world: &World, app: impl std::fmt::Display, scopes: &[&str]) -> String {
    let made = world
        .post(
            &format!("/v1/applications/{app}/clients"),
            json!({ "name": "Narrow", "scopes": scopes }),
        )
        .token(&world.admin)
        .expect(201)
        .await;
    let (id, secret) = (made.text_of("client_id"), made.text_of("client_secret"));
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
    ];
    let answer: Value = serde_json::from_str(&world.token_request(&form).expect(200).await.text).unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

async fn status_of(world: &World, member: impl std::fmt::Display) -> String {
    let path = format!("/v1/organizations/{}/members/{member}", world.acme.id);
    world
        .get(&path)
        .token(&world.admin)
        .expect(200)
        .await
        .text_of("member_status")
}

on_both! {
    async fn abuse_28_many_at_once_asks_for_what_one_asks_for(world) {
        let path = format!("/v1/organizations/{}/members/bulk", world.acme.id);
        let bulk = |action: &str| json!({ "user_ids": [world.acme.member], "action": action, "role_id": world.acme.role });
        let remover = narrow(world, world.management, &["delete:members"]).await;
        for action in ["suspend", "reinstate", "assign_role"] {
            world.post(&path, bulk(action)).token(&world.acme.client).expect(403).await;
            world.post(&path, bulk(action)).token(&remover).expect(403).await;
        }
        let admin = json!({ "user_ids": [world.acme.member], "action": "assign_role", "role_id": "Organization Admin" });
        world.post(&path, admin).token(&remover).expect(403).await;
        assert_eq!(status_of(world, world.acme.member).await, "Active");
        world.post(&path, bulk("remove")).token(&remover).expect(200).await;
    }

    async fn abuse_28_a_client_hands_out_no_more_than_it_has(world) {
        let token = narrow(world, world.management, &["update:clients", "read:applications"]).await;
        let clients = format!("/v1/applications/{}/clients", world.management);
        for scopes in [json!([]), json!(["read:users"])] {
            world.post(&clients, json!({ "name": "More", "scopes": scopes })).token(&token).expect(403).await;
        }
        let strong = format!("{clients}/{}", world.backend.0);
        world.put(&strong, json!({ "scopes": [] })).token(&token).expect(403).await;
        world.post(&format!("{strong}/rotate"), json!({})).token(&token).expect(403).await;
        world.post(&clients, json!({ "name": "Less", "scopes": ["update:clients"] })).token(&token).expect(201).await;
    }

    async fn abuse_28_a_backend_does_not_become_an_administrator_of_the_tenant(world) {
        let root = format!("/v1/users/{}", world.root);
        let password = json!({ "password": "a new password", "force_replace": false });
        world.post(&format!("{root}/password"), password).token(&world.admin).expect(403).await;
        world.put(&root, json!({ "email": "mine@evil.example" })).token(&world.admin).expect(403).await;
        world.delete(&root).token(&world.admin).expect(403).await;
        world.put(&format!("{root}/tenant-admin"), json!({ "admin": false })).token(&world.admin).expect(403).await;
    }

    async fn somebody_elses_identifier_takes_nobody_in(world) {
        let members = format!("/v1/organizations/{}/members", world.acme.id);
        let known = json!({ "email": "hr@globex.example", "external_user_id": "hr-1", "role_ids": ["Organization Member"] });
        world.post(&format!("/v1/organizations/{}/members", world.globex.id), known).token(&world.admin).expect(200).await;
        let mine = json!({ "email": "me@evil.example", "external_user_id": "hr-1", "role_ids": ["Organization Member"], "send_invite": true });
        let refused = world.post(&members, mine).token(&world.acme.org_admin).expect(409).await;
        assert!(refused.text.contains("user_identifiers_disagree"), "{}", refused.text);
        let same = json!({ "email": "HR@globex.example", "external_user_id": "hr-1", "role_ids": ["Organization Member"] });
        world.post(&members, same).token(&world.admin).expect(200).await;
    }

    async fn abuse_29_whoever_cannot_act_is_not_the_last_administrator(world) {
        let members = format!("/v1/organizations/{}/members", world.acme.id);
        let invited = json!({ "email": "later@acme.example", "role_ids": ["Organization Admin"], "send_invite": true });
        world.post(&members, invited).token(&world.admin).expect(200).await;
        let demote = format!("{members}/{}/organization-admin", world.acme.admin);
        world.put(&demote, json!({ "admin": false })).token(&world.acme.org_admin).expect(409).await;
        let nobody = world.post("/v1/users", json!({ "email": "nopassword@example.com" })).token(&world.admin).expect(201).await.text_of("user_id");
        let session = world.session("root").await;
        let set = |id: &str, admin: bool| {
            world.put(&format!("/v1/users/{id}/tenant-admin"), json!({ "admin": admin })).header("cookie", &session).header("origin", &world.url)
        };
        set(&nobody, true).expect(204).await;
        set(&world.root.to_string(), false).expect(409).await;
    }

    async fn abuse_18_filters_tell_an_application_nothing_of_another(world) {
        let other = world.post("/v1/applications", json!({ "name": "Other" })).token(&world.admin).expect(201).await.text_of("app_id");
        let role = world.post(&format!("/v1/applications/{other}/roles"), json!({ "role_name": "Secret" })).token(&world.admin).expect(201).await.text_of("role_id");
        world.call("PUT", &format!("/v1/organizations/{}/apps", world.acme.id)).json(json!({ "app_ids": [other] })).token(&world.admin).expect(204).await;
        let path = format!("/v1/applications/{other}/organizations/{}", world.acme.id);
        world.post(&format!("{path}/roles-and-groups/set"), json!({ "role_ids": [role] })).token(&world.admin).expect(202).await;
        world.post(&format!("{path}/members/{}/roles", world.acme.member), json!({ "role_ids": [role] })).token(&world.admin).expect(204).await;
        let members = format!("/v1/organizations/{}/members", world.acme.id);
        for filter in [format!("app_id={other}"), format!("role_id={role}")] {
            let seen = world.get(&format!("{members}?{filter}&include_total=true")).token(&world.admin).expect(200).await;
            assert_eq!(seen.column("user_id"), [world.acme.member.to_string()]);
            let hidden = world.get(&format!("{members}?{filter}&include_total=true")).token(&world.acme.client).expect(200).await;
            assert_eq!(hidden.result(), &json!([]), "{filter}");
        }
    }

    async fn abuse_23_a_disabled_organization_is_closed_to_applications(world) {
        let members = format!("/v1/organizations/{}/members", world.acme.id);
        world.get(&members).token(&world.acme.client).expect(200).await;
        world.put(&format!("/v1/organizations/{}", world.acme.id), json!({ "enabled": false })).token(&world.admin).expect(200).await;
        world.get(&members).token(&world.acme.client).expect(404).await;
        let new = json!({ "email": "new@acme.example", "role_ids": ["Organization Member"] });
        world.post(&members, new).token(&world.acme.client).expect(404).await;
    }

    async fn a_cursor_is_text(world) {
        for list in ["organizations", "users", "applications"] {
            let cursor = match list {
                "organizations" => "b3JnYW5pemF0aW9ucy5uYW1lLmEubh9hAB94AB8",
                _ => "dXNlcnMubmFtZS5hLm4fYQAfeAA",
            };
            world.get(&format!("/v1/{list}?cursor={cursor}")).token(&world.admin).expect(400).await;
        }
    }

    async fn abuse_30_a_token_dies_with_the_password_and_the_account_that_it_was_issued_for(world) {
        let person = format!("/v1/users/{}", world.acme.member);
        let profile = format!("/v1/members/{}/organizations", world.acme.member);
        world.get(&profile).token(&world.user).expect(200).await;
        // Tokens know the second only.
        world.console.clock().advance(1_500);
        world.post(&format!("{person}/password"), json!({ "password": "another password", "force_replace": false })).token(&world.admin).expect(204).await;
        world.get(&profile).token(&world.user).expect(401).await;
        let fresh = world.user_token(world.acme.member, None);
        world.get(&profile).token(&fresh).expect(200).await;
        world.console.clock().advance(1_500);
        for enabled in [false, true] {
            world.put(&person, json!({ "enabled": enabled })).token(&world.admin).expect(200).await;
            world.get(&profile).token(&fresh).expect(401).await;
        }
    }
}
