//! A6 to A10: members and their roles.

use guildhall::id::UserId;
use serde_json::{Value, json};

use super::{column, get, in_path, key, narrow, of, path, refused, send};
use crate::harness::{World, on_both};

async fn people(world: &World, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for n in 0..count {
        let body = json!({
            "connection": "Username-Password-Authentication", "email": format!("p{n:03}@example.com"), "name": format!("Person {n:03}"),
        });
        let made = send(world, "POST", &path("/users"), body).expect(201).await.json;
        ids.push(made["user_id"].as_str().unwrap().to_owned());
    }
    ids
}

async fn role(world: &World, name: &str) -> String {
    let body = json!({ "name": name, "description": format!("{name} does things") });
    let made = send(world, "POST", &path("/roles"), body).expect(200).await.json;
    made["id"].as_str().unwrap().to_owned()
}

/// The application that a role is of.
async fn get_role_app(world: &World, role: &str) -> String {
    let path = format!("/v1/organizations/{}/assignable-roles", world.acme.id);
    let answer = world.get(&path).token(&world.admin).expect(200).await;
    let apps = answer.result().as_array().unwrap();
    let of = apps.iter().find(|app| {
        app["roles"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["role_id"] == role)
    });
    of.unwrap()["app_id"].as_str().unwrap().to_owned()
}

on_both! {
    async fn a6_assigns_people(world) {
        let members = of(&world.acme, "/members");
        let ids = people(world, 11).await;
        let answer = send(world, "POST", &members, json!({ "members": ids[..10] })).expect(204).await;
        assert!(answer.text.is_empty());
        // Whoever is a member already does not matter.
        send(world, "POST", &members, json!({ "members": [ids[0]] })).expect(204).await;
        let native = world.get(&format!("/v1/organizations/{}/members?limit=100", world.acme.id)).token(&world.admin).expect(200).await;
        assert_eq!(native.result().as_array().unwrap().len(), 12);
        let one = native.result().as_array().unwrap().iter().find(|member| key(member["user_id"].as_str().unwrap()) == ids[0]).unwrap();
        assert_eq!((&one["member_status"], &one["roles"][0]["role_name"]), (&json!("Active"), &json!("Organization Member")));
        for (body, named) in [
            (json!({}), "members"),
            (json!({ "members": [] }), "members"),
            (json!({ "members": ids }), "members"),
            (json!({ "members": "all" }), "members"),
            (json!({ "members": ["nobody"] }), "members[0]"),
            (json!({ "members": [ids[10], key(UserId::compose(1, 1))] }), "members[1]"),
            (json!({ "members": [ids[10]], "role": "admin" }), "role"),
        ] {
            let answer = send(world, "POST", &members, body).expect(400).await;
            let (message, code) = refused(&answer);
            assert_eq!(code, Some("invalid_body"));
            assert!(message.ends_with(&format!("' on property {named}.")), "{message}");
            assert!(!message.contains("usr_"), "{message}");
        }
        // All or none.
        let answer = get(world, &path(&format!("/users/{}/organizations", ids[10].replace('|', "%7C")))).expect(200).await;
        assert_eq!(answer.json, json!([]));
        let query = send(world, "POST", &format!("{members}?dry=run"), json!({ "members": [ids[10]] })).expect(400).await;
        assert_eq!(refused(&query).1, Some("invalid_query_string"));
        send(world, "POST", &path("/organizations/org_0000000000000000/members"), json!({ "members": [ids[0]] })).expect(404).await;
    }

    async fn a6_makes_a_member_of_whoever_is_invited(world) {
        let native = format!("/v1/organizations/{}/members", world.acme.id);
        let invited = json!({ "email": "new@example.com", "role_ids": ["Organization Admin", world.acme.role], "send_invite": true });
        let made = world.post(&native, invited).token(&world.admin).expect(200).await;
        let id = made.text_of("user_id");
        let members = of(&world.acme, "/members");
        let body = json!({ "members": [key(&id)] });
        assert!(!column(&get(world, &members).expect(200).await.json, "user_id").contains(&key(&id)));
        let roles = of(&world.acme, &format!("/members/{}/roles", in_path(&id)));
        send(world, "POST", &members, body.clone()).expect(204).await;
        assert!(column(&get(world, &members).expect(200).await.json, "user_id").contains(&key(&id)));
        let one = world.get(&format!("{native}/{id}")).token(&world.admin).expect(200).await;
        let one = one.result();
        assert_eq!((&one["member_status"], &one["status"]), (&json!("Active"), &json!("Active")));
        // What the invitation has to bring it brings when it is accepted: until then they are a member and no more.
        assert_eq!(one["roles"].as_array().unwrap().len(), 1, "{one}");
        assert_eq!(one["roles"][0]["role_name"], "Organization Member");
        assert_eq!(get(world, &roles).expect(200).await.json, json!([]));
        assert_eq!(get(world, &of(&world.acme, "/invitations")).expect(200).await.json.as_array().unwrap().len(), 1);
        // Again it does not matter.
        send(world, "POST", &members, body).expect(204).await;
        assert_eq!(get(world, &format!("{members}?include_totals=true")).expect(200).await.json["total"], 3);
    }

    async fn a6_leaves_the_suspended_suspended(world) {
        let members = of(&world.acme, "/members");
        let native = format!("/v1/organizations/{}/members/{}", world.acme.id, world.acme.member);
        world.put(&native, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        let answer = send(world, "POST", &members, json!({ "members": [key(world.stranger), key(world.acme.member)] })).expect(409).await;
        let (message, code) = refused(&answer);
        assert_eq!(code, Some("member_suspended"));
        assert!(message.contains(&key(world.acme.member)) && !message.contains("usr_"), "{message}");
        // All or none; and neither they nor somebody blocked is listed, by number, from a place on or counted.
        assert_eq!(column(&get(world, &members).expect(200).await.json, "user_id"), [key(world.acme.admin)]);
        send(world, "POST", &members, json!({ "members": [key(world.stranger)] })).expect(204).await;
        send(world, "PATCH", &path(&format!("/users/{}", in_path(world.stranger))), json!({ "blocked": true })).expect(200).await;
        let page = get(world, &format!("{members}?include_totals=true&per_page=1")).expect(200).await.json;
        assert_eq!((&page["total"], column(&page["members"], "user_id")), (&json!(1), vec![key(world.acme.admin)]));
        assert_eq!(get(world, &format!("{members}?page=1&per_page=1")).expect(200).await.json, json!([]));
        let from = get(world, &format!("{members}?take=1")).expect(200).await.json;
        assert!(from.get("next").is_none(), "{from}");
        // The native API shows them with their states.
        let all = world.get(&format!("/v1/organizations/{}/members", world.acme.id)).token(&world.admin).expect(200).await;
        assert_eq!(all.result().as_array().unwrap().len(), 3);
        let back = world.put(&native, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        assert_eq!(back.result()["member_status"], "Active");
        send(world, "POST", &members, json!({ "members": [key(world.acme.member)] })).expect(204).await;
    }

    async fn a7_removes_with_a_body(world) {
        let members = of(&world.acme, "/members");
        let gone = json!({ "members": [key(world.acme.member), key(world.stranger)] });
        send(world, "DELETE", &members, gone.clone()).expect(204).await;
        send(world, "DELETE", &members, gone).expect(204).await;
        let left = get(world, &members).expect(200).await.json;
        assert_eq!(column(&left, "user_id"), [key(world.acme.admin)]);
        // The last administrator stays.
        send(world, "DELETE", &members, json!({ "members": [key(world.acme.admin)] })).expect(409).await;
        let answer = world.delete(&members).token(&world.admin).expect(400).await;
        assert_eq!(refused(&answer).1, Some("invalid_body"));
        send(world, "DELETE", &members, json!({ "members": ["x"] })).expect(400).await;
    }

    async fn a8_lists(world) {
        let ids = people(world, 30).await;
        let members = of(&world.acme, "/members");
        for some in ids.chunks(10) {
            send(world, "POST", &members, json!({ "members": some })).expect(204).await;
        }
        let mut seen = Vec::new();
        for page in 0.. {
            let page = get(world, &format!("{members}?page={page}&per_page=10&include_totals=true")).expect(200).await.json;
            assert_eq!(page["total"], 32);
            let rows = column(&page["members"], "user_id");
            if rows.is_empty() {
                break;
            }
            seen.extend(rows);
        }
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        assert_eq!((seen.len(), once.len()), (32, 32));
        let mut taken = Vec::new();
        let mut from = String::new();
        loop {
            let page = get(world, &format!("{members}?take=12{from}")).expect(200).await.json;
            taken.extend(column(&page["members"], "user_id"));
            match page["next"].as_str() {
                Some(next) => from = format!("&from={next}"),
                None => break,
            }
        }
        assert_eq!(taken, seen);
        let first = get(world, &format!("{members}?per_page=1")).expect(200).await.json;
        let mut fields: Vec<&String> = first[0].as_object().unwrap().keys().collect();
        fields.sort();
        assert_eq!(fields, ["email", "name", "user_id"]);
        let with = get(world, &format!("{members}?fields=user_id,roles&include_fields=true")).expect(200).await.json;
        let one = with.as_array().unwrap().iter().find(|row| row["user_id"] == key(world.acme.member)).unwrap();
        assert_eq!(one, &json!({ "user_id": key(world.acme.member), "roles": [{ "id": world.acme.role, "name": "Viewer" }] }));
        let without = get(world, &format!("{members}?fields=email,name&include_fields=false&per_page=1")).expect(200).await.json;
        assert_eq!(without[0].as_object().unwrap().keys().collect::<Vec<_>>(), ["user_id"]);
        let answer = get(world, &path("/organizations/org_0000000000000000/members")).expect(404).await;
        assert_eq!(refused(&answer).0, "No organization found by that id or name");
    }

    async fn a9_gives_and_takes_roles(world) {
        let (editor, reader) = (role(world, "Editor").await, role(world, "Reader").await);
        let roles = of(&world.acme, &format!("/members/{}/roles", in_path(world.acme.member)));
        send(world, "POST", &roles, json!({ "roles": [editor, reader] })).expect(204).await;
        let list = get(world, &roles).expect(200).await.json;
        assert_eq!(column(&list, "name"), ["Editor", "Reader", "Viewer"]);
        assert_eq!(list[0]["description"], "Editor does things");
        let page = get(world, &format!("{roles}?page=1&per_page=2&include_totals=true")).expect(200).await.json;
        assert_eq!((&page["total"], &page["start"]), (&json!(3), &json!(2)));
        assert_eq!(column(&page["roles"], "name"), ["Viewer"]);
        // The native API and the console show them, with the application that they are of.
        let native = world.get(&format!("/v1/organizations/{}/members/{}", world.acme.id, world.acme.member)).token(&world.admin).expect(200).await;
        assert!(native.text.contains("Editor"), "{}", native.text);
        send(world, "DELETE", &roles, json!({ "roles": [editor, world.acme.role] })).expect(204).await;
        send(world, "DELETE", &roles, json!({ "roles": [editor] })).expect(204).await;
        assert_eq!(column(&get(world, &roles).expect(200).await.json, "name"), ["Reader"]);
        for body in [json!({}), json!({ "roles": [] }), json!({ "roles": ["admin"] }), json!({ "roles": ["rol_01h00000000000000000000000"] })] {
            for method in ["POST", "DELETE"] {
                let answer = send(world, method, &roles, body.clone()).expect(400).await;
                assert_eq!(refused(&answer).1, Some("invalid_body"), "{method} {body}");
            }
        }
        let stranger = of(&world.acme, &format!("/members/{}/roles", in_path(world.stranger)));
        get(world, &stranger).expect(404).await;
        send(world, "POST", &stranger, json!({ "roles": [reader] })).expect(404).await;
        send(world, "DELETE", &stranger, json!({ "roles": [reader] })).expect(404).await;
        get(world, &path(&format!("/organizations/org_0000000000000000/members/{}/roles", in_path(world.stranger)))).expect(404).await;
        get(world, &of(&world.acme, "/members/nobody/roles")).expect(404).await;
    }

    async fn a9_an_organization_decides_no_more_than_before(world) {
        // What the tenant's program gives, the organization may give from then on; of itself it may not.
        let theirs = json!({ "role_ids": [world.globex.role] });
        let native = format!("/v1/applications/{}/organizations/{}/members/{}/roles", world.globex.app, world.acme.id, world.acme.member);
        let answer = world.post(&native, theirs).token(&world.acme.org_admin).send().await;
        assert!(matches!(answer.status, 400 | 403 | 404), "{}", answer.text);
        let roles = of(&world.acme, &format!("/members/{}/roles", in_path(world.acme.member)));
        send(world, "POST", &roles, json!({ "roles": [world.globex.role] })).expect(204).await;
        let apps = world.get(&format!("/v1/organizations/{}", world.acme.id)).token(&world.admin).expect(200).await;
        assert!(apps.result()["app_ids"].as_array().unwrap().contains(&json!(world.globex.app)));
        let audit = world.get(&format!("/v1/organizations/{}/audit", world.acme.id)).token(&world.admin).expect(200).await;
        assert!(audit.text.contains("give_member_roles"), "{}", audit.text);
    }

    async fn a9_a_member_has_fifty_roles(world) {
        let mut ids = Vec::new();
        for n in 0..51 {
            ids.push(role(world, &format!("Role {n:02}")).await);
        }
        let roles = of(&world.acme, &format!("/members/{}/roles", in_path(world.acme.member)));
        for method in ["POST", "DELETE"] {
            let answer = send(world, method, &roles, json!({ "roles": ids })).expect(400).await;
            assert!(refused(&answer).0.ends_with("' on property roles."), "{}", answer.text);
        }
        // They have one already, of another application.
        let answer = send(world, "POST", &roles, json!({ "roles": ids[..50] })).expect(400).await;
        assert!(refused(&answer).0.contains("at most 50"), "{}", answer.text);
        send(world, "POST", &roles, json!({ "roles": ids[..49] })).expect(204).await;
        assert_eq!(get(world, &format!("{roles}?include_totals=true")).expect(200).await.json["total"], 50);
        send(world, "POST", &roles, json!({ "roles": [ids[49]] })).expect(400).await;
        // The native API holds the same limits.
        let app = get_role_app(world, &ids[0]).await;
        let native = format!("/v1/applications/{app}/organizations/{}/members/{}/roles", world.acme.id, world.acme.member);
        let answer = world.post(&native, json!({ "role_ids": ids })).token(&world.admin).expect(400).await;
        assert_eq!(answer.fields(), ["role_ids"]);
        let many: Vec<&str> = vec!["Organization Member"; 51];
        let body = json!({ "email": "new@example.com", "role_ids": many });
        let answer = world.post(&format!("/v1/organizations/{}/members", world.acme.id), body).token(&world.admin).expect(400).await;
        assert_eq!(answer.fields(), ["role_ids"]);
        // As many as there are may be taken away at once.
        send(world, "DELETE", &roles, json!({ "roles": ids[..50] })).expect(204).await;
        assert_eq!(column(&get(world, &roles).expect(200).await.json, "name"), ["Viewer"]);
    }

    async fn a10_lists_the_roles_that_count(world) {
        let member = of(&world.acme, &format!("/members/{}", in_path(world.acme.member)));
        let reader = role(world, "Reader").await;
        send(world, "POST", &format!("{member}/roles"), json!({ "roles": [reader] })).expect(204).await;
        let effective = format!("{member}/effective-roles");
        let first = get(world, &format!("{effective}?take=1")).expect(200).await.json;
        assert_eq!(first["roles"], json!([{ "id": reader, "name": "Reader", "description": "Reader does things", "sources": ["direct"] }]));
        let rest = get(world, &format!("{effective}?take=1&from={}", first["next"].as_str().unwrap())).expect(200).await.json;
        assert_eq!(column(&rest["roles"], "name"), ["Viewer"]);
        assert!(rest.get("next").is_none());
        get(world, &of(&world.acme, &format!("/members/{}/effective-roles", in_path(world.stranger)))).expect(404).await;
    }

    async fn abuse_28_a_token_that_gives_roles_does_not_decide_which_an_organization_gives(world) {
        let gives = narrow(world, &["create:organization_member_roles"]).await;
        let decides = narrow(world, &["create:organization_member_roles", "update:organizations"]).await;
        let roles = of(&world.acme, &format!("/members/{}/roles", in_path(world.acme.member)));
        let reader = role(world, "Reader").await;
        let (both, one) = (json!({ "roles": [world.acme.role, reader] }), json!({ "roles": [reader] }));
        let answer = world.post(&roles, both.clone()).token(&gives).expect(403).await;
        assert_eq!(refused(&answer), ("Insufficient scope, expected any of: update:organizations", Some("insufficient_scope")));
        // Nothing of it is done: neither is the role given, nor has the organization the application.
        assert_eq!(column(&get(world, &roles).expect(200).await.json, "name"), ["Viewer"]);
        let apps = async || {
            let organization = world.get(&format!("/v1/organizations/{}", world.acme.id)).token(&world.admin).expect(200).await;
            organization.result()["app_ids"].clone()
        };
        assert_eq!(apps().await, json!([world.acme.app]));
        world.post(&roles, both).token(&decides).expect(204).await;
        assert!(apps().await.as_array().unwrap().contains(&json!(get_role_app(world, &reader).await)));
        // It is the organization's to give from now on.
        send(world, "DELETE", &roles, one.clone()).expect(204).await;
        world.post(&roles, one).token(&gives).expect(204).await;
        assert_eq!(column(&get(world, &roles).expect(200).await.json, "name"), ["Reader", "Viewer"]);
    }

    async fn abuse_28_a_token_that_invites_does_not_decide_what_an_organization_has(world) {
        let invites = narrow(world, &["create:organization_invitations"]).await;
        let body = |roles: Value| {
            json!({
                "inviter": { "name": "Ada" }, "invitee": { "email": "new@example.com" }, "client_id": world.acme.client_id,
                "roles": roles, "send_invitation_email": false,
            })
        };
        let reader = role(world, "Reader").await;
        // A role of another application, and an application that is another organization's.
        for (customer, roles) in [(&world.acme, json!([reader])), (&world.globex, json!([]))] {
            let answer = world.post(&of(customer, "/invitations"), body(roles)).token(&invites).expect(403).await;
            assert_eq!(refused(&answer).0, "Insufficient scope, expected any of: update:organizations");
        }
        world.post(&of(&world.acme, "/invitations"), body(json!([world.acme.role]))).token(&invites).expect(201).await;
    }

    async fn abuse_28_a_scope_for_one_thing_does_no_other(world) {
        let token = narrow(world, &["create:organization_member_roles"]).await;
        let roles = of(&world.acme, &format!("/members/{}/roles", in_path(world.acme.member)));
        let body = json!({ "roles": [world.acme.role] });
        world.post(&roles, body.clone()).token(&token).expect(204).await;
        world.delete(&roles).json(body).token(&token).expect(403).await;
        let admin = format!("/v1/organizations/{}/members/{}/organization-admin", world.acme.id, world.acme.member);
        world.put(&admin, json!({ "admin": true })).token(&token).expect(403).await;
        let _: Value = get(world, &roles).expect(200).await.json;
    }
}
