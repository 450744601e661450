//! What ends an application's tokens: everything that takes from their person what they stand for.

use guildhall::sessions::{ChangeOwnPassword, EndOtherSessions, SignOut};
use serde_json::json;

use super::{App, Tokens, claims};
use crate::harness::{PASSWORD, World, on_both, run_on_sqlite};

/// Runs an operation as whoever a session's cookie stands for.
async fn as_session<Op: guildhall::Operation>(world: &World, cookie: &str, fields: serde_json::Value)
where
    server::console::Console: guildhall::Runs<Op>,
{
    use guildhall::Runs as _;
    use guildhall::caller::{Caller, Request, UserCaller};
    let token = cookie.split_once('=').unwrap().1;
    let session = world
        .console
        .session_rights(&server::clock::fingerprint(token))
        .await
        .unwrap()
        .unwrap();
    let request = Request::by(Caller::User(UserCaller {
        user_id: session.user_id,
        session_id: Some(session.session_id),
        only_organization: None,
        scopes: None,
        viewing: None,
        second_factor: session.second_factor,
    }));
    let operation = guildhall::input::parse::<Op>(fields).unwrap();
    world.console.run(&request, operation).await.unwrap();
}

/// Nothing of it works any more: not the refresh token, and what the access token says is inactive.
async fn dead(world: &World, app: &App, tokens: &Tokens, why: &str) {
    assert!(!app.is_active(world, &tokens.access).await, "{why}");
    assert!(!app.is_active(world, &tokens.refresh).await, "{why}");
    world
        .get("/oidc/userinfo")
        .token(&tokens.access)
        .expect(401)
        .await;
    let refused = app.refresh(world, &tokens.refresh).expect(400).await;
    assert_eq!(refused.json["error"], "invalid_grant", "{why}");
}

on_both! {
    /// The session: signed out, ended from elsewhere, or run out.
    async fn abuse_30_with_the_session(world) {
        let app = App::of(world, &world.acme, false).await;
        let cookie = world.session("acme-member").await;
        let tokens = app.tokens(world, &cookie, &[]).await;
        as_session::<SignOut>(world, &cookie, json!({})).await;
        dead(world, &app, &tokens, "signed out").await;

        let (elsewhere, here) = (world.session("acme-member").await, world.session("acme-member").await);
        let theirs = app.tokens(world, &elsewhere, &[]).await;
        let own = app.tokens(world, &here, &[]).await;
        as_session::<EndOtherSessions>(world, &here, json!({})).await;
        dead(world, &app, &theirs, "ended from elsewhere").await;
        assert!(app.is_active(world, &own.access).await);
        let path = format!("/v1/users/{}/sessions", world.acme.member);
        world.delete(&path).token(&world.admin).expect(204).await;
        dead(world, &app, &own, "ended by an administrator").await;

        let cookie = world.session("acme-member").await;
        let tokens = app.tokens(world, &cookie, &[]).await;
        world.console.clock().advance(12 * 60 * 60 * 1000);
        dead(world, &app, &tokens, "the session ran out").await;
    }

    /// The membership: suspended, also if only for a moment, or removed.
    async fn abuse_30_with_the_membership(world) {
        let app = App::of(world, &world.acme, false).await;
        let cookie = world.session("acme-member").await;
        let path = format!("/v1/organizations/{}/members/{}", world.acme.id, world.acme.member);
        let tokens = app.tokens(world, &cookie, &[]).await;
        world.put(&path, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        dead(world, &app, &tokens, "suspended").await;
        world.put(&path, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        dead(world, &app, &tokens, "reinstated").await;
        // The same by the bulk bar.
        let tokens = app.tokens(world, &cookie, &[]).await;
        let bulk = format!("/v1/organizations/{}/members/bulk", world.acme.id);
        let suspend = json!({ "user_ids": [world.acme.member], "action": "suspend" });
        world.post(&bulk, suspend).token(&world.admin).expect(200).await;
        dead(world, &app, &tokens, "suspended with others").await;
        let reinstate = json!({ "user_ids": [world.acme.member], "action": "reinstate" });
        world.post(&bulk, reinstate).token(&world.admin).expect(200).await;
        dead(world, &app, &tokens, "reinstated with others").await;
        // A code that was on its way, too.
        let code = app.code(world, &cookie, &[]).await;
        world.put(&path, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        assert_eq!(app.redeem(world, &code).expect(400).await.json["error"], "invalid_grant");
        world.put(&path, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        let tokens = app.tokens(world, &cookie, &[]).await;
        world.delete(&path).token(&world.admin).expect(204).await;
        dead(world, &app, &tokens, "removed").await;
    }

    /// The organization: disabled, or without the application; the application's client deleted.
    async fn abuse_23_with_the_organization(world) {
        let app = App::of(world, &world.acme, false).await;
        let watcher = App::of(world, &world.acme, false).await;
        let cookie = world.session("acme-member").await;
        let path = format!("/v1/organizations/{}", world.acme.id);
        let tokens = app.tokens(world, &cookie, &[]).await;
        world.put(&path, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        dead(world, &app, &tokens, "disabled").await;
        world.put(&path, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        dead(world, &app, &tokens, "enabled again").await;
        let tokens = app.tokens(world, &cookie, &[]).await;
        let apps = format!("{path}/apps");
        world.delete(&apps).json(json!({ "app_ids": [world.acme.app] })).token(&world.admin).expect(204).await;
        dead(world, &app, &tokens, "without the application").await;
        world.put(&apps, json!({ "app_ids": [world.acme.app] })).token(&world.admin).expect(204).await;
        let tokens = app.tokens(world, &cookie, &[]).await;
        let client = format!("/v1/applications/{}/clients/{}", world.acme.app, app.client_id);
        world.delete(&client).token(&world.admin).expect(204).await;
        assert!(!watcher.is_active(world, &tokens.access).await);
        app.refresh(world, &tokens.refresh).expect(401).await;
    }

    /// The person: another password, disabled, deleted.
    async fn abuse_54_with_the_person(world) {
        let app = App::of(world, &world.acme, false).await;
        let cookie = world.session("acme-member").await;
        let tokens = app.tokens(world, &cookie, &[]).await;
        let change = json!({ "current_password": PASSWORD, "new_password": "another fine password" });
        as_session::<ChangeOwnPassword>(world, &cookie, change).await;
        dead(world, &app, &tokens, "the password was changed").await;
        // The session in which it was changed goes on, and can enter anew.
        let tokens = app.tokens(world, &cookie, &[]).await;
        let path = format!("/v1/users/{}", world.acme.member);
        let password = json!({ "password": PASSWORD, "force_replace": false });
        world.post(&format!("{path}/password"), password).token(&world.admin).expect(204).await;
        dead(world, &app, &tokens, "the password was reset").await;
        let cookie = world.session("acme-member").await;
        let tokens = app.tokens(world, &cookie, &[]).await;
        world.put(&path, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        dead(world, &app, &tokens, "disabled").await;
        world.put(&path, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        dead(world, &app, &tokens, "enabled again").await;
        let cookie = world.session("acme-member").await;
        let tokens = app.tokens(world, &cookie, &[]).await;
        world.delete(&path).token(&world.admin).expect(204).await;
        dead(world, &app, &tokens, "deleted").await;
    }

    /// A change of roles is in the next token, and at once in what is asked about the last one.
    async fn a_change_of_roles_is_in_the_next_token(world) {
        let app = App::of(world, &world.acme, false).await;
        let cookie = world.session("acme-member").await;
        let first = app.tokens(world, &cookie, &[]).await;
        assert_eq!(claims(&first.access)["roles"], json!(["Viewer"]));
        let path = format!("/v1/applications/{}/organizations/{}/members/{}/roles", world.acme.app, world.acme.id, world.acme.member);
        world.post(&path, json!({ "role_ids": [] })).token(&world.admin).send().await;
        let role = json!({ "role_name": "Editor", "permissions": ["documents:read", "documents:write"] });
        let role = world.post(&format!("/v1/applications/{}/roles", world.acme.app), role).token(&world.admin).expect(201).await.text_of("role_id");
        let group = format!("/v1/applications/{}/role-groups/{}", world.acme.app, world.acme.group);
        world.put(&group, json!({ "role_ids": [world.acme.role, role] })).token(&world.admin).expect(200).await;
        world.post(&path, json!({ "role_ids": [role] })).token(&world.admin).expect(204).await;
        let asked = app.form(world, "/oidc/introspect", &[("token", &first.access)]).expect(200).await;
        assert_eq!(asked.json["roles"], json!(["Editor"]));
        let second = Tokens::read(&app.refresh(world, &first.refresh).expect(200).await);
        for token in [&second.access, &second.id] {
            assert_eq!(claims(token)["roles"], json!(["Editor"]));
            assert_eq!(claims(token)["permissions"], json!(["documents:read", "documents:write"]));
        }
        // A permission that the role loses.
        let less = json!({ "permissions": ["documents:read"] });
        world.put(&format!("/v1/applications/{}/roles/{role}", world.acme.app), less).token(&world.admin).expect(200).await;
        let third = Tokens::read(&app.refresh(world, &second.refresh).expect(200).await);
        assert_eq!(claims(&third.access)["permissions"], json!(["documents:read"]));
    }
}

/// Signing in anew in the same browser leaves the application what the same person gave it; another person ends it.
#[test]
fn signing_in_anew_in_one_browser() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let cookie = world.session("acme-member").await;
        let tokens = app.tokens(world, &cookie, &[]).await;
        let sign_in = |name: &str, cookie: &str| {
            let form = form_urlencoded::Serializer::new(String::new())
                .append_pair("identifier", &format!("{name}@example.com"))
                .append_pair("password", PASSWORD)
                .finish();
            world
                .call("POST", "/rpc/sign_in")
                .header("origin", &world.url)
                .header("cookie", cookie)
                .header("accept", "text/html")
                .body("application/x-www-form-urlencoded", form)
        };
        let again = sign_in("acme-member", &cookie).expect(303).await;
        let fresh = again
            .headers
            .get_all("set-cookie")
            .iter()
            .filter_map(|value| value.to_str().ok()?.split(';').next())
            .find(|pair| pair.contains("session="))
            .unwrap()
            .to_owned();
        assert_ne!(fresh, cookie);
        let next = Tokens::read(&app.refresh(world, &tokens.refresh).expect(200).await);
        assert!(app.is_active(world, &next.access).await);
        sign_in("acme-admin", &fresh).expect(303).await;
        dead(world, &app, &next, "somebody else signed in").await;
    });
}
