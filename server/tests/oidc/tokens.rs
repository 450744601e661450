//! Refreshing, looking at and ending tokens.

use serde_json::json;

use super::{App, Tokens, claims};
use crate::harness::{World, on_both, run_on_sqlite};

on_both! {
    /// Each refresh gives other tokens; what is looked up anew is in them.
    async fn a_refresh_token_is_replaced(world) {
        for public in [false, true] {
            let app = App::of(world, &world.acme, public).await;
            let cookie = world.session("acme-member").await;
            let first = app.tokens(world, &cookie, &[]).await;
            let second = Tokens::read(&app.refresh(world, &first.refresh).expect(200).await);
            assert_ne!(first.refresh, second.refresh);
            assert_eq!(claims(&first.access)["sid"], claims(&second.access)["sid"]);
            assert_eq!(claims(&second.id)["nonce"], json!(null));
            assert_eq!(claims(&second.id)["auth_time"], claims(&first.id)["auth_time"]);
            let third = Tokens::read(&app.refresh(world, &second.refresh).expect(200).await);
            world.get("/oidc/userinfo").token(&third.access).expect(200).await;
        }
    }

    /// A replaced one that comes again was stolen, from one side or the other: its whole family dies.
    async fn a_refresh_token_used_twice_ends_its_family(world) {
        let app = App::of(world, &world.acme, false).await;
        let cookie = world.session("acme-member").await;
        let first = app.tokens(world, &cookie, &[]).await;
        let other_family = app.tokens(world, &cookie, &[]).await;
        let second = Tokens::read(&app.refresh(world, &first.refresh).expect(200).await);
        let again = app.refresh(world, &first.refresh).expect(400).await;
        assert_eq!(again.json["error"], "invalid_grant");
        assert_eq!(app.refresh(world, &second.refresh).expect(400).await.json["error"], "invalid_grant");
        for dead in [&first.access, &second.access, &second.refresh] {
            assert!(!app.is_active(world, dead).await);
        }
        world.get("/oidc/userinfo").token(&second.access).expect(401).await;
        // Another sign-in is another family.
        app.refresh(world, &other_family.refresh).expect(200).await;
        let audit = world.get("/v1/audit?operation=refresh_app_token").token(&world.admin).expect(200).await;
        assert!(audit.text.contains("used twice"), "{}", audit.text);
        assert!(!audit.text.contains(&first.refresh) && !audit.text.contains(&second.refresh));
    }

    /// Revoking either token ends both; another client's, or none, changes nothing and tells nothing.
    async fn revoked_is_dead(world) {
        let app = App::of(world, &world.acme, false).await;
        let other = App::of(world, &world.acme, true).await;
        let cookie = world.session("acme-member").await;
        for which in ["access", "refresh"] {
            let tokens = app.tokens(world, &cookie, &[]).await;
            let token = if which == "access" { &tokens.access } else { &tokens.refresh };
            for (thief, token) in [(&other, token.as_str()), (&app, "guessed")] {
                let answer = thief.form(world, "/oidc/revoke", &[("token", token)]).expect(200).await;
                assert_eq!(answer.text, "");
            }
            assert!(app.is_active(world, token).await);
            app.form(world, "/oidc/revoke", &[("token", token)]).expect(200).await;
            assert!(!app.is_active(world, &tokens.access).await, "{which}");
            assert!(!app.is_active(world, &tokens.refresh).await, "{which}");
            app.refresh(world, &tokens.refresh).expect(400).await;
            app.form(world, "/oidc/revoke", &[("token", token)]).expect(200).await;
        }
    }
}

/// A narrower scope can be asked for, a wider one cannot; the next refresh has all of it again.
#[test]
fn a_refresh_can_narrow() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let cookie = world.session("acme-member").await;
        let tokens = app.tokens(world, &cookie, &[]).await;
        let ask = |token: String, scope: &'static str| {
            let fields = [
                ("grant_type", "refresh_token"),
                ("refresh_token", token.as_str()),
                ("scope", scope),
            ];
            app.form(world, "/oidc/token", &fields)
        };
        let wider = ask(tokens.refresh.clone(), "openid phone").expect(400).await;
        assert_eq!(wider.json["error"], "invalid_scope");
        let narrow = ask(tokens.refresh, "openid").expect(200).await;
        assert_eq!(narrow.json["scope"], "openid");
        let narrow = Tokens::read(&narrow);
        assert_eq!(claims(&narrow.id)["email"], json!(null));
        let info = world
            .get("/oidc/userinfo")
            .token(&narrow.access)
            .expect(200)
            .await;
        assert_eq!(info.json["email"], json!(null));
        let whole = app.refresh(world, &narrow.refresh).expect(200).await;
        assert_eq!(whole.json["scope"], "openid profile email");
    });
}

/// Somebody else's refresh token is nobody's: not refreshed, not ended.
#[test]
fn abuse_18_another_clients_tokens() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let foreign = App::of(world, &world.globex, false).await;
        let cookie = world.session("acme-member").await;
        let tokens = app.tokens(world, &cookie, &[]).await;
        assert_eq!(
            foreign.refresh(world, &tokens.refresh).expect(400).await.json["error"],
            "invalid_grant"
        );
        for token in [&tokens.access, &tokens.refresh, &tokens.id] {
            let answer = foreign
                .form(world, "/oidc/introspect", &[("token", token)])
                .expect(200)
                .await;
            assert_eq!(answer.json, json!({ "active": false }), "it says nothing else");
        }
        app.refresh(world, &tokens.refresh).expect(200).await;
    });
}

/// What introspection says (RFC 7662), to whom it says it, and of what it says nothing.
#[test]
fn introspection_tells_the_application() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let public = App::of(world, &world.acme, true).await;
        let cookie = world.session("acme-member").await;
        let tokens = public.tokens(world, &cookie, &[]).await;
        // The application's backend asks about what its public client got.
        let access = app
            .form(world, "/oidc/introspect", &[("token", &tokens.access)])
            .expect(200)
            .await;
        assert_eq!(access.header("cache-control"), Some("no-store"));
        for (name, value) in [
            ("active", json!(true)),
            ("token_type", json!("Bearer")),
            ("sub", json!(world.acme.member)),
            ("aud", json!(world.acme.app)),
            ("client_id", json!(public.client_id)),
            ("org_id", json!(world.acme.id)),
            ("roles", json!(["Viewer"])),
        ] {
            assert_eq!(access.json[name], value, "{name}");
        }
        let backend = App {
            client_id: world.backend.0.to_string(),
            secret: Some(world.backend.1.clone()),
        };
        assert!(backend.is_active(world, &tokens.access).await);
        assert!(backend.is_active(world, &world.admin).await);
        assert!(!app.is_active(world, &world.admin).await);
        for none in [
            tokens.id.as_str(),
            "guessed",
            "a.b.c",
            &tokens.refresh,
            &world.user,
        ] {
            assert!(!app.is_active(world, none).await, "{none}");
        }
        // A public client proves nothing, and so is told nothing.
        let refused = public
            .form(world, "/oidc/introspect", &[("token", &tokens.access)])
            .expect(401)
            .await;
        assert_eq!(refused.json["error"], "invalid_client");
        let missing = app.form(world, "/oidc/introspect", &[]).expect(400).await;
        assert_eq!(missing.json["error"], "invalid_request");
        world.console.clock().advance(601_000);
        assert!(!app.is_active(world, &tokens.access).await);
    });
}

/// An application's tokens open nothing of the console's own, and the console's open nothing at the provider.
#[test]
fn abuse_53_tokens_of_another_audience() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let cookie = world.session("acme-admin").await;
        let tokens = app.tokens(world, &cookie, &[]).await;
        for token in [&tokens.access, &tokens.id, &tokens.refresh] {
            for path in [
                "/v1/me",
                "/v1/me/organizations",
                &format!("/v1/organizations/{}/members", world.acme.id),
            ] {
                world.get(path).token(token).expect(401).await;
            }
        }
        for token in [
            &tokens.id,
            &tokens.refresh,
            &world.user,
            &world.acme.org_admin,
            &world.admin,
            &world.acme.client,
        ] {
            let answer = world.get("/oidc/userinfo").token(token).expect(401).await;
            assert!(
                answer
                    .header("www-authenticate")
                    .unwrap()
                    .contains("invalid_token")
            );
        }
        assert_eq!(
            world
                .get("/oidc/userinfo")
                .expect(401)
                .await
                .header("www-authenticate"),
            Some("Bearer")
        );
        let info = world
            .get("/oidc/userinfo")
            .token(&tokens.access)
            .expect(200)
            .await;
        assert_eq!(info.json["sub"], claims(&tokens.id)["sub"]);
        assert_eq!(info.json["name"], "acme-admin");
        // Without openid there is no ID token and nothing to tell.
        let code = app.code(world, &cookie, &[("scope", "email")]).await;
        let answer = app.redeem(world, &code).expect(200).await;
        assert_eq!(answer.json["id_token"], json!(null));
        let token = Tokens::read(&answer).access;
        let answer = world.get("/oidc/userinfo").token(&token).expect(403).await;
        assert!(
            answer
                .header("www-authenticate")
                .unwrap()
                .contains("insufficient_scope")
        );
    });
}

/// A public client gets nothing without a person, and has no secret to rotate.
#[test]
fn a_public_client_is_nobody_by_itself() {
    run_on_sqlite(async |world: &World| {
        let public = App::of(world, &world.acme, true).await;
        for secret in [None, Some(String::new()), Some("guessed".to_owned())] {
            let client = App {
                client_id: public.client_id.clone(),
                secret,
            };
            let refused = client
                .form(world, "/oidc/token", &[("grant_type", "client_credentials")])
                .expect(401)
                .await;
            assert_eq!(refused.json["error"], "invalid_client");
        }
        let path = format!("/v1/applications/{}/clients/{}", world.acme.app, public.client_id);
        let shown = world.get(&path).token(&world.admin).expect(200).await;
        assert_eq!(shown.result()["public"], true);
        let refused = world
            .call("POST", &format!("{path}/rotate"))
            .token(&world.admin)
            .expect(409)
            .await;
        assert_eq!(refused.json["ts_error_code"], "client_is_public");
        let clients = format!("/v1/applications/{}/clients", world.acme.app);
        let scoped = json!({ "name": "X", "public": true, "scopes": ["read:members"] });
        let refused = world.post(&clients, scoped).token(&world.admin).expect(400).await;
        assert_eq!(refused.fields(), ["scopes"]);
        let backend = format!("/v1/applications/{}/clients", world.management);
        let refused = world
            .post(&backend, json!({ "name": "X", "public": true }))
            .token(&world.admin)
            .expect(400)
            .await;
        assert_eq!(refused.fields(), ["public"]);
    });
}
