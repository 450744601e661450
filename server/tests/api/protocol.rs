//! What holds for every call: bodies, queries, headers, entity tags, repeats.

use serde_json::json;

use crate::harness::{World, on_both, run_on_sqlite};

fn acme(world: &World) -> String {
    format!("/v1/organizations/{}", world.acme.id)
}

#[test]
fn a_body_is_json_and_not_too_large() {
    run_on_sqlite(async |world: &World| {
        let good = format!(
            r#"{{"name":"New","domain":"new.example","app_ids":["{}"]}}"#,
            world.acme.app
        );
        let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(256 * 1024));
        for (kind, body, status) in [
            ("text/plain", good.as_str(), 415),
            ("application/x-www-form-urlencoded", "name=New", 415),
            ("multipart/form-data; boundary=x", "--x--", 415),
            ("application/xml", "<a/>", 415),
            ("application/json", "", 400),
            ("application/json", "{", 400),
            ("application/json", "null", 400),
            ("application/json", "[]", 400),
            ("application/json", r#""text""#, 400),
            (
                "application/json",
                r#"{"name":"a","name":"b","domain":"new.example","app_ids":[]}"#,
                400,
            ),
            ("application/json", "\u{feff}{}", 400),
            ("application/json", &"[".repeat(100_000), 400),
            ("application/json", &large, 413),
            ("Application/JSON; charset=utf-8", good.as_str(), 201),
        ] {
            let answer = world
                .call("POST", "/v1/organizations")
                .token(&world.admin)
                .body(kind, body)
                .expect(status)
                .await;
            if status != 201 {
                assert_eq!(answer.json["error_code"], status, "{}", answer.text);
                assert!(answer.json["message"].is_string());
            }
        }
        let without_kind = world
            .call("POST", "/v1/organizations")
            .token(&world.admin)
            .expect(400)
            .await;
        assert_eq!(without_kind.fields(), ["name"], "{}", without_kind.text);
        let twice = world
            .call("POST", "/v1/organizations")
            .token(&world.admin)
            .body("application/json", r#"{"name":"a","name":"b"}"#);
        assert_eq!(twice.expect(400).await.fields(), ["name"]);
    });
}

#[test]
fn what_a_request_does_not_have_is_refused_by_name() {
    run_on_sqlite(async |world: &World| {
        for (method, path, body, named) in [
            ("GET", "/v1/organizations?colour=red".to_owned(), None, "colour"),
            (
                "GET",
                "/v1/organizations?limit=1&limit=2".to_owned(),
                None,
                "limit",
            ),
            ("GET", format!("{}?limit=1", acme(world)), None, "limit"),
            (
                "GET",
                format!("{}?organization_id={}", acme(world), world.globex.id),
                None,
                "organization_id",
            ),
            ("DELETE", format!("{}?force=true", acme(world)), None, "force"),
            ("DELETE", acme(world), Some(json!({ "force": true })), "force"),
            ("PUT", format!("{}?name=X", acme(world)), Some(json!({})), "name"),
            (
                "PUT",
                acme(world),
                Some(json!({ "organization_id": world.globex.id })),
                "organization_id",
            ),
            (
                "PUT",
                acme(world),
                Some(json!({ "member_count": 0 })),
                "member_count",
            ),
            (
                "POST",
                "/v1/organizations?dry=1".to_owned(),
                Some(json!({})),
                "dry",
            ),
            (
                "POST",
                format!("{}/members", acme(world)),
                Some(json!({ "role_ids": [], "email": "a@example.com", "is_admin": true })),
                "is_admin",
            ),
        ] {
            let mut call = world.call(method, &path).token(&world.admin);
            if let Some(body) = body {
                call = call.json(body);
            }
            let answer = call.expect(400).await;
            assert_eq!(answer.fields(), [named], "{method} {path}: {}", answer.text);
        }
    });
}

#[test]
fn paths_and_methods_that_are_not_there() {
    run_on_sqlite(async |world: &World| {
        for path in [
            "/v1",
            "/v1/",
            "/v1/nothing",
            "/cis/v1/nothing",
            "/v1/organizations/",
            "/v1//organizations",
        ] {
            for token in [&world.admin, &world.user] {
                let answer = world.get(path).token(token).expect(404).await;
                assert_eq!(answer.json["error_code"], 404, "{path}: {}", answer.text);
                assert_eq!(answer.header("content-type"), Some("application/json"));
            }
        }
        for (method, path, allowed) in [
            ("PATCH", acme(world), "DELETE,GET,HEAD,PUT"),
            ("DELETE", "/v1/organizations".into(), "GET,HEAD,POST"),
            ("GET", "/oidc/token".into(), "OPTIONS,POST"),
        ] {
            let answer = world.call(method, &path).token(&world.admin).expect(405).await;
            let mut allow: Vec<&str> = answer
                .header("allow")
                .unwrap()
                .split(',')
                .map(str::trim)
                .collect();
            allow.sort_unstable();
            assert_eq!(allow.join(","), allowed);
            assert_eq!(answer.json["error_code"], 405);
        }
        let head = world
            .call("HEAD", &acme(world))
            .token(&world.admin)
            .expect(200)
            .await;
        assert!(head.text.is_empty() && head.header("etag").is_some());
    });
}

#[test]
fn every_answer_has_its_headers() {
    run_on_sqlite(async |world: &World| {
        let calls = [
            world.get(&acme(world)).token(&world.admin),
            world.get(&acme(world)),
            world.get("/v1/nothing"),
            world.call("PATCH", &acme(world)).token(&world.admin),
            world.post("/v1/organizations", json!({})).token(&world.admin),
            world.delete(&acme(world)).token(&world.admin),
        ];
        for call in calls {
            let answer = call.send().await;
            assert_eq!(
                answer.header("cache-control"),
                Some("no-store"),
                "{}",
                answer.text
            );
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert!(answer.header("x-request-id").unwrap().starts_with("req_"));
        }
        let named = world
            .get(&acme(world))
            .token(&world.admin)
            .header("x-request-id", "abc-DEF_123")
            .send()
            .await;
        assert_eq!(named.header("x-request-id"), Some("abc-DEF_123"));
        for bad in ["a b", "<script>", &"x".repeat(65)] {
            let answer = world
                .get(&acme(world))
                .token(&world.admin)
                .header("x-request-id", bad)
                .send()
                .await;
            assert!(
                answer.header("x-request-id").unwrap().starts_with("req_"),
                "{bad}"
            );
        }
    });
}

on_both! {
    async fn a_lost_update_is_refused(world) {
        let app = format!("/v1/applications/{}", world.acme.app);
        for (path, body) in [
            (acme(world), json!({ "alias_name": "A" })),
            (format!("{}/members/{}", acme(world), world.acme.member), json!({ "title": "T" })),
            (format!("/v1/users/{}", world.stranger), json!({ "language": "de" })),
            (app.clone(), json!({ "description": "D" })),
            (format!("{app}/roles/{}", world.acme.role), json!({ "description": "D" })),
            (format!("{app}/role-groups/{}", world.acme.group), json!({ "description": "D" })),
            ("/v1/tenant/settings".to_owned(), json!({ "name": "N" })),
        ] {
            let first = world.get(&path).token(&world.admin).expect(200).await;
            let tag = first.header("etag").unwrap().to_owned();
            assert_eq!(tag, format!("\"{}\"", first.result()["version"]));
            let unchanged = world.get(&path).token(&world.admin).header("if-none-match", &tag).expect(304).await;
            assert!(unchanged.text.is_empty() && unchanged.header("etag") == Some(&tag));
            let changed = world.put(&path, body.clone()).token(&world.admin).header("if-match", &tag).expect(200).await;
            let new = changed.header("etag").unwrap().to_owned();
            assert_ne!(new, tag, "{path}");
            world.get(&path).token(&world.admin).header("if-none-match", &tag).expect(200).await;
            for stale in [tag.as_str(), "\"nonsense\"", &format!("W/{new}")] {
                let lost = world.put(&path, body.clone()).token(&world.admin).header("if-match", stale).expect(412).await;
                assert_eq!(lost.json["error_code"], 412);
            }
            world.put(&path, body.clone()).token(&world.admin).header("if-match", "*").expect(200).await;
            world.put(&path, body).token(&world.admin).expect(200).await;
        }
        let member = format!("{}/members/{}", acme(world), world.acme.member);
        for path in [&member, &acme(world)] {
            world.delete(path).token(&world.admin).header("if-match", "\"0\"").expect(412).await;
            let tag = world.get(path).token(&world.admin).expect(200).await.header("etag").unwrap().to_owned();
            world.delete(path).token(&world.admin).header("if-match", &tag).expect(204).await;
        }
    }

    async fn a_repeat_is_done_once(world) {
        let create = |name: &str, key: &str, token: &str| {
            let body = json!({ "name": name, "domain": "new.example", "app_ids": [] });
            world.post("/v1/organizations", body).token(token).header("idempotency-key", key)
        };
        let first = create("New", "key-1", &world.admin).expect(201).await;
        let again = create("New", "key-1", &world.admin).expect(201).await;
        assert_eq!(first.json, again.json);
        create("New", "key-2", &world.admin).expect(409).await;
        let other = create("Other", "key-1", &world.admin).expect(422).await;
        assert_eq!(other.json["error_code"], 422);
        // A key is its client's own.
        let (_, second) = world.client(world.management).await;
        create("Third", "key-1", &second).expect(201).await;
        // A refused request takes no key.
        create("acme", "key-3", &world.admin).expect(409).await;
        create("Fourth", "key-3", &world.admin).expect(201).await;
        // A secret is not kept for a repeat.
        let client = || world.post(&format!("/v1/applications/{}/clients", world.acme.app), json!({ "name": "C" })).token(&world.admin).header("idempotency-key", "key-4");
        client().expect(201).await;
        assert_eq!(client().expect(409).await.json["ts_error_code"], "idempotency_key_used");
        let path = format!("{}/clients", acme(world));
        let own = || world.post(&path, json!({ "name": "Own" })).token(&world.acme.org_admin).header("idempotency-key", "key-6");
        own().expect(201).await;
        assert_eq!(own().expect(409).await.json["ts_error_code"], "idempotency_key_used");
        for bad in ["two words", "", &"x".repeat(256)] {
            let answer = create("Fifth", bad, &world.admin).expect(400).await;
            assert_eq!(answer.fields(), ["Idempotency-Key"], "{bad}");
        }
        // Without a body, and with an answer that has none.
        let member = || {
            let path = format!("/v1/applications/{}/organizations/{}/members/{}/roles", world.acme.app, world.acme.id, world.acme.member);
            world.post(&path, json!({ "role_ids": [] })).token(&world.admin).header("idempotency-key", "key-5")
        };
        member().expect(204).await;
        member().expect(204).await;
    }

    async fn repeats_at_the_same_time_are_done_once(world) {
        let create = || {
            let body = json!({ "email": "once@example.com" });
            world.post("/v1/users", body).token(&world.admin).header("idempotency-key", "same").send()
        };
        let answers = futures::future::join_all((0..8).map(|_| create())).await;
        for answer in &answers {
            assert_eq!((answer.status, &answer.json), (201, &answers[0].json), "{}", answer.text);
        }
    }
}
