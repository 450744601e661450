//! A1 to A5: organizations.

use serde_json::{Value, json};

use super::{PASSWORDS, column, get, of, path, refused, send};
use crate::harness::{World, on_both};

async fn make(world: &World, name: &str) -> Value {
    send(world, "POST", &path("/organizations"), json!({ "name": name }))
        .expect(201)
        .await
        .json
}

on_both! {
    async fn names_ids_and_names_in_addresses_are_one_set(world) {
        let organizations = "/v1/organizations";
        let make = |mut body: serde_json::Value| {
            body["app_ids"] = json!([]);
            world.post(organizations, body).token(&world.admin)
        };
        let spruce = make(json!({ "name": "Spruce Industries", "domain": "spruce.example" })).expect(201).await;
        assert_eq!(spruce.text_of("slug"), "spruce-industries");
        let id = spruce.text_of("organization_id");
        make(json!({ "name": "spruce-industries", "domain": "other.example" })).expect(409).await;
        make(json!({ "name": "Other", "domain": "other.example", "slug": "spruce-industries" })).expect(409).await;
        let other = make(json!({ "name": "Other", "domain": "other.example" })).expect(201).await;
        let of_other = format!("{organizations}/{}", other.text_of("organization_id"));
        for taken in ["Spruce-Industries", id.as_str()] {
            world.put(&of_other, json!({ "name": taken })).token(&world.admin).expect(409).await;
        }
        // One's own name in addresses can be one's name.
        let of_spruce = format!("{organizations}/{id}");
        world.put(&of_spruce, json!({ "name": "spruce-industries" })).token(&world.admin).expect(200).await;
    }

    async fn a1_lists_by_number_with_totals_and_from_a_place_on(world) {
        for n in 0..5 {
            make(world, &format!("many-{n}")).await;
        }
        let list = path("/organizations");
        let all = column(&get(world, &list).expect(200).await.json, "name");
        assert_eq!(all, ["acme", "globex", "many-0", "many-1", "many-2", "many-3", "many-4"]);
        let page = get(world, &format!("{list}?page=1&per_page=3&include_totals=true")).expect(200).await.json;
        assert_eq!((&page["start"], &page["limit"], &page["total"]), (&json!(3), &json!(3), &json!(7)));
        assert_eq!(column(&page["organizations"], "name"), ["many-1", "many-2", "many-3"]);
        let end = get(world, &format!("{list}?page=3&per_page=3&include_totals=true")).expect(200).await.json;
        assert_eq!(end["organizations"], json!([]));
        let beyond = get(world, &format!("{list}?page=1000000000&per_page=100")).expect(200).await.json;
        assert_eq!(beyond, json!([]));
        // `take` wins over `include_totals`.
        let mut seen = Vec::new();
        let mut next = String::new();
        loop {
            let page = get(world, &format!("{list}?take=3&include_totals=true{next}")).expect(200).await.json;
            assert!(page.get("total").is_none(), "{page}");
            seen.extend(column(&page["organizations"], "name"));
            match page["next"].as_str() {
                Some(from) => next = format!("&from={from}"),
                None => break,
            }
        }
        assert_eq!(seen, all);
        let newest = get(world, &format!("{list}?sort=created_at:-1&per_page=2&page=1")).expect(200).await.json;
        assert_eq!(column(&newest, "name"), ["many-2", "many-1"]);
        let last = get(world, &format!("{list}?sort=name:-1&per_page=2")).expect(200).await.json;
        assert_eq!(column(&last, "name"), ["many-4", "many-3"]);
    }

    async fn a2_creates(world) {
        let body = json!({
            "name": "initech", "display_name": "Initech, Inc.",
            "branding": { "logo_url": "https://initech.example/logo.png", "colors": { "primary": "#0059d6", "page_background": "#fff" } },
            "metadata": { "plan": "gold" },
            "enabled_connections": [{ "connection_id": PASSWORDS, "assign_membership_on_login": true }],
        });
        let made = send(world, "POST", &path("/organizations"), body.clone()).expect(201).await.json;
        let id = made["id"].as_str().unwrap();
        assert!(id.starts_with("org_"));
        for field in ["name", "display_name", "branding", "metadata"] {
            assert_eq!(made[field], body[field], "{field}");
        }
        assert_eq!(made["enabled_connections"][0]["connection_id"], PASSWORDS);
        let enabled = get(world, &path(&format!("/organizations/{id}/enabled_connections"))).expect(200).await.json;
        assert_eq!(enabled[0]["assign_membership_on_login"], true);
        // The native API has the same organization.
        let native = world.get(&format!("/v1/organizations/{id}")).token(&world.admin).expect(200).await;
        assert_eq!(native.result()["slug"], "initech");
        assert_eq!(native.result()["alias_name"], "Initech, Inc.");
        assert_eq!(native.result()["metadata"], json!({ "plan": "gold" }));
        assert_eq!(native.result()["colors"]["primary"], "#0059d6");
        let taken = send(world, "POST", &path("/organizations"), json!({ "name": "initech" })).expect(409).await;
        assert_eq!(refused(&taken).0, "An organization with this name already exists.");
        // One name to show may be several organizations'.
        send(world, "POST", &path("/organizations"), json!({ "name": "other", "display_name": "Initech, Inc." })).expect(201).await;
    }

    async fn a2_says_what_is_wrong(world) {
        let many: Value = (0..26).map(|n| (n.to_string(), json!("x"))).collect::<serde_json::Map<_, _>>().into();
        for (body, named) in [
            (json!({}), "name"),
            (json!({ "name": "" }), "name"),
            (json!({ "name": "Upper" }), "name"),
            (json!({ "name": "a".repeat(51) }), "name"),
            (json!({ "name": "org_1" }), "name"),
            (json!({ "name": 1 }), "name"),
            (json!({ "name": "ok", "display_name": "x".repeat(256) }), "display_name"),
            (json!({ "name": "ok", "metadata": many }), "metadata"),
            (json!({ "name": "ok", "metadata": { "a": "x".repeat(256) } }), "metadata"),
            (json!({ "name": "ok", "branding": { "logo_url": "javascript:alert(1)" } }), "branding.logo_url"),
            (json!({ "name": "ok", "branding": { "colors": { "primary": "red", "page_background": "#fff" } } }), "branding.colors.primary"),
            (json!({ "name": "ok", "enabled_connections": [{ "connection_id": "con_1" }] }), "enabled_connections[0].connection_id"),
            (json!({ "name": "ok", "enabled_connections": [{ "connection_id": "con_00000000000000000000000009" }] }), "enabled_connections[0].connection_id"),
            (json!({ "name": "ok", "owner": "me" }), "owner"),
        ] {
            let answer = send(world, "POST", &path("/organizations"), body).expect(400).await;
            let (message, code) = refused(&answer);
            assert_eq!(code, Some("invalid_body"), "{message}");
            assert!(message.starts_with("Payload validation error: '") && message.ends_with(&format!("' on property {named}.")), "{named}: {message}");
        }
    }

    async fn a3_reads_by_id_and_by_name(world) {
        let whole = get(world, &of(&world.acme, "")).expect(200).await.json;
        assert_eq!((&whole["id"], &whole["name"], &whole["display_name"]), (&json!(world.acme.id), &json!("acme"), &json!("Acme")));
        assert_eq!(get(world, &path("/organizations/name/acme")).expect(200).await.json, whole);
        for missing in ["/organizations/org_0000000000000000", "/organizations/org_01h00000000000000000000000", "/organizations/name/nobody", "/organizations/name/Not%20A%20Name"] {
            let answer = get(world, &path(missing)).expect(404).await;
            assert_eq!(refused(&answer), ("No organization found by that id or name", None), "{missing}");
        }
    }

    async fn a4_changes_what_is_given(world) {
        let made = make(world, "initech").await;
        let one = path(&format!("/organizations/{}", made["id"].as_str().unwrap()));
        let changed = send(world, "PATCH", &one, json!({ "display_name": "Initech", "metadata": { "a": "b" } })).expect(200).await.json;
        assert_eq!((&changed["name"], &changed["display_name"], &changed["metadata"]), (&json!("initech"), &json!("Initech"), &json!({ "a": "b" })));
        let renamed = send(world, "PATCH", &one, json!({ "name": "initrode" })).expect(200).await.json;
        assert_eq!((&renamed["name"], &renamed["metadata"]), (&json!("initrode"), &json!({ "a": "b" })));
        let native = format!("/v1/organizations/{}", made["id"].as_str().unwrap());
        assert_eq!(world.get(&native).token(&world.admin).expect(200).await.text_of("name"), "initrode");
        let colors = json!({ "branding": { "colors": { "primary": "#000", "page_background": "#fff" } } });
        assert_eq!(send(world, "PATCH", &one, colors).expect(200).await.json["branding"]["colors"]["primary"], "#000");
        assert_eq!(refused(&send(world, "PATCH", &one, json!({ "name": "acme" })).expect(409).await).0, "An organization with this name already exists.");
        assert_eq!(refused(&send(world, "PATCH", &one, json!({ "name": "?" })).expect(400).await).1, Some("invalid_body"));
        send(world, "PATCH", &path("/organizations/org_0000000000000000"), json!({})).expect(404).await;
    }

    async fn a5_deletes(world) {
        let made = make(world, "initech").await;
        let one = path(&format!("/organizations/{}", made["id"].as_str().unwrap()));
        assert!(send(world, "DELETE", &one, json!({})).expect(204).await.text.is_empty());
        get(world, &one).expect(404).await;
        world.delete(&one).token(&world.admin).expect(404).await;
    }

    async fn names_in_addresses_are_made_of_names(world) {
        let native = |name: &str| json!({ "name": name, "domain": "x.example", "app_ids": [] });
        let slug = async |name: &str| {
            let made = world.post("/v1/organizations", native(name)).token(&world.admin).expect(201).await;
            made.text_of("slug")
        };
        assert_eq!(slug("Umbrella & Sons").await, "umbrella-sons");
        let second = slug("Umbrella, Sons").await;
        assert!(second.starts_with("umbrella-sons-"), "{second}");
        let found = get(world, &path("/organizations/name/umbrella-sons")).expect(200).await.json;
        assert_eq!(found["display_name"], "Umbrella & Sons");
    }

    async fn the_hosted_page_shows_the_organization_as_it_presents_itself(world) {
        let branding = json!({
            "logo_url": "https://acme.example/logo.png",
            "colors": { "primary": "#0059d6", "page_background": "#ffffff" },
        });
        let body = json!({ "display_name": "Acme Industries", "branding": branding });
        send(world, "PATCH", &of(&world.acme, ""), body).expect(200).await;
        let app = crate::oidc::App::of(world, &world.acme, false).await;
        let shown = async |organization: &str| {
            let page = app.visit(world, None, &[("organization", organization)]).await;
            assert!(page.starts_with("/signin?request="), "{page}");
            world.get(&page).header("accept", "text/html").expect(200).await.text
        };
        let id = world.acme.id.to_string();
        for called in [id.as_str(), "acme", "ACME"] {
            let page = shown(called).await;
            for part in ["Acme Industries", "src=\"https://acme.example/logo.png\"", "/brand/colors.css?primary=0059d6"] {
                assert!(page.contains(part), "{called}: {part}");
            }
        }
        let style = world.get("/brand/colors.css?primary=0059d6&background=ffffff").expect(200).await;
        assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
        assert!(style.text.contains("--color-accent: #0059d6"), "{}", style.text);
        assert!(style.text.contains(".auth { background: #ffffff }"), "{}", style.text);
        let style = world.get("/brand/colors.css?primary=000%7Dbody%7Bdisplay:none").expect(200).await;
        assert_eq!(style.text, "");
        // Of an organization without the application, and of one that is none, nothing is told.
        for called in ["globex", "nothing"] {
            assert!(!shown(called).await.contains("/brand/"), "{called}");
        }
        world.get("/brand/logo?request=guessed").expect(410).await;
    }
}
