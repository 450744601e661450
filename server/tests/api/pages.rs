//! Every list comes in pages that lead there and back.

use serde_json::{Value, json};

use crate::harness::{World, on_both};

/// Walks a list forward to its end and back to its start, three rows at a time; the ids in order.
async fn walk(world: &World, path: &str, id: &str) -> Vec<String> {
    let join = if path.contains('?') { '&' } else { '?' };
    let page = async |cursor: Option<&str>| {
        let cursor = cursor
            .map(|cursor| format!("&cursor={cursor}"))
            .unwrap_or_default();
        world
            .get(&format!("{path}{join}limit=3{cursor}"))
            .token(&world.admin)
            .expect(200)
            .await
    };
    let cursor = |info: &Value, which: &str| info[which].as_str().map(str::to_owned);
    let mut forward = vec![page(None).await];
    assert!(
        forward[0].json["page_info"]["previous_cursor"].is_null(),
        "{path}: {}",
        forward[0].text
    );
    assert_eq!(forward[0].json["page_info"]["limit"], 3);
    while let Some(next) = cursor(&forward.last().unwrap().json["page_info"], "next_cursor") {
        forward.push(page(Some(&next)).await);
    }
    let mut place = forward.len() - 1;
    let mut info = forward[place].json["page_info"].clone();
    while let Some(previous) = cursor(&info, "previous_cursor") {
        place -= 1;
        let back = page(Some(&previous)).await;
        assert_eq!(
            back.result(),
            forward[place].result(),
            "{path}: page {place} on the way back"
        );
        info = back.json["page_info"].clone();
    }
    assert_eq!(place, 0, "{path}: the way back ends at the first page");
    forward.iter().flat_map(|page| page.column(id)).collect()
}

fn is_whole(path: &str, ids: &[String], rows: usize) {
    let mut unique = ids.to_vec();
    unique.sort();
    unique.dedup();
    assert_eq!((unique.len(), ids.len()), (rows, rows), "{path}: {ids:?}");
}

async fn fill(world: &World) {
    let post = async |path: &str, body: Value| {
        world.post(path, body).token(&world.admin).send().await;
    };
    let app = format!("/v1/applications/{}", world.acme.app);
    for n in 0..5 {
        post(
            "/v1/organizations",
            json!({ "name": format!("Org {n}"), "domain": "org.example", "app_ids": [] }),
        )
        .await;
        post("/v1/users", json!({ "email": format!("user{n}@example.com") })).await;
        post("/v1/applications", json!({ "name": format!("App {n}") })).await;
        post(
            &format!("{app}/roles"),
            json!({ "role_name": format!("Role {n}") }),
        )
        .await;
        post(
            &format!("{app}/role-groups"),
            json!({ "name": format!("Group {n}"), "role_ids": [] }),
        )
        .await;
        // The same name five times: the id decides.
        post(&format!("{app}/clients"), json!({ "name": "Client" })).await;
        let member = json!({ "email": format!("user{n}@example.com"), "role_ids": ["Organization Member"] });
        post(&format!("/v1/organizations/{}/members", world.acme.id), member).await;
    }
    let organizations = world
        .get("/v1/organizations?limit=100")
        .token(&world.admin)
        .expect(200)
        .await;
    for id in organizations.column("organization_id") {
        let member = json!({ "email": "stranger@example.com", "role_ids": ["Organization Member"] });
        post(&format!("/v1/organizations/{id}/members"), member).await;
    }
}

on_both! {
    async fn every_list_leads_there_and_back(world) {
        fill(world).await;
        let (app, acme) = (world.acme.app, world.acme.id);
        for (path, id, rows) in [
            ("/v1/organizations".to_owned(), "organization_id", 7),
            ("/v1/organizations?order=descending".to_owned(), "organization_id", 7),
            ("/v1/organizations?sort=created_at".to_owned(), "organization_id", 7),
            ("/v1/organizations?sort=created_at&order=descending".to_owned(), "organization_id", 7),
            ("/v1/organizations?search=example".to_owned(), "organization_id", 7),
            (format!("/v1/organizations/{acme}/members"), "user_id", 8),
            (format!("/v1/organizations/{acme}/members?order=descending"), "user_id", 8),
            (format!("/v1/organizations/{acme}/members?sort=joined_at"), "user_id", 8),
            (format!("/v1/organizations/{acme}/members?search=example"), "user_id", 8),
            (format!("/v1/organizations/{acme}/members?status=Active"), "user_id", 8),
            (format!("/v1/organizations/{acme}/members?role_id=Organization%20Member"), "user_id", 7),
            ("/v1/users".to_owned(), "user_id", 11),
            ("/v1/users?sort=created_at&order=descending".to_owned(), "user_id", 11),
            ("/v1/applications".to_owned(), "app_id", 8),
            (format!("/v1/applications/{app}/roles"), "role_id", 6),
            (format!("/v1/applications/{app}/role-groups"), "role_group_id", 6),
            (format!("/v1/applications/{app}/clients"), "client_id", 6),
            (format!("/v1/members/{}/organizations", world.stranger), "organization_id", 7),
        ] {
            is_whole(&path, &walk(world, &path, id).await, rows);
        }
        let audit = walk(world, "/v1/audit", "audit_id").await;
        let mut newest_first = audit.clone();
        newest_first.sort_by(|a, b| b.cmp(a));
        assert!(audit.len() > 30 && audit == newest_first);
        let own = walk(world, &format!("/v1/organizations/{acme}/audit"), "audit_id").await;
        assert!(own.len() >= 9, "{}", own.len());
    }

    async fn a_page_is_asked_for_sensibly(world) {
        for query in ["limit=0", "limit=101", "limit=-1", "limit=ten", "limit=", "cursor=nonsense", "cursor=", "include_total=perhaps", "sort=size", "order=random"] {
            let answer = world.get(&format!("/v1/organizations?{query}")).token(&world.admin).expect(400).await;
            assert_eq!(answer.fields(), [query.split('=').next().unwrap()], "{}", answer.text);
        }
        world.get("/v1/organizations?limit=100").token(&world.admin).expect(200).await;
        // A cursor is of its list and order, not of another.
        let next = world.get("/v1/organizations?limit=1").token(&world.admin).expect(200).await.json["page_info"]["next_cursor"].as_str().unwrap().to_owned();
        for path in ["/v1/users", "/v1/organizations?order=descending&", "/v1/organizations?sort=created_at&"] {
            let join = if path.ends_with('&') { "" } else { "?" };
            let answer = world.get(&format!("{path}{join}cursor={next}")).token(&world.admin).expect(400).await;
            assert_eq!(answer.fields(), ["cursor"]);
        }
    }
}
