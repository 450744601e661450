//! State, nonce, PKCE and issuer: missing, or those of another browser.

use serde_json::json;

use super::{App, CALLBACK, Tokens, VERIFIER, claims, problem, value};
use crate::harness::{World, on_both, run_on_sqlite};

/// Another verifier than the usual one, and its challenge.
const OTHER_VERIFIER: &str = "M25iVXpKU3puUjFaYWg3T1NDTDQtcW1ROUY5YXlwalNoc0hhakxifmZHag";
const OTHER_CHALLENGE: &str = "qjrzSW9gMiUgpUvqgEPE4_-8swvyCtfOVvg55o5S_es";

/// What a browser's application sent along, and what it must find in the answer.
const HERE: [(&str, &str); 2] = [("state", "here"), ("nonce", "nonce-here")];
const ELSEWHERE: [(&str, &str); 3] = [
    ("state", "elsewhere"),
    ("nonce", "nonce-elsewhere"),
    ("code_challenge", OTHER_CHALLENGE),
];

/// Redeems a code with a verifier.
fn redeem(app: &App, world: &World, code: &str, verifier: &str) -> crate::harness::Call {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", verifier),
    ];
    app.form(world, "/oidc/token", &fields)
}

on_both! {
    /// Two people sign in at once, and one's answer is brought to the other's browser: the state says so, the verifier that
    /// is kept there does not fit the code, and with it the code is gone for whoever stole it, too.
    async fn an_answer_brought_to_another_browser(world) {
        let app = App::of(world, &world.acme, false).await;
        let (victim, thief) = (world.session("acme-member").await, world.session("acme-admin").await);
        let here = app.visit(world, Some(&victim), &HERE).await;
        let there = app.visit(world, Some(&thief), &ELSEWHERE).await;
        assert_eq!(value(&here, "state").as_deref(), Some("here"));
        assert_eq!(value(&there, "state").as_deref(), Some("elsewhere"));
        for answer in [&here, &there] {
            assert_eq!(value(answer, "iss").as_deref(), Some(world.url.as_str()));
        }
        let (mine, theirs) = (value(&here, "code").unwrap(), value(&there, "code").unwrap());
        let refused = redeem(&app, world, &theirs, VERIFIER).expect(400).await;
        assert_eq!(refused.json["error"], "invalid_grant");
        redeem(&app, world, &theirs, OTHER_VERIFIER).expect(400).await;
        // One's own answer still fits, and its ID token says one's own nonce.
        let own = Tokens::read(&redeem(&app, world, &mine, VERIFIER).expect(200).await);
        assert_eq!(claims(&own.id)["nonce"], "nonce-here");
        assert_eq!(claims(&own.id)["sub"], json!(world.acme.member));
    }
}

/// A sign-in that one browser began and another one goes on with: its answer has the first one's state, nonce and challenge,
/// none of which the second one's application knows.
#[test]
fn a_sign_in_begun_in_another_browser() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let page = app.visit(world, None, &ELSEWHERE).await;
        let lure = page.replace("/signin", "/oidc/continue");
        let victim = world.session("acme-member").await;
        let end = super::follow(world, Some(&victim), lure.clone()).await;
        assert_eq!(value(&end, "state").as_deref(), Some("elsewhere"));
        let code = value(&end, "code").unwrap();
        let refused = redeem(&app, world, &code, VERIFIER).expect(400).await;
        assert_eq!(refused.json["error"], "invalid_grant");
        // It leads to one answer: whoever comes second finds it over.
        let late = world
            .get(&lure)
            .header("cookie", &world.session("acme-admin").await);
        problem(world, late, 410).await;
    });
}

/// What the application did not send is in no answer, so that one which expects it refuses; PKCE it cannot leave out.
#[test]
fn state_nonce_and_pkce_missing() {
    run_on_sqlite(async |world: &World| {
        for public in [false, true] {
            let app = App::of(world, &world.acme, public).await;
            let cookie = world.session("acme-member").await;
            let bare = [("state", "-"), ("nonce", "-")];
            let end = app.visit(world, Some(&cookie), &bare).await;
            assert_eq!(value(&end, "state"), None);
            assert_eq!(value(&end, "iss").as_deref(), Some(world.url.as_str()));
            let tokens = Tokens::read(
                &redeem(&app, world, &value(&end, "code").unwrap(), VERIFIER)
                    .expect(200)
                    .await,
            );
            assert_eq!(claims(&tokens.id).get("nonce"), None);

            let end = app.visit(world, Some(&cookie), &[("code_challenge", "-")]).await;
            assert_eq!(value(&end, "error").as_deref(), Some("invalid_request"));
            assert_eq!(value(&end, "code"), None);
            let code = app.code(world, &cookie, &[]).await;
            let without = [
                ("grant_type", "authorization_code"),
                ("code", code.as_str()),
                ("redirect_uri", CALLBACK),
            ];
            let refused = app.form(world, "/oidc/token", &without).expect(400).await;
            assert_eq!(refused.json["error"], "invalid_request");
            let empty = redeem(&app, world, &code, "").expect(400).await;
            assert_eq!(empty.json["error"], "invalid_request");
        }
    });
}
