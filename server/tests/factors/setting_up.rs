//! Setting second factors up and taking them away, by operation and by the pages without scripts.

use guildhall::factors::*;
use serde_json::json;

use super::{App, STEP, act, first_step, mails, second_step, sign_in};
use crate::api::abuse::rpc;
use crate::harness::{Answer, PASSWORD, World, on_both};

const MAILBOX: &str = "acme-member@example.com";

/// A form of a page, sent by a browser without scripts.
async fn send(world: &World, cookie: &str, function: &str, fields: &[(&str, &str)]) -> Answer {
    rpc(world, function, fields)
        .header("accept", "text/html")
        .header("referer", format!("{}/account/security", world.url))
        .header("cookie", cookie)
        .expect(303)
        .await
}

async fn open(world: &World, cookie: &str, path: &str) -> String {
    let page = world
        .get(path)
        .header("accept", "text/html")
        .header("cookie", cookie);
    page.expect(200).await.text
}

on_both! {
    async fn an_app_is_set_up_by_a_browser_without_scripts(world) {
        let cookie = world.session("acme-member").await;
        assert!(open(world, &cookie, "/account/security").await.contains("Set up an authenticator app"));
        let begun = send(world, &cookie, "begin_authenticator_app", &[]).await;
        assert_eq!(begun.header("location"), Some("/account/security/app"));
        let page = open(world, &cookie, "/account/security/app").await;
        assert!(page.contains("<svg") && page.contains("h1v1h-1z"), "the QR code is in the page");
        let set_up = act::<GetAuthenticatorSetUp>(world, &cookie, json!({})).await.unwrap();
        assert!(page.contains(set_up.key.reveal()), "the key is in the page as text");
        assert!(set_up.uri.reveal().starts_with("otpauth://totp/"), "{}", set_up.uri.reveal());
        let wrong = send(world, &cookie, "confirm_authenticator_app", &[("code", "000000")]).await;
        assert!(wrong.header("location").unwrap().contains("__err="));
        let app = App { secret: set_up.key.reveal().replace(' ', ""), recovery_codes: Vec::new() };
        let done = send(world, &cookie, "confirm_authenticator_app", &[("code", &app.code(world))]).await;
        assert_eq!(done.header("location"), Some("/account/security"));
        let page = open(world, &cookie, "/account/security").await;
        assert!(page.contains("This is the only time they are shown"), "the codes are shown");
        let page = open(world, &cookie, "/account/security").await;
        assert!(!page.contains("This is the only time they are shown"), "and shown once");
        assert!(page.contains("You have 10 codes left."));
        assert_eq!(mails(world, MAILBOX, "factors_changed").await, 1);
        // What the app was given is not shown again.
        let gone = act::<GetAuthenticatorSetUp>(world, &cookie, json!({})).await.unwrap_err();
        assert_eq!(gone.code.status(), 410);
    }

    async fn a_change_asks_for_the_password_again(world) {
        let cookie = world.session("acme-member").await;
        world.console.clock().advance(5 * 60 * 1000);
        let own = act::<GetOwnFactors>(world, &cookie, json!({})).await.unwrap();
        assert!(!own.confirmed);
        let refused = |error: guildhall::Error| {
            assert_eq!((error.code.status(), error.reason.as_deref()), (403, Some("password_needed")));
        };
        refused(act::<BeginAuthenticatorApp>(world, &cookie, json!({})).await.unwrap_err());
        refused(act::<GetAuthenticatorSetUp>(world, &cookie, json!({})).await.unwrap_err());
        refused(act::<ConfirmAuthenticatorApp>(world, &cookie, json!({ "code": "123456" })).await.unwrap_err());
        refused(act::<RemoveAuthenticatorApp>(world, &cookie, json!({})).await.unwrap_err());
        refused(act::<RenewRecoveryCodes>(world, &cookie, json!({})).await.unwrap_err());
        refused(act::<BeginPasskey>(world, &cookie, json!({})).await.unwrap_err());
        let id = json!({ "passkey_id": guildhall::id::PasskeyId::compose(1, 1) });
        refused(act::<RemovePasskey>(world, &cookie, id).await.unwrap_err());
        let confirm = |password: &str| rpc(world, "confirm_password", &[("password", password)]).header("cookie", &cookie);
        let wrong = confirm("wrong").expect(400).await;
        assert_eq!(wrong.json["fields"][0]["field"], "password", "{}", wrong.text);
        refused(act::<BeginAuthenticatorApp>(world, &cookie, json!({})).await.unwrap_err());
        confirm(PASSWORD).expect(200).await;
        act::<BeginAuthenticatorApp>(world, &cookie, json!({})).await.unwrap();
        // Another session of the same person is not confirmed by that.
        world.console.clock().advance(4 * 60 * 1000);
        act::<GetAuthenticatorSetUp>(world, &cookie, json!({})).await.unwrap();
        world.console.clock().advance(60 * 1000);
        refused(act::<GetAuthenticatorSetUp>(world, &cookie, json!({})).await.unwrap_err());
    }

    async fn an_access_token_changes_nothing(world) {
        for path in ["/v1/me/factors", "/v1/me/passkeys"] {
            world.get(path).token(&world.user).expect(404).await;
        }
        let answer = rpc(world, "begin_authenticator_app", &[]).token(&world.user).send().await;
        assert_eq!(answer.status, 403, "{}", answer.text);
    }

    async fn a_set_up_that_is_left_alone_ends_and_changes_nothing(world) {
        let cookie = world.session("acme-member").await;
        act::<BeginAuthenticatorApp>(world, &cookie, json!({})).await.unwrap();
        let secret = act::<GetAuthenticatorSetUp>(world, &cookie, json!({})).await.unwrap().key.reveal().replace(' ', "");
        // Whoever has only begun signs in as before.
        world.session("acme-member").await;
        world.console.clock().advance(15 * 60 * 1000);
        rpc(world, "confirm_password", &[("password", PASSWORD)]).header("cookie", &cookie).expect(200).await;
        let app = App { secret, recovery_codes: Vec::new() };
        let late = act::<ConfirmAuthenticatorApp>(world, &cookie, json!({ "code": app.code(world) })).await.unwrap_err();
        assert_eq!(late.code.status(), 410);
    }

    async fn another_app_takes_the_place_of_the_first_only_once_it_works(world) {
        let cookie = world.session("acme-member").await;
        let first = App::set_up(world, &cookie).await;
        act::<BeginAuthenticatorApp>(world, &cookie, json!({})).await.unwrap();
        world.console.clock().advance(STEP);
        sign_in(world, "acme-member", &first.code(world)).await;
        let second = App::set_up(world, &cookie).await;
        assert!(second.recovery_codes.is_empty(), "the codes from before still work");
        world.console.clock().advance(STEP);
        let pending = first_step(world, "acme-member").await;
        second_step(world, &pending, &first.code(world)).expect(400).await;
        second_step(world, &pending, &second.code(world)).expect(200).await;
    }

    async fn a_session_from_before_the_factor_changes_none(world) {
        let (owner, other) = (world.session("acme-member").await, world.session("acme-member").await);
        act::<BeginAuthenticatorApp>(world, &owner, json!({})).await.unwrap();
        // What one session sets up, no other one is shown or finishes.
        let unseen = act::<GetAuthenticatorSetUp>(world, &other, json!({})).await.unwrap_err();
        assert_eq!(unseen.code.status(), 410);
        let app = App::set_up(world, &owner).await;
        let refused = |error: guildhall::Error| {
            assert_eq!((error.code.status(), error.reason.as_deref()), (403, Some("factor_needed")));
        };
        refused(act::<BeginAuthenticatorApp>(world, &other, json!({})).await.unwrap_err());
        refused(act::<GetAuthenticatorSetUp>(world, &other, json!({})).await.unwrap_err());
        refused(act::<ConfirmAuthenticatorApp>(world, &other, json!({ "code": app.code(world) })).await.unwrap_err());
        refused(act::<RemoveAuthenticatorApp>(world, &other, json!({})).await.unwrap_err());
        refused(act::<RenewRecoveryCodes>(world, &other, json!({})).await.unwrap_err());
        refused(act::<BeginPasskey>(world, &other, json!({})).await.unwrap_err());
        // With the factor it is another session.
        world.console.clock().advance(STEP);
        let proved = sign_in(world, "acme-member", &app.code(world)).await;
        act::<BeginAuthenticatorApp>(world, &proved, json!({})).await.unwrap();
        // Once the factor is gone, having proved it counts for nothing.
        act::<RemoveAuthenticatorApp>(world, &owner, json!({})).await.unwrap();
        let mut tx = world.console.db().read().await.unwrap();
        let (left,): (i64,) = tx
            .query("SELECT COUNT(*) FROM session WHERE amr <> 'pwd'")
            .one()
            .await
            .unwrap();
        assert_eq!(left, 0);
    }

    async fn without_a_factor_the_password_is_enough_again(world) {
        let cookie = world.session("acme-member").await;
        let none = act::<RemoveAuthenticatorApp>(world, &cookie, json!({})).await.unwrap_err();
        assert_eq!(none.code.status(), 404);
        let none = act::<RenewRecoveryCodes>(world, &cookie, json!({})).await.unwrap_err();
        assert_eq!(none.code.status(), 409);
        App::set_up(world, &cookie).await;
        act::<RemoveAuthenticatorApp>(world, &cookie, json!({})).await.unwrap();
        assert_eq!(mails(world, MAILBOX, "factors_changed").await, 2);
        let own = act::<GetOwnFactors>(world, &cookie, json!({})).await.unwrap();
        assert_eq!(own.factors, Factors::default());
        world.session("acme-member").await;
    }
}
