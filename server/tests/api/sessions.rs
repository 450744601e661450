//! Sessions: seen, ended, and dead at the next click on every node, with the access tokens that they asked for.

use axum::body::Body;
use http::Request;
use serde_json::json;
use tower::ServiceExt as _;

use super::abuse::{cookie_of, rpc};
use crate::harness::{PASSWORD, World, on_both};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0";

/// Signs in from a browser: the cookie.
async fn browser(world: &World, name: &str, agent: &str) -> String {
    let call = rpc(
        world,
        "sign_in",
        &[
            ("identifier", &format!("{name}@example.com")),
            ("password", PASSWORD),
        ],
    );
    cookie_of(&call.header("user-agent", agent).expect(200).await)
}

async fn sessions(world: &World, cookie: &str) -> Vec<serde_json::Value> {
    let call = world
        .post("/rpc/list_own_sessions", json!({}))
        .header("cookie", cookie)
        .header("origin", &world.url);
    call.expect(200).await.json.as_array().unwrap().clone()
}

async fn token_of(world: &World, cookie: &str, body: serde_json::Value) -> String {
    let call = world
        .post("/v1/me/token", body)
        .header("cookie", cookie)
        .header("origin", &world.url);
    call.expect(200).await.text_of("access_token")
}

on_both! {
    async fn one_sees_where_one_is_signed_in_and_ends_it(world) {
        let here = browser(world, "acme-admin", FIREFOX).await;
        let phone = browser(world, "acme-admin", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1").await;
        let third = browser(world, "acme-admin", "curl/8").await;
        let list = sessions(world, &here).await;
        assert_eq!(list.len(), 3);
        let own = list.iter().find(|session| session["current"] == true).unwrap();
        assert_eq!((&own["device"], &own["ip"]), (&json!("Firefox on Linux"), &json!("127.0.0.1")));
        assert!(list.iter().all(|session| session.get("token_hash").is_none()));
        let of_phone = list.iter().find(|session| session["device"] == "Safari on iPhone").unwrap()["session_id"].as_str().unwrap().to_owned();
        let (token, org_token) = (token_of(world, &phone, json!({})).await, token_of(world, &phone, json!({ "organization_id": world.acme.id })).await);
        let own_token = token_of(world, &here, json!({})).await;
        let members = format!("/v1/organizations/{}/members", world.acme.id);
        world.get("/v1/me").token(&token).expect(200).await;
        world.get(&members).token(&org_token).expect(200).await;
        // Nobody ends somebody else's.
        let other = browser(world, "globex-member", FIREFOX).await;
        rpc(world, "end_own_session", &[("session_id", &of_phone)]).header("cookie", &other).expect(404).await;
        rpc(world, "end_own_session", &[("session_id", &of_phone)]).header("cookie", &here).expect(200).await;
        rpc(world, "end_own_session", &[("session_id", &of_phone)]).header("cookie", &here).expect(404).await;
        // The next click is denied, and so is the next call with a token that it asked for.
        world.get("/v1/me").header("cookie", &phone).expect(401).await;
        world.get("/v1/me").token(&token).expect(401).await;
        world.get(&members).token(&org_token).expect(401).await;
        world.get("/v1/me").token(&own_token).expect(200).await;
        // All others at once.
        rpc(world, "end_other_sessions", &[]).header("cookie", &here).expect(200).await;
        world.get("/v1/me").header("cookie", &third).expect(401).await;
        world.get("/v1/me").header("cookie", &here).expect(200).await;
        world.get("/v1/me").token(&own_token).expect(200).await;
        assert_eq!(sessions(world, &here).await.len(), 1);
        // Signing out ends its tokens, too.
        rpc(world, "sign_out", &[]).header("cookie", &here).expect(200).await;
        world.get("/v1/me").token(&own_token).expect(401).await;
    }

    async fn abuse_54_a_second_sign_in_leaves_no_session_behind(world) {
        let first = browser(world, "stranger", FIREFOX).await;
        let again = rpc(world, "sign_in", &[("identifier", "stranger@example.com"), ("password", PASSWORD)]);
        let second = cookie_of(&again.header("cookie", &first).expect(200).await);
        world.get("/v1/me").header("cookie", &first).expect(401).await;
        assert_eq!(sessions(world, &second).await.len(), 1);
        // A wrong password ends nothing.
        let wrong = rpc(world, "sign_in", &[("identifier", "stranger@example.com"), ("password", "not this one")]);
        wrong.header("cookie", &second).expect(401).await;
        world.get("/v1/me").header("cookie", &second).expect(200).await;
    }

    async fn abuse_17_nobody_sees_or_ends_the_sessions_of_another_customers_person(world) {
        let cookie = browser(world, "globex-member", FIREFOX).await;
        let id = sessions(world, &cookie).await[0]["session_id"].as_str().unwrap().to_owned();
        let (all, one) = (format!("/v1/users/{}/sessions", world.globex.member), format!("/v1/users/{}/sessions/{id}", world.globex.member));
        let admin = world.session("acme-admin").await;
        for (method, path) in [("GET", &all), ("DELETE", &all), ("DELETE", &one)] {
            for token in [&world.acme.org_admin, &world.acme.client, &world.user, &world.stranger_token] {
                let answer = world.call(method, path).token(token).send().await;
                assert!(matches!(answer.status, 403 | 404), "{method} {path}: {} {}", answer.status, answer.text);
            }
            let by_session = world.call(method, path).header("cookie", &admin).header("origin", &world.url).send().await;
            assert_eq!(by_session.status, 404, "{method} {path}: {}", by_session.text);
        }
        // The right id under another person is nobody's.
        world.delete(&format!("/v1/users/{}/sessions/{id}", world.acme.member)).token(&world.admin).expect(404).await;
        world.get("/v1/me").header("cookie", &cookie).expect(200).await;
    }

    async fn administrators_see_and_end_a_persons_sessions(world) {
        let (one, other) = (browser(world, "acme-member", FIREFOX).await, browser(world, "acme-member", "curl/8").await);
        let token = token_of(world, &other, json!({})).await;
        let path = format!("/v1/users/{}/sessions", world.acme.member);
        let listed = world.get(&path).token(&world.admin).expect(200).await;
        assert_eq!(listed.result().as_array().unwrap().len(), 2);
        assert!(listed.result().as_array().unwrap().iter().all(|session| session["current"] == false));
        let firefox = listed.result().as_array().unwrap().iter().find(|session| session["device"] == "Firefox on Linux").unwrap()["session_id"].as_str().unwrap().to_owned();
        world.delete(&format!("{path}/{firefox}")).token(&world.admin).expect(204).await;
        world.get("/v1/me").header("cookie", &one).expect(401).await;
        world.get("/v1/me").header("cookie", &other).expect(200).await;
        world.delete(&path).token(&world.admin).expect(204).await;
        world.get("/v1/me").header("cookie", &other).expect(401).await;
        world.get("/v1/me").token(&token).expect(401).await;
        // An administrator of the tenant is not to be put out by a program.
        world.delete(&format!("/v1/users/{}/sessions", world.root)).token(&world.admin).expect(403).await;
    }

    async fn when_a_session_was_last_used_is_kept_to_the_minute(world) {
        let cookie = browser(world, "stranger", FIREFOX).await;
        let used = async || sessions(world, &cookie).await[0]["last_used_at"].as_i64().unwrap();
        let first = used().await;
        world.console.clock().advance(30_000);
        world.get("/v1/me").header("cookie", &cookie).expect(200).await;
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        assert_eq!(used().await, first);
        world.console.clock().advance(31_000);
        world.get("/v1/me").header("cookie", &cookie).expect(200).await;
        let mut last = first;
        for _ in 0..100 {
            last = used().await;
            if last != first {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert!(last >= first + 60_000, "{first} {last}");
    }

    async fn abuse_30_what_is_taken_on_one_node_is_gone_on_the_other_at_the_next_click(world) {
        let node = world.another_node().await;
        let members = format!("/v1/organizations/{}/members", world.acme.id);
        let there = async |cookie: &str, path: &str| {
            let request = Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap();
            node.clone().oneshot(request).await.unwrap().status().as_u16()
        };
        let member = format!("{members}/{}", world.acme.member);
        world.put(&format!("{member}/organization-admin"), json!({ "admin": true })).token(&world.admin).expect(204).await;
        let cookie = browser(world, "acme-member", FIREFOX).await;
        // Each time the other node has just let them in.
        assert_eq!(there(&cookie, &members).await, 200);
        world.put(&member, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        assert_eq!(there(&cookie, &members).await, 403, "suspended");
        world.put(&member, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        assert_eq!(there(&cookie, &members).await, 200);
        world.put(&format!("{member}/organization-admin"), json!({ "admin": false })).token(&world.admin).expect(204).await;
        assert_eq!(there(&cookie, &members).await, 403, "no longer an administrator");
        world.delete(&member).token(&world.admin).expect(204).await;
        assert_eq!(there(&cookie, &members).await, 404, "removed");
        assert_eq!(there(&cookie, "/v1/me").await, 200);
        rpc(world, "sign_out", &[]).header("cookie", &cookie).expect(200).await;
        assert_eq!(there(&cookie, "/v1/me").await, 401, "signed out");
        // A password that was changed, and an account that was disabled.
        let (here, elsewhere) = (browser(world, "stranger", FIREFOX).await, browser(world, "stranger", FIREFOX).await);
        assert_eq!(there(&elsewhere, "/v1/me").await, 200);
        rpc(world, "change_own_password", &[("current_password", PASSWORD), ("new_password", "quite another one")]).header("cookie", &here).expect(200).await;
        assert_eq!(there(&elsewhere, "/v1/me").await, 401, "the password was changed");
        assert_eq!(there(&here, "/v1/me").await, 200);
        world.put(&format!("/v1/users/{}", world.stranger), json!({ "enabled": false })).token(&world.admin).expect(200).await;
        assert_eq!(there(&here, "/v1/me").await, 401, "disabled");
    }
}
