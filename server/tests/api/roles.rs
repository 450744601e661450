//! T13 to T17: roles, role groups, and what an organization may give.

use guildhall::id::{ApplicationId, CustomRoleId, OrganizationId, RoleGroupId};
use serde_json::json;

use crate::harness::{World, on_both};

fn app(world: &World) -> String {
    format!("/v1/applications/{}", world.acme.app)
}

fn given(world: &World) -> String {
    format!("{}/organizations/{}", app(world), world.acme.id)
}

async fn role(world: &World, name: &str) -> String {
    let body = json!({ "role_name": name, "permissions": ["documents:read"] });
    world
        .post(&format!("{}/roles", app(world)), body)
        .token(&world.admin)
        .expect(201)
        .await
        .text_of("role_id")
}

on_both! {
    async fn t13_and_t14_replace_and_read_role_groups(world) {
        let group = json!({ "name": "More", "role_ids": [role(world, "Editor").await] });
        let group = world.post(&format!("{}/role-groups", app(world)), group).token(&world.admin).expect(201).await.text_of("role_group_id");
        let set = format!("{}/role-groups/set", given(world));
        world.post(&set, json!({ "role_group_ids": [group] })).token(&world.admin).expect(202).await;
        let read = world.get(&format!("{}/role-groups", given(world))).token(&world.admin).expect(200).await;
        let groups: Vec<&str> = read.result()["role_groups"].as_array().unwrap().iter().map(|group| group["role_group_id"].as_str().unwrap()).collect();
        assert_eq!(groups, std::slice::from_ref(&group));
        let defaults: Vec<&str> = read.result()["default_organization_roles"].as_array().unwrap().iter().map(|role| role["role_id"].as_str().unwrap()).collect();
        assert_eq!(defaults, ["Organization Admin", "Organization Member"]);
        // Who had a role that may not be given any more has it no more.
        let member = world.get(&format!("/v1/organizations/{}/members/{}", world.acme.id, world.acme.member)).token(&world.admin).expect(200).await;
        assert!(!member.text.contains("Viewer"), "{}", member.text);
        assert_eq!(world.post(&set, json!({})).token(&world.admin).expect(400).await.fields(), ["role_group_ids"]);
        let foreign = json!({ "role_group_ids": [group, world.globex.group] });
        assert_eq!(world.post(&set, foreign).token(&world.admin).expect(400).await.fields(), ["role_group_ids[1]"]);
        let nowhere = format!("{}/organizations/{}", app(world), OrganizationId::compose(1, 1));
        world.get(&format!("{nowhere}/role-groups")).token(&world.admin).expect(404).await;
        world.post(&format!("{nowhere}/role-groups/set"), json!({ "role_group_ids": [] })).token(&world.admin).expect(404).await;
        // An application that the organization does not have.
        let other = format!("/v1/applications/{}/organizations/{}/role-groups", world.globex.app, world.acme.id);
        world.get(&other).token(&world.admin).expect(404).await;
    }

    async fn t15_sets_roles_beside_groups(world) {
        let direct = role(world, "Direct").await;
        let set = format!("{}/roles-and-groups/set", given(world));
        world.post(&set, json!({ "role_ids": [direct], "role_group_ids": [world.acme.group] })).token(&world.admin).expect(202).await;
        let read = world.get(&format!("{}/roles-and-groups", given(world))).token(&world.admin).expect(200).await;
        assert_eq!(read.result()["roles"][0]["role_id"], json!(direct));
        assert_eq!(read.result()["role_groups"][0]["role_group_id"], json!(world.acme.group));
        // What is absent stays.
        world.post(&set, json!({ "role_ids": [] })).token(&world.admin).expect(202).await;
        let read = world.get(&format!("{}/roles-and-groups", given(world))).token(&world.admin).expect(200).await;
        assert_eq!((read.result()["roles"].as_array().unwrap().len(), read.result()["role_groups"].as_array().unwrap().len()), (0, 1));
        let wrong = json!({ "role_ids": [CustomRoleId::compose(1, 1)] });
        assert_eq!(world.post(&set, wrong).token(&world.admin).expect(400).await.fields(), ["role_ids[0]"]);
        let offered = world.get(&format!("/v1/organizations/{}/assignable-roles", world.acme.id)).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(offered.result()[0]["roles"][0]["role_name"], "Viewer");
    }

    async fn t16_role_groups(world) {
        let path = format!("{}/role-groups", app(world));
        let editor = role(world, "Editor").await;
        let body = json!({ "name": "Editors", "role_ids": [editor], "description": "They edit", "display_name": "Ed" });
        let made = world.post(&path, body).token(&world.admin).expect(201).await;
        assert_eq!(made.result()["role_ids"], json!([editor]));
        let one = format!("{path}/{}", made.text_of("role_group_id"));
        assert_eq!(world.get(&one).token(&world.admin).expect(200).await.json, made.json);
        assert_eq!(world.get(&path).token(&world.admin).expect(200).await.column("name"), ["Editors", "Standard"]);
        let changed = world.put(&one, json!({ "name": "Writers", "role_ids": [], "description": "" })).token(&world.admin).expect(200).await;
        assert_eq!((changed.text_of("name").as_str(), changed.result()["description"].is_null()), ("Writers", true));
        assert_eq!(changed.result()["display_name"], "Ed");
        let taken = world.put(&one, json!({ "name": "STANDARD" })).token(&world.admin).expect(409).await;
        assert_eq!(taken.json["ts_error_code"], "role_group_name_taken");
        world.post(&path, json!({ "name": "standard", "role_ids": [] })).token(&world.admin).expect(409).await;
        assert_eq!(world.post(&path, json!({ "name": "X" })).token(&world.admin).expect(400).await.fields(), ["role_ids"]);
        assert_eq!(world.post(&path, json!({ "role_ids": [] })).token(&world.admin).expect(400).await.fields(), ["name"]);
        assert_eq!(world.post(&path, json!({ "name": "X", "role_ids": [world.globex.role] })).token(&world.admin).expect(400).await.fields(), ["role_ids[0]"]);
        world.delete(&one).token(&world.admin).expect(204).await;
        for method in ["GET", "DELETE"] {
            world.call(method, &one).token(&world.admin).expect(404).await;
        }
        world.get(&format!("{path}/{}", RoleGroupId::compose(1, 1))).token(&world.admin).expect(404).await;
        // By the other application's path it is not there.
        world.get(&format!("{path}/{}", world.globex.group)).token(&world.admin).expect(404).await;
        world.get(&path).token(&world.acme.client).expect(403).await;
    }

    async fn t17_roles(world) {
        let path = format!("{}/roles", app(world));
        for (token, name) in [(&world.admin, "Editor"), (&world.acme.client, "Auditor")] {
            let body = json!({ "role_name": name, "permissions": ["audit:read", "documents:read"], "description": "D", "display_name": "N" });
            let made = world.post(&path, body).token(token).expect(201).await;
            assert_eq!(made.result()["permissions"], json!(["audit:read", "documents:read"]));
            let one = format!("{path}/{}", made.text_of("role_id"));
            assert_eq!(world.get(&one).token(token).expect(200).await.json, made.json);
            let changed = world.put(&one, json!({ "permissions": ["audit:read"] })).token(token).expect(200).await;
            assert_eq!((changed.text_of("role_name").as_str(), &changed.result()["permissions"]), (name, &json!(["audit:read"])));
            let taken = world.put(&one, json!({ "role_name": "viewer" })).token(token).expect(409).await;
            assert_eq!(taken.json["ts_error_code"], "role_name_taken");
            world.delete(&one).token(token).expect(204).await;
            world.get(&one).token(token).expect(404).await;
        }
        assert_eq!(world.get(&path).token(&world.acme.client).expect(200).await.column("role_name"), ["Viewer"]);
        assert_eq!(world.post(&path, json!({})).token(&world.admin).expect(400).await.fields(), ["role_name"]);
        assert_eq!(world.post(&path, json!({ "role_name": "X", "permissions": ["no good"] })).token(&world.admin).expect(400).await.fields(), ["permissions[0]"]);
        world.post(&path, json!({ "role_name": "VIEWER" })).token(&world.admin).expect(409).await;
        world.get(&format!("{path}/{}", world.globex.role)).token(&world.admin).expect(404).await;
        world.get(&format!("/v1/applications/{}/roles", ApplicationId::compose(1, 1))).token(&world.admin).expect(404).await;
    }

    async fn t17_a_role_in_use_says_where(world) {
        let one = format!("{}/roles/{}", app(world), world.acme.role);
        let used = world.delete(&one).token(&world.admin).expect(409).await;
        assert_eq!(used.json["ts_error_code"], "role_in_use");
        assert!(used.json["message"].as_str().unwrap().contains("2 members in 1 organizations"), "{}", used.text);
        assert_eq!(world.delete(&format!("{one}?force=perhaps")).token(&world.admin).expect(400).await.fields(), ["force"]);
        world.delete(&format!("{one}?force=true")).token(&world.admin).expect(204).await;
    }

    async fn permissions_and_the_grid(world) {
        let path = format!("{}/permissions", app(world));
        let made = world.post(&path, json!({ "name": "billing/invoices:read", "description": "See them" })).token(&world.admin).expect(201).await;
        assert_eq!(made.text_of("name"), "billing/invoices:read");
        world.post(&path, json!({ "name": "billing/invoices:read" })).token(&world.admin).expect(409).await;
        let grid = format!("{}/role-grid", app(world));
        let body = json!({ "roles": [{ "role_id": world.acme.role, "permissions": ["billing/invoices:read"] }] });
        let saved = world.put(&grid, body).token(&world.admin).expect(200).await;
        assert_eq!(saved.result()["roles"][0]["permissions"], json!(["billing/invoices:read"]));
        assert_eq!(world.get(&grid).token(&world.acme.client).expect(200).await.json, saved.json);
        let one = format!("{path}/billing%2Finvoices%3Aread");
        world.delete(&one).token(&world.admin).expect(409).await;
        world.put(&grid, json!({ "roles": [{ "role_id": world.acme.role, "permissions": [] }] })).token(&world.admin).expect(200).await;
        world.delete(&one).token(&world.admin).expect(204).await;
        world.delete(&one).token(&world.admin).expect(404).await;
        let foreign = json!({ "roles": [{ "role_id": world.globex.role, "permissions": [] }] });
        assert_eq!(world.put(&grid, foreign).token(&world.admin).expect(400).await.fields(), ["roles[0].role_id"]);
    }
}
