//! What an organization cannot come by with its own invitations: somebody else's account, or a role that was taken away.

use super::*;

/// A second application of an organization, with a role that it may give.
async fn second_application(world: &World, customer: &Customer) -> (String, String) {
    let app = world
        .post("/v1/applications", json!({ "name": "Reports" }))
        .token(&world.admin)
        .expect(201)
        .await
        .text_of("app_id");
    let role = world
        .post(
            &format!("/v1/applications/{app}/roles"),
            json!({ "role_name": "Reader" }),
        )
        .token(&world.admin)
        .expect(201)
        .await
        .text_of("role_id");
    let organization = customer.id;
    let apps = format!("/v1/organizations/{organization}/apps");
    world
        .put(&apps, json!({ "app_ids": [app] }))
        .token(&world.admin)
        .expect(204)
        .await;
    let roles = format!("/v1/applications/{app}/organizations/{organization}/roles-and-groups/set");
    world
        .post(&roles, json!({ "role_ids": [role] }))
        .token(&world.admin)
        .expect(202)
        .await;
    (app, role)
}

/// The token of the link that an organization's administrator copies.
async fn copied(world: &World, customer: &Customer, session: &str, user: &str) -> String {
    let cookie = world.session(session).await;
    let invitation = invitation_of(world, customer, user).await;
    let fields = [
        ("organization_id", customer.id.to_string()),
        (
            "invitation_id",
            invitation["invitation_id"].as_str().unwrap().to_owned(),
        ),
    ];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let link = rpc(world, "copy_invitation_link", &fields, Some(&cookie))
        .expect(200)
        .await;
    token_of(link.json["link"].as_str().unwrap())
}

on_both_with_smtp! {
    async fn abuse_9_a_copied_link_is_no_way_into_another_organization(world, smtp) {
        let named = json!({
            "email": "jane@example.com", "name": { "first_name": "Known", "last_name": "Elsewhere" },
            "role_ids": ["Organization Admin"], "send_invite": true,
        });
        let made = world.post(&members(&world.globex), named).token(&world.globex.org_admin).expect(200).await;
        let mailed = token_of(&smtp.next_to("jane@example.com", 0).await.link("/invite/"));
        let user = made.text_of("user_id");
        invite(world, smtp, &world.acme, "jane@example.com", json!(["Organization Member"])).await;
        let link = copied(world, &world.acme, "acme-admin", &user).await;
        let seen = read(world, &link, None).await;
        assert_eq!((&seen.json["accept_by"], &seen.json["name"]), (&json!("sign_in"), &json!(null)));
        assert!(!seen.text.contains("Elsewhere"), "{}", seen.text);
        accept(world, &link).expect(409).await;
        // The owner of the address comes in by either mail.
        accept(world, &mailed).expect(200).await;
    }

    /// Whoever makes a password out of a copied link has an account that no organization takes in unasked.
    async fn abuse_9_what_a_copied_link_claims_is_vouched_for_by_nobody(world, smtp) {
        let body = json!({ "email": "jane@example.com", "role_ids": ["Organization Member"], "send_invite": true });
        let made = world.post(&members(&world.acme), body).token(&world.admin).expect(200).await;
        smtp.next_to("jane@example.com", 0).await;
        let link = copied(world, &world.acme, "acme-admin", &made.text_of("user_id")).await;
        accept(world, &link).expect(200).await;
        let add = json!({ "email": "jane@example.com", "role_ids": ["Organization Admin"] });
        let refused = world.post(&members(&world.globex), add).token(&world.globex.org_admin).expect(409).await;
        assert_eq!(refused.json["ts_error_code"], "invitation_required");
    }

    async fn abuse_26_what_was_taken_away_no_waiting_invitation_brings_back(world, smtp) {
        let (app, role) = second_application(world, &world.acme).await;
        let roles_of = json!(["Organization Admin", world.acme.role, role]);
        let (made, first) = invite(world, smtp, &world.acme, "grace@example.com", roles_of).await;
        let second = token_of(&smtp.next_to("grace@example.com", 1).await.link("/invite/"));
        let user = made["user_id"].as_str().unwrap();
        accept(world, &first).expect(200).await;
        let cookie = world.session("grace").await;
        let path = format!("{}/{user}", members(&world.acme));
        world.put(&format!("{path}/organization-admin"), json!({ "admin": false })).token(&world.acme.org_admin).expect(204).await;
        for app in [world.acme.app.to_string(), app] {
            let path = format!("/v1/applications/{app}/organizations/{}/members/{user}/roles", world.acme.id);
            world.post(&path, json!({ "role_ids": [] })).token(&world.acme.org_admin).expect(204).await;
        }
        assert_eq!(roles(&member(world, &world.acme, user).await), Vec::<String>::new());
        // The other application's invitation went with its roles.
        join(world, &second, &cookie).expect(410).await;
        assert_eq!(roles(&member(world, &world.acme, user).await), Vec::<String>::new());
        world.get(&members(&world.acme)).header("cookie", &cookie).expect(403).await;
    }

    async fn abuse_26_a_demoted_administrator_stays_one_whatever_waits(world, smtp) {
        let (_, role) = second_application(world, &world.acme).await;
        let (made, first) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Admin", world.acme.role, role])).await;
        let second = token_of(&smtp.next_to("grace@example.com", 1).await.link("/invite/"));
        let user = made["user_id"].as_str().unwrap();
        accept(world, &first).expect(200).await;
        let path = format!("{}/{user}/organization-admin", members(&world.acme));
        world.put(&path, json!({ "admin": false })).token(&world.acme.org_admin).expect(204).await;
        join(world, &second, &world.session("grace").await).expect(200).await;
        let mut wanted = vec![world.acme.role.to_string(), role];
        wanted.sort();
        assert_eq!(roles(&member(world, &world.acme, user).await), wanted);
    }

    async fn abuse_26_a_corrected_invitation_is_corrected_in_all_its_mails(world, smtp) {
        let (_, role) = second_application(world, &world.acme).await;
        for (at, email) in ["one@example.com", "two@example.com"].into_iter().enumerate() {
            let (made, _) = invite(world, smtp, &world.acme, email, json!(["Organization Admin", world.acme.role, role])).await;
            smtp.next_to(email, 1).await;
            let user = made["user_id"].as_str().unwrap();
            let list = world.get(&invitations(&world.acme)).token(&world.acme.org_admin).expect(200).await;
            let own = list.result().as_array().unwrap().iter().filter(|one| one["user_id"] == user);
            let of_app = |wanted: &guildhall::id::ApplicationId| {
                let wanted = wanted.to_string();
                own.clone().find(|one| one["app_id"] == wanted.as_str()).unwrap()["invitation_id"].as_str().unwrap().to_owned()
            };
            if at == 0 {
                let path = format!("{}/{}", invitations(&world.acme), of_app(&world.acme.app));
                world.put(&path, json!({ "role_ids": ["Organization Member", world.acme.role] })).token(&world.acme.org_admin).expect(200).await;
            } else {
                invite(world, smtp, &world.acme, email, json!(["Organization Member", world.acme.role])).await;
            }
            let list = world.get(&invitations(&world.acme)).token(&world.acme.org_admin).expect(200).await;
            let waiting = list.result().as_array().unwrap().iter().filter(|one| one["user_id"] == user && one["status"] == "pending");
            let all: Vec<String> = waiting.map(|one| one["roles"].to_string()).collect();
            assert_eq!(all.len(), 2, "{}", list.text);
            for roles in all {
                assert!(!roles.contains("Organization Admin") && roles.contains("Organization Member"), "{roles}");
            }
        }
    }

    /// Guessing a number or an id of somebody whose address is known says nothing.
    async fn abuse_12_inviting_tells_nothing_of_whoever_is_known(world, smtp) {
        let known = json!({ "email": "jane@example.com", "phone_number": "+14155551234", "external_user_id": "17", "name": { "first_name": "Jane" } });
        world.post("/v1/users", known).token(&world.admin).expect(201).await;
        for (right, guess) in [json!({ "phone_number": "+14155551234" }), json!({ "phone_number": "+14155559999" }), json!({ "external_user_id": "17" }), json!({ "external_user_id": "18" })].into_iter().enumerate() {
            let mut body = json!({ "email": "jane@example.com", "role_ids": ["Organization Member"], "send_invite": true });
            body.as_object_mut().unwrap().extend(guess.as_object().unwrap().clone());
            world.post(&members(&world.acme), body).token(&world.acme.org_admin).expect(200).await;
            smtp.next_to("jane@example.com", right).await;
        }
    }
}
