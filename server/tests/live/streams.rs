//! Who is told what, and until when.

use std::time::Duration;

use serde_json::json;

use super::{Stream, member_path, retitle, set_tenant_admin};
use crate::api::abuse::rpc;
use crate::harness::{World, on_both};

/// Makes Acme's member an administrator of it, beside the one that there is.
async fn promote_member(world: &World, admin: bool) {
    let (organization, member) = (world.acme.id.to_string(), world.acme.member.to_string());
    let root = world.session("root").await;
    let fields = [
        ("organization_id", &*organization),
        ("user_id", &*member),
        ("name", "x"),
        ("admin", if admin { "true" } else { "false" }),
    ];
    let call = rpc(world, "set_organization_admin", &fields);
    call.header("cookie", root).expect(200).await;
}

on_both! {
    async fn a_change_is_told_within_a_second_and_says_nothing_of_what_it_is(world) {
        let cookie = world.session("acme-admin").await;
        let mut portal = Stream::open(&world.url, &cookie, world.acme.id).await;
        let mut tenant = Stream::open(&world.url, &world.session("root").await, "tenant").await;
        retitle(world, &world.acme, "Head of Kilns").await;
        let expected = json!({ "changed": [{ "kind": "member", "id": world.acme.member }] });
        for stream in [&mut portal, &mut tenant] {
            let event = stream.next().await.unwrap();
            assert_eq!((event.name.as_str(), &event.data), ("changed", &expected));
            assert!(event.id.parse::<i64>().is_ok(), "{event:?}");
        }
        // What comes close together is told together, and nothing of it is lost.
        let administer = [("organization_id", world.acme.id.to_string()), ("user_id", world.acme.member.to_string()), ("name", "x".to_owned()), ("admin", "true".to_owned())];
        let administer: Vec<(&str, &str)> = administer.iter().map(|(name, value)| (*name, value.as_str())).collect();
        rpc(world, "set_organization_admin", &administer).header("cookie", &cookie).expect(200).await;
        world.put(&format!("/v1/organizations/{}", world.acme.id), json!({ "alias_name": "Potteries" })).token(&world.admin).expect(200).await;
        let mut kinds = std::collections::BTreeSet::new();
        while kinds.len() < 2 {
            let event = portal.next().await.unwrap();
            let changed = event.data["changed"].as_array().unwrap_or_else(|| panic!("{event:?}"));
            kinds.extend(changed.iter().map(|thing| thing["kind"].as_str().unwrap().to_owned()));
        }
        assert!(kinds.iter().eq(["member", "organization"]), "{kinds:?}");
    }

    async fn a_change_on_another_server_or_by_a_command_is_told_too(world) {
        let other = world.another_server().await;
        let cookie = world.session("acme-admin").await;
        let mut stream = Stream::open(&other.url, &cookie, world.acme.id).await;
        // SQLite's file is looked at twice a second, PostgreSQL tells at once.
        tokio::time::sleep(Duration::from_millis(700)).await;
        retitle(world, &world.acme, "Lead").await;
        assert_eq!(stream.next().await.unwrap().name, "changed");
        // Sessions that end here end the streams there.
        rpc(world, "sign_out", &[]).header("cookie", &cookie).expect(200).await;
        stream.expect_end("signed-out").await;
        other.end().await;
    }

    async fn nobody_is_told_of_an_organization_that_is_not_theirs(world) {
        let cookie = world.session("acme-admin").await;
        let mut acme = Stream::open(&world.url, &cookie, world.acme.id).await;
        let mut own = Stream::open(&world.url, &cookie, "account").await;
        retitle(world, &world.globex, "Lead").await;
        world.put(&format!("/v1/users/{}", world.globex.member), json!({ "language": "de" })).token(&world.admin).expect(200).await;
        world.put(&format!("/v1/users/{}", world.stranger), json!({ "language": "de" })).token(&world.admin).expect(200).await;
        acme.expect_nothing().await;
        own.expect_nothing().await;
        // A member's record is shown by the organization: that it changed is told.
        world.put(&format!("/v1/users/{}", world.acme.member), json!({ "language": "de" })).token(&world.admin).expect(200).await;
        assert_eq!(acme.next().await.unwrap().data, json!({ "changed": [{ "kind": "member", "id": world.acme.member }] }));
        // That an application has another role is told to those who have it, without saying which: not all have all roles.
        let role = json!({ "role_name": "Auditor", "permissions": [] });
        world.post(&format!("/v1/applications/{}/roles", world.globex.app), role.clone()).token(&world.admin).expect(201).await;
        acme.expect_nothing().await;
        world.post(&format!("/v1/applications/{}/roles", world.acme.app), role).token(&world.admin).expect(201).await;
        assert_eq!(acme.next().await.unwrap().data, json!({ "changed": [{ "kind": "role" }] }));
    }

    async fn whoever_is_invited_and_has_not_accepted_is_not_told_of(world) {
        let path = format!("/v1/organizations/{}/members", world.acme.id);
        let invite = json!({ "email": "stranger@example.com", "role_ids": ["Organization Member"], "send_invite": true });
        world.post(&path, invite).token(&world.admin).expect(200).await;
        let mut acme = Stream::open(&world.url, &world.session("acme-admin").await, world.acme.id).await;
        world.put(&format!("/v1/users/{}", world.stranger), json!({ "language": "de" })).token(&world.admin).expect(200).await;
        acme.expect_nothing().await;
    }

    async fn whoever_may_not_look_gets_no_stream(world) {
        let (admin, member) = (world.session("acme-admin").await, world.session("acme-member").await);
        let refusals = [
            (String::new(), format!("of={}", world.acme.id), 401, "signed-out"),
            (String::new(), "of=account".to_owned(), 401, "signed-out"),
            (admin.clone(), format!("of={}", world.globex.id), 404, "closed"),
            (admin.clone(), "of=tenant".to_owned(), 403, "closed"),
            (member, format!("of={}", world.acme.id), 403, "closed"),
        ];
        for (cookie, query, status, event) in refusals {
            let program = world.get(&format!("/live?{query}")).header("cookie", &cookie).expect(status).await;
            assert!(!program.text.contains("event:"), "{}", program.text);
            // A browser tells its page nothing of a status.
            let mut page = Stream::over(Stream::ask(&world.url, &cookie, &query).await);
            page.expect_end(event).await;
        }
        for query in ["", "of=", "of=org_1", "of=everything", "of=account&since=x"] {
            world.get(&format!("/live?{query}")).header("cookie", &admin).expect(400).await;
        }
        // Tokens are for the API.
        world.get(&format!("/live?of={}", world.acme.id)).token(&world.acme.org_admin).expect(403).await;
    }

    async fn abuse_23_30_the_stream_of_whoever_is_suspended_ends(world) {
        promote_member(world, true).await;
        let cookie = world.session("acme-member").await;
        let mut stream = Stream::open(&world.url, &cookie, world.acme.id).await;
        let path = member_path(&world.acme, world.acme.member);
        world.put(&path, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        stream.expect_end("closed").await;
        world.put(&path, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        let mut stream = Stream::open(&world.url, &cookie, world.acme.id).await;
        // No longer an administrator.
        promote_member(world, false).await;
        stream.expect_end("closed").await;
        promote_member(world, true).await;
        let mut stream = Stream::open(&world.url, &cookie, world.acme.id).await;
        world.put(&format!("/v1/organizations/{}", world.acme.id), json!({ "enabled": false })).token(&world.admin).expect(200).await;
        stream.expect_end("closed").await;
    }

    async fn abuse_30_54_a_session_that_is_ended_elsewhere_is_told_so(world) {
        let (here, there) = (world.session("acme-admin").await, world.session("acme-admin").await);
        let mut stream = Stream::open(&world.url, &there, world.acme.id).await;
        let mut own = Stream::open(&world.url, &here, "account").await;
        rpc(world, "end_other_sessions", &[]).header("cookie", &here).expect(200).await;
        stream.expect_end("signed-out").await;
        // The list of one's sessions changed, and the own one goes on.
        assert_eq!(own.next().await.unwrap().name, "changed");
        rpc(world, "sign_out", &[]).header("cookie", &here).expect(200).await;
        own.expect_end("signed-out").await;
        // Somebody who is disabled is signed out everywhere.
        let cookie = world.session("acme-member").await;
        let mut own = Stream::open(&world.url, &cookie, "account").await;
        world.put(&format!("/v1/users/{}", world.acme.member), json!({ "enabled": false })).token(&world.admin).expect(200).await;
        own.expect_end("signed-out").await;
    }

    async fn only_the_tenant_is_told_of_the_sessions_of_an_organizations_members(world) {
        let (root, admin) = (world.session("root").await, world.session("acme-admin").await);
        let mut tenant = Stream::open(&world.url, &root, world.acme.id).await;
        let mut portal = Stream::open(&world.url, &admin, world.acme.id).await;
        let member = world.session("acme-member").await;
        rpc(world, "sign_out", &[]).header("cookie", &member).expect(200).await;
        let expected = json!({ "changed": [{ "kind": "member", "id": world.acme.member }] });
        assert_eq!(tenant.next().await.unwrap().data, expected);
        portal.expect_nothing().await;
    }

    async fn other_rights_are_told_to_the_page_that_is_open(world) {
        let cookie = world.session("acme-member").await;
        let mut own = Stream::open(&world.url, &cookie, "account").await;
        promote_member(world, true).await;
        let mut names = Vec::new();
        while !names.contains(&"rights".to_owned()) {
            names.push(own.next().await.unwrap().name);
        }
        set_tenant_admin(world, world.acme.member, true).await;
        let mut tenant = Stream::open(&world.url, &cookie, "tenant").await;
        set_tenant_admin(world, world.acme.member, false).await;
        tenant.expect_end("closed").await;
    }

    async fn what_changed_before_the_page_was_live_is_told_first(world) {
        let cookie = world.session("acme-admin").await;
        let rendered_at = world.console.clock().now();
        retitle(world, &world.acme, "Lead").await;
        let query = format!("of={}&since={rendered_at}", world.acme.id);
        let mut late = Stream::over(Stream::ask(&world.url, &cookie, &query).await);
        assert_eq!(late.next().await.unwrap().name, "hello");
        assert_eq!(late.next().await.unwrap().name, "changed");
        let later = world.console.clock().now() + 60_000;
        let query = format!("of={}&since={later}", world.acme.id);
        let mut fresh = Stream::over(Stream::ask(&world.url, &cookie, &query).await);
        assert_eq!(fresh.next().await.unwrap().name, "hello");
        fresh.expect_nothing().await;
    }

    async fn whoever_views_a_portal_is_told_of_it_and_of_nothing_else(world) {
        let cookie = world.session("root").await;
        let mut tenant = Stream::open(&world.url, &cookie, "tenant").await;
        let acme = world.acme.id.to_string();
        rpc(world, "view_as_organization_admin", &[("organization_id", &acme)]).header("cookie", &cookie).expect(200).await;
        // The other pages of the session are closed meanwhile.
        tenant.expect_end("closed").await;
        let mut portal = Stream::open(&world.url, &cookie, world.acme.id).await;
        retitle(world, &world.acme, "Lead").await;
        assert_eq!(portal.next().await.unwrap().name, "changed");
        world.get(&format!("/live?of={}", world.globex.id)).header("cookie", &cookie).expect(403).await;
    }
}
