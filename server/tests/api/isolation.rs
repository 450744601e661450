//! Two customers never see each other (ABUSE 15, 17, 18, 20).

use guildhall::id::UserId;
use serde_json::{Value, json};

use super::samples::{self, Ids};
use crate::harness::{Customer, World, on_both};

/// What the vendor's backend sees of a customer: nothing of it may change.
async fn state(world: &World, customer: &Customer) -> Vec<Value> {
    let mut seen = Vec::new();
    for path in [
        format!("/v1/organizations/{}", customer.id),
        format!("/v1/organizations/{}/members", customer.id),
        format!("/v1/applications/{}", customer.app),
        format!("/v1/applications/{}/roles", customer.app),
        format!("/v1/applications/{}/role-groups", customer.app),
        format!("/v1/applications/{}/clients", customer.app),
        format!(
            "/v1/applications/{}/organizations/{}/roles-and-groups",
            customer.app, customer.id
        ),
        format!("/v1/users/{}", customer.admin),
        format!("/v1/users/{}", customer.member),
    ] {
        seen.push(world.get(&path).token(&world.admin).expect(200).await.json);
    }
    seen
}

struct Row {
    method: String,
    path: String,
    id: String,
    kinds: Vec<String>,
}

async fn rows(world: &World) -> Vec<Row> {
    let document = world.get("/openapi.json").expect(200).await.json;
    let mut rows = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let kinds = operation["x-tokens"]
                .as_array()
                .unwrap()
                .iter()
                .map(|kind| kind.as_str().unwrap().to_owned())
                .collect();
            let id = operation["operationId"].as_str().unwrap().to_owned();
            rows.push(Row {
                method: method.to_uppercase(),
                path: path.clone(),
                id,
                kinds,
            });
        }
    }
    assert!(rows.len() > 60, "{}", rows.len());
    rows
}

fn is_of_this_organization_only(row: &Row) -> bool {
    !row.path.contains('{')
}

on_both! {
    async fn abuse_15_every_path_with_the_other_customers_ids(world) {
        let before = state(world, &world.globex).await;
        let (ours, theirs) = (&world.acme, &world.globex);
        let mixtures: [(&str, Ids<'_>); 4] = [
            ("all theirs", Ids::of(theirs)),
            ("our organization, their person", Ids { organization: ours, application: ours, person: theirs.member }),
            ("their organization, our application and person", Ids { organization: theirs, application: ours, person: ours.member }),
            ("our organization and person, their application", Ids { organization: ours, application: theirs, person: ours.member }),
        ];
        let tokens = [("OrgAdmin", &ours.org_admin), ("Client", &ours.client), ("User", &world.user)];
        for row in rows(world).await.iter().filter(|row| !is_of_this_organization_only(row) && row.path.starts_with("/v1/")) {
            for (mixture, ids) in &mixtures {
                // Where a path has nothing of theirs in this mixture, it is not this test's.
                let path = ids.fill(&row.path);
                let names_theirs = [theirs.id.to_string(), theirs.app.to_string(), theirs.member.to_string(), theirs.role.to_string(), theirs.group.to_string(), theirs.client_id.to_string(), "globex".to_owned()];
                if !names_theirs.iter().any(|id| path.contains(id.as_str())) {
                    continue;
                }
                for (kind, token) in tokens {
                    let answer = samples::call_by(world, &row.method, &row.path, &row.id, ids).token(token).send().await;
                    let never = !row.kinds.iter().any(|may| may == kind);
                    // A person's own token has no scope for what members share, and is refused before anything is looked up.
                    let narrow = kind == "User" && answer.header("www-authenticate").is_some_and(|says| says.contains("insufficient_scope"));
                    let expected: &[u16] = if never || narrow { &[403, 404] } else { &[404] };
                    assert!(expected.contains(&answer.status), "{kind}, {mixture}: {} {path}: {} {}", row.method, answer.status, answer.text);
                }
            }
        }
        assert_eq!(state(world, &world.globex).await, before);
    }

    async fn abuse_15_lists_show_nothing_of_the_other_customer(world) {
        let theirs = [world.globex.id.to_string(), world.globex.admin.to_string(), world.globex.member.to_string(), world.globex.app.to_string(), "Globex".to_owned()];
        for row in rows(world).await.iter().filter(|row| row.method == "GET" && row.path.starts_with("/v1/")) {
            for token in [&world.acme.org_admin, &world.acme.client, &world.user] {
                let path = Ids::of(&world.acme).fill(&row.path);
                let answer = world.get(&path).token(token).send().await;
                assert!(theirs.iter().all(|id| !answer.text.contains(id.as_str())), "{path}: {}", answer.text);
            }
        }
    }

    async fn abuse_15_entries_of_a_body_are_isolated_too(world) {
        let (ours, theirs) = (&world.acme, &world.globex);
        // Roles of the other customer's application.
        let path = format!("/v1/organizations/{}/members", ours.id);
        let body = json!({ "email": "new@example.com", "role_ids": [theirs.role] });
        world.post(&path, body.clone()).token(&ours.client).expect(400).await;
        world.post(&path, body).token(&ours.org_admin).expect(403).await;
        let roles = format!("/v1/applications/{}/organizations/{}/members/{}/roles", ours.app, ours.id, ours.member);
        world.post(&roles, json!({ "role_ids": [theirs.role] })).token(&ours.org_admin).expect(400).await;
        // People of the other customer in a bulk change: all or none.
        let bulk = json!({ "user_ids": [ours.member, theirs.member], "action": "suspend" });
        world.post(&format!("{path}/bulk"), bulk).token(&ours.org_admin).expect(404).await;
        let member = world.get(&format!("{path}/{}", ours.member)).token(&ours.org_admin).expect(200).await;
        assert_eq!(member.text_of("member_status"), "Active");
        let filter = world.get(&format!("{path}?role_id={}", theirs.role)).token(&ours.org_admin).expect(200).await;
        assert!(filter.result().as_array().unwrap().is_empty());
    }

    async fn abuse_17_nobody_resets_the_password_of_another_customers_person(world) {
        let body = json!({ "password": "a new password" });
        for token in [&world.acme.org_admin, &world.acme.client, &world.user] {
            let answer = world.post(&format!("/v1/users/{}/password", world.globex.member), body.clone()).token(token).send().await;
            assert!(matches!(answer.status, 403 | 404), "{}", answer.text);
        }
        world.session("globex-member").await;
    }

    async fn abuse_18_an_applications_client_reaches_no_other_applications_members(world) {
        let theirs = &world.globex;
        let token = &world.acme.client;
        let members = format!("/v1/organizations/{}/members", theirs.id);
        for answer in [
            world.get(&members).token(token).send().await,
            world.get(&format!("{members}/{}", theirs.member)).token(token).send().await,
            world.delete(&format!("{members}/{}", theirs.member)).token(token).send().await,
            world.post(&members, json!({ "email": "new@example.com", "role_ids": [world.acme.role] })).token(token).send().await,
            world.get(&format!("/v1/members/{}/organizations", theirs.member)).token(token).send().await,
        ] {
            assert_eq!(answer.status, 404, "{}", answer.text);
        }
        // Both applications in one organization: each client sees the members of its own.
        let path = format!("/v1/organizations/{}/apps", world.acme.id);
        world.put(&path, json!({ "app_ids": [theirs.app] })).token(&world.admin).expect(204).await;
        let answer = world.get(&format!("/v1/organizations/{}/members", world.acme.id)).token(&theirs.client).expect(200).await;
        assert!(answer.result().as_array().unwrap().is_empty(), "{}", answer.text);
        let one = format!("/v1/organizations/{}/members/{}", world.acme.id, world.acme.member);
        world.get(&one).token(&theirs.client).expect(404).await;
        world.delete(&one).token(&theirs.client).expect(404).await;
        // Of somebody in both, it sees its own part.
        let given = json!({ "role_group_ids": [theirs.group] });
        let path = format!("/v1/applications/{}/organizations/{}/role-groups/set", theirs.app, world.acme.id);
        world.post(&path, given).token(&world.admin).expect(202).await;
        let path = format!("/v1/applications/{}/organizations/{}/members/{}/roles", theirs.app, world.acme.id, world.acme.member);
        world.post(&path, json!({ "role_ids": [theirs.role] })).token(&world.admin).expect(204).await;
        let seen = world.get(&one).token(&theirs.client).expect(200).await;
        let roles: Vec<&str> = seen.result()["roles"].as_array().unwrap().iter().filter_map(|role| role["app_id"].as_str()).collect();
        assert_eq!(roles, [theirs.app.to_string()]);
    }

    async fn abuse_20_a_token_for_one_organization_shows_its_holder_no_other(world) {
        let both: UserId = world.acme.admin;
        let body = json!({ "email": "acme-admin@example.com", "role_ids": ["Organization Admin"] });
        world.post(&format!("/v1/organizations/{}/members", world.globex.id), body).token(&world.admin).expect(200).await;
        let memberships = format!("/v1/members/{both}/organizations");
        let of = |answer: &crate::harness::Answer| answer.column("organization_id");
        let whole = world.get(&memberships).token(&world.user_token(both, None)).expect(200).await;
        assert_eq!(of(&whole).len(), 2);
        let only = world.get(&memberships).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(of(&only), [world.acme.id.to_string()]);
        world.get(&format!("/v1/organizations/{}", world.globex.id)).token(&world.acme.org_admin).expect(404).await;
        world.get(&format!("/v1/organizations/{}/members", world.globex.id)).token(&world.acme.org_admin).expect(404).await;
        let client = world.get(&memberships).token(&world.acme.client).expect(200).await;
        assert_eq!(of(&client), [world.acme.id.to_string()]);
        let me = world.get("/v1/me").token(&world.acme.org_admin).expect(200).await;
        assert!(!me.text.contains("Globex"), "{}", me.text);
    }
}
