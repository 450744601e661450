//! How many API applications an organization has, however many are created at once.

use futures::future::join_all;
use guildhall::organization_clients::MOST_ORGANIZATION_CLIENTS;
use serde_json::json;

use super::{count, path, put_there};
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
}
