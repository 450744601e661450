//! Signing out at an application's wish.

use super::{App, GOODBYE, follow, problem, value};
use crate::harness::{World, on_both, run_on_sqlite};

fn logout(pairs: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    format!("/oidc/logout?{query}")
}

on_both! {
    /// With an ID token about whoever is signed in, nobody is asked; every application's tokens end.
    async fn an_application_signs_its_person_out(world) {
        let app = App::of(world, &world.acme, false).await;
        let other = App::of(world, &world.acme, false).await;
        let cookie = world.session("acme-member").await;
        let tokens = app.tokens(world, &cookie, &[]).await;
        let others = other.tokens(world, &cookie, &[]).await;
        let asked = [("id_token_hint", tokens.id.as_str()), ("post_logout_redirect_uri", GOODBYE), ("state", "b&e")];
        let answer = world.get(&logout(&asked)).header("cookie", &cookie).expect(303).await;
        let location = answer.header("location").unwrap();
        assert!(location.starts_with(GOODBYE), "{location}");
        assert_eq!(value(location, "state").as_deref(), Some("b&e"));
        assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
        for token in [&tokens.access, &tokens.refresh, &others.access] {
            assert!(!app.is_active(world, token).await);
        }
        assert!(app.visit(world, Some(&cookie), &[]).await.starts_with("/signin?"));
        // Again, with nobody signed in: there is nothing to ask.
        let answer = world.get(&logout(&asked)).header("cookie", &cookie).expect(303).await;
        assert!(answer.header("location").unwrap().starts_with(GOODBYE));
    }
}

/// Without a token about them, the person is asked; the question cannot be answered by a page elsewhere.
#[test]
fn abuse_57_nobody_is_signed_out_by_a_link() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let cookie = world.session("acme-member").await;
        let admin = world.session("acme-admin").await;
        let theirs = app.tokens(world, &admin, &[]).await;
        let known = [
            ("client_id", app.client_id.as_str()),
            ("post_logout_redirect_uri", GOODBYE),
        ];
        let alive = async || {
            app.visit(world, Some(&cookie), &[])
                .await
                .starts_with("https://app.example")
        };
        for more in [
            None,
            Some("guessed"),
            Some(theirs.id.as_str()),
            Some(theirs.access.as_str()),
        ] {
            let mut pairs = known.to_vec();
            pairs.extend(more.map(|hint| ("id_token_hint", hint)));
            let page = follow(world, Some(&cookie), logout(&pairs)).await;
            assert!(page.starts_with("/signin/leave?"), "{page}");
            let shown = world
                .get(&page)
                .header("accept", "text/html")
                .header("cookie", &cookie)
                .expect(200)
                .await;
            assert!(shown.text.contains("Sign out?"));
            assert!(alive().await);
        }
        let form = |origin: &str| {
            let form = form_urlencoded::Serializer::new(String::from("confirmed=yes&"))
                .extend_pairs(known)
                .finish();
            world
                .call("POST", "/oidc/logout")
                .header("origin", origin)
                .header("cookie", &cookie)
                .body("application/x-www-form-urlencoded", form)
        };
        let answer = form("https://evil.example").expect(303).await;
        assert!(answer.header("location").unwrap().starts_with("/oidc/logout?"));
        assert!(alive().await);
        let answer = form(&world.url).expect(303).await;
        let page = answer.header("location").unwrap().to_owned();
        assert!(page.starts_with("/signin/left?"), "{page}");
        assert!(!alive().await);
        let shown = world.get(&page).header("accept", "text/html").expect(200).await;
        assert!(shown.text.contains("You are signed out"));
        assert!(
            shown.text.contains(&format!("href=\"{GOODBYE}\"")),
            "{}",
            shown.text
        );
    });
}

/// Only to addresses that the application has registered, to the letter.
#[test]
fn abuse_52_sign_outs_lead_to_registered_addresses_only() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let foreign = App::of(world, &world.globex, false).await;
        let cookie = world.session("acme-member").await;
        let tokens = app.tokens(world, &cookie, &[]).await;
        for bent in [
            "https://evil.example",
            "https://app.example/goodbye/",
            "https://app.example/goodbye?x=1",
            "https://app.example/callback?from=guildhall",
            "//evil.example",
        ] {
            let asked = [
                ("id_token_hint", tokens.id.as_str()),
                ("post_logout_redirect_uri", bent),
            ];
            let call = world
                .get(&logout(&asked))
                .header("accept", "text/html")
                .header("cookie", &cookie);
            let answer = problem(world, call, 400).await;
            assert_eq!(answer.header("location"), None);
            assert!(!answer.text.contains("evil.example"));
        }
        for asked in [
            [("post_logout_redirect_uri", GOODBYE), ("client_id", "")],
            [
                ("post_logout_redirect_uri", GOODBYE),
                ("client_id", "cli_01h00000000000000000000000"),
            ],
            [
                ("id_token_hint", tokens.id.as_str()),
                ("client_id", &foreign.client_id),
            ],
        ] {
            let call = world
                .get(&logout(&asked))
                .header("accept", "text/html")
                .header("cookie", &cookie);
            problem(world, call, 400).await;
        }
        assert!(
            app.is_active(world, &tokens.access).await,
            "nobody was signed out"
        );
    });
}
