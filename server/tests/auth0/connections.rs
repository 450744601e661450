//! A13: connections.

use serde_json::json;

use super::{PASSWORDS, get, key, of, path, refused, send};
use crate::harness::{PASSWORD, on_both};
use crate::oidc::{App, follow, value};

on_both! {
    async fn a13_whoever_signs_in_for_it_is_taken_in_and_nobody_else(world) {
        let app = App::of(world, &world.acme, false).await;
        let globex = world.globex.id.to_string();
        let apps = format!("/v1/organizations/{globex}/apps");
        let open = json!({ "connection_id": PASSWORDS, "assign_membership_on_login": true });
        send(world, "POST", &of(&world.globex, "/enabled_connections"), open).expect(201).await;
        let asks = app.asks(&[("organization", &globex)]);
        let begin = || async { world.get(&asks).expect(303).await.header("location").unwrap().to_owned() };
        // It does not have the application.
        let way = begin().await;
        let fresh = world.session("acme-member").await;
        assert!(value(&follow(world, Some(&fresh), way).await, "code").is_none());
        let is_member = || async { get(world, &of(&world.globex, "/members")).expect(200).await.text.contains(&key(world.acme.member)) };
        assert!(!is_member().await);
        world.put(&apps, json!({ "app_ids": [world.globex.app, world.acme.app] })).token(&world.admin).expect(204).await;
        // A session from before: a link alone makes nobody a member.
        world.console.clock().advance(1000);
        assert!(value(&follow(world, Some(&fresh), begin().await).await, "code").is_none());
        assert!(!is_member().await);
        // An account that an organization made for somebody, and that nobody has proved to be theirs (ABUSE 32).
        let made = json!({
            "email": "unproved@example.com", "role_ids": ["Organization Member"],
            "credentials": { "password": PASSWORD, "force_replace": false },
        });
        let admin = world.user_token(world.acme.admin, Some(world.acme.id));
        world.post(&format!("/v1/organizations/{}/members", world.acme.id), made).token(&admin).expect(200).await;
        let way = begin().await;
        let unproved = world.session("unproved").await;
        assert!(value(&follow(world, Some(&unproved), way).await, "code").is_none());
        assert!(!get(world, &of(&world.globex, "/members")).expect(200).await.text.contains("unproved@"));
        // Whoever signs in for it.
        let way = begin().await;
        let now = world.session("acme-member").await;
        let end = follow(world, Some(&now), way).await;
        assert!(value(&end, "code").is_some(), "{end}");
        assert!(is_member().await);
    }

    async fn a13_an_organization_has_the_connections_that_it_is_given(world) {
        let all = of(&world.acme, "/enabled_connections");
        let one = format!("{all}/{PASSWORDS}");
        assert_eq!(get(world, &all).expect(200).await.json, json!([]));
        let body = json!({ "connection_id": PASSWORDS, "assign_membership_on_login": false, "is_signup_enabled": false });
        let made = send(world, "POST", &all, body.clone()).expect(201).await.json;
        assert_eq!(
            made,
            json!({
                "connection_id": PASSWORDS, "assign_membership_on_login": false, "show_as_button": true, "is_signup_enabled": false,
                "connection": { "name": "Username-Password-Authentication", "strategy": "auth0" },
            })
        );
        send(world, "POST", &all, body).expect(409).await;
        assert_eq!(get(world, &one).expect(200).await.json, made);
        let page = get(world, &format!("{all}?include_totals=true")).expect(200).await.json;
        assert_eq!((&page["total"], &page["enabled_connections"][0]), (&json!(1), &made));
        assert_eq!(get(world, &format!("{all}?page=1")).expect(200).await.json, json!([]));
        // The native API shows the same.
        let native = format!("/v1/organizations/{}/connections", world.acme.id);
        let shown = world.get(&native).token(&world.admin).expect(200).await;
        assert_eq!((&shown.result()[0]["connection_id"], &shown.result()[0]["show_as_button"]), (&json!(PASSWORDS), &json!(true)));
        let shown = world.get(&format!("{native}/{PASSWORDS}")).token(&world.admin).expect(200).await;
        assert_eq!(shown.result()["name"], "Username-Password-Authentication");
        world.get(&format!("{native}/con_00000000000000000000000009")).token(&world.admin).expect(404).await;
        let tenants = world.get("/v1/connections").token(&world.admin).expect(200).await;
        assert_eq!(tenants.result().as_array().unwrap().len(), 1);
        let changed = send(world, "PATCH", &one, json!({ "show_as_button": false })).expect(200).await.json;
        assert_eq!((&changed["show_as_button"], &changed["assign_membership_on_login"]), (&json!(false), &json!(false)));
        send(world, "PATCH", &one, json!({ "connection_id": PASSWORDS })).expect(400).await;
        send(world, "DELETE", &one, json!({})).expect(204).await;
        for answer in [
            get(world, &one).expect(404).await,
            send(world, "PATCH", &one, json!({})).expect(404).await,
            send(world, "DELETE", &one, json!({})).expect(404).await,
            send(world, "POST", &all, json!({ "connection_id": "con_00000000000000000000000009" })).expect(404).await,
            get(world, &format!("{all}/con_0000000000000000")).expect(404).await,
        ] {
            assert_eq!(refused(&answer).0, "No connection found by that id");
        }
        for body in [json!({}), json!({ "connection_id": "x" }), json!({ "connection_id": PASSWORDS, "show_as_button": "yes" })] {
            send(world, "POST", &all, body).expect(400).await;
        }
        get(world, &path("/organizations/org_0000000000000000/enabled_connections")).expect(404).await;
        let tenants = get(world, &path("/connections")).expect(200).await.json;
        assert_eq!(tenants, json!([{ "id": PASSWORDS, "name": "Username-Password-Authentication", "strategy": "auth0" }]));
        get(world, &path(&format!("/connections/{PASSWORDS}"))).expect(200).await;
        get(world, &path("/connections/con_0000000000000000")).expect(404).await;
    }
}
