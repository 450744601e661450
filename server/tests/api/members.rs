//! T19 to T25: members and their roles.

use guildhall::id::{CustomRoleId, OrganizationId, UserId};
use serde_json::{Value, json};

use crate::harness::{World, on_both};

const FIELDS: [&str; 22] = [
    "user_id",
    "email",
    "phone_number",
    "username",
    "name",
    "address",
    "birthday",
    "picture",
    "language",
    "status",
    "status_changed_at",
    "created_at",
    "updated_at",
    "last_auth",
    "external_user_id",
    "external_account_id",
    "custom_data",
    "custom_app_data",
    "secondary_emails",
    "secondary_phone_numbers",
    "organization_information",
    "roles",
];

fn members(world: &World) -> String {
    format!("/v1/organizations/{}/members", world.acme.id)
}

fn member(world: &World, user: UserId) -> String {
    format!("{}/{user}", members(world))
}

fn roles(world: &World, user: UserId) -> String {
    format!(
        "/v1/applications/{}/organizations/{}/members/{user}/roles",
        world.acme.app, world.acme.id
    )
}

/// The ids of a member's roles.
async fn roles_of(world: &World, user: UserId) -> Vec<String> {
    let member = world
        .get(&member(world, user))
        .token(&world.admin)
        .expect(200)
        .await;
    let mut roles: Vec<String> = member.result()["roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| role["role_id"].as_str().unwrap().to_owned())
        .collect();
    roles.sort();
    roles
}

on_both! {
    async fn t19_creates_a_person_with_everything(world) {
        let actor = world.acme.admin;
        let body = json!({
            "email": "Grace@Example.com", "phone_number": "+1 415 555 0123", "username": "grace",
            "secondary_emails": ["g@example.com"], "secondary_phone_numbers": ["+14155550124"],
            "birthday": "1906-12-09T00:00:00Z",
            "address": { "country": "US", "state": "NY", "city": "New York", "postal_code": "10001", "street_address": "1 Main", "type": "Work" },
            "name": { "title": "Dr", "first_name": "Grace", "middle_name": "B", "last_name": "Hopper" },
            "external_account_id": "acc-1", "external_user_id": "ext-1", "custom_app_data": { "a": 1 }, "custom_data": { "b": [2] },
            "picture": "https://example.com/g.png", "language": "en-US",
            "credentials": { "password": "a first password", "force_replace": true },
            "delegated_access": { "actor_id": actor, "permissions": ["pay"] },
            "organization_information": { "enabled": true, "department": "R&D", "title": "Admiral", "manager": "Ada" },
            "role_ids": [world.acme.role, "Organization Member"], "send_invite": false,
        });
        let made = world.post(&members(world), body).token(&world.admin).expect(200).await;
        for field in FIELDS {
            assert!(made.result().get(field).is_some(), "{field}: {}", made.text);
        }
        let result = made.result();
        assert_eq!(result["email"], json!({ "value": "Grace@Example.com", "email_verified": false }));
        assert_eq!(result["phone_number"], json!({ "value": "+14155550123", "phone_number_verified": false }));
        assert_eq!(result["organization_information"], json!({ "enabled": true, "department": "R&D", "title": "Admiral", "manager": "Ada" }));
        assert_eq!(result["birthday"], "1906-12-09");
        assert_eq!(result["custom_data"], json!({ "b": [2] }));
        let viewer = result["roles"].as_array().unwrap().iter().find(|role| role["role_name"] == "Viewer").unwrap();
        assert_eq!(viewer["app_id"], json!(world.acme.app));
        assert!(!made.text.contains("password"), "{}", made.text);
        let id: UserId = made.text_of("user_id").parse().unwrap();
        assert_eq!(world.get(&member(world, id)).token(&world.admin).expect(200).await.json, made.json);
    }

    async fn t19_assigns_whoever_there_is_and_does_not_duplicate(world) {
        let body = json!({ "email": "STRANGER@example.com", "role_ids": ["Organization Member"], "name": { "first_name": "Other" } });
        let made = world.post(&members(world), body.clone()).token(&world.acme.client).expect(200).await;
        assert_eq!(made.text_of("user_id"), world.stranger.to_string());
        assert_eq!(made.result()["name"]["first_name"], "stranger", "their record stays as it is");
        let again = world.post(&members(world), body).token(&world.admin).expect(409).await;
        assert_eq!(again.json["ts_error_code"], "already_a_member");
        let both = world.get(&format!("/v1/members/{}/organizations", world.stranger)).token(&world.admin).expect(200).await;
        assert_eq!(both.result().as_array().unwrap().len(), 1);
    }

    async fn t19_says_what_is_wrong(world) {
        let viewer = world.acme.role;
        for (body, named) in [
            (json!({ "role_ids": [viewer] }), "email"),
            (json!({ "email": "g@example.com" }), "role_ids"),
            (json!({ "email": "g@example.com", "role_ids": [] }), "role_ids"),
            (json!({ "email": "nobody", "role_ids": [viewer] }), "email"),
            (json!({ "phone_number": "0123", "role_ids": [viewer] }), "phone_number"),
            (json!({ "username": "grace", "role_ids": [viewer] }), "credentials"),
            (json!({ "username": "g!", "role_ids": [viewer], "credentials": { "password": "long enough" } }), "username"),
            (json!({ "email": "g@example.com", "role_ids": [viewer], "credentials": { "password": "short" } }), "credentials.password"),
            (json!({ "email": "g@example.com", "role_ids": [viewer], "credentials": {} }), "credentials.password"),
            (json!({ "email": "g@example.com", "role_ids": [viewer], "name": { "first_name": "x".repeat(31) } }), "name.first_name"),
            (json!({ "email": "g@example.com", "role_ids": [viewer], "name": { "nick": "G" } }), "name.nick"),
            (json!({ "email": "g@example.com", "role_ids": [viewer], "address": { "type": "Moon" } }), "address.type"),
            (json!({ "email": "g@example.com", "role_ids": [viewer], "address": { "postal_code": "1".repeat(31) } }), "address.postal_code"),
            (json!({ "email": "g@example.com", "role_ids": [viewer], "birthday": "1906-13-09" }), "birthday"),
            (json!({ "email": "g@example.com", "role_ids": [viewer], "picture": "javascript:alert(1)" }), "picture"),
            (json!({ "email": "g@example.com", "role_ids": [viewer], "language": "english please" }), "language"),
            (json!({ "email": "g@example.com", "role_ids": [viewer], "delegated_access": { "actor_id": UserId::compose(1, 1), "permissions": ["pay"] } }), "delegated_access.actor_id"),
            (json!({ "email": "g@example.com", "role_ids": [viewer, CustomRoleId::compose(1, 1)] }), "role_ids[1]"),
            (json!({ "phone_number": "+14155550123", "role_ids": [viewer], "send_invite": true }), "email"),
        ] {
            let answer = world.post(&members(world), body.clone()).token(&world.admin).expect(400).await;
            assert_eq!(answer.fields(), [named], "{body}: {}", answer.text);
        }
        let nowhere = format!("/v1/organizations/{}/members", OrganizationId::compose(1, 1));
        let body = json!({ "email": "g@example.com", "role_ids": ["Organization Member"] });
        world.post(&nowhere, body.clone()).token(&world.admin).expect(404).await;
        // An external id is unique in the tenant: two people cannot be meant at once.
        world.put(&format!("/v1/users/{}", world.stranger), json!({ "external_user_id": "ext-9" })).token(&world.admin).expect(200).await;
        let body = json!({ "email": "root@example.com", "external_user_id": "ext-9", "role_ids": ["Organization Member"] });
        let answer = world.post(&members(world), body).token(&world.admin).expect(409).await;
        assert_eq!(answer.json["ts_error_code"], "user_identifiers_disagree");
    }

    async fn t19_an_invited_person_is_pending(world) {
        let body = json!({ "email": "new@example.com", "role_ids": [world.acme.role], "send_invite": true });
        let made = world.post(&members(world), body).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(made.text_of("status"), "Pending");
        assert_eq!(made.text_of("member_status"), "Pending");
        assert!(!made.text.contains("token"), "{}", made.text);
        let overview = world.get("/v1/tenant/overview").token(&world.admin).expect(200).await;
        assert_eq!(overview.result()["pending_invitations"], 1);
    }

    async fn t20_lists_and_finds(world) {
        let column = async |query: &str, token: &str| {
            world.get(&format!("{}?{query}", members(world))).token(token).expect(200).await.column("user_id")
        };
        let (admin, member) = (world.acme.admin.to_string(), world.acme.member.to_string());
        let all = [admin.clone(), member.clone()];
        for token in [&world.admin, &world.acme.org_admin, &world.acme.client] {
            assert_eq!(column("", token).await, all);
        }
        assert_eq!(column("order=descending", &world.admin).await, [member.clone(), admin.clone()]);
        assert_eq!(column("sort=joined_at", &world.admin).await, all);
        assert_eq!(column("search=acme-MEMBER", &world.admin).await, std::slice::from_ref(&member));
        assert_eq!(column("role_id=Organization%20Admin", &world.admin).await, std::slice::from_ref(&admin));
        assert_eq!(column(&format!("role_id={}", world.acme.role), &world.admin).await, all);
        assert_eq!(column(&format!("app_id={}", world.acme.app), &world.admin).await, all);
        world.put(&self::member(world, world.acme.member), json!({ "enabled": false })).token(&world.admin).expect(200).await;
        assert_eq!(column("status=Suspended", &world.admin).await, std::slice::from_ref(&member));
        assert_eq!(column("status=Active", &world.admin).await, [admin]);
        let page = world.get(&format!("{}?include_total=true", members(world))).token(&world.admin).expect(200).await;
        assert_eq!(page.json["page_info"]["total"], 2);
        world.get(&format!("/v1/organizations/{}/members", OrganizationId::compose(1, 1))).token(&world.admin).expect(404).await;
        let answer = world.get(&format!("{}?status=Asleep", members(world))).token(&world.admin).expect(400).await;
        assert_eq!(answer.fields(), ["status"]);
    }

    async fn t21_reads_one(world) {
        for token in [&world.admin, &world.acme.org_admin, &world.acme.client] {
            let one = world.get(&member(world, world.acme.member)).token(token).expect(200).await;
            assert_eq!(one.result()["email"]["value"], "acme-member@example.com");
            for field in FIELDS {
                assert!(one.result().get(field).is_some(), "{field}");
            }
        }
        for id in [UserId::compose(1, 1).to_string(), world.stranger.to_string(), "nonsense".into()] {
            world.get(&format!("{}/{id}", members(world))).token(&world.admin).expect(404).await;
        }
        world.get(&member(world, world.acme.member)).token(&world.user).expect(403).await;
    }

    async fn t22_changes_the_membership_only(world) {
        let path = member(world, world.acme.member);
        let body = json!({ "enabled": false, "department": "Sales", "title": "Clerk", "manager": "Ada" });
        let changed = world.put(&path, body.clone()).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(changed.result()["organization_information"], body);
        assert_eq!(changed.text_of("status"), "Active");
        assert_eq!(changed.text_of("member_status"), "Suspended");
        let partial = world.put(&path, json!({ "title": "" })).token(&world.admin).expect(200).await;
        assert_eq!(partial.result()["organization_information"], json!({ "enabled": false, "department": "Sales", "title": null, "manager": "Ada" }));
        assert_eq!(world.put(&path, json!({ "title": "x".repeat(121) })).token(&world.admin).expect(400).await.fields(), ["title"]);
        assert_eq!(world.put(&path, json!({ "enabled": "no" })).token(&world.admin).expect(400).await.fields(), ["enabled"]);
        world.put(&member(world, world.stranger), json!({})).token(&world.admin).expect(404).await;
        world.put(&path, json!({})).token(&world.acme.client).expect(403).await;
    }

    async fn t23_removes_from_the_application_or_the_organization(world) {
        let path = member(world, world.acme.member);
        // A Client token: from its application only.
        world.delete(&path).token(&world.acme.client).expect(204).await;
        world.get(&path).token(&world.acme.client).expect(404).await;
        assert_eq!(roles_of(world, world.acme.member).await, ["Organization Member"]);
        // Everybody else: from the organization.
        world.delete(&path).token(&world.acme.org_admin).expect(204).await;
        world.get(&path).token(&world.admin).expect(404).await;
        world.delete(&path).token(&world.admin).expect(404).await;
        world.get(&format!("/v1/users/{}", world.acme.member)).token(&world.admin).expect(200).await;
    }

    async fn t24_replaces_the_roles_in_one_application(world) {
        let who = world.acme.member;
        let other = world.post(&format!("/v1/applications/{}/roles", world.acme.app), json!({ "role_name": "Editor" })).token(&world.admin).expect(201).await.text_of("role_id");
        let outside = world.post(&roles(world, who), json!({ "role_ids": [other, world.acme.role] })).token(&world.admin).expect(400).await;
        assert_eq!(outside.fields(), ["role_ids[0]"]);
        assert!(outside.json["errors"][0]["message"].as_str().unwrap().contains(&other), "{}", outside.text);
        let group = format!("/v1/applications/{}/role-groups/{}", world.acme.app, world.acme.group);
        world.put(&group, json!({ "role_ids": [other, world.acme.role] })).token(&world.admin).expect(200).await;
        world.post(&roles(world, who), json!({ "role_ids": [other] })).token(&world.acme.org_admin).expect(204).await;
        let mut expected = vec!["Organization Member".to_owned(), other.clone()];
        expected.sort();
        assert_eq!(roles_of(world, who).await, expected);
        world.post(&roles(world, who), json!({ "role_ids": [] })).token(&world.admin).expect(204).await;
        assert_eq!(roles_of(world, who).await, ["Organization Member"]);
        assert_eq!(world.post(&roles(world, who), json!({})).token(&world.admin).expect(400).await.fields(), ["role_ids"]);
        world.post(&roles(world, who), json!({ "role_ids": [] })).token(&world.acme.client).expect(403).await;
        world.post(&roles(world, world.stranger), json!({ "role_ids": [] })).token(&world.admin).expect(404).await;
    }

    async fn t25_lists_a_persons_organizations(world) {
        let path = format!("/v1/members/{}/organizations", world.acme.member);
        for token in [&world.admin, &world.acme.client, &world.user] {
            let list = world.get(&path).token(token).expect(200).await;
            assert_eq!(list.column("organization_id"), [world.acme.id.to_string()]);
        }
        let none = world.get(&format!("{path}?organization_id={}", world.globex.id)).token(&world.admin).expect(200).await;
        assert_eq!(none.result(), &json!([]));
        world.get(&path).token(&world.stranger_token).expect(404).await;
        world.get(&format!("/v1/members/{}/organizations", UserId::compose(1, 1))).token(&world.admin).expect(404).await;
    }

    async fn several_members_are_changed_at_once_or_none(world) {
        let path = format!("{}/bulk", members(world));
        let body = |action: &str| json!({ "user_ids": [world.acme.member], "action": action });
        for (action, status) in [("suspend", "Suspended"), ("reinstate", "Active")] {
            let done = world.post(&path, body(action)).token(&world.acme.org_admin).expect(200).await;
            assert_eq!(done.result(), &json!({ "changed": 1 }));
            assert_eq!(world.get(&member(world, world.acme.member)).token(&world.admin).expect(200).await.text_of("member_status"), status);
        }
        assert_eq!(world.post(&path, body("assign_role")).token(&world.admin).expect(400).await.fields(), ["role_id"]);
        assert_eq!(world.post(&path, json!({ "user_ids": [], "action": "remove" })).token(&world.admin).expect(400).await.fields(), ["user_ids"]);
        let with_the_last_admin = json!({ "user_ids": [world.acme.member, world.acme.admin], "action": "remove" });
        world.post(&path, with_the_last_admin).token(&world.admin).expect(409).await;
        world.get(&member(world, world.acme.member)).token(&world.admin).expect(200).await;
        world.post(&path, body("remove")).token(&world.admin).expect(200).await;
        world.get(&member(world, world.acme.member)).token(&world.admin).expect(404).await;
    }

    async fn an_administrator_is_made_and_unmade(world) {
        let path = format!("{}/organization-admin", member(world, world.acme.member));
        world.put(&path, json!({ "admin": true })).token(&world.acme.org_admin).expect(204).await;
        assert!(roles_of(world, world.acme.member).await.contains(&"Organization Admin".to_owned()));
        world.put(&path, json!({ "admin": false })).token(&world.admin).expect(204).await;
        assert_eq!(world.put(&path, json!({})).token(&world.admin).expect(400).await.fields(), ["admin"]);
    }

    async fn access_says_through_which_role_a_permission_comes(world) {
        let path = format!("{}/access", member(world, world.acme.member));
        let access = world.get(&path).token(&world.acme.org_admin).expect(200).await;
        let expected: Value = json!([{ "app_id": world.acme.app, "app_name": "Invoices",
            "roles": [{ "role_id": world.acme.role, "role_name": "Viewer", "permissions": ["documents:read"] }] }]);
        assert_eq!(access.result(), &expected);
    }
}
