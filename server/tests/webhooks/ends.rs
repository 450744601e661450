//! How it ends: given up, switched off, forgotten.

use std::time::Duration;

use guildhall::Runs;
use guildhall::caller::Request;
use guildhall::webhooks::{GetWebhook, ListDeliveries, Webhook};
use serde_json::json;
use server::webhooks::worker::Worker;

use super::receiver::Receiver;
use super::{Endpoint, deliveries, endpoint, later, of_acme, on_loopback, something, until, until_status};
use crate::harness::World;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// How many notices somebody got that an endpoint was disabled, and what the last one says.
async fn told(world: &World, address: &str) -> (usize, String) {
    let mut tx = world.console.db().read().await.unwrap();
    let bodies: Vec<(Option<String>,)> = tx
        .query("SELECT body FROM outbox WHERE recipient = $1 AND kind = 'webhook_disabled' ORDER BY id")
        .bind(address.to_owned())
        .all()
        .await
        .unwrap();
    let last = bodies.last().and_then(|(body,)| body.clone());
    (bodies.len(), last.unwrap_or_default())
}

async fn state(world: &World, endpoint: &Endpoint) -> Webhook {
    let get = guildhall::input::parse::<GetWebhook>(json!({ "webhook_id": endpoint.id })).unwrap();
    Runs::run(&world.console, &Request::system(), get).await.unwrap()
}

#[test]
fn what_is_never_taken_is_given_up_after_a_day_and_can_be_sent_again() {
    on_loopback(async |world: &World| {
        let receiver = Receiver::start().await;
        let endpoint = endpoint(world, &receiver.url(), &["create_application"]).await;
        receiver.answer(503);
        let began = world.console.clock().now();
        something(world, "Warehouse").await;
        for tries in 1..=7 {
            let waits = until(world, &endpoint, |one| {
                one.attempts == tries && one.next_at.is_some()
            })
            .await;
            later(world, waits.next_at.unwrap() - world.console.clock().now() + 1);
        }
        let failed = until_status(world, &endpoint, "failed").await;
        assert_eq!((failed.attempts, failed.last_status), (8, Some(503)));
        let took = world.console.clock().now() - began;
        assert!((DAY..DAY * 5 / 4).contains(&took), "{took}");
        assert!(state(world, &endpoint).await.enabled, "a day is not days");
        receiver.answer(200);
        let again = json!({ "webhook_id": endpoint.id, "event_id": failed.event_id });
        let again = guildhall::input::parse::<guildhall::webhooks::ResendDelivery>(again).unwrap();
        Runs::run(&world.console, &Request::system(), again)
            .await
            .unwrap();
        let delivered = until_status(world, &endpoint, "delivered").await;
        assert_eq!((delivered.event_id, delivered.attempts), (failed.event_id, 1));
        assert_eq!(state(world, &endpoint).await.failing_since, None);
    });
}

#[test]
fn an_endpoint_that_takes_nothing_for_days_is_switched_off() {
    on_loopback(async |world: &World| {
        let receiver = Receiver::start().await;
        let endpoint = endpoint(world, &receiver.url(), &["create_application"]).await;
        receiver.answer(500);
        something(world, "Warehouse").await;
        until(world, &endpoint, |one| one.attempts == 1 && one.next_at.is_some()).await;
        for tries in 2..=8 {
            later(world, DAY);
            until(world, &endpoint, |one| {
                one.attempts == tries && one.status.as_str() != "sending"
            })
            .await;
        }
        let now = state(world, &endpoint).await;
        assert!(!now.enabled);
        assert_eq!(now.disabled_because.map(|why| why.as_str()), Some("failing"));
    });
}

#[test]
fn an_endpoint_that_is_gone_gets_nothing_until_somebody_enables_it() {
    on_loopback(async |world: &World| {
        let receiver = Receiver::start().await;
        let endpoint = endpoint(world, &receiver.url(), &["create_application"]).await;
        receiver.answer(410);
        something(world, "Warehouse").await;
        let failed = until_status(world, &endpoint, "failed").await;
        assert_eq!(failed.attempts, 1);
        let now = state(world, &endpoint).await;
        assert_eq!(
            (now.enabled, now.disabled_because.map(|why| why.as_str())),
            (false, Some("gone"))
        );
        let audit = format!("/v1/audit?target_id={}", endpoint.id);
        let listed = world.get(&audit).token(&world.admin).expect(200).await;
        let record = &listed.result()[0];
        assert_eq!(record["operation"], "update_webhook");
        assert_eq!(record["actor_kind"], "system");
        assert_eq!(record["before"]["enabled"], json!(true));
        assert_eq!(record["after"]["disabled_because"], "gone");
        assert_eq!(record["target_name"], format!("http://{}", receiver.address));
        let (mails, body) = told(world, "root@example.com").await;
        let link = format!("/admin/webhooks/{}", endpoint.id);
        assert!(
            mails == 1 && body.contains(&link) && body.contains("(410)"),
            "{body}"
        );
        receiver.answer(200);
        something(world, "Another").await;
        let resend = format!("{}/deliveries/{}/resend", endpoint.path, failed.event_id);
        let refused = world
            .post(&resend, json!({}))
            .token(&world.admin)
            .expect(409)
            .await;
        assert!(refused.text.contains("webhook_disabled"), "{}", refused.text);
        world
            .post(&format!("{}/test", endpoint.path), json!({}))
            .token(&world.admin)
            .expect(409)
            .await;
        let enabled = world
            .put(&endpoint.path, json!({ "enabled": true }))
            .token(&world.admin)
            .expect(200)
            .await;
        assert!(enabled.result()["disabled_because"].is_null(), "{}", enabled.text);
        world
            .post(&resend, json!({}))
            .token(&world.admin)
            .expect(202)
            .await;
        until_status(world, &endpoint, "delivered").await;
        assert_eq!(
            receiver.received().len(),
            2,
            "what happened meanwhile is not told"
        );
    });
}

#[test]
fn an_organizations_administrators_are_told_that_their_endpoint_was_switched_off_and_nobody_else() {
    on_loopback(async |world: &World| {
        let receiver = Receiver::start().await;
        let endpoint = of_acme(world, &receiver.url(), &["update_organization"]).await;
        receiver.answer(410);
        let body = json!({ "alias_name": "Other" });
        let path = format!("/v1/organizations/{}", world.acme.id);
        world.put(&path, body).token(&world.admin).expect(200).await;
        for _ in 0..600 {
            if told(world, "acme-admin@example.com").await.0 > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let (mails, body) = told(world, "acme-admin@example.com").await;
        let link = format!("/org/{}/webhooks/{}", world.acme.id, endpoint.id);
        assert!(mails == 1 && body.contains(&link), "{body}");
        assert_eq!(told(world, "root@example.com").await.0, 0);
        let audit = format!(
            "/v1/organizations/{}/audit?target_id={}",
            world.acme.id, endpoint.id
        );
        let listed = world.get(&audit).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(listed.result()[0]["actor_kind"], "system", "{}", listed.text);
    });
}

#[test]
fn what_waits_for_an_endpoint_that_somebody_disables_is_given_up() {
    on_loopback(async |world: &World| {
        let receiver = Receiver::start().await;
        let endpoint = endpoint(world, &receiver.url(), &["create_application"]).await;
        receiver.answer(500);
        something(world, "Warehouse").await;
        until(world, &endpoint, |one| one.attempts == 1 && one.next_at.is_some()).await;
        world
            .put(&endpoint.path, json!({ "enabled": false }))
            .token(&world.admin)
            .expect(200)
            .await;
        let failed = until_status(world, &endpoint, "failed").await;
        assert_eq!(failed.last_error.as_deref(), Some("The endpoint was disabled."));
        later(world, 6_000);
        something(world, "Another").await;
        assert_eq!(deliveries(world, &endpoint).await.len(), 1);
        assert_eq!(receiver.received().len(), 1);
    });
}

#[test]
fn a_disabled_organizations_endpoint_is_not_told() {
    on_loopback(async |world: &World| {
        let receiver = Receiver::start().await;
        let acmes = of_acme(world, &receiver.url(), &["update_organization"]).await;
        let whole = Receiver::start().await;
        endpoint(world, &whole.url(), &["update_organization"]).await;
        let path = format!("/v1/organizations/{}", world.acme.id);
        for body in [
            json!({ "alias_name": "Before" }),
            json!({ "enabled": false }),
            json!({ "alias_name": "Meanwhile" }),
            json!({ "enabled": true }),
        ] {
            world.put(&path, body).token(&world.admin).expect(200).await;
        }
        // The tenant's is told of all of it.
        whole.until(4).await;
        let list = json!({ "webhook_id": acmes.id, "organization_id": world.acme.id });
        let list = guildhall::input::parse::<ListDeliveries>(list).unwrap();
        let listed = Runs::run(&world.console, &Request::system(), list).await.unwrap();
        assert_eq!(listed.items.len(), 2, "before, and that it is enabled again");
        let received = receiver.until(2).await;
        assert!(
            received.iter().all(|event| !event.body.contains("Meanwhile")),
            "{received:?}"
        );
        assert!(
            received.iter().any(|event| event.body.contains("Before")),
            "{received:?}"
        );
    });
}

#[test]
fn an_endpoint_that_is_disabled_meanwhile_is_not_sent_to() {
    on_loopback(async |world: &World| {
        let receiver = Receiver::start().await;
        let endpoint = endpoint(world, &receiver.url(), &["create_application"]).await;
        receiver.answer(500);
        something(world, "Warehouse").await;
        let waits = until(world, &endpoint, |one| one.attempts == 1 && one.next_at.is_some()).await;
        let own = json!({ "enabled": false });
        world
            .put(&endpoint.path, own)
            .token(&world.admin)
            .expect(200)
            .await;
        // As a server leaves it that died while it was sending.
        let id = (waits.webhook_id.to_string(), waits.event_id.to_string());
        world
            .console
            .db()
            .write(move |tx| {
                Box::pin(async move {
                    tx.query(
                        "UPDATE webhook_delivery SET status = 'sending', claimed_by = 'dead', claimed_at = 0
                         WHERE webhook_id = $1 AND event_id = $2",
                    )
                    .bind(id.0)
                    .bind(id.1)
                    .execute()
                    .await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        later(world, 6_000);
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(receiver.received().len(), 1);
        let failed = until_status(world, &endpoint, "failed").await;
        assert_eq!(failed.last_error.as_deref(), Some("The endpoint was disabled."));
    });
}

#[test]
fn deliveries_that_are_over_are_forgotten_after_a_month() {
    on_loopback(async |world: &World| {
        let receiver = Receiver::start().await;
        let endpoint = endpoint(world, &receiver.url(), &["create_application"]).await;
        something(world, "Warehouse").await;
        until_status(world, &endpoint, "delivered").await;
        world.console.clock().advance(29 * DAY);
        Worker::forget(&world.console).await.unwrap();
        assert_eq!(deliveries(world, &endpoint).await.len(), 1);
        world.console.clock().advance(2 * DAY);
        Worker::forget(&world.console).await.unwrap();
        assert!(deliveries(world, &endpoint).await.is_empty());
    });
}
