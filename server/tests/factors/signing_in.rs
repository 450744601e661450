//! The second step of a sign-in: codes, recovery codes, and who must not get past it.

use guildhall::factors::RenewRecoveryCodes;
use serde_json::json;

use super::{App, STEP, act, first_step, second_step, sets_session, sign_in};
use crate::api::abuse::{cookie_of, rpc};
use crate::harness::{PASSWORD, on_both};

on_both! {
    async fn the_password_alone_is_not_enough_any_more(world) {
        let app = App::set_up(world, &world.session("acme-member").await).await;
        world.console.clock().advance(STEP);
        let pending = first_step(world, "acme-member").await;
        // What waits opens nothing.
        world.get("/v1/me").header("cookie", &pending).expect(401).await;
        let as_session = pending.replace("pending=", "session=");
        world.get("/v1/me").header("cookie", &as_session).expect(401).await;
        let page = world.get("/signin/factor").header("accept", "text/html").header("cookie", &pending).expect(200).await;
        assert!(page.text.contains("Second step"), "{}", page.text);
        let wrong = second_step(world, &pending, "000000").send().await;
        assert_eq!((wrong.status, wrong.json["fields"][0]["field"].as_str()), (400, Some("code")), "{}", wrong.text);
        assert!(!sets_session(&wrong));
        second_step(world, &pending, "").expect(400).await;
        let right = second_step(world, &pending, &app.code(world)).expect(200).await;
        let session = cookie_of(&right);
        world.get("/v1/me").header("cookie", &session).expect(200).await;
        // It was finished, and the same browser finishes nothing again.
        world.console.clock().advance(STEP);
        second_step(world, &pending, &app.code(world)).expect(410).await;
    }

    async fn a_code_is_taken_once_with_a_drift_of_one_step(world) {
        let app = App::set_up(world, &world.session("acme-member").await).await;
        let clock = world.console.clock();
        // The code of the set-up is used up, too.
        let pending = first_step(world, "acme-member").await;
        let replay = second_step(world, &pending, &app.code(world)).expect(400).await;
        assert!(replay.text.contains("used already"), "{}", replay.text);
        clock.advance(10 * STEP);
        for early_or_late in [-2 * STEP, 2 * STEP] {
            let code = app.code_at(clock.now() + early_or_late);
            second_step(world, &pending, &code).expect(400).await;
        }
        let late = app.code_at(clock.now() - STEP);
        second_step(world, &pending, &late).expect(200).await;
        let pending = first_step(world, "acme-member").await;
        second_step(world, &pending, &late).expect(400).await;
        let early = app.code_at(clock.now() + STEP);
        second_step(world, &pending, &early).expect(200).await;
        // A later one was taken: those before it are dead, though they were never used.
        let pending = first_step(world, "acme-member").await;
        second_step(world, &pending, &app.code(world)).expect(400).await;
    }

    async fn of_one_code_sent_many_times_at_once_one_is_taken(world) {
        let app = App::set_up(world, &world.session("acme-member").await).await;
        world.console.clock().advance(STEP);
        let code = app.code(world);
        let mut pending = Vec::new();
        for _ in 0..5 {
            pending.push(first_step(world, "acme-member").await);
        }
        let asked = pending.iter().map(|pending| second_step(world, pending, &code).send());
        let answers = futures::future::join_all(asked).await;
        let taken = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(taken, 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    }

    async fn a_recovery_code_signs_in_once_however_it_is_typed(world) {
        let cookie = world.session("acme-member").await;
        let app = App::set_up(world, &cookie).await;
        assert_eq!(app.recovery_codes.len(), 10);
        let code = &app.recovery_codes[3];
        let typed = code.to_uppercase().replace('-', " ");
        sign_in(world, "acme-member", &typed).await;
        let pending = first_step(world, "acme-member").await;
        let again = second_step(world, &pending, code).expect(400).await;
        assert!(again.text.contains("used already"), "{}", again.text);
        // New codes end the old ones.
        let new = act::<RenewRecoveryCodes>(world, &cookie, json!({})).await.unwrap();
        second_step(world, &pending, &app.recovery_codes[4]).expect(400).await;
        second_step(world, &pending, new.recovery_codes[0].reveal()).expect(200).await;
        // Neither these nor the app's key are in the database or the audit as they are.
        let mut tx = world.console.db().read().await.unwrap();
        let kept: Vec<(String,)> = tx.query("SELECT code_hash FROM recovery_code").all().await.unwrap();
        assert!(kept.iter().all(|(hash,)| hash.len() == 64), "{kept:?}");
        drop(tx);
        let audit = world.get("/v1/audit?limit=100").token(&world.admin).expect(200).await.text;
        for secret in app.recovery_codes.iter().chain([&app.secret]) {
            assert!(!audit.contains(secret.as_str()));
        }
    }

    async fn a_sign_in_is_finished_only_by_the_browser_that_began_it(world) {
        let app = App::set_up(world, &world.session("acme-member").await).await;
        world.console.clock().advance(STEP);
        let pending = first_step(world, "acme-member").await;
        // Another browser has no cookie, a made-up one, or one of somebody else's sign-in.
        rpc(world, "finish_sign_in", &[("code", &app.code(world))]).expect(410).await;
        second_step(world, "__Host-pending=guessed", &app.code(world)).expect(410).await;
        App::set_up(world, &world.session("globex-member").await).await;
        let other = first_step(world, "globex-member").await;
        second_step(world, &other, &app.code(world)).expect(400).await;
        // From a page elsewhere nobody finishes it either.
        let foreign = world.call("POST", "/rpc/finish_sign_in").header("origin", "https://evil.example").header("cookie", &pending);
        foreign.body("application/x-www-form-urlencoded", format!("code={}", app.code(world))).expect(403).await;
        second_step(world, &pending, &app.code(world)).expect(200).await;
    }

    async fn a_sign_in_does_not_wait_for_ever_nor_outlive_the_password(world) {
        let app = App::set_up(world, &world.session("acme-member").await).await;
        world.console.clock().advance(STEP);
        let pending = first_step(world, "acme-member").await;
        world.console.clock().advance(10 * 60 * 1000);
        second_step(world, &pending, &app.code(world)).expect(410).await;
        let pending = first_step(world, "acme-member").await;
        let password = format!("/v1/users/{}/password", world.acme.member);
        world.post(&password, json!({ "password": "another passphrase" })).token(&world.admin).expect(204).await;
        second_step(world, &pending, &app.code(world)).expect(410).await;
    }

    async fn abuse_55_codes_are_not_guessed_by_signing_in_again_and_again(world) {
        let app = App::set_up(world, &world.session("acme-member").await).await;
        world.console.clock().advance(STEP);
        // Each sign-in is a new one, and the limit is the account's.
        for _ in 0..10 {
            let pending = first_step(world, "acme-member").await;
            second_step(world, &pending, "000000").expect(400).await;
        }
        let pending = first_step(world, "acme-member").await;
        let refused = second_step(world, &pending, &app.code(world)).expect(429).await;
        assert!(refused.header("retry-after").is_some(), "{:?}", refused.headers);
        // What cannot be guessed still works, so that nobody is kept out; and it ends the count.
        second_step(world, &pending, &app.recovery_codes[0]).expect(200).await;
        let pending = first_step(world, "acme-member").await;
        second_step(world, &pending, &app.code(world)).expect(200).await;
    }

    async fn an_applications_own_form_is_not_enough_either(world) {
        App::set_up(world, &world.session("acme-member").await).await;
        let body = json!({ "username": "acme-member@example.com", "password": PASSWORD });
        let answer = world.post("/v1/auth/password/authenticate", body).token(&world.acme.client).expect(409).await;
        assert_eq!(answer.json["ts_error_code"], "second_factor_required", "{}", answer.text);
    }

    async fn the_way_on_is_kept_through_both_steps(world) {
        let app = App::set_up(world, &world.session("acme-member").await).await;
        world.console.clock().advance(STEP);
        for (asked, first, last) in [
            ("/account/sessions?x=1", "/signin/factor?return_to=/account/sessions%3Fx%3D1", "/account/sessions?x=1"),
            ("//evil.example", "/signin/factor", "/"),
        ] {
            world.console.clock().advance(STEP);
            let fields = [("identifier", "acme-member@example.com"), ("password", PASSWORD), ("return_to", asked)];
            let answer = rpc(world, "sign_in", &fields).expect(200).await;
            assert_eq!(answer.json["to"], first);
            let pending = crate::api::abuse::cookie_named(&answer, "pending");
            let fields = [("code", app.code(world)), ("return_to", asked.to_owned())];
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = rpc(world, "finish_sign_in", &fields).header("cookie", &pending).expect(200).await;
            assert_eq!(answer.json["to"], last, "abuse 52");
        }
    }
}
