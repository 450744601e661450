//! Passwords: which ones nobody may choose, temporary ones, and the way back for whoever forgot theirs.

use serde_json::{Value, json};

use super::abuse::{cookie_of, rpc};
use crate::harness::{PASSWORD, World, on_both, run_on_each, run_with, run_with_on_each};

/// What the newest mail to an address has after `path` in its link.
pub async fn token_in(world: &World, address: &str, path: &str) -> String {
    let mut tx = world.console.db().read().await.unwrap();
    let mails: Vec<(Option<String>,)> = tx
        .query("SELECT body FROM outbox WHERE recipient = $1 ORDER BY id DESC")
        .bind(address.to_owned())
        .all()
        .await
        .unwrap();
    let body = mails
        .iter()
        .flat_map(|(body,)| body)
        .find(|body| body.contains(path));
    let body: Value = serde_json::from_str(body.unwrap_or_else(|| panic!("no {path} to {address}"))).unwrap();
    let text = body["text"].as_str().unwrap();
    let token = text.split(path).nth(1).unwrap();
    token
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect()
}

/// How many mails of a kind were written to an address.
async fn mails(world: &World, address: &str, kind: &str) -> i64 {
    let mut tx = world.console.db().read().await.unwrap();
    let (count,): (i64,) = tx
        .query("SELECT COUNT(*) FROM outbox WHERE recipient = $1 AND kind = $2")
        .bind(address.to_owned())
        .bind(kind.to_owned())
        .one()
        .await
        .unwrap();
    count
}

fn ask(world: &World, address: &str) -> crate::harness::Call {
    rpc(world, "request_password_reset", &[("email", address)])
}

fn reset(world: &World, token: &str, password: &str) -> crate::harness::Call {
    rpc(
        world,
        "reset_password",
        &[("token", token), ("password", password)],
    )
}

fn look(world: &World, token: &str) -> crate::harness::Call {
    world
        .post("/rpc/get_password_reset", json!({ "token": token }))
        .header("origin", &world.url)
}

fn sign_in(world: &World, name: &str, password: &str) -> crate::harness::Call {
    rpc(
        world,
        "sign_in",
        &[
            ("identifier", &format!("{name}@example.com")),
            ("password", password),
        ],
    )
}

on_both! {
    async fn a_forgotten_password_is_replaced_by_the_newest_link_once(world) {
        let (address, name) = ("stranger@example.com", "stranger");
        let cookie = world.session(name).await;
        let token = world.call("POST", "/v1/me/token").json(json!({})).header("cookie", &cookie).header("origin", &world.url).expect(200).await.text_of("access_token");
        world.get("/v1/me").token(&token).expect(200).await;
        ask(world, address).expect(200).await;
        let first = token_in(world, address, "/reset/").await;
        assert!(first.len() >= 22, "at least 128 bits");
        // However the address is written, it is the same mailbox.
        ask(world, "Stranger@Example.com").expect(200).await;
        let second = token_in(world, address, "/reset/").await;
        look(world, &first).expect(410).await;
        reset(world, &first, "quite another one").expect(410).await;
        // Looking uses nothing up, nor does a password that nobody may choose.
        assert_eq!(look(world, &second).expect(200).await.json["email"], address);
        look(world, &second).expect(200).await;
        for bad in ["short", "password123", "stranger@example.com"] {
            let refused = reset(world, &second, bad).expect(400).await;
            assert_eq!(refused.json["fields"][0]["field"], "password", "{}", refused.text);
        }
        reset(world, &second, "quite another one").expect(200).await;
        reset(world, &second, "and yet another one").expect(410).await;
        look(world, &second).expect(410).await;
        // Sessions and tokens have ended, the old password too, and the owner is told.
        world.get("/v1/me").header("cookie", &cookie).expect(401).await;
        world.get("/v1/me").token(&token).expect(401).await;
        sign_in(world, name, PASSWORD).expect(401).await;
        sign_in(world, name, "quite another one").expect(200).await;
        assert_eq!(mails(world, address, "password_changed").await, 1);
        let user = world.get(&format!("/v1/users/{}", world.stranger)).token(&world.admin).expect(200).await;
        assert_eq!(user.result()["email"]["email_verified"], true);
    }

    async fn a_link_for_a_forgotten_password_dies(world) {
        let address = "stranger@example.com";
        let fresh = async || {
            ask(world, address).expect(200).await;
            token_in(world, address, "/reset/").await
        };
        // With a password that was set otherwise.
        let token = fresh().await;
        let path = format!("/v1/users/{}", world.stranger);
        world.post(&format!("{path}/password"), json!({ "password": "set by somebody", "force_replace": false })).token(&world.admin).expect(204).await;
        reset(world, &token, "quite another one").expect(410).await;
        // With the address that it was sent to.
        let token = fresh().await;
        world.put(&path, json!({ "email": "moved@example.com" })).token(&world.admin).expect(200).await;
        reset(world, &token, "quite another one").expect(410).await;
        world.put(&path, json!({ "email": address })).token(&world.admin).expect(200).await;
        // With the account.
        let token = fresh().await;
        world.put(&path, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        reset(world, &token, "quite another one").expect(410).await;
        let before = mails(world, address, "password_reset").await;
        ask(world, address).expect(200).await;
        assert_eq!(mails(world, address, "password_reset").await, before, "a disabled account gets no link");
        sign_in(world, "stranger", "set by somebody").expect(401).await;
        // After an hour.
        world.put(&path, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        let token = fresh().await;
        world.console.clock().advance(61 * 60 * 1000);
        look(world, &token).expect(410).await;
        reset(world, &token, "quite another one").expect(410).await;
    }

    async fn of_many_who_use_a_link_at_once_one_sets_the_password(world) {
        ask(world, "stranger@example.com").expect(200).await;
        let token = token_in(world, "stranger@example.com", "/reset/").await;
        let passwords: Vec<String> = (0..8).map(|n| format!("quite another one {n}")).collect();
        let answers = futures::future::join_all(passwords.iter().map(|password| reset(world, &token, password).send())).await;
        let set: Vec<usize> = (0..8).filter(|at| answers[*at].status == 200).collect();
        assert_eq!(set.len(), 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
        sign_in(world, "stranger", &passwords[set[0]]).expect(200).await;
    }

    async fn a_temporary_password_opens_nothing_before_it_is_changed(world) {
        let admin = world.acme.admin;
        let set = json!({ "password": "a temporary one" });
        world.post(&format!("/v1/users/{admin}/password"), set).token(&world.admin).expect(204).await;
        let signed_in = sign_in(world, "acme-admin", "a temporary one").expect(200).await;
        assert_eq!(signed_in.json["to"], "/account/password");
        let cookie = cookie_of(&signed_in);
        let me = world.get("/v1/me").header("cookie", &cookie).expect(200).await;
        assert_eq!(me.result()["must_change_password"], true);
        let by_session = |method: &str, path: &str| world.call(method, path).header("cookie", &cookie).header("origin", &world.url);
        for (method, path) in [
            ("POST", "/v1/me/token".to_owned()),
            ("GET", "/v1/me/profile".to_owned()),
            ("GET", "/v1/me/organizations".to_owned()),
            ("DELETE", format!("/v1/me/organizations/{}", world.acme.id)),
            ("GET", format!("/v1/organizations/{}/members", world.acme.id)),
        ] {
            let refused = by_session(method, &path).send().await;
            assert_eq!(refused.status, 403, "{path}: {}", refused.text);
            assert!(refused.json["message"].as_str().unwrap().contains("Change your password"), "{path}: {}", refused.text);
        }
        for name in ["list_own_sessions", "get_own_profile"] {
            world.post(&format!("/rpc/{name}"), json!({})).header("cookie", &cookie).header("origin", &world.url).expect(403).await;
        }
        let change = |new: &str| rpc(world, "change_own_password", &[("current_password", "a temporary one"), ("new_password", new), ("forced", "true")]).header("cookie", &cookie);
        change("a temporary one").expect(400).await;
        change("password123").expect(400).await;
        change("one of my own choice").expect(200).await;
        by_session("POST", "/v1/me/token").expect(200).await;
        by_session("GET", "/v1/me/profile").expect(200).await;
    }

    async fn nobody_chooses_a_common_password_anywhere(world) {
        let common = "qwerty123456";
        let acme = format!("/v1/organizations/{}/members", world.acme.id);
        let made = |password: &str| json!({ "email": "new@example.com", "name": { "first_name": "Grace", "last_name": "Hopper-Murray" }, "credentials": { "password": password } });
        for (method, path, body, field) in [
            ("POST", "/v1/users".to_owned(), made(common), "credentials.password"),
            ("POST", "/v1/users".to_owned(), made("grace hopper murray"), "credentials.password"),
            ("POST", "/v1/users".to_owned(), made("12345678"), "credentials.password"),
            ("POST", acme.clone(), json!({ "email": "new@example.com", "role_ids": ["Organization Member"], "credentials": { "password": common } }), "credentials.password"),
            ("POST", format!("/v1/users/{}/password", world.stranger), json!({ "password": common }), "password"),
            ("POST", format!("/v1/users/{}/password", world.stranger), json!({ "password": "Stranger@Example.com" }), "password"),
        ] {
            let refused = world.call(method, &path).json(body).token(&world.admin).expect(400).await;
            assert_eq!(refused.fields(), [field], "{path}: {}", refused.text);
        }
        // The organization's own name, for whoever is in it.
        world.put(&format!("/v1/organizations/{}", world.acme.id), json!({ "name": "Acme Holdings" })).token(&world.admin).expect(200).await;
        let body = json!({ "email": "new@example.com", "role_ids": ["Organization Member"], "credentials": { "password": "acmeholdings" } });
        assert_eq!(world.post(&acme, body).token(&world.admin).expect(400).await.fields(), ["credentials.password"]);
        let cookie = world.session("acme-member").await;
        for bad in [common, "acme holdings", "acme-member@example.com"] {
            let change = rpc(world, "change_own_password", &[("current_password", PASSWORD), ("new_password", bad)]);
            let refused = change.header("cookie", &cookie).expect(400).await;
            assert_eq!(refused.json["fields"][0]["field"], "new_password", "{}", refused.text);
        }
    }

    async fn a_repeat_with_another_password_is_another_request(world) {
        let path = format!("/v1/users/{}/password", world.stranger);
        let set = |password: &str| world.post(&path, json!({ "password": password, "force_replace": false })).token(&world.admin).header("idempotency-key", "once");
        set("the first of two").expect(204).await;
        set("the first of two").expect(204).await;
        set("the second of two").expect(422).await;
        sign_in(world, "stranger", "the first of two").expect(200).await;
    }
}

#[test]
fn abuse_56_asking_for_a_new_password_looks_the_same_for_everybody() {
    run_on_each(async |world: &World| {
        let path = format!("/v1/users/{}", world.globex.member);
        world
            .put(&path, json!({ "enabled": false }))
            .token(&world.admin)
            .expect(200)
            .await;
        let mut answers = Vec::new();
        for address in [
            "stranger@example.com",
            "unknown@example.com",
            "globex-member@example.com",
        ] {
            let (mut least, mut most, mut text) =
                (std::time::Duration::MAX, std::time::Duration::ZERO, String::new());
            for _ in 0..5 {
                let started = std::time::Instant::now();
                let answer = ask(world, address).expect(200).await;
                least = least.min(started.elapsed());
                most = most.max(started.elapsed());
                text = answer.text;
            }
            answers.push((address, text, least, most));
        }
        assert_eq!(mails(world, "stranger@example.com", "password_reset").await, 5);
        let (_, text, quick, _) = answers[0].clone();
        for (address, other, least, _) in &answers {
            assert_eq!(*other, text, "{address}");
            let apart = least.abs_diff(quick);
            assert!(
                apart < std::time::Duration::from_millis(20),
                "{address}: {apart:?} apart"
            );
        }
    });
}

#[test]
fn abuse_14_links_for_a_forgotten_password_are_few_whoever_they_are_for() {
    run_with_on_each(
        |config| {
            config.rate_limit = Some(1000);
            config.trust_proxy = true;
        },
        async |world: &World| {
            let from = |address: &str, ip: u32| {
                ask(world, address).header("x-forwarded-for", format!("198.51.100.{ip}"))
            };
            for address in ["stranger@example.com", "unknown@example.com"] {
                for ip in 0..3 {
                    from(address, ip).expect(200).await;
                }
                // From wherever: it is the mailbox that is spared.
                let refused = from(&address.to_uppercase(), 9).expect(429).await;
                assert!(refused.header("retry-after").is_some());
            }
            for n in 0..10 {
                from(&format!("somebody{n}@example.com"), 77).expect(200).await;
            }
            from("somebody10@example.com", 77).expect(429).await;
        },
    );
}

#[test]
fn a_password_is_judged_while_it_is_typed_and_not_too_often() {
    run_with(
        |config| config.rate_limit = Some(1000),
        async |world: &World| {
            let judge = |password: &str| {
                world
                    .post(
                        "/rpc/rate_password",
                        json!({ "password": password, "email": null }),
                    )
                    .header("origin", &world.url)
            };
            let refused = judge("password123").expect(200).await;
            assert_eq!(refused.json["strength"], "refused");
            assert!(
                refused.json["advice"]
                    .as_str()
                    .is_some_and(|advice| !advice.contains("password123"))
            );
            assert_eq!(
                judge("tangerine sofa orbit kelp").expect(200).await.json["strength"],
                "strong"
            );
            let mut last = 200;
            for _ in 0..40 {
                last = judge(&"x y".repeat(10_000)).send().await.status;
                if last == 429 {
                    break;
                }
            }
            assert_eq!(last, 429);
        },
    );
}
