//! The names that administrators give their teammates: only to those whom their organization brought.

use guildhall::id::{OrganizationId, UserId};
use guildhall::members::RenameMember;
use serde_json::{Value, json};

use super::joined;
use crate::factors::act;
use crate::harness::{World, on_both};

fn name_of(organization: OrganizationId, user: UserId) -> String {
    format!("/v1/organizations/{organization}/members/{user}/name")
}

async fn shown(world: &World, user: UserId) -> Value {
    world
        .get(&format!("/v1/users/{user}"))
        .token(&world.admin)
        .expect(200)
        .await
        .result()["name"]
        .clone()
}

on_both! {
    async fn a_teammate_whom_the_organization_brought_gets_another_name(world) {
        let user = joined(world, "ada@acme.example").await;
        let path = name_of(world.acme.id, user);
        let named = world.put(&path, json!({ "first_name": "Ada", "last_name": "Byron" })).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(named.result()["name"], json!({ "first_name": "Ada", "last_name": "Byron" }));
        // What is absent stays, an empty text clears; the list is sorted and searched by the new name.
        world.put(&path, json!({ "last_name": "Lovelace" })).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(shown(world, user).await, json!({ "first_name": "Ada", "last_name": "Lovelace" }));
        let found = world.get(&format!("/v1/organizations/{}/members?search=lovelace", world.acme.id)).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(found.column("user_id"), [user.to_string()]);
        world.put(&path, json!({ "last_name": "" })).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(shown(world, user).await, json!({ "first_name": "Ada" }));
        let refused = world.put(&path, json!({ "first_name": "x".repeat(31) })).token(&world.acme.org_admin).expect(400).await;
        assert_eq!(refused.fields(), ["first_name"]);
        world.put(&path, json!({ "first_name": "Grace" })).header("if-match", "\"999\"").token(&world.acme.org_admin).expect(412).await;
        let audit = world.get(&format!("/v1/organizations/{}/audit", world.acme.id)).token(&world.acme.org_admin).expect(200).await;
        assert!(audit.text.contains("rename_member") && audit.text.contains("Lovelace"), "{}", audit.text);
        // Markup is text.
        world.put(&path, json!({ "first_name": "<b>Ada</b>" })).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(shown(world, user).await["first_name"], "<b>Ada</b>");
    }

    async fn whoever_is_in_another_organization_too_keeps_their_name(world) {
        let user = joined(world, "ada@acme.example").await;
        let there = json!({ "email": "ada@acme.example", "role_ids": ["Organization Member"] });
        world.post(&format!("/v1/organizations/{}/members", world.globex.id), there).token(&world.admin).expect(200).await;
        let path = name_of(world.acme.id, user);
        let refused = world.put(&path, json!({ "first_name": "Other" })).token(&world.acme.org_admin).expect(403).await;
        assert!(refused.text.contains("not your organization"), "{}", refused.text);
        assert_eq!(shown(world, user).await, Value::Null);
        // The tenant may.
        world.put(&path, json!({ "first_name": "Ada" })).token(&world.admin).expect(200).await;
        assert_eq!(shown(world, user).await["first_name"], "Ada");
        // And nobody of another organization than theirs.
        world.put(&name_of(world.acme.id, world.globex.member), json!({ "first_name": "Other" })).token(&world.acme.org_admin).expect(404).await;
        world.put(&name_of(world.globex.id, world.globex.member), json!({ "first_name": "Other" })).token(&world.acme.org_admin).expect(404).await;
        world.put(&path, json!({ "first_name": "Other" })).token(&world.user).expect(403).await;
    }

    async fn an_invitation_of_another_organization_keeps_nobody_from_a_name(world) {
        let user = joined(world, "ada@acme.example").await;
        let there = json!({ "email": "ada@acme.example", "role_ids": ["Organization Member", world.globex.role], "send_invite": true });
        world.post(&format!("/v1/organizations/{}/members", world.globex.id), there).token(&world.globex.org_admin).expect(200).await;
        world.put(&name_of(world.acme.id, user), json!({ "first_name": "Ada" })).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(shown(world, user).await["first_name"], "Ada");
    }

    async fn whoever_had_an_account_before_keeps_their_name(world) {
        world.console.clock().advance(1000);
        let fields = json!({ "email": "stranger@example.com", "role_ids": ["Organization Member"] });
        let path = format!("/v1/organizations/{}/members", world.acme.id);
        world.post(&path, fields).token(&world.admin).expect(200).await;
        let before = shown(world, world.stranger).await;
        let refused = world.put(&name_of(world.acme.id, world.stranger), json!({ "first_name": "Other" })).token(&world.acme.org_admin).expect(403).await;
        assert!(refused.text.contains("My account"), "{}", refused.text);
        assert_eq!(shown(world, world.stranger).await, before);
    }

    async fn an_invitation_tells_nobody_whose_address_it_is(world) {
        let mut said = Vec::new();
        for address in ["stranger@example.com", "unknown@example.com"] {
            let fields = json!({ "email": address, "role_ids": ["Organization Member", world.acme.role], "send_invite": true });
            let invited = world.post(&format!("/v1/organizations/{}/members", world.acme.id), fields).token(&world.acme.org_admin).expect(200).await;
            let user: UserId = invited.text_of("user_id").parse().unwrap();
            let refused = world.put(&name_of(world.acme.id, user), json!({ "first_name": "Other" })).token(&world.acme.org_admin).expect(409).await;
            assert_eq!(refused.json["ts_error_code"], "not_accepted");
            said.push(refused.text);
        }
        assert_eq!(said[0], said[1]);
    }

    async fn an_administrator_has_the_console_rename_as_the_api_does(world) {
        let cookie = world.session("acme-admin").await;
        let own = json!({ "organization_id": world.acme.id, "user_id": world.acme.admin, "first_name": "Ada" });
        let named = act::<RenameMember>(world, &cookie, own).await.unwrap();
        assert_eq!(named.label(), "Ada");
        let cookie = world.session("acme-member").await;
        let other = json!({ "organization_id": world.acme.id, "user_id": world.acme.admin, "first_name": "Other" });
        assert_eq!(act::<RenameMember>(world, &cookie, other).await.unwrap_err().code.status(), 403);
    }
}
