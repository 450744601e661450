//! What must not work over HTTP; the numbers are those of the list of abuse cases.

use guildhall::id::UserId;
use serde_json::json;

use crate::harness::{Answer, Call, PASSWORD, World, on_both};

pub const FORM: &str = "application/x-www-form-urlencoded";

fn members(world: &World) -> String {
    format!("/v1/organizations/{}/members", world.acme.id)
}

fn member(world: &World, user: UserId) -> String {
    format!("{}/{user}", members(world))
}

fn roles(world: &World, user: UserId) -> String {
    format!(
        "/v1/applications/{}/organizations/{}/members/{user}/roles",
        world.acme.app, world.acme.id
    )
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// A server function, asked as a page of ours asks it.
pub fn rpc(world: &World, name: &str, fields: &[(&str, &str)]) -> Call {
    world
        .call("POST", &format!("/rpc/{name}"))
        .body(FORM, form(fields))
        .header("origin", &world.url)
}

pub fn cookie_of(answer: &Answer) -> String {
    cookie_named(answer, "session")
}

/// The cookie whose name ends so.
pub fn cookie_named(answer: &Answer, name: &str) -> String {
    let set = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|value| value.to_str().ok());
    let session = set
        .into_iter()
        .find(|value| value.contains(&format!("{name}=")))
        .unwrap_or_else(|| panic!("no {name}: {answer:?}"));
    session.split(';').next().unwrap().to_owned()
}

on_both! {
    async fn abuse_9_an_invitation_with_roles_beyond_ones_own(world) {
        let outside = json!({ "role_name": "Secret", "permissions": ["everything"] });
        let outside = world.post(&format!("/v1/applications/{}/roles", world.acme.app), outside).token(&world.admin).expect(201).await.text_of("role_id");
        for role in [json!(outside), json!(world.globex.role)] {
            let body = json!({ "email": "new@example.com", "role_ids": [role], "send_invite": true });
            world.post(&members(world), body).token(&world.acme.org_admin).expect(403).await;
        }
        // An application's client makes no administrators.
        for role in ["Organization Admin", "organizationAdmin"] {
            let body = json!({ "email": "new@example.com", "role_ids": [role], "send_invite": true });
            world.post(&members(world), body).token(&world.acme.client).expect(403).await;
        }
        // A member invites nobody.
        let body = json!({ "email": "new@example.com", "role_ids": ["Organization Member"] });
        world.post(&members(world), body).token(&world.user).expect(403).await;
        world.get("/v1/users/email/new%40example.com").token(&world.admin).expect(404).await;
    }

    async fn abuse_10_an_invitation_of_an_admin_as_a_member(world) {
        let body = json!({ "email": "acme-admin@example.com", "role_ids": ["Organization Member"], "send_invite": true });
        world.post(&members(world), body).token(&world.admin).expect(409).await;
        let admin = world.get(&member(world, world.acme.admin)).token(&world.admin).expect(200).await;
        assert!(admin.text.contains("Organization Admin"), "{}", admin.text);
    }

    async fn abuse_23_a_disabled_organization(world) {
        world.put(&format!("/v1/organizations/{}", world.acme.id), json!({ "enabled": false })).token(&world.admin).expect(200).await;
        // Tokens that are out are of no more use, and there are no new ones.
        for call in [
            world.get(&members(world)).token(&world.acme.org_admin),
            world.get(&format!("/v1/organizations/{}", world.acme.id)).token(&world.user),
            world.post(&members(world), json!({ "email": "a@example.com", "role_ids": ["Organization Member"] })).token(&world.acme.org_admin),
        ] {
            call.expect(403).await;
        }
        let cookie = world.session("acme-admin").await;
        let token = world.post("/v1/me/token", json!({ "organization_id": world.acme.id })).header("cookie", &cookie).header("origin", &world.url);
        token.expect(403).await;
        // The vendor still works on it.
        world.get(&members(world)).token(&world.admin).expect(200).await;
    }

    async fn abuse_24_an_organization_admin_at_the_tenants_door(world) {
        let cookie = world.session("acme-admin").await;
        for path in ["/v1/organizations", "/v1/users", "/v1/applications", "/v1/audit", "/v1/tenant/settings", "/v1/tenant/overview"] {
            world.get(path).token(&world.acme.org_admin).expect(403).await;
            world.get(path).header("cookie", &cookie).expect(403).await;
        }
        let page = world.get("/admin/organizations").header("cookie", &cookie).header("accept", "text/html").expect(403).await;
        assert!(!page.text.contains("Globex"));
    }

    async fn abuse_25_a_role_outside_the_role_groups(world) {
        let outside = world.post(&format!("/v1/applications/{}/roles", world.acme.app), json!({ "role_name": "Secret" })).token(&world.admin).expect(201).await.text_of("role_id");
        let body = json!({ "email": "new@example.com", "role_ids": ["Organization Member", outside] });
        for token in [&world.admin, &world.acme.client] {
            let answer = world.post(&members(world), body.clone()).token(token).expect(400).await;
            assert_eq!(answer.fields(), ["role_ids[1]"]);
            assert!(answer.text.contains(&outside), "{}", answer.text);
        }
        let answer = world.post(&roles(world, world.acme.member), json!({ "role_ids": [outside] })).token(&world.acme.org_admin).expect(400).await;
        assert!(answer.text.contains(&outside), "{}", answer.text);
        let bulk = json!({ "user_ids": [world.acme.member], "action": "assign_role", "role_id": outside });
        world.post(&format!("{}/bulk", members(world)), bulk).token(&world.acme.org_admin).expect(400).await;
        let offered = world.get(&format!("/v1/organizations/{}/assignable-roles", world.acme.id)).token(&world.acme.org_admin).expect(200).await;
        assert!(!offered.text.contains("Secret"), "{}", offered.text);
    }

    async fn abuse_26_a_member_and_their_own_roles(world) {
        let me = world.acme.member;
        for token in [world.user.clone(), world.user_token(me, Some(world.acme.id))] {
            for call in [
                world.post(&roles(world, me), json!({ "role_ids": [world.acme.role] })),
                world.put(&format!("{}/organization-admin", member(world, me)), json!({ "admin": true })),
                world.put(&member(world, me), json!({ "title": "Boss" })),
                world.post(&format!("{}/bulk", members(world)), json!({ "user_ids": [me], "action": "assign_role", "role_id": "Organization Admin" })),
                world.put(&format!("/v1/users/{me}"), json!({ "language": "de" })),
                world.put(&format!("/v1/users/{me}/tenant-admin"), json!({ "admin": true })),
            ] {
                call.token(&token).expect(403).await;
            }
        }
    }

    async fn abuse_28_more_rights_through_a_role_group_or_a_role(world) {
        let app = format!("/v1/applications/{}", world.acme.app);
        let given = format!("{app}/organizations/{}", world.acme.id);
        let calls = || [
            world.put(&format!("{app}/role-groups/{}", world.acme.group), json!({ "role_ids": [] })),
            world.post(&format!("{app}/role-groups"), json!({ "name": "Mine", "role_ids": [] })),
            world.delete(&format!("{app}/role-groups/{}", world.acme.group)),
            world.post(&format!("{given}/role-groups/set"), json!({ "role_group_ids": [] })),
            world.post(&format!("{given}/roles-and-groups/set"), json!({ "role_ids": [world.acme.role] })),
            world.post(&format!("{app}/clients"), json!({ "name": "Mine" })),
        ];
        for token in [&world.acme.org_admin, &world.user, &world.acme.client] {
            for call in calls() {
                call.token(token).expect(403).await;
            }
        }
        for call in [
            world.put(&format!("{app}/roles/{}", world.acme.role), json!({ "permissions": ["everything"] })),
            world.post(&format!("{app}/permissions"), json!({ "name": "everything" })),
            world.put(&format!("{app}/role-grid"), json!({ "roles": [] })),
        ] {
            let answer = call.token(&world.acme.org_admin).send().await;
            assert!(matches!(answer.status, 403 | 404), "{}", answer.text);
        }
        // An application's client changes the roles of its own application only.
        let other = format!("/v1/applications/{}/roles/{}", world.globex.app, world.globex.role);
        world.put(&other, json!({ "permissions": ["everything"] })).token(&world.acme.client).expect(404).await;
    }

    async fn abuse_29_the_last_administrator_of_an_organization(world) {
        let admin = world.acme.admin;
        let path = member(world, admin);
        let calls = || [
            ("remove", world.delete(&path)),
            ("demote", world.put(&format!("{path}/organization-admin"), json!({ "admin": false }))),
            ("suspend", world.put(&path, json!({ "enabled": false }))),
            ("suspend with others", world.post(&format!("{}/bulk", members(world)), json!({ "user_ids": [admin, world.acme.member], "action": "suspend" }))),
            ("remove with others", world.post(&format!("{}/bulk", members(world)), json!({ "user_ids": [world.acme.member, admin], "action": "remove" }))),
            ("disable", world.put(&format!("/v1/users/{admin}"), json!({ "enabled": false }))),
            ("delete", world.delete(&format!("/v1/users/{admin}"))),
        ];
        for (what, call) in calls() {
            let answer = call.token(&world.admin).expect(409).await;
            assert_eq!(answer.json["ts_error_code"], "last_organization_admin", "{what}: {}", answer.text);
        }
        // Nor do they themselves leave.
        world.delete(&path).token(&world.acme.org_admin).expect(409).await;
        // A suspended administrator is none.
        world.put(&format!("{}/organization-admin", member(world, world.acme.member)), json!({ "admin": true })).token(&world.admin).expect(204).await;
        world.put(&member(world, world.acme.member), json!({ "enabled": false })).token(&world.admin).expect(200).await;
        world.delete(&path).token(&world.admin).expect(409).await;
        world.put(&member(world, world.acme.member), json!({ "enabled": true })).token(&world.admin).expect(200).await;
        world.delete(&path).token(&world.admin).expect(204).await;
        // Roles of an application say nothing of administrators.
        world.post(&roles(world, world.acme.member), json!({ "role_ids": [] })).token(&world.admin).expect(204).await;
        let left = world.get(&member(world, world.acme.member)).token(&world.admin).expect(200).await;
        assert!(left.text.contains("Organization Admin"));
    }

    async fn abuse_29_two_administrators_leave_at_the_same_time(world) {
        world.put(&format!("{}/organization-admin", member(world, world.acme.member)), json!({ "admin": true })).token(&world.admin).expect(204).await;
        let both = [world.acme.admin, world.acme.member];
        let answers = futures::future::join_all(both.map(|user| world.delete(&member(world, user)).token(&world.admin).send())).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409]);
    }

    async fn abuse_29_the_last_administrator_of_the_tenant(world) {
        let cookie = world.session("root").await;
        let own = |call: Call| call.header("cookie", &cookie).header("origin", &world.url);
        let path = format!("/v1/users/{}", world.root);
        for call in [
            world.put(&format!("{path}/tenant-admin"), json!({ "admin": false })),
            world.put(&path, json!({ "enabled": false })),
            world.delete(&path),
        ] {
            let answer = own(call).expect(409).await;
            assert_eq!(answer.json["ts_error_code"], "last_tenant_admin", "{}", answer.text);
        }
        own(world.get("/v1/organizations")).expect(200).await;
    }

    async fn abuse_30_what_was_taken_is_gone_at_once(world) {
        let members = members(world);
        // Each of these ends the right of a token or session that is out.
        let (second, token) = (world.acme.member, world.user_token(world.acme.member, Some(world.acme.id)));
        let promote = async |admin: bool| {
            let path = format!("{}/organization-admin", member(world, second));
            world.put(&path, json!({ "admin": admin })).token(&world.admin).expect(204).await;
        };
        promote(true).await;
        let cookie = world.session("acme-member").await;
        let by_token = || world.get(&members).token(&token);
        let by_session = || world.get(&members).header("cookie", &cookie);
        let both = async |status: u16| {
            by_token().expect(status).await;
            by_session().expect(status).await;
        };
        both(200).await;
        promote(false).await;
        both(403).await;
        promote(true).await;
        both(200).await;
        let path = member(world, second);
        world.put(&path, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        both(403).await;
        world.put(&path, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        both(200).await;
        world.put(&format!("/v1/users/{second}"), json!({ "enabled": false })).token(&world.admin).expect(200).await;
        both(401).await;
        world.put(&format!("/v1/users/{second}"), json!({ "enabled": true })).token(&world.admin).expect(200).await;
        // Enabled again, they ask for another one: those from before are dead.
        let token = world.user_token(second, Some(world.acme.id));
        let by_token = || world.get(&members).token(&token);
        by_token().expect(200).await;
        by_session().expect(401).await;
        world.delete(&path).token(&world.admin).expect(204).await;
        by_token().expect(404).await;
        world.delete(&format!("/v1/users/{second}")).token(&world.admin).expect(204).await;
        by_token().expect(401).await;
        // The application's client, when its application is taken from the organization.
        world.get(&members).token(&world.acme.client).expect(200).await;
        world.delete(&format!("/v1/organizations/{}/apps", world.acme.id)).json(json!({ "app_ids": [world.acme.app] })).token(&world.admin).expect(204).await;
        world.get(&members).token(&world.acme.client).expect(404).await;
    }

    async fn abuse_31_fields_that_are_no_input(world) {
        for (method, path, body) in [
            ("POST", members(world), json!({ "email": "new@example.com", "role_ids": ["Organization Member"] })),
            ("PUT", member(world, world.acme.member), json!({})),
            ("POST", "/v1/users".into(), json!({ "email": "new@example.com" })),
            ("PUT", format!("/v1/users/{}", world.acme.member), json!({})),
            ("POST", "/v1/organizations".into(), json!({ "name": "N", "domain": "n.example", "app_ids": [] })),
            ("PUT", format!("/v1/organizations/{}", world.acme.id), json!({})),
        ] {
            for field in ["status", "email_verified", "organization_id", "user_id", "tenant_admin", "version", "created_at", "member_status", "password_hash"] {
                let mut body = body.clone();
                body[field] = json!("x");
                let answer = world.call(method, &path).json(body).token(&world.admin).expect(400).await;
                assert_eq!(answer.fields(), [field], "{method} {path}: {}", answer.text);
            }
        }
        let nested = json!({ "email": { "value": "new@example.com", "email_verified": true }, "role_ids": ["Organization Member"] });
        assert_eq!(world.post(&members(world), nested).token(&world.admin).expect(400).await.fields(), ["email"]);
    }

    async fn abuse_54_sessions_are_new_at_sign_in_and_die(world) {
        let sign_in = |planted: &str| {
            let call = rpc(world, "sign_in", &[("identifier", "stranger@example.com"), ("password", PASSWORD)]);
            if planted.is_empty() { call } else { call.header("cookie", planted) }
        };
        // A planted cookie does not become the session, nor does an older session.
        let planted = "__Host-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let first = cookie_of(&sign_in(planted).expect(200).await);
        assert_ne!(first, planted);
        world.get("/v1/me").header("cookie", planted).expect(401).await;
        let second = cookie_of(&sign_in(&first).expect(200).await);
        assert_ne!(second, first);
        let me = |cookie: &str| world.get("/v1/me").header("cookie", cookie);
        me(&second).expect(200).await;
        // Signing out ends it on the server, too.
        rpc(world, "sign_out", &[]).header("cookie", &second).expect(200).await;
        me(&second).expect(401).await;
        // Changing the password ends the others.
        let (here, elsewhere) = (cookie_of(&sign_in("").expect(200).await), cookie_of(&sign_in("").expect(200).await));
        let change = rpc(world, "change_own_password", &[("current_password", PASSWORD), ("new_password", "another password")]);
        change.header("cookie", &here).expect(200).await;
        me(&elsewhere).expect(401).await;
        me(&here).expect(200).await;
        me(&first).expect(401).await;
        // Disabling ends them all.
        world.put(&format!("/v1/users/{}", world.stranger), json!({ "enabled": false })).token(&world.admin).expect(200).await;
        me(&here).expect(401).await;
        world.put(&format!("/v1/users/{}", world.stranger), json!({ "enabled": true })).token(&world.admin).expect(200).await;
        me(&here).expect(401).await;
        // And time does.
        let cookie = world.session("root").await;
        me(&cookie).expect(200).await;
        world.console.clock().advance(13 * 60 * 60 * 1000);
        me(&cookie).expect(401).await;
    }
}
