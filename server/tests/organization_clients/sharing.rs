//! Who sees an API application, uses its credentials, changes and deletes it (K10).

use futures::future::join_all;
use serde_json::json;

use super::{add, create, credentials, path};
use crate::harness::on_both;

on_both! {
    async fn visibility_says_who_sees_it(world) {
        let acme = &world.acme;
        let other = add(world, acme, "teammate", "Organization Member").await;
        let member = world.user_token(acme.member, Some(acme.id));
        let mate = world.user_token(other, Some(acme.id));
        let teams = format!("/v1/organizations/{}/teams", acme.id);
        let team = world.post(&teams, json!({ "name": "Payments" })).token(&world.admin).expect(201).await.text_of("team_id");
        for (name, visibility) in [("Mine", "personal"), ("Ours", "team"), ("All", "organization")] {
            let mut body = json!({ "name": name, "visibility": visibility });
            if visibility == "team" {
                body["team_id"] = json!(team);
            }
            create(world, acme, &member, body).await;
        }
        let names = |token: String| async move { world.get(&path(acme)).token(&token).expect(200).await.column("name") };
        assert_eq!(names(member.clone()).await, ["All", "Mine", "Ours"]);
        assert_eq!(names(mate.clone()).await, ["All"]);
        assert_eq!(names(acme.org_admin.clone()).await, ["All", "Mine", "Ours"]);
        assert_eq!(names(world.admin.clone()).await, ["All", "Mine", "Ours"]);
        world.put(&format!("{teams}/{team}/members"), json!({ "user_ids": [other] })).token(&world.admin).expect(204).await;
        assert_eq!(names(mate.clone()).await, ["All", "Ours"]);
        // What somebody may not see is not there for them, whatever they try.
        let all = world.get(&path(acme)).token(&member).expect(200).await;
        let mine = all.result().as_array().unwrap().iter().find(|one| one["name"] == "Mine").unwrap()["client_id"].as_str().unwrap().to_owned();
        let one = format!("{}/{mine}", path(acme));
        world.get(&one).token(&mate).expect(404).await;
        world.put(&one, json!({ "name": "Theirs" })).token(&mate).expect(404).await;
        world.post(&format!("{one}/rotate"), json!({})).token(&mate).expect(404).await;
        world.delete(&one).token(&mate).expect(404).await;
        world.get(&one).token(&member).expect(200).await;
    }

    async fn every_teammate_uses_the_credentials_and_the_owner_decides(world) {
        let acme = &world.acme;
        let other = add(world, acme, "teammate", "Organization Member").await;
        let (member, mate) = (world.user_token(acme.member, Some(acme.id)), world.user_token(other, Some(acme.id)));
        let made = create(world, acme, &member, json!({ "name": "Reports" })).await;
        let (id, secret) = credentials(&made);
        let one = format!("{}/{id}", path(acme));
        let read = world.get(&one).token(&mate).expect(200).await;
        assert!(!read.text.contains(&secret));
        assert_eq!(read.result()["manageable"], false);
        // A name is one application's, without case.
        let again = world.post(&path(acme), json!({ "name": "REPORTS" })).token(&mate).expect(409).await;
        assert!(again.text.contains("client_name_taken"), "{}", again.text);
        let rotated = world.post(&format!("{one}/rotate"), json!({ "grace": "one_hour" })).token(&mate).expect(200).await;
        assert_ne!(rotated.text_of("client_secret"), secret);
        for body in [json!({ "visibility": "personal" }), json!({ "name": "Theirs" }), json!({ "owner_id": other })] {
            world.put(&one, body).token(&mate).expect(403).await;
        }
        world.delete(&one).token(&mate).expect(403).await;
        // The owner changes it, and gives it away only by an administrator's hand.
        world.put(&one, json!({ "description": "Monthly" })).token(&member).expect(200).await;
        world.put(&one, json!({ "owner_id": other })).token(&member).expect(403).await;
        let moved = world.put(&one, json!({ "owner_id": other })).token(&acme.org_admin).expect(200).await;
        assert_eq!(moved.text_of("owner_id"), other.to_string());
        world.put(&one, json!({ "owner_id": world.stranger })).token(&acme.org_admin).expect(400).await;
        world.delete(&one).token(&mate).expect(204).await;
        world.get(&one).token(&acme.org_admin).expect(404).await;
        let audit = world.get(&format!("/v1/organizations/{}/audit", acme.id)).token(&acme.org_admin).expect(200).await;
        assert!(audit.text.contains("rotate_organization_client_secret") && !audit.text.contains(&secret));
    }

    async fn it_is_closed_to_others_to_the_suspended_and_to_the_invited(world) {
        let (acme, globex) = (&world.acme, &world.globex);
        let member = world.user_token(acme.member, Some(acme.id));
        let (id, _) = credentials(&create(world, acme, &member, json!({ "name": "Reports" })).await);
        let one = format!("{}/{id}", path(acme));
        for foreign in [&globex.org_admin, &world.user_token(globex.member, Some(globex.id)), &world.stranger_token] {
            for answer in [world.get(&path(acme)).token(foreign).send().await, world.get(&one).token(foreign).send().await,
                           world.delete(&one).token(foreign).send().await] {
                assert!(matches!(answer.status, 403 | 404), "{}", answer.text);
            }
        }
        // Under another organization's address it is not there, either.
        world.get(&format!("{}/{id}", path(globex))).token(&globex.org_admin).expect(404).await;
        world.delete(&format!("{}/{id}", path(globex))).token(&world.admin).expect(404).await;
        world.post(&path(acme), json!({ "name": "From outside", "owner_id": globex.member })).token(&world.admin).expect(400).await;
        world.post(&path(acme), json!({ "name": "Nobody's" })).token(&world.admin).expect(400).await;
        let team = json!({ "name": "Team's", "visibility": "team" });
        world.post(&path(acme), team).token(&member).expect(400).await;
        let update = format!("/v1/organizations/{}/members/{}", acme.id, acme.member);
        world.put(&update, json!({ "enabled": false })).token(&acme.org_admin).expect(200).await;
        world.get(&path(acme)).token(&member).expect(403).await;
        world.post(&path(acme), json!({ "name": "Suspended" })).token(&member).expect(403).await;
        world.get(&one).token(&acme.org_admin).expect(200).await;
    }

    async fn an_old_version_is_not_written_over(world) {
        let acme = &world.acme;
        let made = create(world, acme, &acme.org_admin, json!({ "name": "Reports" })).await;
        let one = format!("{}/{}", path(acme), credentials(&made).0);
        world.put(&one, json!({ "name": "First" })).header("if-match", "\"1\"").token(&acme.org_admin).expect(200).await;
        world.put(&one, json!({ "name": "Second" })).header("if-match", "\"1\"").token(&acme.org_admin).expect(412).await;
        world.delete(&one).header("if-match", "\"1\"").token(&acme.org_admin).expect(412).await;
    }

    async fn of_many_changes_of_one_version_at_once_one_is_made(world) {
        let acme = &world.acme;
        let made = create(world, acme, &acme.org_admin, json!({ "name": "Reports" })).await;
        let one = format!("{}/{}", path(acme), credentials(&made).0);
        for (version, rotates) in [(1, false), (2, true)] {
            let calls = (0..8).map(|at| {
                let call = if rotates {
                    world.post(&format!("{one}/rotate"), json!({}))
                } else {
                    world.put(&one, json!({ "description": format!("Number {at}") }))
                };
                call.header("if-match", format!("\"{version}\"")).token(&acme.org_admin).send()
            });
            let mut statuses: Vec<u16> = join_all(calls).await.iter().map(|answer| answer.status).collect();
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
            let now = world.get(&one).token(&acme.org_admin).expect(200).await;
            assert_eq!(now.result()["version"], version + 1);
        }
    }
}
