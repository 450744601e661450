//! Organizations that require a second factor: closed without one, on every way in.

use guildhall::factors::{RemoveAuthenticatorApp, RequireFactor};
use guildhall::portal::OpenPortal;
use guildhall::sessions::IssueUserToken;
use serde_json::json;

use super::{App as Authenticator, STEP, act, sign_in};
use crate::api::abuse::rpc;
use crate::harness::{PASSWORD, World, on_both};
use crate::oidc::{App, Tokens, claims, value};

async fn require(world: &World, required: bool) {
    let path = format!("/v1/organizations/{}", world.acme.id);
    let answer = world
        .put(&path, json!({ "requires_factor": required }))
        .token(&world.admin)
        .expect(200)
        .await;
    assert_eq!(answer.result()["requires_factor"], json!(required));
}

on_both! {
    async fn its_portal_opens_only_with_a_second_factor(world) {
        let cookie = world.session("acme-admin").await;
        let organization = json!({ "organization_id": world.acme.id });
        act::<OpenPortal>(world, &cookie, organization.clone()).await.unwrap();
        require(world, true).await;
        let closed = act::<OpenPortal>(world, &cookie, organization.clone()).await.unwrap_err();
        assert_eq!((closed.code.status(), closed.reason.as_deref()), (403, Some("factor_required")));
        let token = act::<IssueUserToken>(world, &cookie, organization.clone()).await.unwrap_err();
        assert_eq!(token.reason.as_deref(), Some("factor_required"));
        // Whoever signs in now is led to set one up, and this session proves it by that.
        let fields = [("identifier", "acme-admin@example.com"), ("password", PASSWORD), ("return_to", "/org")];
        let answer = rpc(world, "sign_in", &fields).expect(200).await;
        assert_eq!(answer.json["to"], "/account/security?return_to=/org");
        let app = Authenticator::set_up(world, &cookie).await;
        act::<OpenPortal>(world, &cookie, organization.clone()).await.unwrap();
        act::<IssueUserToken>(world, &cookie, organization.clone()).await.unwrap();
        // The session of the other browser has proved none.
        let other = crate::api::abuse::cookie_of(&answer);
        act::<OpenPortal>(world, &other, organization.clone()).await.unwrap_err();
        world.console.clock().advance(STEP);
        let signed_in = sign_in(world, "acme-admin", &app.code(world)).await;
        act::<OpenPortal>(world, &signed_in, organization).await.unwrap();
        // The last one stays as long as it is required.
        let kept = act::<RemoveAuthenticatorApp>(world, &signed_in, json!({})).await.unwrap_err();
        assert_eq!((kept.code.status(), kept.reason.as_deref()), (409, Some("factor_required")));
        require(world, false).await;
        act::<RemoveAuthenticatorApp>(world, &signed_in, json!({})).await.unwrap();
    }

    async fn its_administrator_requires_one_after_setting_up_their_own(world) {
        let cookie = world.session("acme-admin").await;
        let on = json!({ "organization_id": world.acme.id, "required": true });
        let first = act::<RequireFactor>(world, &cookie, on.clone()).await.unwrap_err();
        assert_eq!((first.code.status(), first.reason.as_deref()), (409, Some("factor_needed_first")));
        Authenticator::set_up(world, &cookie).await;
        assert!(act::<RequireFactor>(world, &cookie, on.clone()).await.unwrap().requires_factor);
        let member = world.session("acme-member").await;
        let refused = act::<RequireFactor>(world, &member, on).await.unwrap_err();
        assert_eq!(refused.code.status(), 403);
        let other = json!({ "organization_id": world.globex.id, "required": true });
        assert_eq!(act::<RequireFactor>(world, &cookie, other).await.unwrap_err().code.status(), 404);
    }

    async fn an_application_gets_nothing_for_it_from_a_password_alone(world) {
        let app = App::of(world, &world.acme, false).await;
        let cookie = world.session("acme-member").await;
        let before = app.tokens(world, &cookie, &[]).await;
        let id = claims(&before.id);
        assert_eq!((&id["amr"], &id["acr"]), (&json!(["pwd"]), &json!("aal1")));
        require(world, true).await;
        // What was granted for less has ended; nobody may be asked, so nobody is; and somebody is led to set one up.
        assert!(!app.is_active(world, &before.access).await);
        app.refresh(world, &before.refresh).expect(400).await;
        let silent = app.visit(world, Some(&cookie), &[("prompt", "none")]).await;
        assert_eq!(value(&silent, "error").as_deref(), Some("interaction_required"));
        let page = app.visit(world, Some(&cookie), &[]).await;
        assert!(page.starts_with("/account/security?return_to=/oidc/continue%3Frequest%3D"), "{page}");
        let own = json!({ "username": "acme-member@example.com", "password": PASSWORD });
        let form = world.post("/v1/auth/password/authenticate", own).token(&world.acme.client).expect(409).await;
        assert_eq!(form.json["ts_error_code"], "second_factor_required");
        // Once there is one, the same sign-in goes on.
        let other = world.session("acme-member").await;
        Authenticator::set_up(world, &cookie).await;
        let on = value(&page, "return_to").unwrap();
        let end = crate::oidc::follow(world, Some(&cookie), on).await;
        let tokens = Tokens::read(&app.redeem(world, &value(&end, "code").unwrap()).expect(200).await);
        let id = claims(&tokens.id);
        assert_eq!((&id["amr"], &id["acr"]), (&json!(["pwd", "otp", "mfa"]), &json!("aal2")));
        // A session that has not proved it signs in anew.
        let page = app.visit(world, Some(&other), &[]).await;
        assert!(page.starts_with("/signin?request="), "{page}");
    }

    async fn the_hosted_sign_in_asks_for_the_second_factor_too(world) {
        let app = App::of(world, &world.acme, false).await;
        let authenticator = Authenticator::set_up(world, &world.session("acme-member").await).await;
        world.console.clock().advance(STEP);
        let page = app.visit(world, None, &[]).await;
        let request = value(&page, "request").unwrap();
        let fields = [("identifier", "acme-member@example.com"), ("password", PASSWORD), ("request", &request)];
        let answer = rpc(world, "sign_in", &fields).expect(200).await;
        assert_eq!(answer.json["to"], json!(format!("/signin/factor?request={request}")));
        let pending = crate::api::abuse::cookie_named(&answer, "pending");
        // The application gets nothing in between.
        let between = crate::oidc::follow(world, Some(&pending), format!("/oidc/continue?request={request}")).await;
        assert!(between.starts_with("/signin?request="), "{between}");
        let code = authenticator.code(world);
        let fields = [("code", code.as_str()), ("request", &request)];
        let answer = rpc(world, "finish_sign_in", &fields).header("cookie", &pending).expect(200).await;
        let session = crate::api::abuse::cookie_of(&answer);
        let on = answer.json["to"].as_str().unwrap().to_owned();
        let end = crate::oidc::follow(world, Some(&session), on).await;
        let tokens = Tokens::read(&app.redeem(world, &value(&end, "code").unwrap()).expect(200).await);
        assert_eq!(claims(&tokens.id)["amr"], json!(["pwd", "otp", "mfa"]));
    }

    async fn a_token_proves_no_more_than_the_session_that_asked_for_it(world) {
        let cookie = world.session("acme-admin").await;
        let organization = json!({ "organization_id": world.acme.id });
        let token = act::<IssueUserToken>(world, &cookie, organization).await.unwrap();
        let token = token.access_token.reveal();
        let members = format!("/v1/organizations/{}/members", world.acme.id);
        world.get(&members).token(token).expect(200).await;
        require(world, true).await;
        let refused = world.get(&members).token(token).expect(403).await;
        assert!(refused.text.contains("requires a second factor"), "{}", refused.text);
        Authenticator::set_up(world, &cookie).await;
        world.get(&members).token(token).expect(200).await;
    }
}
