//! What must not work with invitations, by the number of the abuse case.

use tower::ServiceExt as _;

use super::*;

on_both_with_smtp! {
    async fn abuse_1_a_changed_token(world, smtp) {
        let (made, token) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        assert!(token.len() >= 43, "256 bits: {token}");
        let mut changed = vec![token.to_uppercase(), token[1..].to_owned(), format!("{token}A"), world.acme.id.to_string(), made["user_id"].as_str().unwrap().to_owned()];
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            changed.push(String::from_utf8(bytes).unwrap());
        }
        for token in changed {
            accept(world, &token).expect(404).await;
            assert_eq!(read(world, &token, None).await.status, 404);
        }
        assert_eq!(member(world, &world.acme, made["user_id"].as_str().unwrap()).await["member_status"], "Pending");
    }

    async fn abuse_2_another_account_that_claims_the_address(world, smtp) {
        let claim = json!({ "secondary_emails": ["grace@example.com"] });
        world.put(&format!("/v1/users/{}", world.stranger), claim).token(&world.admin).expect(200).await;
        let (made, token) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Admin"])).await;
        let cookie = world.session("stranger").await;
        assert_eq!(read(world, &token, Some(&cookie)).await.json["accept_by"], "other_account");
        let page = world.get(&format!("/invite/{token}")).header("cookie", &cookie).header("accept", "text/html").expect(403).await;
        assert!(page.text.contains("for another account"), "{}", page.text);
        join(world, &token, &cookie).expect(403).await;
        let fields = [("token", token.as_str()), ("password", "a new password")];
        rpc(world, "accept_invitation", &fields, Some(&cookie)).expect(403).await;
        let user = made["user_id"].as_str().unwrap();
        assert_eq!(invitation_of(world, &world.acme, user).await["status"], "pending");
        assert_eq!(member(world, &world.acme, user).await["member_status"], "Pending");
    }

    async fn abuse_4_fifty_accepts_at_once(world, smtp) {
        let (made, token) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        let accepts = (0..50).map(|_| accept(world, &token).send());
        let answers = futures::future::join_all(accepts).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        for answer in &answers {
            // 503: fifty passwords at once are more than a slow machine hashes in ten seconds.
            assert!(matches!(answer.status, 200 | 410 | 503), "{} {}", answer.status, answer.text);
        }
        let user = made["user_id"].as_str().unwrap();
        assert_eq!(roles(&member(world, &world.acme, user).await), ["Organization Member"]);
    }

    /// Somebody known brings no password that would take time to hash: all fifty meet at the link.
    async fn abuse_4_fifty_joins_at_once(world, smtp) {
        let (_, token) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        accept(world, &token).expect(200).await;
        let (made, token) = invite(world, smtp, &world.globex, "grace@example.com", json!([world.globex.role])).await;
        let cookie = world.session("grace").await;
        let answers = futures::future::join_all((0..50).map(|_| join(world, &token, &cookie).send())).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!((statuses[0], &statuses[1..]), (200, &[410; 49][..]));
        let user = made["user_id"].as_str().unwrap();
        assert_eq!(roles(&member(world, &world.globex, user).await), [world.globex.role.to_string()]);
        let audit = world.get(&format!("/v1/organizations/{}/audit?operation=join_by_invitation", world.globex.id)).token(&world.admin).expect(200).await;
        assert_eq!(audit.result().as_array().unwrap().len(), 1, "{}", audit.text);
    }

    async fn abuse_5_a_link_that_is_dead_to_somebody_known(world, smtp) {
        let (_, token) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        accept(world, &token).expect(200).await;
        // Used.
        let cookie = world.session("grace").await;
        join(world, &token, &cookie).expect(410).await;
        let (made, token) = invite(world, smtp, &world.globex, "grace@example.com", json!(["Organization Member"])).await;
        let user = made["user_id"].as_str().unwrap();
        let id = invitation_of(world, &world.globex, user).await["invitation_id"].as_str().unwrap().to_owned();
        let of = |action: &str| format!("{}/{id}{action}", invitations(&world.globex));
        let organization = format!("/v1/organizations/{}", world.globex.id);
        world.put(&organization, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        join(world, &token, &cookie).expect(410).await;
        world.put(&organization, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        world.call("POST", &of("/resend")).token(&world.globex.org_admin).expect(200).await;
        let newer = token_of(&smtp.next_to("grace@example.com", 2).await.link("/invite/"));
        join(world, &token, &cookie).expect(410).await;
        world.console.clock().advance(48 * 60 * 60 * 1000 + 1000);
        let cookie = world.session("grace").await;
        join(world, &newer, &cookie).expect(410).await;
        let fresh = world.user_token(world.globex.admin, Some(world.globex.id));
        world.call("POST", &of("/resend")).token(&fresh).expect(200).await;
        let newest = token_of(&smtp.next_to("grace@example.com", 3).await.link("/invite/"));
        world.delete(&of("")).token(&fresh).expect(200).await;
        join(world, &newest, &cookie).expect(410).await;
        world.get(&organization).header("cookie", &cookie).expect(404).await;
    }

    async fn abuse_5_a_link_that_is_dead(world, smtp) {
        let (made, token) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        let user = made["user_id"].as_str().unwrap();
        let id = invitation_of(world, &world.acme, user).await["invitation_id"].as_str().unwrap().to_owned();
        let of = |action: &str| format!("{}/{id}{action}", invitations(&world.acme));
        let organization = format!("/v1/organizations/{}", world.acme.id);
        // With the organization disabled; enabled again, it goes on.
        world.put(&organization, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        assert_eq!(read(world, &token, None).await.json["state"], "organization_disabled");
        accept(world, &token).expect(410).await;
        world.get(&format!("/invite/{token}")).header("accept", "text/html").expect(410).await;
        world.put(&organization, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        // Resent.
        world.call("POST", &of("/resend")).token(&world.acme.org_admin).expect(200).await;
        let newer = token_of(&smtp.next_to("grace@example.com", 1).await.link("/invite/"));
        assert_eq!(read(world, &token, None).await.json["state"], "replaced");
        accept(world, &token).expect(410).await;
        // Run out.
        world.console.clock().advance(48 * 60 * 60 * 1000 + 1000);
        assert_eq!(read(world, &newer, None).await.json["state"], "expired");
        accept(world, &newer).expect(410).await;
        // Taken back.
        let fresh = world.user_token(world.acme.admin, Some(world.acme.id));
        world.call("POST", &of("/resend")).token(&fresh).expect(200).await;
        let newest = token_of(&smtp.next_to("grace@example.com", 2).await.link("/invite/"));
        world.delete(&of("")).token(&fresh).expect(200).await;
        assert_eq!(read(world, &newest, None).await.json["state"], "revoked");
        accept(world, &newest).expect(410).await;
        let page = world.get(&format!("/invite/{newest}")).header("accept", "text/html").expect(410).await;
        assert!(page.text.contains("taken back"), "{}", page.text);
    }

    async fn abuse_6_the_token_is_nowhere_but_in_the_mail(world, smtp) {
        let (made, token) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        let user = made["user_id"].as_str().unwrap();
        assert!(!made.to_string().contains(&token));
        let id = invitation_of(world, &world.acme, user).await["invitation_id"].as_str().unwrap().to_owned();
        for path in [
            invitations(&world.acme),
            members(&world.acme),
            format!("/v1/organizations/{}/audit", world.acme.id),
            "/v1/audit".to_owned(),
            "/v1/mails".to_owned(),
        ] {
            let answer = world.get(&path).token(&world.admin).expect(200).await;
            assert!(!answer.text.contains(&token), "{path}");
        }
        let resent = world.call("POST", &format!("{}/{id}/resend", invitations(&world.acme))).token(&world.acme.org_admin).expect(200).await;
        let newer = token_of(&smtp.next_to("grace@example.com", 1).await.link("/invite/"));
        assert!(!resent.text.contains(&newer) && !resent.text.contains("token"), "{}", resent.text);
        // The API shows no link at all, and the page tells other sites nothing of where somebody came from.
        let copy = format!("{}/{id}/copy", invitations(&world.acme));
        world.call("POST", &copy).token(&world.acme.org_admin).expect(404).await;
        let page = world.get(&format!("/invite/{newer}")).header("accept", "text/html").expect(200).await;
        assert_eq!(page.header("referrer-policy"), Some("same-origin"));
        // The database has a fingerprint, and no mail that went.
        for _ in 0..200 {
            let mut tx = world.console.db().read().await.unwrap();
            let (bodies,): (i64,) = tx.query("SELECT COUNT(*) FROM outbox WHERE body IS NOT NULL").one().await.unwrap();
            if bodies == 0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let mut tx = world.console.db().read().await.unwrap();
        let kept: Vec<(String,)> = tx
            .query("SELECT token_hash FROM invitation_link UNION ALL SELECT token_hash FROM invitation WHERE token_hash IS NOT NULL
                    UNION ALL SELECT COALESCE(body, '') FROM outbox")
            .all()
            .await
            .unwrap();
        assert!(kept.len() >= 5 && kept.iter().all(|(text,)| !text.contains(&token) && !text.contains(&newer)));
    }

    async fn abuse_7_another_organizations_invitation(world, smtp) {
        let (made, token) = invite(world, smtp, &world.globex, "grace@example.com", json!(["Organization Member"])).await;
        let id = invitation_of(world, &world.globex, made["user_id"].as_str().unwrap()).await["invitation_id"].as_str().unwrap().to_owned();
        let path = format!("{}/{id}", invitations(&world.acme));
        for token in [&world.acme.org_admin, &world.acme.client, &world.admin] {
            world.call("POST", &format!("{path}/resend")).token(token).expect(404).await;
            world.put(&path, json!({ "role_ids": ["Organization Member"] })).token(token).expect(404).await;
            world.delete(&path).token(token).expect(404).await;
        }
        let cookie = world.session("acme-admin").await;
        for organization in [world.acme.id, world.globex.id] {
            let fields = [("organization_id", &*organization.to_string()), ("invitation_id", &id)];
            rpc(world, "copy_invitation_link", &fields, Some(&cookie)).expect(404).await;
        }
        assert_eq!(read(world, &token, None).await.json["state"], "open");
    }

    async fn abuse_8_more_in_the_accepting_form_than_it_asks_for(world, smtp) {
        let (made, token) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        let whole = json!({ "token": token, "password": PASSWORD });
        for (field, value) in [
            ("role_ids", json!(["Organization Admin"])),
            ("is_admin", json!(true)),
            ("email_verified", json!(true)),
            ("organization_id", json!(world.globex.id)),
        ] {
            let mut fields = whole.clone();
            fields[field] = value;
            let refused = guildhall::input::parse::<guildhall::invitations::AcceptInvitation>(fields);
            assert!(refused.is_err(), "{field}");
        }
        // The page's form is refused with them, by itself and for somebody who is signed in; nothing has changed.
        let user = made["user_id"].as_str().unwrap();
        let globex = world.globex.id.to_string();
        let cookie = world.session("stranger").await;
        for (field, value) in [("role_ids[0]", "Organization Admin"), ("role_ids", "Organization Admin"), ("is_admin", "true"), ("email_verified", "true"), ("organization_id", &globex), ("user_id", user), ("name[role]", "x")] {
            let fields = [("token", token.as_str()), ("password", PASSWORD), (field, value)];
            for call in [
                rpc(world, "accept_invitation", &fields, None),
                rpc(world, "join_by_invitation", &[("token", token.as_str()), (field, value)], Some(&cookie)),
            ] {
                let refused = call.expect(400).await;
                assert_eq!(refused.json["fields"][0]["field"], field, "{}", refused.text);
            }
        }
        assert_eq!(invitation_of(world, &world.acme, user).await["status"], "pending");
        assert_eq!(member(world, &world.acme, user).await["member_status"], "Pending");
        world.get(&format!("{}/{user}", members(&world.globex))).token(&world.admin).expect(404).await;
        // Without scripts the page's own form brings the address along, for password managers.
        let plain = [("token", token.as_str()), ("email", "root@example.com"), ("password", PASSWORD), ("first_name", ""), ("last_name", "")];
        rpc(world, "accept_invitation", &plain, None).expect(200).await;
        let now = member(world, &world.acme, user).await;
        assert_eq!((roles(&now), &now["email"]["value"]), (vec!["Organization Member".to_owned()], &json!("grace@example.com")));
    }

    async fn abuse_9_an_invitation_that_is_changed_to_more_than_one_may_give(world, smtp) {
        let (made, _) = invite(world, smtp, &world.acme, "grace@example.com", json!([world.acme.role])).await;
        let user = made["user_id"].as_str().unwrap();
        let id = invitation_of(world, &world.acme, user).await["invitation_id"].as_str().unwrap().to_owned();
        let path = format!("{}/{id}", invitations(&world.acme));
        let outside = world.post(&format!("/v1/applications/{}/roles", world.acme.app), json!({ "role_name": "Secret" })).token(&world.admin).expect(201).await.text_of("role_id");
        for role in [json!(outside), json!(world.globex.role)] {
            world.put(&path, json!({ "role_ids": [role] })).token(&world.acme.org_admin).expect(403).await;
            world.put(&path, json!({ "role_ids": [role] })).token(&world.admin).expect(400).await;
        }
        world.put(&path, json!({ "role_ids": ["Organization Admin"] })).token(&world.acme.client).expect(403).await;
        world.put(&path, json!({ "role_ids": [] })).token(&world.acme.org_admin).expect(400).await;
        world.put(&path, json!({ "role_ids": [world.acme.role] })).token(&world.user).expect(403).await;
        assert_eq!(roles(&member(world, &world.acme, user).await), [world.acme.role.to_string()]);
    }

    async fn abuse_10_accepting_never_takes_a_role_away(world, smtp) {
        // An application's client invites the administrator into its application, as a member.
        let body = json!({ "email": "acme-admin@example.com", "role_ids": ["Organization Member"], "send_invite": true });
        world.post(&members(&world.acme), body.clone()).token(&world.acme.org_admin).expect(409).await;
        let (made, token) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member", world.acme.role])).await;
        let user = made["user_id"].as_str().unwrap();
        accept(world, &token).expect(200).await;
        world.put(&format!("{}/{user}/organization-admin", members(&world.acme)), json!({ "admin": true })).token(&world.admin).expect(204).await;
        world.post(&format!("/v1/applications/{}/organizations/{}/members/{user}/roles", world.acme.app, world.acme.id), json!({ "role_ids": [] })).token(&world.admin).expect(204).await;
        let body = json!({ "email": "grace@example.com", "role_ids": ["Organization Member", world.acme.role], "send_invite": true });
        world.post(&members(&world.acme), body).token(&world.acme.client).expect(200).await;
        let token = token_of(&smtp.next_to("grace@example.com", 1).await.link("/invite/"));
        join(world, &token, &world.session("grace").await).expect(200).await;
        let now = roles(&member(world, &world.acme, user).await);
        assert!(now.contains(&"Organization Admin".to_owned()) && now.contains(&world.acme.role.to_string()), "{now:?}");
    }

    async fn abuse_12_markup_line_breaks_and_templates_in_names(world, smtp) {
        let hostile = "<img src=x onerror=alert(1)> {{ 7*7 }} \"';--";
        world.put(&format!("/v1/organizations/{}", world.acme.id), json!({ "name": hostile })).token(&world.admin).expect(200).await;
        world.put(&format!("/v1/users/{}", world.acme.admin), json!({ "name": { "first_name": "<b>{{ 7*7 }}" } })).token(&world.admin).expect(200).await;
        let broken = json!({ "email": "x@example.com\r\nBcc: victim@example.com", "role_ids": ["Organization Member"], "send_invite": true });
        world.post(&members(&world.acme), broken).token(&world.acme.org_admin).expect(400).await;
        let broken = json!({ "email": "x@example.com", "name": { "first_name": "a\r\nBcc: victim@example.com" }, "role_ids": ["Organization Member"], "send_invite": true });
        world.post(&members(&world.acme), broken).token(&world.acme.org_admin).expect(400).await;
        let body = json!({ "email": "grace@example.com", "name": { "first_name": "\"><script>", "last_name": "=?utf-8?q?Bcc?=" }, "role_ids": ["Organization Member"], "send_invite": true });
        world.post(&members(&world.acme), body).token(&world.acme.org_admin).expect(200).await;
        let mail = smtp.next_to("grace@example.com", 0).await;
        let (text, html) = {
            let all = mail.text();
            let at = all.find("<!doctype html>").unwrap();
            (all[..at].to_owned(), all[at..].to_owned())
        };
        // Neither escaped in the text nor computed.
        assert!(text.contains(hostile) && text.contains("<b>{{ 7*7 }}"), "{text}");
        assert!(!html.contains("<img") && !html.contains("<b>") && html.contains("&lt;img"), "{html}");
        assert_eq!(mail.header("bcc"), "");
        let token = token_of(&mail.link("/invite/"));
        let page = world.get(&format!("/invite/{token}")).header("accept", "text/html").expect(200).await;
        assert!(!page.text.contains("<img src=x") && !page.text.contains("<script>\"") && !page.text.contains("\"><script>"), "{}", page.text);
    }
}

fn limited(config: &mut server::config::Config) {
    config.rate_limit = Some(100_000);
}

#[test]
fn abuse_14_a_thousand_invitations_or_resends_on_sqlite() {
    with_smtp(Database::sqlite(), limited, a_thousand);
}

#[test]
fn abuse_14_a_thousand_invitations_or_resends_on_postgres() {
    with_smtp(Database::postgres(), limited, a_thousand);
}

async fn a_thousand(world: &World, smtp: &Smtp) {
    let (made, _) = invite(
        world,
        smtp,
        &world.acme,
        "grace@example.com",
        json!(["Organization Member"]),
    )
    .await;
    let id = invitation_of(world, &world.acme, made["user_id"].as_str().unwrap()).await;
    let resend = format!(
        "{}/{}/resend",
        invitations(&world.acme),
        id["invitation_id"].as_str().unwrap()
    );
    let limited = async |call: &dyn Fn(u32) -> Call| {
        for n in 0..1000 {
            let answer = call(n).send().await;
            if answer.status == 429 {
                for name in [
                    "retry-after",
                    "x-ratelimit-limit",
                    "x-ratelimit-remaining",
                    "x-ratelimit-reset",
                ] {
                    assert!(answer.header(name).is_some(), "{name}");
                }
                return n;
            }
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
        1000
    };
    // To one address, and on behalf of one organization, whoever asks.
    let resends = limited(&|_| world.call("POST", &resend).token(&world.acme.org_admin)).await;
    assert!(resends < 10, "{resends}");
    let invited = limited(&|n| {
            let body = json!({ "email": format!("new{n}@example.com"), "role_ids": ["Organization Member"], "send_invite": true });
            let token = if n % 2 == 0 { &world.admin } else { &world.acme.org_admin };
            world.post(&members(&world.acme), body).token(token)
        })
        .await;
    assert!((100..400).contains(&invited), "{invited}");
    // Nobody was invited without a mail, and others go on.
    let body =
        json!({ "email": "other@example.com", "role_ids": ["Organization Member"], "send_invite": true });
    world
        .post(&members(&world.globex), body)
        .token(&world.globex.org_admin)
        .expect(200)
        .await;
    // Another server of the same database has counted along, and one that starts anew begins where this one stands.
    let other = world.another_node().await;
    let request = http::Request::post(&resend)
        .header("authorization", format!("Bearer {}", world.acme.org_admin))
        .body(axum::body::Body::empty());
    let answer = other.clone().oneshot(request.unwrap()).await.unwrap();
    assert_eq!(answer.status(), 429);
    let wait = answer.headers()["retry-after"].to_str().unwrap().parse::<i64>();
    assert!((1..=25 * 60).contains(&wait.unwrap()), "{:?}", answer.headers());
    let more =
        json!({ "email": "one-more@example.com", "role_ids": ["Organization Member"], "send_invite": true });
    let request = http::Request::post(members(&world.acme))
        .header("authorization", format!("Bearer {}", world.acme.org_admin))
        .header("content-type", "application/json")
        .body(axum::body::Body::from(more.to_string()));
    let answer = other.oneshot(request.unwrap()).await.unwrap();
    assert_eq!(answer.status(), 429);
}
