//! How often somebody may ask, and guess (ABUSE 14, 55).

use serde_json::json;

use crate::harness::{PASSWORD, World, run_with, run_with_on_each};

#[test]
fn whoever_asks_too_often_waits() {
    run_with(
        |config| config.rate_limit = Some(5),
        async |world: &World| {
            let path = format!("/v1/organizations/{}", world.acme.id);
            let mut last = world.get(&path).token(&world.acme.org_admin).expect(200).await;
            assert_eq!(
                (
                    last.header("x-ratelimit-limit"),
                    last.header("x-ratelimit-remaining")
                ),
                (Some("10"), Some("9"))
            );
            for _ in 0..20 {
                last = world.get(&path).token(&world.acme.org_admin).send().await;
                if last.status == 429 {
                    break;
                }
            }
            assert_eq!(last.status, 429);
            assert_eq!(
                (last.header("x-ratelimit-remaining"), last.header("retry-after")),
                (Some("0"), Some("1"))
            );
            let reset: i64 = last.header("x-ratelimit-reset").unwrap().parse().unwrap();
            let now = world.console.clock().now() / 1000;
            assert!((now..now + 5).contains(&reset), "{reset} {now}");
            assert_eq!(last.json["error_code"], 429);
            // Others have a bucket of their own.
            world.get(&path).token(&world.admin).expect(200).await;
            tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
            let again = world.get(&path).token(&world.acme.org_admin).send().await;
            assert_ne!(again.status, 429);
        },
    );
}

#[test]
fn every_answer_says_what_is_left() {
    run_with(
        |config| config.rate_limit = Some(100),
        async |world: &World| {
            for call in [
                world.get("/v1/organizations").token(&world.admin),
                world.get("/v1/organizations"),
                world.get("/v1/nothing"),
                world.call("PATCH", "/v1/organizations"),
                world.get("/v1/organizations").token("x"),
            ] {
                let answer = call.send().await;
                for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
                    assert!(
                        answer
                            .header(name)
                            .is_some_and(|value| value.parse::<u64>().is_ok()),
                        "{name}: {}",
                        answer.text
                    );
                }
            }
        },
    );
}

#[test]
fn abuse_14_a_thousand_additions() {
    run_with_on_each(
        |config| config.rate_limit = Some(20),
        async |world: &World| {
            let path = format!("/v1/organizations/{}/members", world.acme.id);
            let body = |n: u32| json!({ "email": format!("new{n}@example.com"), "role_ids": ["Organization Member"], "send_invite": true });
            let mut refused = None;
            for n in 0..1000 {
                let answer = world
                    .post(&path, body(n))
                    .token(&world.acme.org_admin)
                    .send()
                    .await;
                if answer.status == 429 {
                    refused = Some(answer);
                    break;
                }
                assert_eq!(answer.status, 200, "{}", answer.text);
            }
            assert!(refused.is_some_and(|answer| answer.header("retry-after").is_some()));
        },
    );
}

#[test]
fn abuse_55_guessing_a_clients_secret_keeps_out_the_guesser_and_not_the_client() {
    let set = |config: &mut server::config::Config| {
        config.rate_limit = Some(1000);
        config.trust_proxy = true;
    };
    run_with_on_each(set, async |world: &World| {
        let (id, right) = (world.backend.0.to_string(), world.backend.1.as_str());
        let ask = |secret: &str, from: &str| {
            let form = [
                ("grant_type", "client_credentials"),
                ("client_id", id.as_str()),
                ("client_secret", secret),
            ];
            world.token_request(&form).header("x-forwarded-for", from)
        };
        for _ in 0..50 {
            ask("guessed", "198.51.100.1").expect(401).await;
        }
        let limited = ask("guessed", "198.51.100.1").expect(429).await;
        assert!(limited.header("retry-after").is_some());
        for _ in 0..20 {
            ask(right, "198.51.100.2").expect(200).await;
        }
    });
}

#[test]
fn abuse_55_guessing_a_password_from_changing_addresses() {
    for trust_proxy in [false, true] {
        let set = move |config: &mut server::config::Config| {
            config.rate_limit = Some(100);
            config.trust_proxy = trust_proxy;
        };
        run_with_on_each(set, async |world: &World| {
            let sign_in = |password: &str, from: u32| {
                let form = form_urlencoded::Serializer::new(String::new())
                    .extend_pairs([("identifier", "Root@example.com"), ("password", password)])
                    .finish();
                world
                    .call("POST", "/rpc/sign_in")
                    .body("application/x-www-form-urlencoded", form)
                    .header("origin", &world.url)
                    .header("x-forwarded-for", format!("198.51.100.{from}"))
            };
            // Without a proxy of ours they are one address; with one, it is the account that is limited.
            let guesses = if trust_proxy { 100 } else { 10 };
            for from in 0..guesses {
                sign_in("guessed", from).expect(401).await;
            }
            // The right password, too: whoever guesses must not learn that it was right.
            for password in ["guessed", PASSWORD] {
                let limited = sign_in(password, 200).expect(429).await;
                assert!(limited.header("retry-after").is_some());
            }
        });
    }
}
