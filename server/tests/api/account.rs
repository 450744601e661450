//! What people do with their own account, by access token and in the console.

use guildhall::id::UserId;
use serde_json::{Value, json};

use super::abuse::rpc;
use super::passwords::token_in;
use crate::harness::{World, on_both};

/// A server function, asked in a session.
fn own(world: &World, cookie: &str, name: &str, fields: &[(&str, &str)]) -> crate::harness::Call {
    rpc(world, name, fields).header("cookie", cookie)
}

async fn verify(world: &World, cookie: &str, address: &str) {
    let token = token_in(world, address, "/account/verify/").await;
    own(world, cookie, "verify_own_email", &[("token", &token)])
        .expect(200)
        .await;
}

async fn profile(world: &World, token: &str) -> Value {
    world
        .get("/v1/me/profile")
        .token(token)
        .expect(200)
        .await
        .result()
        .clone()
}

fn membership(world: &World, user: UserId) -> String {
    format!("/v1/organizations/{}/members/{user}", world.acme.id)
}

on_both! {
    async fn a_user_token_reads_and_changes_ones_own_record(world) {
        let before = profile(world, &world.user).await;
        assert_eq!(before["emails"][0], json!({ "value": "acme-member@example.com", "email_verified": false, "primary": true }));
        let full = json!({
            "name": { "first_name": "Ada", "last_name": "Lovelace" },
            "address": { "city": "London", "country": "UK", "type": "Home" },
            "birthday": "1815-12-10", "picture": "https://example.com/ada.png", "language": "en-GB",
            "secondary_phone_numbers": ["+41446681800", "+41 44 668 18 00"],
        });
        let answer = world.put("/v1/me/profile", full).token(&world.user).expect(200).await;
        let after = answer.result();
        assert_eq!(after["name"], json!({ "first_name": "Ada", "last_name": "Lovelace" }));
        assert_eq!((&after["birthday"], &after["address"]["city"]), (&json!("1815-12-10"), &json!("London")));
        assert_eq!(after["secondary_phone_numbers"], json!(["+41446681800"]));
        // What is absent stays; what is emptied goes.
        let answer = world.put("/v1/me/profile", json!({ "birthday": "", "picture": "", "address": {} })).token(&world.user).expect(200).await;
        let after = answer.result();
        assert_eq!((&after["birthday"], &after["picture"], &after["address"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!((&after["language"], &after["name"]["first_name"]), (&json!("en-GB"), &json!("Ada")));
        // The organization sees the name.
        let member = world.get(&membership(world, world.acme.member)).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(member.result()["name"]["last_name"], "Lovelace");
        // A version that is not the current one is refused.
        let old = world.put("/v1/me/profile", json!({ "language": "de" })).token(&world.user).header("if-match", "\"1\"");
        old.expect(412).await;
        for (field, bad) in [("birthday", json!("soon")), ("picture", json!("javascript:alert(1)")), ("language", json!("x")), ("secondary_phone_numbers", json!(["12"]))] {
            let answer = world.put("/v1/me/profile", json!({ field: bad })).token(&world.user).expect(400).await;
            assert!(answer.fields()[0].starts_with(field), "{}", answer.text);
        }
        // A token for an organization is not for its holder's account.
        world.get("/v1/me/profile").token(&world.acme.org_admin).expect(403).await;
        world.put("/v1/me/profile", json!({ "language": "de" })).token(&world.acme.org_admin).expect(403).await;
    }

    async fn abuse_31_fields_of_ones_own_record_that_are_no_input(world) {
        for field in ["status", "email_verified", "organization_id", "user_id", "tenant_admin", "version", "roles", "role_ids", "phone_number", "username", "external_user_id", "has_password", "emails"] {
            let answer = world.put("/v1/me/profile", json!({ "language": "de", field: "x" })).token(&world.user).expect(400).await;
            assert_eq!(answer.fields(), [field], "{}", answer.text);
        }
        assert_eq!(profile(world, &world.user).await["language"], Value::Null);
        // The same in the console, where a form may bring anything: what is no field of it does nothing.
        let cookie = world.session("acme-member").await;
        own(world, &cookie, "update_own_profile", &[("first_name", "Ada"), ("tenant_admin", "true"), ("status", "Disabled"), ("email", "root@example.com")]).expect(200).await;
        let me = world.get("/v1/me").header("cookie", &cookie).expect(200).await;
        assert_eq!((&me.result()["tenant_admin"], &me.result()["email"]), (&json!(false), &json!("acme-member@example.com")));
    }

    async fn abuse_26_a_member_changes_their_roles_by_no_way_of_their_own(world) {
        let cookie = world.session("acme-member").await;
        let (me, org, app) = (world.acme.member.to_string(), world.acme.id.to_string(), world.acme.app.to_string());
        for (name, fields) in [
            ("set_organization_admin", vec![("organization_id", org.as_str()), ("user_id", &me), ("name", "x"), ("admin", "true")]),
            ("set_tenant_admin", vec![("user_id", &me), ("name", "x"), ("admin", "true")]),
            ("set_member_roles", vec![("organization_id", &org), ("user_id", &me), ("app_id", &app), ("app_name", "x")]),
        ] {
            let answer = own(world, &cookie, name, &fields).send().await;
            assert!(matches!(answer.status, 400 | 403), "{name}: {} {}", answer.status, answer.text);
        }
        let listed = world.get("/v1/me/organizations").token(&world.user).expect(200).await;
        let roles: Vec<&str> = listed.result()[0]["roles"].as_array().unwrap().iter().filter_map(|role| role["role_name"].as_str()).collect();
        assert!(roles.contains(&"Organization Member") && !roles.contains(&"Organization Admin"), "{roles:?}");
        assert_eq!(profile(world, &world.user).await.get("roles"), None);
    }

    async fn an_address_is_verified_before_it_is_the_primary_one(world) {
        let cookie = world.session("acme-member").await;
        let add = |address: &str| own(world, &cookie, "add_own_email", &[("email", address)]);
        let promote = |address: &str| own(world, &cookie, "make_email_primary", &[("email", address)]);
        add("Ada@new.example").expect(200).await;
        add("ada@new.example").expect(400).await;
        promote("ada@new.example").expect(400).await;
        let by_token = world.put("/v1/me/profile", json!({ "email": "ada@new.example" })).token(&world.user).expect(400).await;
        assert_eq!(by_token.fields(), ["email"]);
        // The link is for whoever asked for it, once.
        let token = token_in(world, "Ada@new.example", "/account/verify/").await;
        let other = world.session("globex-member").await;
        own(world, &other, "verify_own_email", &[("token", &token)]).expect(410).await;
        own(world, &cookie, "verify_own_email", &[("token", &token)]).expect(200).await;
        own(world, &cookie, "verify_own_email", &[("token", &token)]).expect(410).await;
        let by_token = world.put("/v1/me/profile", json!({ "email": "ada@new.example" })).token(&world.user).expect(200).await;
        assert_eq!(by_token.result()["emails"][0], json!({ "value": "ada@new.example", "email_verified": true, "primary": true }));
        assert_eq!(by_token.result()["emails"][1], json!({ "value": "acme-member@example.com", "email_verified": false, "primary": false }));
        // One signs in with it, and no longer with the one before.
        let sign_in = |address: &str| rpc(world, "sign_in", &[("identifier", address), ("password", crate::harness::PASSWORD)]);
        sign_in("ada@new.example").expect(200).await;
        sign_in("acme-member@example.com").expect(401).await;
        // The primary one cannot be taken away, the other can, and is then not verified any more.
        own(world, &cookie, "remove_own_email", &[("email", "ada@new.example")]).expect(409).await;
        own(world, &cookie, "send_email_verification", &[("email", "acme-member@example.com")]).expect(200).await;
        verify(world, &cookie, "acme-member@example.com").await;
        own(world, &cookie, "remove_own_email", &[("email", "acme-member@example.com")]).expect(200).await;
        own(world, &cookie, "remove_own_email", &[("email", "acme-member@example.com")]).expect(404).await;
        add("acme-member@example.com").expect(200).await;
        promote("acme-member@example.com").expect(400).await;
        // Somebody else's address cannot become one's own to sign in with, not even when its mailbox answers.
        add("root@example.com").expect(200).await;
        verify(world, &cookie, "root@example.com").await;
        promote("root@example.com").expect(409).await;
        own(world, &cookie, "send_email_verification", &[("email", "stranger@example.com")]).expect(404).await;
    }

    async fn a_link_that_verifies_expires_and_only_the_newest_works(world) {
        let cookie = world.session("acme-member").await;
        own(world, &cookie, "add_own_email", &[("email", "ada@new.example")]).expect(200).await;
        let first = token_in(world, "ada@new.example", "/account/verify/").await;
        own(world, &cookie, "send_email_verification", &[("email", "ada@new.example")]).expect(200).await;
        let second = token_in(world, "ada@new.example", "/account/verify/").await;
        assert_ne!(first, second);
        own(world, &cookie, "verify_own_email", &[("token", &first)]).expect(410).await;
        world.console.clock().advance(24 * 60 * 60 * 1000);
        let cookie = world.session("acme-member").await;
        own(world, &cookie, "verify_own_email", &[("token", &second)]).expect(410).await;
    }

    async fn one_leaves_an_organization_also_one_that_suspended_the_membership(world) {
        let organization = format!("/v1/me/organizations/{}", world.acme.id);
        let listed = world.get("/v1/me/organizations").token(&world.user).expect(200).await;
        assert_eq!(listed.column("name"), ["Acme"]);
        world.put(&membership(world, world.acme.member), json!({ "enabled": false })).token(&world.admin).expect(200).await;
        let listed = world.get("/v1/me/organizations").token(&world.user).expect(200).await;
        assert_eq!(listed.result()[0]["member_status"], "Suspended");
        world.delete(&format!("/v1/me/organizations/{}", world.globex.id)).token(&world.user).expect(404).await;
        world.delete(&organization).token(&world.user).expect(204).await;
        world.delete(&organization).token(&world.user).expect(404).await;
        world.get(&membership(world, world.acme.member)).token(&world.admin).expect(404).await;
        assert!(world.get("/v1/me/organizations").token(&world.user).expect(200).await.column("name").is_empty());
        let total = world.get(&format!("/v1/organizations/{}/members?include_total=true", world.acme.id)).token(&world.admin).expect(200).await;
        assert_eq!(total.json["page_info"]["total"], 1);
        let audit = world.get(&format!("/v1/organizations/{}/audit?operation=leave_organization", world.acme.id)).token(&world.admin).expect(200).await;
        assert_eq!(audit.result().as_array().unwrap().len(), 1, "{}", audit.text);
    }

    async fn abuse_29_the_last_administrator_cannot_leave(world) {
        let token = world.user_token(world.acme.admin, None);
        let organization = format!("/v1/me/organizations/{}", world.acme.id);
        let refused = world.delete(&organization).token(&token).expect(409).await;
        assert_eq!(refused.json["ts_error_code"], "last_organization_admin");
        world.put(&format!("{}/organization-admin", membership(world, world.acme.member)), json!({ "admin": true })).token(&world.admin).expect(204).await;
        // Two that leave at the same time: one stays.
        let both = [token, world.user.clone()].map(|token| world.delete(&organization).token(&token).send());
        let [one, other] = both;
        let (one, other) = tokio::join!(one, other);
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409], "{} {}", one.text, other.text);
    }
}
