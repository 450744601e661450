//! What an administrator's invitations come to once their right to make administrators is gone.

use super::*;

/// One more administrator of Acme, with their token.
async fn administrator(world: &World, name: &str) -> (String, String) {
    let email = format!("{name}@example.com");
    let credentials = json!({ "password": PASSWORD, "force_replace": false });
    let body = json!({ "email": email, "role_ids": ["Organization Admin"], "credentials": credentials });
    let made = world
        .post(&members(&world.acme), body)
        .token(&world.admin)
        .expect(200)
        .await;
    let id = id_of(made.result());
    (id.to_string(), world.user_token(id, Some(world.acme.id)))
}

/// Invites somebody to Acme with an administrator's token: their id, and the token of the link.
async fn invite_by(world: &World, smtp: &Smtp, token: &str, email: &str, roles: Value) -> (String, String) {
    let before = smtp.received().iter().filter(|mail| mail.to == email).count();
    let body = json!({ "email": email, "role_ids": roles, "send_invite": true });
    let made = world
        .post(&members(&world.acme), body)
        .token(token)
        .expect(200)
        .await;
    let link = smtp.next_to(email, before).await.link("/invite/");
    (made.text_of("user_id"), token_of(&link))
}

/// The ways in which somebody stops administering.
async fn end(world: &World, way: &str, user: &str) {
    let member = format!("{}/{user}", members(&world.acme));
    let account = format!("/v1/users/{user}");
    let call = match way {
        "suspended" => world
            .put(&member, json!({ "enabled": false }))
            .token(&world.acme.org_admin),
        "demoted" => world
            .put(&format!("{member}/organization-admin"), json!({ "admin": false }))
            .token(&world.acme.org_admin),
        "removed" => world.delete(&member).token(&world.admin),
        "disabled" => world
            .put(&account, json!({ "enabled": false }))
            .token(&world.admin),
        "deleted" => world.delete(&account).token(&world.admin),
        "left" => {
            let cookie = world.session("left").await;
            rpc(
                world,
                "leave_organization",
                &[("organization_id", &world.acme.id.to_string()), ("name", "Acme")],
                Some(&cookie),
            )
        }
        _ => {
            let cookie = world.session("acme-admin").await;
            let fields = [
                ("organization_id", world.acme.id.to_string()),
                ("user_ids[0]", user.to_owned()),
                ("action", "suspend".to_owned()),
            ];
            rpc(
                world,
                "change_members",
                &fields.each_ref().map(|(name, value)| (*name, value.as_str())),
                Some(&cookie),
            )
        }
    };
    let answer = call.send().await;
    assert!(matches!(answer.status, 200 | 204), "{way}: {}", answer.text);
}

async fn total(world: &World) -> Value {
    let path = format!("{}?include_total=true", members(&world.acme));
    world.get(&path).token(&world.admin).expect(200).await.json["page_info"]["total"].clone()
}

on_both_with_smtp! {
    async fn abuse_26_nobody_becomes_an_administrator_by_the_word_of_a_former_one(world, smtp) {
        for way in ["suspended", "demoted", "removed", "disabled", "deleted", "left", "suspended-with-others"] {
            let (former, token) = administrator(world, way).await;
            let (accomplice, as_admin) = invite_by(world, smtp, &token, &format!("accomplice-{way}@example.com"), json!(["Organization Admin", world.acme.role])).await;
            let (_, as_member) = invite_by(world, smtp, &token, &format!("helper-{way}@example.com"), json!(["Organization Member"])).await;
            let before = total(world).await.as_u64().unwrap();
            end(world, way, &former).await;
            assert_eq!(read(world, &as_admin, None).await.json["state"], "revoked", "{way}");
            accept(world, &as_admin).expect(410).await;
            // They wait for nothing any more, and the list does not say that they do.
            world.get(&format!("{}/{accomplice}", members(&world.acme))).token(&world.admin).expect(404).await;
            let gone = if matches!(way, "removed" | "deleted" | "left") { 2 } else { 1 };
            assert_eq!(total(world).await.as_u64().unwrap(), before - gone, "{way}");
            let listed = world.get(&format!("{}?user_id={accomplice}", invitations(&world.acme))).token(&world.acme.org_admin).expect(200).await;
            assert_eq!(listed.column("status"), ["revoked"], "{way}");
            // It is written down, in the words of the inviter.
            let id = listed.column("invitation_id").remove(0);
            let audit = world.get(&format!("/v1/organizations/{}/audit?target_id={id}", world.acme.id)).token(&world.acme.org_admin).expect(200).await;
            let record = &audit.result()[0];
            assert_eq!((&record["before"], &record["after"]), (&json!({ "status": "pending" }), &json!({ "status": "revoked" })), "{way}: {}", audit.text);
            assert_eq!(record["target_name"], format!("accomplice-{way}@example.com"));
            // Whoever they invited as a member comes in.
            accept(world, &as_member).expect(200).await;
        }
    }

    /// The mail that did not go yet does not go.
    async fn abuse_26_the_mail_of_a_former_administrator_is_taken_back(world, smtp) {
        let (former, token) = administrator(world, "former").await;
        smtp.behave(Manner { recipient: "451 later", ..Manner::default() });
        let body = json!({ "email": "accomplice@example.com", "role_ids": ["Organization Admin"], "send_invite": true });
        world.post(&members(&world.acme), body).token(&token).expect(200).await;
        let cookie = world.session("root").await;
        let mails = async || world.post("/rpc/list_mails", json!({ "op": { "search": "accomplice" } })).header("cookie", &cookie).header("origin", &world.url).expect(200).await.text;
        let tried = loop {
            let text = mails().await;
            if text.contains("451") {
                break text;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        };
        assert!(tried.contains("\"waiting\""), "{tried}");
        end(world, "demoted", &former).await;
        let now = mails().await;
        assert!(now.contains("\"cancelled\""), "{now}");
    }

    async fn what_an_administrator_says_who_still_is_one_stays(world, smtp) {
        let (former, token) = administrator(world, "former").await;
        let path = |invitation: &Value| format!("{}/{}", invitations(&world.acme), invitation["invitation_id"].as_str().unwrap());
        let admin = json!({ "role_ids": ["Organization Admin"] });
        // Invited by the former one, made an administrator by another.
        let (one, theirs) = invite_by(world, smtp, &token, "one@example.com", json!(["Organization Member"])).await;
        world.put(&path(&invitation_of(world, &world.acme, &one).await), admin.clone()).token(&world.acme.org_admin).expect(200).await;
        // The other way round, by each way there is.
        let (two, ours) = invite_by(world, smtp, &world.acme.org_admin, "two@example.com", json!(["Organization Member"])).await;
        world.put(&path(&invitation_of(world, &world.acme, &two).await), admin).token(&token).expect(200).await;
        let (three, ours_too) = invite_by(world, smtp, &world.acme.org_admin, "three@example.com", json!(["Organization Member"])).await;
        world.put(&format!("{}/{three}/organization-admin", members(&world.acme)), json!({ "admin": true })).token(&token).expect(204).await;
        // Invited again by another one.
        invite_by(world, smtp, &token, "four@example.com", json!(["Organization Admin"])).await;
        let (_, again) = invite_by(world, smtp, &world.acme.org_admin, "four@example.com", json!(["Organization Admin"])).await;
        // A role that is taken back, and given by another one.
        let (five, last) = invite_by(world, smtp, &token, "five@example.com", json!(["Organization Admin"])).await;
        for (admin, by) in [(false, &token), (true, &world.acme.org_admin)] {
            world.put(&format!("{}/{five}/organization-admin", members(&world.acme)), json!({ "admin": admin })).token(by).expect(204).await;
            world.put(&format!("{}/{five}", members(&world.acme)), json!({ "title": "Guest" })).token(by).expect(200).await;
        }
        end(world, "demoted", &former).await;
        accept(world, &ours).expect(410).await;
        accept(world, &ours_too).expect(410).await;
        for link in [&theirs, &again] {
            accept(world, link).expect(200).await;
        }
        assert_eq!(roles(&member(world, &world.acme, &one).await), ["Organization Admin"]);
        accept(world, &last).expect(200).await;
    }

    /// Whoever is in already is made an administrator by no invitation: into another application they may go.
    async fn a_members_invitation_into_another_application_stays(world, smtp) {
        let app = world.post("/v1/applications", json!({ "name": "Reports" })).token(&world.admin).expect(201).await.text_of("app_id");
        let role = world.post(&format!("/v1/applications/{app}/roles"), json!({ "role_name": "Reader" })).token(&world.admin).expect(201).await.text_of("role_id");
        world.put(&format!("/v1/organizations/{}/apps", world.acme.id), json!({ "app_ids": [app] })).token(&world.admin).expect(204).await;
        world.post(&format!("/v1/applications/{app}/organizations/{}/roles-and-groups/set", world.acme.id), json!({ "role_ids": [role] })).token(&world.admin).expect(202).await;
        let (former, token) = administrator(world, "former").await;
        let (grace, first) = invite_by(world, smtp, &token, "grace@example.com", json!(["Organization Admin", world.acme.role, role])).await;
        let second = token_of(&smtp.next_to("grace@example.com", 1).await.link("/invite/"));
        accept(world, &first).expect(200).await;
        world.put(&format!("{}/{grace}/organization-admin", members(&world.acme)), json!({ "admin": false })).token(&world.admin).expect(204).await;
        end(world, "demoted", &former).await;
        join(world, &second, &world.session("grace").await).expect(200).await;
        let mut wanted = vec![world.acme.role.to_string(), role];
        wanted.sort();
        assert_eq!(roles(&member(world, &world.acme, &grace).await), wanted);
    }

    /// However the two meet: either they are refused, or what they sent goes with them.
    async fn abuse_26_an_administrator_who_is_removed_while_they_invite(world, smtp) {
        for round in 0..8 {
            let (former, token) = administrator(world, &format!("former{round}")).await;
            let invites = (0..3).map(|n| {
                let body = json!({ "email": format!("accomplice{round}-{n}@example.com"), "role_ids": ["Organization Admin"], "send_invite": true });
                world.post(&members(&world.acme), body).token(&token).send()
            });
            let (sent, ()) = futures::future::join(futures::future::join_all(invites), end(world, if round % 2 == 0 { "demoted" } else { "disabled" }, &former)).await;
            for answer in sent {
                assert!(matches!(answer.status, 200 | 401 | 403 | 404), "{} {}", answer.status, answer.text);
            }
            let waiting = world.get(&format!("{}?status=pending", invitations(&world.acme))).token(&world.acme.org_admin).expect(200).await;
            assert!(waiting.result().as_array().unwrap().is_empty(), "{}", waiting.text);
        }
        assert!(smtp.received().iter().all(|mail| mail.to != "former0@example.com"));
    }
}
