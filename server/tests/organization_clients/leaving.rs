//! The API applications of somebody who leaves pass on to an administrator, whichever way they leave (K10).

use guildhall::id::UserId;
use serde_json::json;

use super::{add, create, credentials, path, token, try_token};
use crate::harness::{Customer, World, on_both};

async fn owner(world: &World, of: &Customer, id: &str) -> String {
    let one = world
        .get(&format!("{}/{id}", path(of)))
        .token(&world.admin)
        .expect(200)
        .await;
    one.text_of("owner_id")
}

async fn one_of(world: &World, of: &Customer, person: UserId, name: &str) -> (String, String) {
    let token = world.user_token(person, Some(of.id));
    credentials(
        &create(
            world,
            of,
            &token,
            json!({ "name": name, "visibility": "personal" }),
        )
        .await,
    )
}

on_both! {
    async fn whoever_removes_a_member_names_the_heir(world) {
        let acme = &world.acme;
        let second = add(world, acme, "second", "Organization Admin").await;
        let plain = add(world, acme, "plain", "Organization Member").await;
        let (id, secret) = one_of(world, acme, acme.member, "Reports").await;
        let member = world.user_token(acme.member, Some(acme.id));
        let (shared, its_secret) = credentials(&create(world, acme, &member, json!({ "name": "Shared" })).await);
        let read = format!("/v1/organizations/{}", acme.id);
        let (own, its_own) = (token(world, &id, &secret).await, token(world, &shared, &its_secret).await);
        world.get(&read).token(&own).expect(200).await;
        let gone = format!("/v1/organizations/{}/members/{}", acme.id, acme.member);
        let succession = world.get(&format!("{gone}/client-succession")).token(&acme.org_admin).expect(200).await;
        assert_eq!(succession.result()["names"], json!(["Reports", "Shared"]));
        let heirs: Vec<&str> = succession.result()["heirs"].as_array().unwrap().iter().map(|heir| heir["user_id"].as_str().unwrap()).collect();
        assert_eq!(heirs, [acme.admin.to_string(), second.to_string()]);
        // Nobody but another acting administrator of this organization.
        for wrong in [plain, acme.member, world.globex.admin, world.stranger] {
            let refused = world.delete(&gone).json(json!({ "pass_applications_to": wrong })).token(&acme.org_admin).expect(400).await;
            assert!(refused.text.contains("pass_applications_to"), "{}", refused.text);
        }
        assert_eq!(owner(world, acme, &id).await, acme.member.to_string());
        world.delete(&gone).json(json!({ "pass_applications_to": second })).token(&acme.org_admin).expect(204).await;
        assert_eq!(owner(world, acme, &id).await, second.to_string());
        // What others share goes on as it was; what only they knew the secret of does not.
        world.get(&read).token(&its_own).expect(200).await;
        token(world, &shared, &its_secret).await;
        world.get(&read).token(&own).expect(401).await;
        assert_eq!(try_token(world, &id, &secret).await.status, 401);
        let audit = world.get(&format!("/v1/organizations/{}/audit", acme.id)).token(&acme.org_admin).expect(200).await;
        let records = audit.result().as_array().unwrap();
        let passed = records.iter().find(|record| record["target_kind"] == "organization_client" && record["operation"] == "remove_member");
        let passed = passed.unwrap_or_else(|| panic!("{}", audit.text));
        assert!(passed.to_string().contains(&second.to_string()));
    }

    async fn whoever_removes_many_members_names_the_heir(world) {
        let acme = &world.acme;
        let second = add(world, acme, "second", "Organization Admin").await;
        let plain = add(world, acme, "plain", "Organization Member").await;
        let all = format!("/v1/organizations/{}/client-successions", acme.id);
        let none = world.get(&all).token(&acme.org_admin).expect(200).await;
        assert_eq!(none.result(), &json!({ "owners": [], "heirs": [] }));
        let (first, _) = one_of(world, acme, acme.member, "Reports").await;
        one_of(world, acme, acme.member, "Billing").await;
        let (third, _) = one_of(world, acme, plain, "Alerts").await;
        let known = world.get(&all).token(&acme.org_admin).expect(200).await;
        let mut owners = known.result()["owners"].as_array().unwrap().clone();
        owners.sort_by_key(|owner| owner["names"][0].as_str().unwrap().to_owned());
        assert_eq!(owners, [
            json!({ "user_id": plain, "names": ["Alerts"] }),
            json!({ "user_id": acme.member, "names": ["Billing", "Reports"] }),
        ]);
        let heirs: Vec<&str> = known.result()["heirs"].as_array().unwrap().iter().map(|heir| heir["user_id"].as_str().unwrap()).collect();
        assert_eq!(heirs, [acme.admin.to_string(), second.to_string()]);
        // It is for administrators, of this organization.
        let member = world.user_token(acme.member, Some(acme.id));
        world.get(&all).token(&member).expect(403).await;
        world.get(&all).token(&world.globex.org_admin).expect(404).await;
        let bulk = format!("/v1/organizations/{}/members/bulk", acme.id);
        let removing = |heir: UserId| json!({ "user_ids": [acme.member, plain], "action": "remove", "pass_applications_to": heir });
        for wrong in [plain, world.globex.admin] {
            let refused = world.post(&bulk, removing(wrong)).token(&acme.org_admin).expect(400).await;
            assert_eq!(refused.fields(), ["pass_applications_to"]);
        }
        assert_eq!(owner(world, acme, &first).await, acme.member.to_string());
        world.post(&bulk, removing(second)).token(&acme.org_admin).expect(200).await;
        for id in [first, third] {
            assert_eq!(owner(world, acme, &id).await, second.to_string());
        }
    }

    async fn what_is_personal_rests_while_its_owner_cannot_act(world) {
        let acme = &world.acme;
        let (id, secret) = one_of(world, acme, acme.member, "Reports").await;
        let own = token(world, &id, &secret).await;
        let read = format!("/v1/organizations/{}", acme.id);
        let member = format!("{read}/members/{}", acme.member);
        world.get(&read).token(&own).expect(200).await;
        world.put(&member, json!({ "enabled": false })).token(&acme.org_admin).expect(200).await;
        world.get(&read).token(&own).expect(401).await;
        assert_eq!(try_token(world, &id, &secret).await.status, 401);
        world.put(&member, json!({ "enabled": true })).token(&acme.org_admin).expect(200).await;
        world.get(&read).token(&own).expect(200).await;
    }

    async fn otherwise_the_longest_standing_administrator_has_them(world) {
        let acme = &world.acme;
        add(world, acme, "second", "Organization Admin").await;
        for (at, way) in ["bulk", "leave", "delete"].into_iter().enumerate() {
            let person = add(world, acme, way, "Organization Member").await;
            let (id, _) = one_of(world, acme, person, &format!("App {at}")).await;
            match way {
                "bulk" => {
                    let body = json!({ "user_ids": [person], "action": "remove" });
                    world.post(&format!("/v1/organizations/{}/members/bulk", acme.id), body).token(&acme.org_admin).expect(200).await;
                }
                "leave" => {
                    let token = world.user_token(person, None);
                    world.delete(&format!("/v1/me/organizations/{}", acme.id)).token(&token).expect(204).await;
                }
                _ => {
                    world.delete(&format!("/v1/users/{person}")).token(&world.admin).expect(204).await;
                }
            }
            assert_eq!(owner(world, acme, &id).await, acme.admin.to_string(), "{way}");
        }
    }

    async fn nothing_is_lost_where_nobody_could_have_them(world) {
        let acme = &world.acme;
        let (id, _) = one_of(world, acme, acme.admin, "Reports").await;
        let gone = format!("/v1/organizations/{}/members/{}", acme.id, acme.admin);
        let refused = world.delete(&gone).token(&world.admin).expect(409).await;
        assert!(refused.text.contains("nobody_for_applications"), "{}", refused.text);
        world.delete(&format!("/v1/users/{}", acme.admin)).token(&world.admin).expect(409).await;
        assert_eq!(owner(world, acme, &id).await, acme.admin.to_string());
        // An organization that goes takes them along.
        world.delete(&format!("/v1/organizations/{}", acme.id)).token(&world.admin).expect(204).await;
        world.get(&format!("{}/{id}", path(acme))).token(&world.admin).expect(404).await;
    }
}
