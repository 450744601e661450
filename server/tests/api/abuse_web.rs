//! What must not work from a browser: cookies, redirects, other sites, names that say more than they should. The numbers are
//! those of the list of abuse cases.

use serde_json::json;

use super::abuse::{FORM, rpc};
use crate::harness::{PASSWORD, World, run_on_each};

#[test]
fn abuse_54_the_cookie_is_out_of_reach() {
    run_on_each(async |world: &World| {
        let answer = rpc(
            world,
            "sign_in",
            &[("identifier", "root@example.com"), ("password", PASSWORD)],
        )
        .expect(200)
        .await;
        let set = answer
            .headers
            .get_all("set-cookie")
            .iter()
            .map(|value| value.to_str().unwrap())
            .find(|value| value.contains("session"))
            .unwrap();
        for attribute in [
            "__Host-session=",
            "; Path=/",
            "; HttpOnly",
            "; SameSite=Lax",
            "; Secure",
        ] {
            assert!(set.contains(attribute), "{set}");
        }
        assert!(!set.contains("Domain"), "{set}");
        assert!(
            !answer.text.contains(set.split(['=', ';']).nth(1).unwrap()),
            "{}",
            answer.text
        );
    });
}

#[test]
fn abuse_52_redirects_lead_only_to_what_is_registered_or_our_own() {
    run_on_each(async |world: &World| {
        for uri in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "https://app.example/cb#fragment",
            "https://user:pass@app.example/cb",
            "https://app.example\\@evil.example",
            "https://",
            "app.example/cb",
            "https://app.example/ cb",
            "https://*/cb",
        ] {
            let body = json!({ "name": "App", "redirect_uris": [uri] });
            let answer = world
                .post("/v1/applications", body)
                .token(&world.admin)
                .expect(400)
                .await;
            assert_eq!(answer.fields(), ["redirect_uris[0]"], "{uri}");
        }
        let own = "/org/1?tab=members";
        for return_to in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/%0d%0aLocation:%20https://evil.example",
            "https:evil.example",
            "http://127.0.0.1.evil.example",
            "@evil.example",
            own,
        ] {
            let call = rpc(
                world,
                "sign_in",
                &[
                    ("identifier", "root@example.com"),
                    ("password", PASSWORD),
                    ("return_to", return_to),
                ],
            );
            let answer = call.header("accept", "text/html").send().await;
            assert!(matches!(answer.status, 302 | 303), "{return_to}: {}", answer.text);
            let location = answer.header("location").unwrap();
            let is_ours = location.starts_with('/')
                && !location.starts_with("//")
                && !location.contains(['\\', '\t', '\r', '\n'])
                || location.starts_with(&format!("{}/", world.url));
            assert!(is_ours, "{return_to}: {location}");
            assert_eq!(
                location.ends_with(own),
                return_to == own,
                "{return_to}: {location}"
            );
        }
    });
}

#[test]
fn abuse_56_known_and_unknown_names_look_the_same() {
    run_on_each(async |world: &World| {
        world
            .put(
                &format!("/v1/users/{}", world.stranger),
                json!({ "enabled": false }),
            )
            .token(&world.admin)
            .expect(200)
            .await;
        let names = [
            "root@example.com",
            "unknown@example.com",
            "stranger@example.com",
            "nonsense",
        ];
        let mut answers = names.map(|name| (name, String::new(), std::time::Duration::MAX));
        // In turns: what else the machine does in the meantime meets them all.
        for _ in 0..12 {
            for (name, text, quickest) in &mut answers {
                let started = std::time::Instant::now();
                let answer = rpc(
                    world,
                    "sign_in",
                    &[("identifier", *name), ("password", "guessed")],
                )
                .expect(401)
                .await;
                *quickest = (*quickest).min(started.elapsed());
                *text = answer.text;
            }
        }
        let (_, text, least) = &answers[0];
        for (name, other, time) in &answers {
            assert_eq!(other, text, "{name}");
            let ratio = time.as_secs_f64() / least.as_secs_f64();
            assert!((0.4..2.5).contains(&ratio), "{name}: {ratio}");
        }
        let form = |id: &str| {
            world.token_request(&[
                ("grant_type", "client_credentials"),
                ("client_id", id),
                ("client_secret", "guessed"),
            ])
        };
        let known = form(&world.backend.0.to_string()).expect(401).await;
        let unknown = form("cli_01h00000000000000000000000").expect(401).await;
        assert_eq!(known.text, unknown.text);
        // What may not be seen and what is not there look the same, too.
        let nothing = guildhall::id::OrganizationId::compose(1, 1);
        let there = world
            .get(&format!("/v1/organizations/{}", world.globex.id))
            .token(&world.acme.org_admin)
            .expect(404)
            .await;
        let not_there = world
            .get(&format!("/v1/organizations/{nothing}"))
            .token(&world.acme.org_admin)
            .expect(404)
            .await;
        let malformed = world
            .get("/v1/organizations/nonsense")
            .token(&world.acme.org_admin)
            .expect(404)
            .await;
        assert_eq!((&there.text, &there.text), (&not_there.text, &malformed.text));
    });
}

#[test]
fn abuse_57_requests_from_other_sites() {
    run_on_each(async |world: &World| {
        let cookie = world.session("root").await;
        let path = format!("/v1/organizations/{}", world.acme.id);
        let update = || {
            world
                .put(&path, json!({ "alias_name": "Hacked" }))
                .header("cookie", &cookie)
        };
        update().expect(403).await;
        for origin in [
            "https://evil.example",
            "null",
            "http://localhost:1",
            &world.url.replace("http:", "https:"),
            &format!("{}.evil.example", world.url),
        ] {
            update().header("origin", origin).expect(403).await;
            update()
                .header("origin", origin)
                .header("sec-fetch-site", "same-origin")
                .expect(403)
                .await;
        }
        for site in ["cross-site", "same-site", "none"] {
            update().header("sec-fetch-site", site).expect(403).await;
        }
        // What a form of another site can send.
        let forged = |kind: &str| {
            world
                .call("POST", "/v1/organizations")
                .header("cookie", &cookie)
                .body(kind, r#"{"name":"x","domain":"x.example","app_ids":[],"a":"="}"#)
        };
        for kind in [
            "text/plain",
            "text/plain;charset=UTF-8",
            FORM,
            "multipart/form-data; boundary=x",
        ] {
            forged(kind)
                .header("origin", "https://evil.example")
                .expect(403)
                .await;
            forged(kind).expect(403).await;
        }
        forged("text/plain")
            .header("origin", &world.url)
            .expect(403)
            .await;
        // Server functions: by POST from our own pages only.
        for name in [
            "sign_in",
            "sign_out",
            "update_organization",
            "delete_organization",
        ] {
            let function = format!("/rpc/{name}");
            for call in [
                world
                    .get(&format!("{function}?organization_id={}", world.acme.id))
                    .header("origin", &world.url),
                world.get(&function),
                world.call("POST", &function).body(FORM, ""),
                world
                    .call("POST", &function)
                    .body(FORM, "")
                    .header("origin", "https://evil.example"),
                world
                    .call("POST", &function)
                    .body("text/plain", "")
                    .header("origin", &world.url),
                world
                    .call("PUT", &function)
                    .body(FORM, "")
                    .header("origin", &world.url),
            ] {
                let answer = call.header("cookie", &cookie).send().await;
                assert_eq!(answer.status, 403, "{name}: {}", answer.text);
            }
        }
        // Nothing happened; from our own page it does.
        let seen = world.get(&path).header("cookie", &cookie).expect(200).await;
        assert!(seen.result()["alias_name"].is_null());
        update().header("origin", &world.url).expect(200).await;
        update().header("sec-fetch-site", "same-origin").expect(200).await;
        // A program with a token is no browser.
        world
            .put(&path, json!({}))
            .token(&world.admin)
            .header("origin", "https://elsewhere.example")
            .expect(200)
            .await;
        // Nobody else's page may read an answer.
        let answer = world
            .get(&path)
            .header("cookie", &cookie)
            .header("origin", "https://evil.example")
            .expect(200)
            .await;
        assert!(answer.header("access-control-allow-origin").is_none());
    });
}

#[test]
fn abuse_12_markup_is_text_and_line_breaks_are_refused() {
    run_on_each(async |world: &World| {
        let markup = "<img src=x onerror=alert(1)>{{7*7}}";
        let made = world
            .post(
                "/v1/organizations",
                json!({ "name": markup, "domain": "m.example", "app_ids": [] }),
            )
            .token(&world.admin)
            .expect(201)
            .await;
        assert_eq!(made.text_of("name"), markup);
        for (field, value) in [
            ("name", "a\r\nBcc: x@example.com"),
            ("name", "a\u{0}b"),
            ("name", "a\u{202e}b"),
            ("alias_name", "a\nb"),
            ("domain", "a.example\r\nx"),
        ] {
            let answer = world
                .put(
                    &format!("/v1/organizations/{}", world.acme.id),
                    json!({ field: value }),
                )
                .token(&world.admin)
                .expect(400)
                .await;
            assert_eq!(answer.fields(), [field]);
        }
    });
}
