//! People who have an account already and are added without being asked: they are told, and whoever adds them is warned.

use super::*;

/// What went to an address.
fn mails_to(smtp: &Smtp, address: &str) -> usize {
    smtp.received().iter().filter(|mail| mail.to == address).count()
}

/// Adds people in the console, without an invitation: what it says.
async fn add_in_console(
    world: &World,
    session: &str,
    customer: &Customer,
    fields: &[(&str, &str)],
) -> Answer {
    let cookie = world.session(session).await;
    let organization = customer.id.to_string();
    let common = [
        ("organization_id", organization.as_str()),
        ("organization_role", "Organization Member"),
    ];
    rpc(world, "add_members", &[&common, fields].concat(), Some(&cookie))
        .send()
        .await
}

on_both_with_smtp! {
    async fn whoever_was_not_asked_is_told_and_how_to_leave(world, smtp) {
        world.put(&format!("/v1/users/{}", world.stranger), json!({ "language": "de-CH" })).token(&world.admin).expect(200).await;
        let add = |email: &str| json!({ "email": email, "role_ids": ["Organization Member"] });
        world.post(&members(&world.acme), add("globex-member@example.com")).token(&world.acme.org_admin).expect(200).await;
        let mail = smtp.next_to("globex-member@example.com", 0).await;
        assert_eq!(mail.header("subject"), "You were added to Acme");
        assert_eq!(mail.header("content-language"), "en");
        let text = mail.text();
        assert!(text.contains("acme-admin added you to Acme"), "{text}");
        let link = format!("{}/account/organizations", world.url);
        assert!(text.contains(&link), "{text}");
        // There they leave.
        let cookie = world.session("globex-member").await;
        let page = world.get("/account/organizations").header("cookie", &cookie).header("accept", "text/html").expect(200).await;
        assert!(page.text.contains("Acme") && page.text.contains("Leave"), "{}", page.text);
        let acme = world.acme.id.to_string();
        rpc(world, "leave_organization", &[("organization_id", &acme), ("name", "Acme")], Some(&cookie)).expect(200).await;
        // In their own language; by a program, which has no name for them.
        world.post(&members(&world.globex), add("stranger@example.com")).token(&world.globex.client).expect(200).await;
        let mail = smtp.next_to("stranger@example.com", 0).await;
        assert_eq!((mail.header("subject").contains("Globex"), mail.header("content-language")), (true, "de".to_owned()));
        assert!(mail.text().contains("Organisation jederzeit in Ihrem Konto verlassen"), "{}", mail.text());
        // The tenant tells them, too.
        world.post(&members(&world.acme), add("stranger@example.com")).token(&world.admin).expect(200).await;
        assert!(smtp.next_to("stranger@example.com", 1).await.text().contains("Acme"));
    }

    async fn nobody_else_is_told_that_they_were_added(world, smtp) {
        let credentials = json!({ "password": PASSWORD, "force_replace": false });
        // Somebody new, with a password just made or with nothing.
        for (email, credentials) in [("new@example.com", credentials), ("bare@example.com", json!(null))] {
            let mut body = json!({ "email": email, "role_ids": ["Organization Member"] });
            if !credentials.is_null() {
                body["credentials"] = credentials;
            }
            for token in [&world.acme.org_admin, &world.admin] {
                let answer = world.post(&members(&world.acme), body.clone()).token(token).send().await;
                assert!(matches!(answer.status, 200 | 409), "{}", answer.text);
            }
        }
        // Whoever is a member and comes into an application of the organization.
        let body = json!({ "email": "acme-member@example.com", "role_ids": ["Organization Member"] });
        world.post(&members(&world.acme), body).token(&world.acme.org_admin).expect(409).await;
        // Whoever is invited has the invitation.
        invite(world, smtp, &world.acme, "stranger@example.com", json!(["Organization Member"])).await;
        invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        for (email, wanted) in [("new@example.com", 0), ("bare@example.com", 0), ("acme-member@example.com", 0), ("stranger@example.com", 1), ("grace@example.com", 1)] {
            assert_eq!(mails_to(smtp, email), wanted, "{email}");
        }
    }

    /// Added without an invitation, nobody ever proves that the account is theirs.
    async fn whoever_adds_an_account_that_nobody_proved_is_warned(world, smtp) {
        let nothing = ("how", "nothing");
        let warned = add_in_console(world, "root", &world.globex, &[("emails", "stranger@example.com"), nothing]).await;
        let message = warned.json["done"]["message"].as_str().unwrap();
        assert!(message.contains("stranger@example.com was never confirmed"), "{message}");
        // The page that comes next shows it, also to a browser without scripts.
        let cookie = world.session("root").await;
        let fields = [("organization_id", world.acme.id.to_string()), ("emails", "stranger@example.com".to_owned()), ("organization_role", "Organization Member".to_owned()), ("how", "nothing".to_owned())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        let plain = rpc(world, "add_members", &fields, Some(&cookie)).header("accept", "text/html").send().await;
        assert!(matches!(plain.status, 302 | 303), "{} {}", plain.status, plain.text);
        let flash = plain.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).find(|value| value.contains("flash=")).unwrap().split(';').next().unwrap().to_owned();
        let shown = world.get(plain.header("location").unwrap()).header("cookie", format!("{cookie}; {flash}")).header("accept", "text/html").expect(200).await;
        assert!(shown.text.contains("was never confirmed"), "{}", shown.text);
        // Not of somebody who proved it, nor of who is new, nor of whoever is invited and proves it by coming in.
        let (_, token) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        accept(world, &token).expect(200).await;
        for fields in [[("emails", "grace@example.com"), nothing], [("emails", "new@example.com"), nothing], [("emails", "acme-member@example.com"), ("how", "invitation")]] {
            let quiet = add_in_console(world, "root", &world.globex, &fields).await;
            let message = quiet.json["done"]["message"].as_str().unwrap();
            assert!(!message.contains("never confirmed"), "{message}");
        }
    }
}

/// To add and remove somebody again and again is a nuisance, as inviting them is.
#[test]
fn abuse_17_nobody_is_told_without_end() {
    for database in [Database::sqlite(), Database::postgres()] {
        with_smtp(
            database,
            |config| config.rate_limit = Some(1000),
            async |world, _| {
                let add = json!({ "email": "stranger@example.com", "role_ids": ["Organization Member"] });
                let one = format!("{}/{}", members(&world.acme), world.stranger);
                for _ in 0..5 {
                    let added = world.post(&members(&world.acme), add.clone());
                    added.token(&world.acme.org_admin).expect(200).await;
                    world.delete(&one).token(&world.acme.org_admin).expect(204).await;
                }
                let refused = world.post(&members(&world.acme), add.clone());
                let refused = refused.token(&world.acme.org_admin).expect(429).await;
                assert!(refused.header("retry-after").is_some());
                world.get(&one).token(&world.admin).expect(404).await;
                // The tenant moves its people as it must.
                world
                    .post(&members(&world.acme), add)
                    .token(&world.admin)
                    .expect(200)
                    .await;
            },
        );
    }
}
