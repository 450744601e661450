//! Every operation refuses whoever may not: the matrix of the policy, and one call for each route and kind of token.

use std::fmt::Write as _;

use guildhall::account::*;
use guildhall::caller::{Caller, Request};
use guildhall::factors::{
    AddPasskey, BeginAuthenticatorApp, BeginPasskey, ConfirmAuthenticatorApp, ConfirmPassword,
    GetAuthenticatorSetUp, GetOwnFactors, GetPendingSignIn, RemoveAuthenticatorApp, RemovePasskey,
    RenewRecoveryCodes, RequireFactor,
};
use guildhall::id::SessionId;
use guildhall::invitations::*;
use guildhall::oidc::*;
use guildhall::operation::Runs;
use guildhall::passwords::*;
use guildhall::policy::{Standing, allows};
use guildhall::portal::*;
use guildhall::registrations::{
    BeginRegistration, FinishRegistration, GetBegunRegistration, GetRegistrationWay,
};
use guildhall::sessions::*;
use guildhall::{CATALOGUE, Kind, input};
use serde_json::json;
use server::rest::openapi::token_kinds;
use server::rest::route;

use super::samples::{self, Ids};
use crate::harness::{World, assert_snapshot, on_both, run_on_sqlite};

#[test]
fn the_matrix_is_the_committed_one() {
    let mut text = String::from("Who may do what: the policy over the catalogue. A dot is a no.\n\n");
    let _ = write!(text, "{:<32}{:<6}{:<40}", "operation", "kind", "scope");
    for standing in Standing::ALL {
        let _ = write!(text, "{:<18}", format!("{standing:?}"));
    }
    text.push('\n');
    for entry in CATALOGUE {
        let kind = if entry.kind == Kind::Read { "read" } else { "write" };
        let _ = write!(
            text,
            "{:<32}{kind:<6}{:<40}",
            entry.name,
            entry.permission.scope()
        );
        for standing in Standing::ALL {
            let _ = write!(
                text,
                "{:<18}",
                if allows(standing, entry.permission) {
                    "yes"
                } else {
                    "."
                }
            );
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    let text: Vec<&str> = text.lines().map(str::trim_end).collect();
    assert_snapshot("server/tests/snapshots/matrix.txt", &(text.join("\n") + "\n"));
}

/// An operation without a route has its own refusal test below; a new one without either fails here.
#[test]
fn every_operation_has_a_refusal_test() {
    let routed: Vec<&str> = route::table().iter().map(|route| route.operation).collect();
    let others: Vec<&str> = route::WITHOUT_ROUTE.iter().map(|(name, _)| *name).collect();
    for entry in CATALOGUE {
        let tested = routed.contains(&entry.name) ^ others.contains(&entry.name);
        assert!(
            tested,
            "{} needs a route, or a reason to have none and a test of its own",
            entry.name
        );
    }
    assert_eq!(
        others,
        [
            "sign_in",
            "sign_out",
            "get_set_up",
            "set_up",
            "change_own_password",
            "copy_invitation_link",
            "read_invitation",
            "accept_invitation",
            "join_by_invitation",
            "ask_for_new_invitation",
            "issue_client_token",
            "list_own_sessions",
            "end_own_session",
            "end_other_sessions",
            "rate_password",
            "request_password_reset",
            "get_password_reset",
            "reset_password",
            "open_portal",
            "rename_organization",
            "set_organization_logo",
            "get_organization_logo",
            "view_as_organization_admin",
            "stop_viewing",
            "add_own_email",
            "send_email_verification",
            "verify_own_email",
            "make_email_primary",
            "remove_own_email",
            "get_own_factors",
            "confirm_password",
            "begin_authenticator_app",
            "get_authenticator_set_up",
            "confirm_authenticator_app",
            "remove_authenticator_app",
            "renew_recovery_codes",
            "begin_passkey",
            "add_passkey",
            "remove_passkey",
            "get_pending_sign_in",
            "finish_sign_in",
            "require_factor",
            "begin_app_sign_in",
            "get_app_sign_in",
            "get_app_sign_in_logo",
            "get_invitation_logo",
            "continue_app_sign_in",
            "get_app_sign_in_choice",
            "refuse_app_sign_in",
            "redeem_code",
            "refresh_app_token",
            "get_user_info",
            "introspect_token",
            "revoke_token",
            "get_app_sign_out",
            "get_registration_way",
            "begin_registration",
            "get_begun_registration",
            "finish_registration",
            "list_user_organizations",
            "assign_members",
            "unassign_members",
            "list_member_roles",
            "list_effective_roles",
            "give_member_roles",
            "take_member_roles",
            "invite_member",
            "list_tenant_roles",
            "get_tenant_role",
            "create_tenant_role",
            "update_tenant_role",
            "delete_tenant_role",
            "list_tenant_clients",
            "add_organization_connection",
            "update_organization_connection",
            "remove_organization_connection"
        ]
    );
}

on_both! {
    async fn nobody_gets_anything(world) {
        for route in route::table() {
            let answer = samples::call(world, &route, &Ids::of(&world.acme)).send().await;
            assert_eq!(answer.status, 401, "{} {}: {}", route.method, route.path, answer.text);
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{}", route.path);
            assert_eq!(answer.json["error_code"], 401);
        }
    }

    async fn a_stranger_gets_only_what_is_their_own(world) {
        for route in route::table() {
            let answer = samples::call(world, &route, &Ids::of(&world.acme)).token(&world.stranger_token).send().await;
            let expected: &[u16] = match route.operation {
                "get_me" | "get_own_profile" | "update_own_profile" | "list_own_organizations" | "get_own_registrations" => &[200],
                _ => &[403, 404],
            };
            assert!(expected.contains(&answer.status), "{} {}: {} {}", route.method, route.path, answer.status, answer.text);
        }
    }

    async fn a_token_of_the_wrong_kind_is_refused(world) {
        let tokens = [
            ("Admin", &world.admin),
            ("Client", &world.acme.client),
            ("OrgAdmin", &world.acme.org_admin),
            ("User", &world.user),
        ];
        for route in route::table() {
            let kinds = token_kinds(route.permission);
            for (kind, token) in tokens {
                // An organization's administrator is a person, too, and may read what a member may.
                if kinds.contains(&kind) || (kind == "OrgAdmin" && kinds.contains(&"User")) {
                    continue;
                }
                let answer = samples::call(world, &route, &Ids::of(&world.acme)).token(token).send().await;
                assert!(matches!(answer.status, 403 | 404), "{kind}: {} {}: {} {}", route.method, route.path, answer.status, answer.text);
            }
        }
    }

    async fn a_token_without_the_scope_is_refused(world) {
        let client = world.post(&format!("/v1/applications/{}/clients", world.management), json!({ "name": "Narrow", "scopes": ["read:tenant"] }));
        let client = client.token(&world.admin).expect(201).await;
        let form = [("grant_type", "client_credentials"), ("client_id", &client.text_of("client_id")), ("client_secret", &client.text_of("client_secret"))];
        let token = world.token_request(&form).expect(200).await.json["access_token"].as_str().unwrap().to_owned();
        for route in route::table().iter().filter(|route| token_kinds(route.permission).contains(&"Admin")) {
            let answer = samples::call(world, route, &Ids::of(&world.acme)).token(&token).send().await;
            if route.permission.scope() == "read:tenant" {
                assert_eq!(answer.status, 200, "{}", route.path);
            } else {
                assert_eq!(answer.status, 403, "{} {}: {}", route.method, route.path, answer.text);
                assert_eq!(answer.header("www-authenticate"), Some(r#"Bearer error="insufficient_scope""#));
            }
        }
    }
}

async fn refused<Op: guildhall::Operation>(world: &World, fields: serde_json::Value, status: u16)
where
    server::console::Console: Runs<Op>,
{
    let operation = input::parse::<Op>(fields).unwrap();
    let error = world
        .console
        .run(&Request::by(Caller::Anonymous), operation)
        .await
        .err()
        .unwrap_or_else(|| panic!("{} was done", Op::NAME));
    assert_eq!(error.code.status(), status, "{}", Op::NAME);
}

#[test]
fn operations_without_a_route_refuse_too() {
    run_on_sqlite(async |world: &World| {
        refused::<SignIn>(
            world,
            json!({ "identifier": "root@example.com", "password": "wrong" }),
            401,
        )
        .await;
        refused::<SignOut>(world, json!({}), 401).await;
        refused::<ChangeOwnPassword>(
            world,
            json!({ "current_password": "a", "new_password": "another one" }),
            401,
        )
        .await;
        refused::<GetSetUp>(world, json!({ "token": "guessed" }), 410).await;
        refused::<SetUp>(
            world,
            json!({ "token": "guessed", "email": "a@example.com", "password": "a password" }),
            410,
        )
        .await;
        refused::<ListOwnSessions>(world, json!({}), 401).await;
        let session_id = SessionId::compose(1, 1);
        refused::<EndOwnSession>(world, json!({ "session_id": session_id }), 401).await;
        refused::<EndOtherSessions>(world, json!({}), 401).await;
        refused::<GetPasswordReset>(world, json!({ "token": "guessed" }), 410).await;
        refused::<ResetPassword>(
            world,
            json!({ "token": "guessed", "password": "a new password" }),
            410,
        )
        .await;
        let email = json!({ "email": "root@example.com" });
        refused::<AddOwnEmail>(world, email.clone(), 401).await;
        refused::<SendEmailVerification>(world, email.clone(), 401).await;
        refused::<MakeEmailPrimary>(world, email.clone(), 401).await;
        refused::<RemoveOwnEmail>(world, email.clone(), 401).await;
        refused::<VerifyOwnEmail>(world, json!({ "token": "guessed" }), 401).await;
        let organization = json!({ "organization_id": world.acme.id });
        refused::<OpenPortal>(world, organization.clone(), 401).await;
        refused::<SetOrganizationLogo>(world, organization.clone(), 401).await;
        refused::<GetOrganizationLogo>(world, organization.clone(), 401).await;
        refused::<ViewAsOrganizationAdmin>(world, organization, 401).await;
        refused::<StopViewing>(world, json!({}), 401).await;
        let renamed = json!({ "organization_id": world.acme.id, "name": "Other" });
        refused::<RenameOrganization>(world, renamed, 401).await;
        // These two are for everybody, and tell nobody anything of anybody.
        let rated = json!({ "password": "password123", "email": "root@example.com" });
        let rated = input::parse::<RatePassword>(rated).unwrap();
        let nobody = Request::by(Caller::Anonymous);
        let rated = world.console.run(&nobody, rated).await.unwrap();
        assert_eq!(rated.strength, Strength::Refused);
        for email in ["root@example.com", "unknown@example.com"] {
            let asked = input::parse::<RequestPasswordReset>(json!({ "email": email })).unwrap();
            world.console.run(&nobody, asked).await.unwrap();
        }
        let link = json!({ "organization_id": world.acme.id, "invitation_id": guildhall::id::InvitationId::compose(1, 1) });
        refused::<CopyInvitationLink>(world, link, 401).await;
        let guessed = json!({ "token": "guessed" });
        refused::<ReadInvitation>(world, guessed.clone(), 404).await;
        refused::<guildhall::portal::GetInvitationLogo>(world, guessed.clone(), 404).await;
        refused::<JoinByInvitation>(world, guessed.clone(), 401).await;
        refused::<AskForNewInvitation>(world, guessed, 404).await;
        let accept = json!({ "token": "guessed", "password": "a new password" });
        refused::<AcceptInvitation>(world, accept, 404).await;
        let client_id = world.backend.0;
        refused::<IssueClientToken>(
            world,
            json!({ "client_id": client_id, "client_secret": "guessed" }),
            401,
        )
        .await;
        refused::<GetOwnFactors>(world, json!({}), 401).await;
        refused::<ConfirmPassword>(world, json!({ "password": crate::harness::PASSWORD }), 401).await;
        refused::<BeginAuthenticatorApp>(world, json!({}), 401).await;
        refused::<GetAuthenticatorSetUp>(world, json!({}), 401).await;
        refused::<ConfirmAuthenticatorApp>(world, json!({ "code": "123456" }), 401).await;
        refused::<RemoveAuthenticatorApp>(world, json!({}), 401).await;
        refused::<RenewRecoveryCodes>(world, json!({}), 401).await;
        refused::<BeginPasskey>(world, json!({}), 401).await;
        let response = json!({ "clientDataJSON": "e30", "authenticatorData": "AAAA", "publicKey": "MA" });
        let made = json!({ "name": "Phone", "credential": { "id": "aWQ", "response": response } });
        refused::<AddPasskey>(world, made, 401).await;
        let passkey_id = guildhall::id::PasskeyId::compose(1, 1);
        refused::<RemovePasskey>(world, json!({ "passkey_id": passkey_id }), 401).await;
        let guessed = json!({ "pending_token": "guessed" });
        refused::<GetPendingSignIn>(world, guessed, 410).await;
        let guessed = json!({ "pending_token": "guessed", "code": "123456" });
        refused::<guildhall::factors::FinishSignIn>(world, guessed, 410).await;
        let required = json!({ "organization_id": world.acme.id, "required": true });
        refused::<RequireFactor>(world, required, 401).await;
        let guessed = json!({ "request": "guessed" });
        refused::<BeginAppSignIn>(world, json!({}), 400).await;
        refused::<GetAppSignIn>(world, guessed.clone(), 410).await;
        refused::<GetAppSignInLogo>(world, guessed.clone(), 410).await;
        refused::<ContinueAppSignIn>(world, guessed.clone(), 401).await;
        refused::<GetAppSignInChoice>(world, guessed.clone(), 401).await;
        let cancelled = json!({ "request": "guessed", "error": "access_denied" });
        refused::<RefuseAppSignIn>(world, cancelled, 410).await;
        let client = json!({ "client_id": client_id, "client_secret": "guessed" });
        let code = json!({ "client": client, "code": "guessed", "redirect_uri": "https://x.example", "code_verifier": "v" });
        refused::<RedeemCode>(world, code, 401).await;
        refused::<RefreshAppToken>(
            world,
            json!({ "client": client, "refresh_token": "guessed" }),
            401,
        )
        .await;
        refused::<IntrospectToken>(world, json!({ "client": client, "token": "guessed" }), 401).await;
        refused::<RevokeToken>(world, json!({ "client": client, "token": "guessed" }), 401).await;
        refused::<GetUserInfo>(world, json!({ "access_token": world.admin }), 401).await;
        let guessed = json!({ "token": "guessed" });
        refused::<GetBegunRegistration>(world, guessed, 410).await;
        let guessed = json!({ "token": "guessed", "password": "a new password" });
        refused::<FinishRegistration>(world, guessed, 410).await;
        let closed = json!({ "email": "new@example.com", "person_name": {}, "name": "New" });
        refused::<BeginRegistration>(world, closed, 404).await;
        // For everybody: it tells what the sign-in page shows.
        let way = input::parse::<GetRegistrationWay>(json!({})).unwrap();
        assert!(!world.console.run(&nobody, way).await.unwrap().is_open);
        let elsewhere = json!({ "post_logout_redirect_uri": "https://evil.example" });
        refused::<GetAppSignOut>(world, elsewhere, 400).await;
    });
}
