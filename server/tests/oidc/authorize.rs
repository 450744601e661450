//! The authorization request and the code: what works, and everything that must not.

use serde_json::json;

use super::{App, CALLBACK, Tokens, VERIFIER, also_member, claims, header, problem, value};
use crate::harness::{World, on_both, run_on_sqlite};

on_both! {
    /// From the application's link to its tokens, for a client with a secret and for one without.
    async fn a_member_signs_in(world) {
        for public in [false, true] {
            let app = App::of(world, &world.acme, public).await;
            let end = app.visit(world, None, &[("login_hint", "acme-member@example.com")]).await;
            assert!(end.starts_with("/signin?request="), "{end}");
            let cookie = world.session("acme-member").await;
            let end = app.visit(world, Some(&cookie), &[]).await;
            assert!(end.starts_with(&format!("{CALLBACK}&code=")), "{end}");
            assert_eq!(value(&end, "state").as_deref(), Some("st&te"));
            assert_eq!(value(&end, "iss").as_deref(), Some(world.url.as_str()));
            let answer = app.redeem(world, &value(&end, "code").unwrap()).expect(200).await;
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(answer.json["token_type"], "Bearer");
            assert_eq!(answer.json["scope"], "openid profile email");
            let tokens = Tokens::read(&answer);
            let (access, id) = (claims(&tokens.access), claims(&tokens.id));
            assert_eq!(header(&tokens.access)["typ"], "at+jwt");
            assert_ne!(header(&tokens.id)["typ"], "at+jwt");
            for of in [&access, &id] {
                assert_eq!(of["iss"], json!(world.url));
                assert_eq!(of["sub"], json!(world.acme.member));
                assert_eq!(of["org_id"], json!(world.acme.id));
                assert_eq!(of["org_name"], "Acme");
                assert_eq!(of["roles"], json!(["Viewer"]));
                assert_eq!(of["permissions"], json!(["documents:read"]));
                assert!(of["sid"].is_string() && of["auth_time"].is_i64());
            }
            assert_eq!(access["aud"], json!(world.acme.app));
            assert_eq!(access["client_id"], json!(app.client_id));
            assert!(access["jti"].is_string() && access["scope"] == "openid profile email");
            assert_eq!(id["aud"], json!(app.client_id));
            assert_eq!(id["nonce"], "n0nce");
            assert_eq!(id["email"], "acme-member@example.com");
        }
    }

    /// A second use of a code ends what the first one gave, and the audit says so.
    async fn a_code_used_twice(world) {
        let app = App::of(world, &world.acme, false).await;
        let cookie = world.session("acme-member").await;
        let code = app.code(world, &cookie, &[]).await;
        let first = Tokens::read(&app.redeem(world, &code).expect(200).await);
        assert!(app.is_active(world, &first.access).await);
        let again = app.redeem(world, &code).expect(400).await;
        assert_eq!(again.json["error"], "invalid_grant");
        assert!(!app.is_active(world, &first.access).await);
        assert_eq!(app.refresh(world, &first.refresh).expect(400).await.json["error"], "invalid_grant");
        world.get("/oidc/userinfo").token(&first.access).expect(401).await;
        let audit = world.get("/v1/audit?operation=redeem_code").token(&world.admin).expect(200).await;
        assert!(audit.text.contains("used twice"), "{}", audit.text);
    }

    /// Many try at once: one gets tokens, and then nobody has any.
    async fn a_code_redeemed_by_many_at_once(world) {
        let app = App::of(world, &world.acme, true).await;
        let cookie = world.session("acme-member").await;
        let code = app.code(world, &cookie, &[]).await;
        let answers = futures::future::join_all((0..8).map(|_| app.redeem(world, &code).send())).await;
        let given: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert!(given.len() <= 1, "{} got tokens", given.len());
        for answer in given {
            world.get("/oidc/userinfo").token(&Tokens::read(answer).access).expect(401).await;
        }
    }
}

/// A link that the application cannot have made ends on a page of ours: nothing is sent anywhere.
#[test]
fn abuse_52_a_redirect_uri_that_almost_matches() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let cookie = world.session("acme-member").await;
        for bent in [
            "https://app.example/callback",
            "https://app.example/callback?from=guildhall&more=1",
            "https://app.example/callback?from=guildhall/",
            "https://app.example/callback?from=guildhall#x",
            "https://APP.example/callback?from=guildhall",
            "https://app.example:443/callback?from=guildhall",
            "http://app.example/callback?from=guildhall",
            "https://app.example/callback/../callback?from=guildhall",
            "https://app.example.evil.example/callback?from=guildhall",
            "https://evil.example",
            "//evil.example",
            "/account",
            " https://app.example/callback?from=guildhall",
            "javascript:alert(1)",
            "",
        ] {
            for cookie in [None, Some(cookie.as_str())] {
                let mut call = world
                    .get(&app.asks(&[("redirect_uri", bent)]))
                    .header("accept", "text/html");
                if let Some(cookie) = cookie {
                    call = call.header("cookie", cookie);
                }
                let answer = problem(world, call, 400).await;
                assert_eq!(answer.header("location"), None, "{bent}");
                assert!(answer.text.contains("The way back is not registered"), "{bent}");
                assert!(!answer.text.contains("evil.example"), "{bent}");
            }
        }
        for unknown in [
            "",
            "nonsense",
            "cli_01h00000000000000000000000",
            &world.backend.0.to_string(),
        ] {
            let call = world.get(&app.asks(&[("client_id", unknown)]));
            let answer = problem(world, call, 400).await;
            assert_eq!(answer.header("location"), None);
            assert!(answer.text.contains("This application is not known"));
        }
        // Given twice, the second may be what a proxy looked at.
        let twice = format!("{}&redirect_uri=https%3A%2F%2Fevil.example", app.asks(&[]));
        let answer = problem(world, world.get(&twice), 400).await;
        assert_eq!(answer.header("location"), None);
        let twice = format!("{}&client_id=cli_other", app.asks(&[]));
        problem(world, world.get(&twice), 400).await;
    });
}

/// What else is wrong, the application is told, with its state and our name (RFC 6749, 4.1.2.1; RFC 9207).
#[test]
fn a_wrong_request_is_answered_at_the_redirect_uri() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        for (name, bent, error) in [
            ("response_type", "-", "invalid_request"),
            ("response_type", "token", "unsupported_response_type"),
            ("response_mode", "fragment", "invalid_request"),
            ("scope", "everything", "invalid_scope"),
            ("code_challenge", "-", "invalid_request"),
            ("code_challenge", "short", "invalid_request"),
            ("code_challenge_method", "-", "invalid_request"),
            ("code_challenge_method", "plain", "invalid_request"),
            ("prompt", "none login", "invalid_request"),
            ("max_age", "soon", "invalid_request"),
            ("request", "e30.e30.", "request_not_supported"),
            ("request_uri", "https://evil.example", "request_uri_not_supported"),
        ] {
            let answer = world.get(&app.asks(&[(name, bent)])).expect(303).await;
            let location = answer.header("location").unwrap();
            assert!(location.starts_with(CALLBACK), "{name}={bent}: {location}");
            assert_eq!(value(location, "error").as_deref(), Some(error), "{name}={bent}");
            assert_eq!(value(location, "state").as_deref(), Some("st&te"));
            assert_eq!(value(location, "iss").as_deref(), Some(world.url.as_str()));
            assert_eq!(value(location, "code"), None);
        }
        let twice = format!("{}&nonce=other", app.asks(&[]));
        let answer = world.get(&twice).expect(303).await;
        let location = answer.header("location").unwrap();
        assert_eq!(value(location, "error").as_deref(), Some("invalid_request"));
        // Without a state there is none in the answer.
        let answer = world
            .get(&app.asks(&[("state", "-"), ("scope", "x")]))
            .expect(303)
            .await;
        assert_eq!(value(answer.header("location").unwrap(), "state"), None);
    });
}

/// The request may come as a form from the application's page, which brings no session.
#[test]
fn a_request_by_form_is_the_same() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let query = app.asks(&[]);
        let body = query.split_once('?').unwrap().1.to_owned();
        let answer = world
            .call("POST", "/oidc/authorize")
            .header("origin", "https://app.example")
            .body("application/x-www-form-urlencoded", body)
            .expect(303)
            .await;
        let next = answer.header("location").unwrap().to_owned();
        assert!(next.starts_with("/oidc/continue?request="), "{next}");
        let cookie = world.session("acme-member").await;
        let end = super::follow(world, Some(&cookie), next).await;
        assert!(value(&end, "code").is_some(), "{end}");
    });
}

/// A code is good for the client, the address and the verifier that it was asked with, and for a minute.
#[test]
fn a_code_is_bound_to_whoever_asked_for_it() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let other = App::of(world, &world.acme, true).await;
        let foreign = App::of(world, &world.globex, false).await;
        let cookie = world.session("acme-member").await;
        // Somebody else's attempt fails, and leaves the code to whose it is.
        let code = app.code(world, &cookie, &[]).await;
        for thief in [&other, &foreign] {
            assert_eq!(
                thief.redeem(world, &code).expect(400).await.json["error"],
                "invalid_grant"
            );
        }
        app.redeem(world, &code).expect(200).await;
        // One's own wrong attempt ends it.
        for (name, bent) in [
            ("redirect_uri", "https://app.example/callback"),
            ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXx"),
            ("code_verifier", super::CHALLENGE),
        ] {
            let code = app.code(world, &cookie, &[]).await;
            let mut fields = vec![
                ("grant_type", "authorization_code"),
                ("code", code.as_str()),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ];
            fields.retain(|(field, _)| *field != name);
            let without = app.form(world, "/oidc/token", &fields).expect(400).await;
            assert_eq!(without.json["error"], "invalid_request", "without {name}");
            fields.push((name, bent));
            let refused = app.form(world, "/oidc/token", &fields).expect(400).await;
            assert_eq!(refused.json["error"], "invalid_grant", "{name}={bent}");
            app.redeem(world, &code).expect(400).await;
        }
        // A wrong secret, no secret, a secret of a client that has none: no client.
        let code = app.code(world, &cookie, &[]).await;
        for impostor in [
            App {
                client_id: app.client_id.clone(),
                secret: None,
            },
            App {
                client_id: app.client_id.clone(),
                secret: Some("guessed".into()),
            },
            App {
                client_id: other.client_id.clone(),
                secret: Some("guessed".into()),
            },
            App {
                client_id: "cli_01h00000000000000000000000".into(),
                secret: None,
            },
        ] {
            let refused = impostor.redeem(world, &code).expect(401).await;
            assert_eq!(refused.json["error"], "invalid_client");
        }
        world.console.clock().advance(61_000);
        let late = app.redeem(world, &code).expect(400).await;
        assert_eq!(late.json["error"], "invalid_grant");
    });
}

/// Nobody is asked anything where the application says so; it is told what would have been asked.
#[test]
fn prompt_and_max_age() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let error = |end: &str| value(end, "error").unwrap_or_else(|| panic!("no error in {end}"));
        let silent = [("prompt", "none")];
        assert_eq!(error(&app.visit(world, None, &silent).await), "login_required");
        let cookie = world.session("acme-member").await;
        assert!(value(&app.visit(world, Some(&cookie), &silent).await, "code").is_some());
        also_member(world, &world.acme, "globex-member").await;
        let both = world.session("globex-member").await;
        assert!(
            value(&app.visit(world, Some(&both), &silent).await, "code").is_some(),
            "Globex has no Invoices"
        );
        let stranger = world.session("stranger").await;
        assert_eq!(
            error(&app.visit(world, Some(&stranger), &silent).await),
            "access_denied"
        );

        // Anew: whoever signed in before the application asked is asked again, once.
        for anew in [
            [("prompt", "login")],
            [("max_age", "0")],
            [("prompt", "select_account")],
        ] {
            world.console.clock().advance(1000);
            let end = app.visit(world, Some(&cookie), &anew).await;
            assert!(end.starts_with("/signin?request="), "{anew:?}: {end}");
            let request = value(&end, "request").unwrap();
            world.console.clock().advance(1000);
            let fresh = world.session("acme-member").await;
            let end = super::follow(world, Some(&fresh), format!("/oidc/continue?request={request}")).await;
            assert!(value(&end, "code").is_some(), "{anew:?}: {end}");
        }
        let aged = [("max_age", "60"), ("prompt", "none")];
        let young = world.session("acme-member").await;
        assert!(value(&app.visit(world, Some(&young), &aged).await, "code").is_some());
        world.console.clock().advance(61_000);
        assert_eq!(
            error(&app.visit(world, Some(&young), &aged).await),
            "login_required"
        );
    });
}

/// Discovery says where everything is, and every address in it answers.
#[test]
fn discovery_tells_the_truth() {
    run_on_sqlite(async |world: &World| {
        let document = world.get("/.well-known/openid-configuration").expect(200).await;
        assert_eq!(document.json["issuer"], json!(world.url));
        assert_eq!(document.header("access-control-allow-origin"), Some("*"));
        assert_eq!(document.json["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(
            document.json["authorization_response_iss_parameter_supported"],
            true
        );
        for (name, address) in document.json.as_object().unwrap() {
            if !(name.ends_with("_endpoint") || name == "jwks_uri") {
                continue;
            }
            let path = address.as_str().unwrap().strip_prefix(&world.url).unwrap();
            let got = world.get(path).send().await;
            assert_ne!(got.status, 404, "{name}");
            assert!(got.status < 500, "{name}: {}", got.text);
        }
        let same = world
            .get("/.well-known/oauth-authorization-server")
            .expect(200)
            .await;
        assert_eq!(same.json, document.json);
        // A page elsewhere may ask the token endpoint, but nothing in the name of our cookie.
        let preflight = world
            .call("OPTIONS", "/oidc/token")
            .header("origin", "https://app.example")
            .header("access-control-request-method", "POST")
            .expect(204)
            .await;
        assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
        assert_eq!(preflight.header("access-control-allow-credentials"), None);
    });
}
