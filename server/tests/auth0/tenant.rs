//! A17: what drives the others: roles, people, clients.

use guildhall::id::UserId;
use serde_json::json;

use super::{column, get, in_path, key, path, refused, send};
use crate::harness::on_both;

const CONNECTION: &str = "Username-Password-Authentication";

on_both! {
    async fn a17_roles(world) {
        let roles = path("/roles");
        let made = send(world, "POST", &roles, json!({ "name": "Auditor", "description": "Reads the books" })).expect(200).await.json;
        assert!(made["id"].as_str().unwrap().starts_with("rol_"));
        let one = format!("{roles}/{}", made["id"].as_str().unwrap());
        assert_eq!(get(world, &one).expect(200).await.json, made);
        send(world, "POST", &roles, json!({ "name": "auditor" })).expect(409).await;
        assert_eq!(column(&get(world, &roles).expect(200).await.json, "name"), ["Auditor", "Viewer", "Viewer"]);
        let page = get(world, &format!("{roles}?page=1&per_page=2&include_totals=true")).expect(200).await.json;
        assert_eq!((&page["total"], page["roles"].as_array().unwrap().len()), (&json!(3), 1));
        assert_eq!(column(&get(world, &format!("{roles}?name_filter=audit")).expect(200).await.json, "name"), ["Auditor"]);
        let changed = send(world, "PATCH", &one, json!({ "name": "Controller" })).expect(200).await.json;
        assert_eq!((&changed["name"], &changed["description"]), (&json!("Controller"), &json!("Reads the books")));
        // A role of an application is one of the tenant's, too.
        let native = format!("{roles}/{}", world.acme.role);
        assert_eq!(get(world, &native).expect(200).await.json["name"], "Viewer");
        for (body, named) in [(json!({}), "name"), (json!({ "name": "" }), "name"), (json!({ "name": "x", "id": "rol_1" }), "id")] {
            let answer = send(world, "POST", &roles, body).expect(400).await;
            assert!(refused(&answer).0.ends_with(&format!("' on property {named}.")), "{}", answer.text);
        }
        // It goes, and from whoever has it.
        let given = crate::auth0::of(&world.acme, &format!("/members/{}/roles", in_path(world.acme.member)));
        send(world, "POST", &given, json!({ "roles": [made["id"]] })).expect(204).await;
        send(world, "DELETE", &one, json!({})).expect(204).await;
        assert_eq!(column(&get(world, &given).expect(200).await.json, "name"), ["Viewer"]);
        for answer in [get(world, &one).expect(404).await, send(world, "PATCH", &one, json!({})).expect(404).await, send(world, "DELETE", &one, json!({})).expect(404).await] {
            assert_eq!(refused(&answer).1, None);
        }
    }

    async fn a17_people(world) {
        let users = path("/users");
        let body = json!({
            "connection": CONNECTION, "email": "Grace@example.com", "password": "nobody guesses this one", "name": "Grace Hopper",
            "user_metadata": { "a": 1, "b": 2 }, "app_metadata": { "plan": "gold" },
        });
        let made = send(world, "POST", &users, body.clone()).expect(201).await.json;
        let id = made["user_id"].as_str().unwrap();
        assert!(id.starts_with("auth0|"), "{id}");
        assert_eq!((&made["name"], &made["given_name"], &made["family_name"]), (&json!("Grace Hopper"), &json!("Grace"), &json!("Hopper")));
        assert_eq!(made["identities"][0]["provider"], "auth0");
        let one = format!("{users}/{}", id.replace('|', "%7C"));
        assert_eq!(get(world, &one).expect(200).await.json, made);
        assert_eq!(get(world, &format!("{one}?fields=email")).expect(200).await.json, json!({ "email": "Grace@example.com" }));
        send(world, "POST", &users, body).expect(409).await;
        // Metadata is merged, and null removes.
        let changed = send(world, "PATCH", &one, json!({ "user_metadata": { "a": null, "c": 3 }, "blocked": true })).expect(200).await.json;
        assert_eq!((&changed["user_metadata"], &changed["app_metadata"]), (&json!({ "b": 2, "c": 3 }), &json!({ "plan": "gold" })));
        assert_eq!(changed["blocked"], true);
        let back = send(world, "PATCH", &one, json!({ "blocked": false, "password": "another one that nobody guesses" })).expect(200).await.json;
        assert_eq!(back["blocked"], false);
        let found = get(world, &path("/users-by-email?email=grace@EXAMPLE.com")).expect(200).await.json;
        assert_eq!(found[0]["user_id"], made["user_id"]);
        assert_eq!(get(world, &path("/users-by-email?email=nobody@example.com")).expect(200).await.json, json!([]));
        get(world, &path("/users-by-email")).expect(400).await;
        let page = get(world, &format!("{users}?per_page=3&page=1&include_totals=true")).expect(200).await.json;
        assert_eq!((&page["total"], page["users"].as_array().unwrap().len()), (&json!(7), 3));
        let searched = get(world, &format!("{users}?q=email%3A%22grace%40example.com%22&search_engine=v3")).expect(200).await.json;
        assert_eq!(column(&searched, "user_id"), [id]);
        for (body, named) in [
            (json!({ "email": "x@example.com" }), "connection"),
            (json!({ "connection": "google", "email": "x@example.com" }), "connection"),
            (json!({ "connection": CONNECTION, "email": "x" }), "email"),
            (json!({ "connection": CONNECTION, "email": "x@example.com", "password": "short" }), "password"),
            (json!({ "connection": CONNECTION, "email": "x@example.com", "password": "password123" }), "password"),
            (json!({ "connection": CONNECTION, "email": "x@example.com", "email_verified": true }), "email_verified"),
            (json!({ "connection": CONNECTION, "email": "x@example.com", "tenant_admin": true }), "tenant_admin"),
        ] {
            let answer = send(world, "POST", &users, body).expect(400).await;
            assert!(refused(&answer).0.ends_with(&format!("' on property {named}.")), "{named}: {}", answer.text);
        }
        // An administrator of the tenant is changed by administrators of the tenant only.
        let root = format!("{users}/{}", in_path(world.root));
        send(world, "PATCH", &root, json!({ "password": "another one that nobody guesses" })).expect(403).await;
        send(world, "DELETE", &root, json!({})).expect(403).await;
        send(world, "DELETE", &one, json!({})).expect(204).await;
        let nobody = format!("{users}/{}", in_path(UserId::compose(1, 1)));
        for answer in [get(world, &one).expect(404).await, get(world, &nobody).expect(404).await, get(world, &format!("{users}/auth0%7C507f1f77bcf86cd799439011")).expect(404).await] {
            assert_eq!(refused(&answer), ("The user does not exist.", None));
        }
    }

    async fn a17_a_change_of_a_person_is_one(world) {
        let body = json!({ "connection": CONNECTION, "email": "grace@example.com", "password": "nobody guesses this one", "name": "Grace Hopper" });
        let made = send(world, "POST", &path("/users"), body).expect(201).await.json;
        let one = path(&format!("/users/{}", made["user_id"].as_str().unwrap().replace('|', "%7C")));
        // A part of a name leaves the others as they are; a whole name takes their place.
        let part = send(world, "PATCH", &one, json!({ "family_name": "Murray" })).expect(200).await.json;
        assert_eq!((&part["given_name"], &part["family_name"], &part["name"]), (&json!("Grace"), &json!("Murray"), &json!("Grace Murray")));
        let whole = send(world, "PATCH", &one, json!({ "name": "Ada" })).expect(200).await.json;
        assert_eq!((&whole["name"], whole.get("family_name")), (&json!("Ada"), None));
        // A weak password, or an address that is somebody else's: nothing of it is done.
        let weak = send(world, "PATCH", &one, json!({ "given_name": "Grace", "password": "password123" })).expect(400).await;
        assert!(refused(&weak).0.ends_with("' on property password."), "{}", weak.text);
        let taken = json!({ "given_name": "Grace", "email": "stranger@example.com", "password": crate::harness::PASSWORD });
        send(world, "PATCH", &one, taken).expect(409).await;
        assert_eq!(get(world, &one).expect(200).await.json, whole);
        // Both at once; the password is not for once only.
        send(world, "PATCH", &one, json!({ "given_name": "Grace", "password": crate::harness::PASSWORD })).expect(200).await;
        let cookie = world.session("grace").await;
        world.get("/account/organizations").header("cookie", &cookie).header("accept", "text/html").expect(200).await;
        // The native API has the same operation.
        let body = json!({ "name": { "last_name": "Nobody" }, "merge_name": true, "credentials": { "password": "password123" } });
        let weak = world.put(&format!("/v1/users/{}", world.stranger), body).token(&world.admin).expect(400).await;
        assert_eq!(weak.fields(), ["credentials.password"]);
    }

    async fn a17_organizations_of_a_person(world) {
        let mine = path(&format!("/users/{}/organizations", in_path(world.acme.member)));
        let list = get(world, &mine).expect(200).await.json;
        assert_eq!(column(&list, "id"), [world.acme.id.to_string()]);
        let body = json!({ "members": [key(world.acme.member)] });
        send(world, "POST", &crate::auth0::of(&world.globex, "/members"), body).expect(204).await;
        let page = get(world, &format!("{mine}?page=1&per_page=1&include_totals=true")).expect(200).await.json;
        assert_eq!((&page["total"], &page["start"]), (&json!(2), &json!(1)));
        assert_eq!(column(&page["organizations"], "name"), ["globex"]);
        get(world, &path(&format!("/users/{}/organizations", in_path(UserId::compose(1, 1))))).expect(404).await;
    }

    async fn a17_clients(world) {
        let clients = path("/clients");
        let list = get(world, &format!("{clients}?include_totals=true")).expect(200).await.json;
        assert_eq!(list["total"], 3);
        let one = get(world, &format!("{clients}/{}", world.acme.client_id)).expect(200).await;
        assert_eq!((&one.json["client_id"], &one.json["app_type"]), (&json!(world.acme.client_id), &json!("regular_web")));
        assert!(!one.text.contains("secret"), "{}", one.text);
        let fields = get(world, &format!("{clients}/{}?fields=name", world.acme.client_id)).expect(200).await.json;
        assert_eq!(fields, json!({ "name": "Test" }));
        get(world, &format!("{clients}/cli_1")).expect(404).await;
        get(world, &format!("{clients}/cli_01h00000000000000000000000")).expect(404).await;
    }
}
