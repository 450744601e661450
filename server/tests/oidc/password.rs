//! Signing members in with the application's own form (guide “Log in members”, step 2).

use serde_json::{Value, json};

use super::{App, also_member, claims};
use crate::harness::{Call, PASSWORD, World, on_both, run_with};

const PATH: &str = "/v1/auth/password/authenticate";

fn attempt(world: &World, body: Value) -> Call {
    world.post(PATH, body).token(&world.acme.client)
}

on_both! {
    async fn the_answer_says_the_organization(world) {
        let app = App::of(world, &world.acme, false).await;
        let who = json!({ "username": "acme-member@example.com", "password": PASSWORD });
        let answer = attempt(world, who).expect(200).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.result()["org_id"], json!(world.acme.id));
        assert_eq!(answer.result()["org_name"], "Acme");
        assert_eq!(answer.result()["user_id"], json!(world.acme.member));
        let access = answer.text_of("access_token");
        assert_eq!(claims(&access)["org_id"], json!(world.acme.id));
        assert_eq!(claims(&access)["roles"], json!(["Viewer"]));
        assert_eq!(claims(&access)["client_id"], json!(world.acme.client_id));
        assert!(app.is_active(world, &access).await);
        world.get("/oidc/userinfo").token(&access).expect(200).await;
        // It hangs on a session, which its person and an administrator can see and end.
        let sessions = format!("/v1/users/{}/sessions", world.acme.member);
        assert!(!world.get(&sessions).token(&world.admin).expect(200).await.result().as_array().unwrap().is_empty());
        world.delete(&sessions).token(&world.admin).expect(204).await;
        assert!(!app.is_active(world, &access).await);
    }

    async fn whoever_may_not_gets_no_token(world) {
        let wrong = attempt(world, json!({ "username": "acme-member@example.com", "password": "wrong" })).expect(400).await;
        let unknown = attempt(world, json!({ "username": "nobody@example.com", "password": "wrong" })).expect(400).await;
        assert_eq!(wrong.text, unknown.text, "abuse 56");
        let stranger = json!({ "username": "stranger@example.com", "password": PASSWORD });
        let right = attempt(world, stranger).expect(400).await;
        assert_eq!(wrong.text, right.text, "an application cannot try the passwords of whoever is no member");
        let elsewhere = json!({ "username": "globex-member@example.com", "password": PASSWORD });
        let answer = attempt(world, elsewhere).expect(403).await;
        assert!(answer.text.contains("does not have the application"), "{}", answer.text);
        let own = json!({ "username": "acme-member@example.com", "password": PASSWORD, "org_id": world.globex.id });
        let answer = attempt(world, own).expect(403).await;
        assert!(answer.text.contains("a member of no such organization"), "{}", answer.text);
        let member = format!("/v1/organizations/{}/members/{}", world.acme.id, world.acme.member);
        let own = json!({ "username": "acme-member@example.com", "password": PASSWORD });
        world.put(&member, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        assert!(attempt(world, own.clone()).expect(403).await.text.contains("suspended"));
        world.put(&member, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        let organization = format!("/v1/organizations/{}", world.acme.id);
        world.put(&organization, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        assert!(attempt(world, own.clone()).expect(403).await.text.contains("disabled"));
        world.put(&organization, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        // Somebody in two organizations says which.
        let apps = format!("/v1/organizations/{}/apps", world.globex.id);
        world.put(&apps, json!({ "app_ids": [world.acme.app] })).token(&world.admin).expect(204).await;
        also_member(world, &world.globex, "acme-member").await;
        let which = attempt(world, own.clone()).expect(409).await;
        assert_eq!(which.json["ts_error_code"], "organization_required");
        assert_eq!(which.fields(), ["org_id"]);
        let mut named = own.clone();
        named["org_id"] = json!(world.globex.id);
        assert_eq!(attempt(world, named).expect(200).await.result()["org_id"], json!(world.globex.id));
        // A temporary password is no way in.
        let temporary = json!({ "password": "for the first time", "force_replace": true });
        world.post(&format!("/v1/users/{}/password", world.acme.member), temporary).token(&world.admin).expect(204).await;
        let body = json!({ "username": "acme-member@example.com", "password": "for the first time" });
        assert!(attempt(world, body).expect(403).await.text.contains("temporary"));
        // For an application's client alone.
        for token in [&world.admin, &world.stranger_token, &world.acme.org_admin] {
            world.post(PATH, own.clone()).token(token).expect(403).await;
        }
        world.post(PATH, own).expect(401).await;
    }
}

/// Guesses are counted for the account, whichever application's backend brings them.
#[test]
fn abuse_55_guesses_through_a_backend() {
    let limited = |config: &mut server::config::Config| config.rate_limit = Some(10_000);
    run_with(limited, async |world: &World| {
        let body = |password: &str| json!({ "username": "ACME-member@example.com ", "password": password });
        let mut refused = None;
        for guess in 0..110 {
            let answer = attempt(world, body(&format!("guess {guess}"))).send().await;
            if answer.status == 429 {
                refused = Some(guess);
                break;
            }
        }
        assert!(
            refused.is_some_and(|guess| (100..=105).contains(&guess)),
            "{refused:?}"
        );
        attempt(world, body(PASSWORD)).expect(429).await;
        // Nobody else is kept out.
        let other = json!({ "username": "acme-admin@example.com", "password": PASSWORD });
        attempt(world, other).expect(200).await;
    });
}
