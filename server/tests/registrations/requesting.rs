//! K1 to K4: the switches, and asking for an organization.

use serde_json::json;

use super::*;
use crate::harness::on_both;

on_both! {
    async fn the_tenant_says_whether_organizations_may_register_themselves(world) {
        let settings = world.get("/v1/tenant/settings").token(&world.admin).expect(200).await;
        assert_eq!((&settings.result()["self_registration"], &settings.result()["auto_approval"]), (&json!(false), &json!(false)));
        let tag = settings.header("etag").unwrap().to_owned();
        let change = |body| world.put("/v1/tenant/settings", body).token(&world.admin);
        let on = change(json!({ "self_registration": true })).header("if-match", &tag).expect(200).await;
        assert_eq!((&on.result()["self_registration"], &on.result()["auto_approval"]), (&json!(true), &json!(false)));
        // What is not said stays, and of two who change the same version one does.
        change(json!({ "name": "Vendor" })).header("if-match", &tag).expect(412).await;
        let named = change(json!({ "name": "Vendor" })).expect(200).await;
        assert_eq!(named.result()["self_registration"], true);
        change(json!({ "auto_approval": "yes" })).expect(400).await;
        world.put("/v1/tenant/settings", json!({ "self_registration": false })).token(&world.acme.org_admin).expect(403).await;
        world.put("/v1/tenant/settings", json!({ "self_registration": false })).token(&world.stranger_token).expect(403).await;
        let audit = world.get("/v1/audit?operation=update_settings").token(&world.admin).expect(200).await;
        assert!(audit.text.contains("self_registration"), "{}", audit.text);
    }

    async fn with_the_switch_off_there_is_no_such_thing(world) {
        ask(world, &world.stranger_token, "Initech").expect(404).await;
        set(world, true, false).await;
        let asked = ask(world, &world.stranger_token, "Initech").expect(201).await;
        set(world, false, false).await;
        ask(world, &world.stranger_token, "Hooli").expect(404).await;
        // What was asked for before can still be seen, taken back and decided on.
        let own = world.get(OWN).token(&world.stranger_token).expect(200).await;
        assert_eq!(own.column("name"), ["Initech"]);
        decide(world, &asked.text_of("registration_id"), "approve", json!({})).expect(200).await;
        assert_eq!(organizations(world, "Initech").await, 1);
    }

    async fn approved_automatically_the_organization_is_there_at_once(world) {
        set(world, true, true).await;
        let made = ask(world, &world.stranger_token, "Initech").expect(201).await;
        assert_eq!(made.result()["status"], "approved");
        assert_eq!(made.result()["organization_name"], "Initech");
        assert_eq!(made.result()["decided_by"], json!(null));
        let id = made.text_of("organization_id");
        let members = members(world, &id).await;
        assert_eq!(members.column("user_id"), [world.stranger.to_string()]);
        assert_eq!(members.result()[0]["member_status"], "Active");
        assert_eq!(members.result()[0]["roles"][0]["role_id"], "Organization Admin");
        // They administer it, in the session that is open, too.
        let cookie = world.session("stranger").await;
        let me = world.get("/v1/me").header("cookie", &cookie).expect(200).await;
        assert_eq!(me.result()["administers"][0]["organization_id"], id.as_str());
        let token = world.user_token(world.stranger, Some(id.parse().unwrap()));
        let invite = json!({ "email": "colleague@example.com", "role_ids": ["Organization Member"], "send_invite": true });
        world.post(&format!("/v1/organizations/{id}/members"), invite).token(&token).expect(200).await;
        // Nobody had anything to decide.
        assert_eq!(mails(world, "root@example.com", "registration_requested").await, 0);
        assert!(pending(world).await.is_empty());
        let totals = world.get("/v1/tenant/overview").token(&world.admin).expect(200).await;
        assert_eq!((&totals.result()["organizations"], &totals.result()["pending_registrations"]), (&json!(3), &json!(0)));
    }

    async fn whoever_founds_one_after_the_other_waits_for_approval(world) {
        set(world, true, true).await;
        for name in ["One", "Two", "Three"] {
            assert_eq!(ask(world, &world.stranger_token, name).expect(201).await.result()["status"], "approved");
        }
        let fourth = ask(world, &world.stranger_token, "Four").expect(201).await;
        assert_eq!((&fourth.result()["status"], &fourth.result()["organization_id"]), (&json!("pending"), &json!(null)));
        assert_eq!(mails(world, "root@example.com", "registration_requested").await, 1);
        // Nobody else does, and what an administrator approved does not count.
        assert_eq!(ask(world, &world.user, "Five").expect(201).await.result()["status"], "approved");
        a_day_later(world).await;
        decide(world, &fourth.text_of("registration_id"), "approve", json!({})).expect(200).await;
        for name in ["Six", "Seven", "Eight"] {
            assert_eq!(ask(world, &world.stranger_token, name).expect(201).await.result()["status"], "approved");
        }
        assert_eq!(ask(world, &world.stranger_token, "Nine").expect(201).await.result()["status"], "pending");
    }

    async fn whoever_did_not_prove_their_address_does_it_first(world) {
        set(world, true, true).await;
        change(world, "UPDATE person SET email_verified = FALSE").await;
        let refused = ask(world, &world.stranger_token, "Initech").expect(409).await;
        assert_eq!(refused.json["ts_error_code"], "address_unproved", "{}", refused.text);
        assert_eq!((organizations(world, "Initech").await, count(world, "SELECT COUNT(*) FROM registration").await), (0, 0));
        prove(world).await;
        ask(world, &world.stranger_token, "Initech").expect(201).await;
    }

    async fn the_administrators_are_told_whoever_asks(world) {
        set(world, true, false).await;
        let nameless = "UPDATE person SET email = NULL, email_key = NULL, email_verified = FALSE, username = 'Stranger', \
                        username_key = 'stranger', name = NULL WHERE email = 'stranger@example.com'";
        change(world, nameless).await;
        let asked = ask(world, &world.stranger_token, "Initech").expect(201).await;
        assert_eq!((&asked.result()["status"], &asked.result()["requester"]["email"]), (&json!("pending"), &json!(null)));
        assert_eq!(mails(world, "root@example.com", "registration_requested").await, 1);
        let mail = text_of(world, "root@example.com", "registration_requested").await;
        let text = mail["text"].as_str().unwrap();
        assert!(text.contains("Stranger asks for the organization Initech at "), "{text}");
        // What is decided is told to nobody, and decided all the same.
        decide(world, &asked.text_of("registration_id"), "approve", json!({})).expect(200).await;
        assert_eq!(organizations(world, "Initech").await, 1);
        assert_eq!(count(world, "SELECT COUNT(*) FROM outbox WHERE kind = 'registration_approved'").await, 0);
    }

    async fn what_waits_for_approval_is_no_organization(world) {
        set(world, true, false).await;
        let asked = ask(world, &world.stranger_token, "Initech").expect(201).await;
        assert_eq!(asked.result()["status"], "pending");
        assert_eq!(asked.result()["organization_id"], json!(null));
        assert_eq!(asked.result()["requester"]["user_id"], world.stranger.to_string());
        assert_eq!(organizations(world, "Initech").await, 0);
        let totals = world.get("/v1/tenant/overview").token(&world.admin).expect(200).await;
        assert_eq!((&totals.result()["organizations"], &totals.result()["pending_registrations"]), (&json!(2), &json!(1)));
        // Every administrator of the tenant is told.
        assert_eq!(mails(world, "root@example.com", "registration_requested").await, 1);
        let mail = text_of(world, "root@example.com", "registration_requested").await;
        let text = mail["text"].as_str().unwrap();
        assert!(text.contains("Initech") && text.contains("stranger@example.com") && text.contains("/admin/organizations"), "{text}");
        // There is nothing to invite into.
        let cookie = world.session("stranger").await;
        let me = world.get("/v1/me").header("cookie", &cookie).expect(200).await;
        assert_eq!(me.result()["administers"], json!([]));
        let invite = json!({ "email": "colleague@example.com", "role_ids": ["Organization Member"], "send_invite": true });
        let into = format!("/v1/organizations/{}/members", asked.text_of("registration_id"));
        world.post(&into, invite).token(&world.stranger_token).expect(404).await;
    }

    async fn a_name_that_waits_is_kept(world) {
        set(world, true, false).await;
        let asked = ask(world, &world.stranger_token, "Initech").expect(201).await;
        for taken in ["initech", " INITECH ", "Acme", "globex"] {
            let refused = ask(world, &world.user, taken).expect(409).await;
            assert_eq!(refused.fields(), ["name"], "{taken}: {}", refused.text);
        }
        let create = |name: &str| json!({ "name": name, "domain": "initech.example", "app_ids": [] });
        let refused = world.post("/v1/organizations", create("Initech")).token(&world.admin).expect(409).await;
        assert_eq!(refused.fields(), ["name"]);
        let acme = format!("/v1/organizations/{}", world.acme.id);
        world.put(&acme, json!({ "name": "initech" })).token(&world.admin).expect(409).await;
        world.put(&acme, json!({ "slug": "initech" })).token(&world.admin).expect(409).await;
        // Taken back, it is free.
        let id = asked.text_of("registration_id");
        world.delete(&format!("{OWN}/{id}")).token(&world.user).expect(404).await;
        world.delete(&format!("{OWN}/{id}")).token(&world.stranger_token).expect(204).await;
        world.delete(&format!("{OWN}/{id}")).token(&world.stranger_token).expect(409).await;
        let own = world.get(OWN).token(&world.stranger_token).expect(200).await;
        assert_eq!(own.column("status"), ["withdrawn"]);
        world.post("/v1/organizations", create("Initech")).token(&world.admin).expect(201).await;
        decide(world, &id, "approve", json!({})).expect(409).await;
    }

    async fn nobody_waits_for_more_than_three(world) {
        set(world, true, false).await;
        let mut ids = Vec::new();
        for name in ["One", "Two", "Three"] {
            ids.push(ask(world, &world.stranger_token, name).expect(201).await.text_of("registration_id"));
        }
        let refused = ask(world, &world.stranger_token, "Four").expect(409).await;
        assert!(refused.text.contains("too_many_pending"), "{}", refused.text);
        ask(world, &world.user, "Four").expect(201).await;
        // Taken back, it counts for a day: each was told to every administrator.
        world.delete(&format!("{OWN}/{}", ids[0])).token(&world.stranger_token).expect(204).await;
        let refused = ask(world, &world.stranger_token, "Five").expect(409).await;
        assert!(refused.text.contains("too_many_pending"), "{}", refused.text);
        a_day_later(world).await;
        ask(world, &world.stranger_token, "Five").expect(201).await;
        // A page at a time, the newest first.
        let page = world.get(&format!("{OWN}?limit=3")).token(&world.stranger_token).expect(200).await;
        assert_eq!(page.column("name"), ["Five", "Three", "Two"]);
        let next = page.json["page_info"]["next_cursor"].as_str().unwrap();
        let rest = world.get(&format!("{OWN}?limit=3&cursor={next}")).token(&world.stranger_token).expect(200).await;
        assert_eq!(rest.column("name"), ["One"]);
        let all = world.get(&format!("{ALL}?status=pending&limit=2")).token(&world.admin).expect(200).await;
        assert_eq!(all.column("name"), ["Five", "Four"]);
        let next = all.json["page_info"]["next_cursor"].as_str().unwrap();
        let rest = world.get(&format!("{ALL}?status=pending&limit=2&cursor={next}")).token(&world.admin).expect(200).await;
        assert_eq!(rest.column("name"), ["Three", "Two"]);
    }
}
