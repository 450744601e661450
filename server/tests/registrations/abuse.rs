//! What must not work, and what must not come apart under many at once.

use guildhall::id::UserId;
use serde_json::json;

use super::*;
use crate::harness::on_both;

/// People who have an account and nothing else, with their tokens.
async fn people(world: &World, many: usize) -> Vec<String> {
    let mut tokens = Vec::new();
    for at in 0..many {
        let person = json!({ "email": format!("person-{at}@example.com") });
        let made = world
            .post("/v1/users", person)
            .token(&world.admin)
            .expect(201)
            .await;
        let id: UserId = made.text_of("user_id").parse().unwrap();
        tokens.push(world.user_token(id, None));
    }
    prove(world).await;
    tokens
}

/// All ask for one name at once; what each got.
async fn rush(world: &World, tokens: &[String], name: &str) -> Vec<u16> {
    let calls = tokens.iter().map(|token| ask(world, token, name).send());
    let answers = futures::future::join_all(calls).await;
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(
            (answer.status, answer.fields()),
            (409, vec!["name"]),
            "{}",
            answer.text
        );
    }
    answers.iter().map(|answer| answer.status).collect()
}

on_both! {
    async fn of_fifty_who_register_one_name_at_once_one_gets_the_organization(world) {
        set(world, true, true).await;
        let tokens = people(world, 50).await;
        let statuses = rush(world, &tokens, "Initech").await;
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert_eq!(organizations(world, "Initech").await, 1);
        // No half of another one: no membership, no team, no registration without an organization.
        assert_eq!(count(world, "SELECT COUNT(*) FROM organization").await, 3);
        assert_eq!(count(world, "SELECT COUNT(*) FROM registration").await, 1);
        assert_eq!(count(world, "SELECT COUNT(*) FROM membership WHERE organization_id NOT IN (SELECT id FROM organization)").await, 0);
        assert_eq!(count(world, "SELECT COUNT(*) FROM member_role WHERE role_id = 'Organization Admin'").await, 3);
        let totals = world.get("/v1/tenant/overview").token(&world.admin).expect(200).await;
        assert_eq!((&totals.result()["organizations"], &totals.result()["members"]), (&json!(3), &json!(5)));
    }

    async fn of_fifty_who_ask_for_one_name_at_once_one_waits(world) {
        set(world, true, false).await;
        let tokens = people(world, 50).await;
        let statuses = rush(world, &tokens, "Initech").await;
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert_eq!(pending(world).await.len(), 1);
        assert_eq!(mails(world, "root@example.com", "registration_requested").await, 1);
    }

    async fn an_organization_and_a_request_of_one_name_exclude_each_other(world) {
        set(world, true, false).await;
        let tokens = people(world, 10).await;
        let names: Vec<String> = (0..10).map(|at| format!("Initech {at}")).collect();
        let asking = futures::future::join_all(tokens.iter().zip(&names).map(|(token, name)| ask(world, token, name).send()));
        let creating = futures::future::join_all(names.iter().map(|name| {
            let body = json!({ "name": name, "domain": "initech.example", "app_ids": [] });
            world.post("/v1/organizations", body).token(&world.admin).send()
        }));
        let (asked, created) = futures::future::join(asking, creating).await;
        for (asked, created) in asked.iter().zip(&created) {
            assert_eq!(usize::from(asked.status == 201) + usize::from(created.status == 201), 1, "{} {}", asked.text, created.text);
        }
    }

    async fn a_duplicate_name_leaves_no_half_made_organization(world) {
        set(world, true, true).await;
        let before = world.get("/v1/tenant/overview").token(&world.admin).expect(200).await;
        for taken in ["Acme", "ACME", " acme ", "globex"] {
            let refused = ask(world, &world.stranger_token, taken).expect(409).await;
            assert_eq!(refused.fields(), ["name"], "{taken}: {}", refused.text);
        }
        let after = world.get("/v1/tenant/overview").token(&world.admin).expect(200).await;
        assert_eq!(after.result(), before.result());
        assert_eq!(count(world, "SELECT COUNT(*) FROM registration").await, 0);
        assert_eq!(mails(world, "stranger@example.com", "registration_approved").await, 0);
        let own = world.get("/v1/me/organizations").token(&world.stranger_token).expect(200).await;
        assert_eq!(own.result(), &json!([]));
    }

    async fn auto_approval_shows_nobody_elses_people(world) {
        set(world, true, true).await;
        let id = ask(world, &world.stranger_token, "Initech").expect(201).await.text_of("organization_id");
        let token = world.user_token(world.stranger, Some(id.parse().unwrap()));
        let own = world.get(&format!("/v1/organizations/{id}/members")).token(&token).expect(200).await;
        assert_eq!(own.column("user_id"), [world.stranger.to_string()]);
        let cookie = world.session("stranger").await;
        for other in [&world.acme, &world.globex] {
            for path in [
                format!("/v1/organizations/{}", other.id),
                format!("/v1/organizations/{}/members", other.id),
                format!("/v1/organizations/{}/members/{}", other.id, other.member),
                format!("/v1/organizations/{}/invitations", other.id),
                format!("/v1/organizations/{}/audit", other.id),
                format!("/v1/organizations/{id}/members/{}", other.member),
            ] {
                world.get(&path).token(&token).expect(404).await;
                world.get(&path).header("cookie", &cookie).expect(404).await;
            }
            // Nobody is added to another organization.
            let add = json!({ "email": "new@example.com", "role_ids": ["Organization Member"] });
            world.post(&format!("/v1/organizations/{}/members", other.id), add).token(&token).expect(404).await;
        }
        for path in ["/v1/users", "/v1/organizations", ALL, "/v1/audit"] {
            world.get(path).token(&token).expect(403).await;
            world.get(path).header("cookie", &cookie).expect(403).await;
        }
    }

    async fn abuse_32_nobody_decides_on_their_own_request(world) {
        set(world, true, false).await;
        let asked = ask(world, &world.stranger_token, "Initech").expect(201).await;
        let id = asked.text_of("registration_id");
        let cookie = world.session("stranger").await;
        for (how, body) in [("approve", json!({})), ("reject", json!({ "reason": "No" }))] {
            let path = format!("{ALL}/{id}/{how}");
            world.post(&path, body.clone()).token(&world.stranger_token).expect(403).await;
            world.post(&path, body.clone()).token(&world.acme.org_admin).expect(403).await;
            world.post(&path, body).header("cookie", &cookie).header("origin", &world.url).expect(403).await;
        }
        world.get(&format!("{ALL}/{id}")).token(&world.stranger_token).expect(403).await;
        // What is not asked for is refused.
        for extra in [json!({ "status": "approved" }), json!({ "organization_id": world.acme.id }), json!({ "requester": world.acme.admin })] {
            let mut body = json!({ "name": "Hooli" });
            body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            world.post(OWN, body).token(&world.stranger_token).expect(400).await;
        }
        assert_eq!(pending(world).await, [id]);
        // Nobody reads another one's.
        let own = world.get(OWN).token(&world.user).expect(200).await;
        assert_eq!(own.result(), &json!([]));
    }

    async fn names_with_markup_are_text(world) {
        set(world, true, false).await;
        let name = "<img src=x onerror=alert(1)> {{ 7 * 7 }}";
        let asked = ask(world, &world.stranger_token, name).expect(201).await;
        assert_eq!(asked.result()["name"], name);
        let id = asked.text_of("registration_id");
        let reason = "<script>alert(2)</script>";
        let cookie = world.session("root").await;
        let page = world.get("/admin/organizations").header("cookie", &cookie).expect(200).await;
        assert!(page.text.contains("&lt;img src=x") && !page.text.contains("<img src=x"), "{}", page.text);
        let mail = text_of(world, "root@example.com", "registration_requested").await;
        let html = mail["html"].as_str().unwrap();
        assert!(html.contains("&lt;img") && !html.contains("<img src=x") && html.contains("{{ 7 * 7 }}"), "{html}");
        for broken in ["a\r\nBcc: victim@example.com", "a\u{202e}b", "", "   "] {
            let refused = ask(world, &world.stranger_token, broken).expect(400).await;
            assert_eq!(refused.fields(), ["name"], "{}", refused.text);
        }
        ask(world, &world.stranger_token, &"x".repeat(101)).expect(400).await;
        decide(world, &id, "reject", json!({ "reason": reason })).expect(200).await;
        let mail = text_of(world, "stranger@example.com", "registration_rejected").await;
        assert!(!mail["html"].as_str().unwrap().contains("<script>"), "{mail}");
        let cookie = world.session("stranger").await;
        let page = world.get("/account/registrations").header("cookie", &cookie).expect(200).await;
        assert!(page.text.contains("&lt;script&gt;alert(2)") && !page.text.contains("<script>alert(2)"), "{}", page.text);
    }
}
