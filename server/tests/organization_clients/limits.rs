//! How many API applications an organization has, however many are created at once.

use futures::future::join_all;
use guildhall::organization_clients::{MOST_ORGANIZATION_CLIENTS, MOST_OWNED_CLIENTS};
use serde_json::json;

use super::{add, count, create, credentials, path, put_there};
use crate::harness::on_both;

on_both! {
    async fn nobody_passes_the_organizations_limit_by_asking_at_once(world) {
        let acme = &world.acme;
        put_there(world, acme, acme.admin, MOST_ORGANIZATION_CLIENTS - 3).await;
        let calls = (0..10).map(|at| {
            let body = json!({ "name": format!("New {at}") });
            world.post(&path(acme), body).token(&acme.org_admin).send()
        });
        let answers = join_all(calls).await;
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(made, 3);
        for refused in answers.iter().filter(|answer| answer.status != 201) {
            assert_eq!(refused.status, 409, "{}", refused.text);
            assert!(refused.text.contains("too_many_clients"), "{}", refused.text);
        }
        assert_eq!(count(world, acme).await, i64::from(MOST_ORGANIZATION_CLIENTS));
        // Another organization's number is its own.
        let globex = &world.globex;
        world.post(&path(globex), json!({ "name": "Theirs" })).token(&globex.org_admin).expect(201).await;
    }

    async fn a_member_owns_so_many_and_an_administrator_more(world) {
        let acme = &world.acme;
        let member = world.user_token(acme.member, Some(acme.id));
        put_there(world, acme, acme.member, MOST_OWNED_CLIENTS - 1).await;
        let calls = (0..5).map(|at| world.post(&path(acme), json!({ "name": format!("New {at}") })).token(&member).send());
        let answers = join_all(calls).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        for refused in answers.iter().filter(|answer| answer.status != 201) {
            assert_eq!((refused.status, &refused.json["ts_error_code"]), (409, &json!("too_many_owned_clients")), "{}", refused.text);
            assert!(refused.text.contains("at most 20"), "{}", refused.text);
        }
        // Nor does an administrator give them one more, made for them or by another owner.
        put_there(world, acme, acme.admin, MOST_OWNED_CLIENTS).await;
        let (id, _) = credentials(&create(world, acme, &acme.org_admin, json!({ "name": "Reports" })).await);
        let given = json!({ "name": "Given", "owner_id": acme.member });
        assert_eq!(world.post(&path(acme), given).token(&acme.org_admin).expect(409).await.fields(), ["owner_id"]);
        let one = format!("{}/{id}", path(acme));
        let moved = json!({ "owner_id": acme.member });
        assert_eq!(world.put(&one, moved.clone()).token(&acme.org_admin).expect(409).await.fields(), ["owner_id"]);
        let other = add(world, acme, "other", "Organization Member").await;
        world.put(&one, json!({ "owner_id": other })).token(&acme.org_admin).expect(200).await;
        // What is theirs, they still change; and they have room again once one is gone.
        let theirs = answers.iter().find(|answer| answer.status == 201).unwrap();
        let theirs = format!("{}/{}", path(acme), credentials(theirs).0);
        world.put(&theirs, json!({ "description": "Monthly" })).token(&member).expect(200).await;
        world.delete(&theirs).token(&member).expect(204).await;
        world.put(&one, moved).token(&acme.org_admin).expect(200).await;
    }
}
