//! Second factors that an administrator takes away from somebody who lost theirs.

use guildhall::factors::{ResetMemberFactors, ResetUserFactors};
use serde_json::{Value, json};

use super::{App, act, mails};
use crate::harness::{World, on_both};

const MAILBOX: &str = "acme-member@example.com";

async fn factors(world: &World) -> Value {
    let path = format!("/v1/users/{}/factors", world.acme.member);
    world
        .get(&path)
        .token(&world.admin)
        .expect(200)
        .await
        .result()
        .clone()
}

fn of_member(world: &World) -> String {
    format!(
        "/v1/organizations/{}/members/{}/factors",
        world.acme.id, world.acme.member
    )
}

on_both! {
    async fn the_tenant_resets_anybodys(world) {
        let cookie = world.session("acme-member").await;
        App::set_up(world, &cookie).await;
        let seen = factors(world).await;
        assert!(seen["authenticator_app"]["created_at"].is_i64() && seen["recovery_codes_left"] == json!(10), "{seen}");
        let path = format!("/v1/users/{}/factors", world.acme.member);
        world.delete(&path).token(&world.user).expect(403).await;
        world.delete(&path).token(&world.acme.org_admin).expect(403).await;
        world.delete(&path).token(&world.admin).expect(204).await;
        assert_eq!(factors(world).await["authenticator_app"], Value::Null);
        // Every session has ended, its owner was told, and the audit says who did it.
        world.get("/v1/me").header("cookie", &cookie).expect(401).await;
        assert_eq!(mails(world, MAILBOX, "factors_changed").await, 2);
        let audit = world.get("/v1/audit").token(&world.admin).expect(200).await;
        assert!(audit.text.contains("reset_user_factors"), "{}", audit.text);
        world.session("acme-member").await;
    }

    async fn an_organizations_administrator_resets_only_those_who_are_theirs_alone(world) {
        App::set_up(world, &world.session("acme-member").await).await;
        world.delete(&of_member(world)).token(&world.user).expect(403).await;
        world.delete(&of_member(world)).token(&world.globex.org_admin).expect(404).await;
        crate::oidc::also_member(world, &world.globex, "acme-member").await;
        let refused = world.delete(&of_member(world)).token(&world.acme.org_admin).expect(403).await;
        assert!(refused.text.contains("does not belong to your organization alone"), "{}", refused.text);
        assert_ne!(factors(world).await["authenticator_app"], Value::Null);
        let there = format!("/v1/organizations/{}/members/{}", world.globex.id, world.acme.member);
        world.delete(&there).token(&world.admin).expect(204).await;
        world.delete(&of_member(world)).token(&world.acme.org_admin).expect(204).await;
        assert_eq!(factors(world).await["authenticator_app"], Value::Null);
        assert_eq!(mails(world, MAILBOX, "factors_changed").await, 2);
        // A member of another organization is not in theirs.
        let foreign = format!("/v1/organizations/{}/members/{}/factors", world.acme.id, world.globex.member);
        world.delete(&foreign).token(&world.acme.org_admin).expect(404).await;
    }

    async fn inviting_somebody_gives_no_hold_on_their_factors(world) {
        App::set_up(world, &world.session("stranger").await).await;
        let invited = json!({ "email": "stranger@example.com", "role_ids": ["Organization Member", world.acme.role], "send_invite": true });
        let members = format!("/v1/organizations/{}/members", world.acme.id);
        world.post(&members, invited).token(&world.acme.org_admin).expect(200).await;
        let path = format!("{members}/{}/factors", world.stranger);
        world.delete(&path).token(&world.acme.org_admin).expect(403).await;
    }

    async fn what_somebody_had_before_they_were_a_member_is_not_the_organizations(world) {
        App::set_up(world, &world.session("stranger").await).await;
        world.console.clock().advance(1000);
        crate::oidc::also_member(world, &world.acme, "stranger").await;
        let path = format!("/v1/organizations/{}/members/{}/factors", world.acme.id, world.stranger);
        let refused = world.delete(&path).token(&world.acme.org_admin).expect(403).await;
        assert!(refused.text.contains("does not belong to your organization alone"), "{}", refused.text);
        world.delete(&path).token(&world.admin).expect(204).await;
    }

    async fn nobody_resets_their_own_like_this(world) {
        let cookie = world.session("acme-admin").await;
        App::set_up(world, &cookie).await;
        let own = json!({ "organization_id": world.acme.id, "user_id": world.acme.admin });
        let refused = act::<ResetMemberFactors>(world, &cookie, own).await.unwrap_err();
        assert_eq!(refused.reason.as_deref(), Some("own_account"));
        let cookie = world.session("root").await;
        let own = json!({ "user_id": world.root });
        let refused = act::<ResetUserFactors>(world, &cookie, own).await.unwrap_err();
        assert_eq!(refused.reason.as_deref(), Some("own_account"));
        // Nor does the backend of the tenant take away what protects its administrators.
        let path = format!("/v1/users/{}/factors", world.root);
        world.delete(&path).token(&world.admin).expect(403).await;
    }
}
