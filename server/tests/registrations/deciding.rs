//! K5: approving and rejecting.

use serde_json::json;

use super::*;
use crate::harness::on_both;

on_both! {
    async fn approved_it_is_an_organization_and_whoever_asked_administers_it(world) {
        set(world, true, false).await;
        let id = ask(world, &world.stranger_token, "Initech").expect(201).await.text_of("registration_id");
        assert_eq!(pending(world).await, [id.as_str()]);
        let approved = decide(world, &id, "approve", json!({})).expect(200).await;
        assert_eq!(approved.result()["status"], "approved");
        assert_eq!(approved.result()["decided_by"], world.backend.0.to_string());
        let organization = approved.text_of("organization_id");
        let members = members(world, &organization).await;
        assert_eq!(members.column("user_id"), [world.stranger.to_string()]);
        assert_eq!(members.result()[0]["roles"][0]["role_id"], "Organization Admin");
        assert!(pending(world).await.is_empty());
        let mail = text_of(world, "stranger@example.com", "registration_approved").await;
        assert!(mail["text"].as_str().unwrap().contains(&format!("/org/{organization}")), "{mail}");
        // Whoever asked sees that it was, and not by whom.
        let own = world.get(OWN).token(&world.stranger_token).expect(200).await;
        assert_eq!(own.result()[0]["status"], "approved");
        assert_eq!(own.result()[0]["decided_by"], json!(null));
        // Once.
        decide(world, &id, "approve", json!({})).expect(409).await;
        decide(world, &id, "reject", json!({ "reason": "Too late" })).expect(409).await;
        assert_eq!(organizations(world, "Initech").await, 1);
        let audit = world.get(&format!("/v1/organizations/{organization}/audit")).token(&world.admin).expect(200).await;
        assert!(audit.column("operation").contains(&"approve_registration".to_owned()), "{}", audit.text);
        // The registration outlives the organization.
        world.delete(&format!("/v1/organizations/{organization}")).token(&world.admin).expect(204).await;
        let left = world.get(&format!("{ALL}/{id}")).token(&world.admin).expect(200).await;
        assert_eq!((&left.result()["status"], &left.result()["organization_id"]), (&json!("approved"), &json!(null)));
    }

    async fn the_name_is_corrected_before_it_is_approved(world) {
        set(world, true, false).await;
        let id = ask(world, &world.stranger_token, "Inittech").expect(201).await.text_of("registration_id");
        for (name, status) in [("Acme", 409), ("", 400), ("a\u{7}b", 400)] {
            let refused = decide(world, &id, "approve", json!({ "name": name })).expect(status).await;
            assert_eq!(refused.fields(), ["name"], "{}", refused.text);
        }
        // A refusal has changed nothing.
        assert_eq!(pending(world).await, [id.as_str()]);
        assert_eq!(mails(world, "stranger@example.com", "registration_approved").await, 0);
        let approved = decide(world, &id, "approve", json!({ "name": "Initech" })).expect(200).await;
        assert_eq!((&approved.result()["name"], &approved.result()["organization_name"]), (&json!("Inittech"), &json!("Initech")));
        assert_eq!((organizations(world, "Initech").await, organizations(world, "Inittech").await), (1, 0));
        ask(world, &world.user, "Inittech").expect(201).await;
    }

    async fn rejected_there_is_no_organization_and_whoever_asked_is_told_why(world) {
        set(world, true, false).await;
        let id = ask(world, &world.stranger_token, "Initech").expect(201).await.text_of("registration_id");
        for body in [json!({}), json!({ "reason": "" }), json!({ "reason": "   " })] {
            let refused = decide(world, &id, "reject", body).expect(400).await;
            assert_eq!(refused.fields(), ["reason"], "{}", refused.text);
        }
        let rejected = decide(world, &id, "reject", json!({ "reason": "We do not know you" })).expect(200).await;
        assert_eq!((&rejected.result()["status"], &rejected.result()["organization_id"]), (&json!("rejected"), &json!(null)));
        assert_eq!(organizations(world, "Initech").await, 0);
        let mail = text_of(world, "stranger@example.com", "registration_rejected").await;
        assert!(mail["text"].as_str().unwrap().contains("We do not know you"), "{mail}");
        let own = world.get(OWN).token(&world.stranger_token).expect(200).await;
        assert_eq!((&own.result()[0]["status"], &own.result()[0]["reason"]), (&json!("rejected"), &json!("We do not know you")));
        // They may ask again, and for the same name.
        ask(world, &world.stranger_token, "Initech").expect(201).await;
        let rejected = world.get(&format!("{ALL}?status=rejected")).token(&world.admin).expect(200).await;
        assert_eq!(rejected.column("registration_id"), [id]);
    }

    async fn whoever_has_no_account_gets_no_organization(world) {
        set(world, true, false).await;
        let id = ask(world, &world.stranger_token, "Initech").expect(201).await.text_of("registration_id");
        let user = format!("/v1/users/{}", world.stranger);
        world.put(&user, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        let refused = decide(world, &id, "approve", json!({})).expect(409).await;
        assert!(refused.text.contains("requester_disabled"), "{}", refused.text);
        world.delete(&user).token(&world.admin).expect(204).await;
        let refused = decide(world, &id, "approve", json!({})).expect(409).await;
        assert!(refused.text.contains("requester_gone"), "{}", refused.text);
        assert_eq!(organizations(world, "Initech").await, 0);
        let before = world.get(&format!("{ALL}/{id}")).token(&world.admin).expect(200).await;
        assert_eq!(before.result()["requester"], json!(null));
        decide(world, &id, "reject", json!({ "reason": "Nobody is there" })).expect(200).await;
    }

    async fn of_two_who_decide_one_does(world) {
        set(world, true, false).await;
        let asked = ask(world, &world.stranger_token, "Initech").expect(201).await;
        let id = asked.text_of("registration_id");
        decide(world, &id, "approve", json!({})).header("if-match", "\"7\"").expect(412).await;
        let calls = (0..10).map(|at| {
            if at % 2 == 0 {
                decide(world, &id, "approve", json!({})).send()
            } else {
                decide(world, &id, "reject", json!({ "reason": "No" })).send()
            }
        });
        let answers = futures::future::join_all(calls).await;
        let done = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(done, 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
        assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 409)));
        let now = world.get(&format!("{ALL}/{id}")).token(&world.admin).expect(200).await;
        let there = usize::from(now.result()["status"] == "approved");
        assert_eq!(organizations(world, "Initech").await, there);
    }
}
