//! T1 to T8: organizations and their applications.

use guildhall::id::{ApplicationId, OrganizationId};
use serde_json::json;

use crate::harness::{World, on_both};

const FIELDS: [&str; 12] = [
    "organization_id",
    "name",
    "domain",
    "domains",
    "app_ids",
    "enabled",
    "alias_name",
    "logo_url",
    "created_at",
    "updated_at",
    "managing_organization_id",
    "managed_organizations_by_app",
];

fn nobody() -> OrganizationId {
    OrganizationId::compose(1, 1)
}

fn of(id: impl std::fmt::Display) -> String {
    format!("/v1/organizations/{id}")
}

async fn names(world: &World, query: &str) -> Vec<String> {
    world
        .get(&format!("/v1/organizations?{query}"))
        .token(&world.admin)
        .expect(200)
        .await
        .column("name")
}

on_both! {
    async fn t1_creates_an_organization(world) {
        let body = json!({
            "name": " Initech ", "domain": "Initech.example", "app_ids": [world.acme.app], "enabled": true,
            "domains": ["initech.test"], "alias_name": "TPS",
        });
        let made = world.post("/v1/organizations", body).token(&world.admin).expect(201).await;
        for field in FIELDS {
            assert!(made.result().get(field).is_some(), "{field}: {}", made.text);
        }
        assert_eq!(made.result()["name"], "Initech");
        assert_eq!(made.result()["domains"], json!(["initech.example", "initech.test"]));
        assert_eq!(made.result()["app_ids"], json!([world.acme.app]));
        assert!(made.result()["created_at"].as_i64().unwrap() > 1_600_000_000_000);
        let id = made.text_of("organization_id");
        assert_eq!(world.get(&of(&id)).token(&world.admin).expect(200).await.json, made.json);
    }

    async fn t1_says_what_is_wrong(world) {
        let good = json!({ "name": "Initech", "domain": "initech.example", "app_ids": [world.acme.app] });
        for (field, value, named) in [
            ("name", None, "name"),
            ("domain", None, "domain"),
            ("app_ids", None, "app_ids"),
            ("name", Some(json!("")), "name"),
            ("name", Some(json!("x".repeat(101))), "name"),
            ("name", Some(json!(7)), "name"),
            ("domain", Some(json!("no domain")), "domain"),
            ("app_ids", Some(json!([ApplicationId::compose(1, 1)])), "app_ids[0]"),
            ("app_ids", Some(json!(["nonsense"])), "app_ids[0]"),
            ("domains", Some(json!(["ok.example", "-"])), "domains[1]"),
            ("enabled", Some(json!("yes")), "enabled"),
            ("owner", Some(json!("me")), "owner"),
        ] {
            let mut body = good.clone();
            match value {
                Some(value) => body[field] = value,
                None => {
                    body.as_object_mut().unwrap().remove(field);
                }
            }
            let answer = world.post("/v1/organizations", body).token(&world.admin).expect(400).await;
            assert_eq!(answer.fields(), [named], "{}", answer.text);
            assert_eq!(answer.json["error_code"], 400);
            assert!(answer.json["message"].is_string());
        }
        let taken = json!({ "name": "aCME", "domain": "other.example", "app_ids": [] });
        let taken = world.post("/v1/organizations", taken).token(&world.admin).expect(409).await;
        assert_eq!(taken.json["ts_error_code"], "organization_name_taken");
        assert_eq!(taken.json["error_code"], 409);
    }

    async fn t2_lists_and_finds(world) {
        assert_eq!(names(world, "").await, ["Acme", "Globex"]);
        assert_eq!(names(world, "order=descending").await, ["Globex", "Acme"]);
        assert_eq!(names(world, "sort=created_at").await, ["Acme", "Globex"]);
        assert_eq!(names(world, "name=ACME").await, ["Acme"]);
        assert_eq!(names(world, "name=acm").await, Vec::<String>::new());
        assert_eq!(names(world, "search=lob").await, ["Globex"]);
        assert_eq!(names(world, "search=acme.example").await, ["Acme"]);
        assert_eq!(names(world, "search=%25").await, Vec::<String>::new());
        assert_eq!(names(world, &format!("app_id={}", world.globex.app)).await, ["Globex"]);
        world.put(&of(world.globex.id), json!({ "enabled": false })).token(&world.admin).expect(200).await;
        assert_eq!(names(world, "status=disabled").await, ["Globex"]);
        assert_eq!(names(world, "status=enabled").await, ["Acme"]);
        let page = world.get("/v1/organizations?include_total=true").token(&world.admin).expect(200).await;
        assert_eq!(page.json["page_info"], json!({ "limit": 50, "next_cursor": null, "previous_cursor": null, "total": 2 }));
    }

    async fn t3_and_t4_read_one(world) {
        let whole = world.get(&of(world.acme.id)).token(&world.admin).expect(200).await;
        assert_eq!(whole.result()["name"], "Acme");
        assert_eq!(whole.result()["member_count"], 2);
        let named = world.get("/v1/organizations/name/aCmE").token(&world.admin).expect(200).await;
        assert_eq!(named.json, whole.json);
        for path in [of(nobody()), of("nonsense"), of("org_"), of(world.acme.app), "/v1/organizations/name/Nobody".into(), "/v1/organizations/name/%20".into(), "/v1/organizations/%FF".into()] {
            let answer = world.get(&path).token(&world.admin).expect(404).await;
            assert_eq!(answer.json["error_code"], 404, "{path}");
        }
    }

    async fn t5_changes_what_is_given(world) {
        let path = of(world.acme.id);
        let changed = world.put(&path, json!({ "domain": "acme.test", "enabled": false })).token(&world.admin).expect(200).await;
        assert_eq!(changed.result()["name"], "Acme");
        assert_eq!(changed.result()["domain"], "acme.test");
        assert_eq!(changed.result()["enabled"], false);
        let cleared = world.put(&path, json!({ "alias_name": "A" })).token(&world.admin).expect(200).await;
        assert_eq!(cleared.result()["alias_name"], "A");
        let cleared = world.put(&path, json!({ "alias_name": "" })).token(&world.admin).expect(200).await;
        assert!(cleared.result()["alias_name"].is_null());
        // Its own name in other letters is no conflict.
        world.put(&path, json!({ "name": "ACME" })).token(&world.admin).expect(200).await;
        let taken = world.put(&path, json!({ "name": "globex" })).token(&world.admin).expect(409).await;
        assert_eq!(taken.json["ts_error_code"], "organization_name_taken");
        assert_eq!(world.put(&path, json!({ "domain": "?" })).token(&world.admin).expect(400).await.fields(), ["domain"]);
        world.put(&of(nobody()), json!({})).token(&world.admin).expect(404).await;
    }

    async fn t6_deletes_with_its_memberships_but_not_its_people(world) {
        world.delete(&of(world.acme.id)).token(&world.admin).expect(204).await;
        world.get(&of(world.acme.id)).token(&world.admin).expect(404).await;
        world.delete(&of(world.acme.id)).token(&world.admin).expect(404).await;
        world.get(&format!("/v1/users/{}", world.acme.member)).token(&world.admin).expect(200).await;
        let left = world.get(&format!("/v1/members/{}/organizations", world.acme.member)).token(&world.admin).expect(200).await;
        assert_eq!(left.result(), &json!([]));
    }

    async fn t7_and_t8_add_and_take_applications(world) {
        let path = format!("{}/apps", of(world.acme.id));
        let (own, more) = (world.acme.app, world.globex.app);
        let added = world.put(&path, json!({ "app_ids": [more] })).token(&world.admin).expect(204).await;
        assert!(added.text.is_empty());
        let apps = world.get(&of(world.acme.id)).token(&world.admin).expect(200).await.result()["app_ids"].clone();
        assert_eq!(apps.as_array().unwrap().len(), 2);
        world.put(&path, json!({ "app_ids": [more] })).token(&world.admin).expect(204).await;
        // The applications that stay keep their members' roles.
        let member = format!("{}/members/{}", of(world.acme.id), world.acme.member);
        let before = world.get(&member).token(&world.admin).expect(200).await.result()["roles"].clone();
        world.delete(&path).json(json!({ "app_ids": [more] })).token(&world.admin).expect(204).await;
        assert_eq!(world.get(&member).token(&world.admin).expect(200).await.result()["roles"], before);
        world.delete(&path).json(json!({ "app_ids": [own] })).token(&world.admin).expect(204).await;
        let after = world.get(&member).token(&world.admin).expect(200).await.result()["roles"].clone();
        assert!(after.as_array().unwrap().iter().all(|role| role["app_id"].is_null()), "{after}");
        for (method, body, named) in [
            ("PUT", json!({}), "app_ids"),
            ("DELETE", json!({}), "app_ids"),
            ("PUT", json!({ "app_ids": [] }), "app_ids"),
            ("DELETE", json!({ "app_ids": [] }), "app_ids"),
            ("PUT", json!({ "app_ids": [own, ApplicationId::compose(1, 1)] }), "app_ids[1]"),
            ("DELETE", json!({ "app_ids": [more] }), "app_ids[0]"),
            ("DELETE", json!({ "app_ids": "all" }), "app_ids"),
        ] {
            let answer = world.call(method, &path).json(body).token(&world.admin).expect(400).await;
            assert_eq!(answer.fields(), [named], "{method}: {}", answer.text);
        }
        let elsewhere = format!("{}/apps", of(nobody()));
        world.put(&elsewhere, json!({ "app_ids": [own] })).token(&world.admin).expect(404).await;
        world.delete(&elsewhere).json(json!({ "app_ids": [own] })).token(&world.admin).expect(404).await;
    }

    async fn everything_is_also_under_the_alias(world) {
        let direct = world.get(&of(world.acme.id)).token(&world.admin).expect(200).await;
        let alias = world.get(&format!("/cis{}", of(world.acme.id))).token(&world.admin).expect(200).await;
        assert_eq!(direct.json, alias.json);
        world.post("/cis/v1/organizations", json!({ "name": "Initech", "domain": "initech.example", "app_ids": [] })).token(&world.admin).expect(201).await;
        world.get("/cis/v1/nothing").token(&world.admin).expect(404).await;
    }
}
