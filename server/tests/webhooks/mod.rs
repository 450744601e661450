//! Events reach endpoints: signed, at least once, tried again, and each organization's own only.

mod audit;
mod ends;
mod fair;
mod form;
mod live;
mod receiver;
mod refused;

use std::time::Duration;

use guildhall::Runs;
use guildhall::caller::Request;
use guildhall::webhooks::{GetDelivery, ListDeliveries, WebhookDelivery, WebhookDeliveryDetails};
use serde_json::{Value, json};
use server::webhooks::networks;
use server::webhooks::worker::Worker;

use self::receiver::Receiver;
use crate::harness::{World, run_with_on_each};

/// An endpoint and its secret.
struct Endpoint {
    /// The path of the API that it is under.
    path: String,
    id: String,
    secret: String,
}

/// Runs a test of a server that may send to this machine, on both databases.
fn on_loopback(test: impl AsyncFn(&World)) {
    run_with_on_each(
        |config| {
            config.webhook_private = networks::list("127.0.0.1").unwrap();
            config.webhook_private_organizations = networks::list("127.0.0.1").unwrap();
        },
        test,
    );
}

/// An endpoint of the tenant.
async fn endpoint(world: &World, url: &str, event_types: &[&str]) -> Endpoint {
    made(world, "/v1/webhooks".to_owned(), &world.admin, url, event_types).await
}

/// An endpoint of Acme, made by its administrator.
async fn of_acme(world: &World, url: &str, event_types: &[&str]) -> Endpoint {
    let path = format!("/v1/organizations/{}/webhooks", world.acme.id);
    made(world, path, &world.acme.org_admin, url, event_types).await
}

async fn made(world: &World, path: String, token: &str, url: &str, event_types: &[&str]) -> Endpoint {
    let body = json!({ "url": url, "event_types": event_types });
    let made = world.post(&path, body).token(token).expect(201).await;
    let id = made.result()["webhook"]["webhook_id"]
        .as_str()
        .unwrap()
        .to_owned();
    Endpoint {
        path: format!("{path}/{id}"),
        id,
        secret: made.text_of("secret"),
    }
}

/// Something that happens: the name of a new application.
async fn something(world: &World, name: &str) {
    let body = json!({ "name": name });
    world
        .post("/v1/applications", body)
        .token(&world.admin)
        .expect(201)
        .await;
}

/// The deliveries of an endpoint of the tenant, without an access token, none of which lives for a day.
async fn deliveries(world: &World, endpoint: &Endpoint) -> Vec<WebhookDelivery> {
    let list = guildhall::input::parse::<ListDeliveries>(json!({ "webhook_id": endpoint.id })).unwrap();
    Runs::run(&world.console, &Request::system(), list)
        .await
        .unwrap()
        .items
}

/// The only delivery, once it is as wanted.
async fn until(
    world: &World,
    endpoint: &Endpoint,
    wanted: impl Fn(&WebhookDelivery) -> bool,
) -> WebhookDelivery {
    for _ in 0..600 {
        if let [one] = deliveries(world, endpoint).await.as_slice()
            && wanted(one)
        {
            return one.clone();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not come to that: {:?}", deliveries(world, endpoint).await);
}

async fn until_status(world: &World, endpoint: &Endpoint, status: &str) -> WebhookDelivery {
    until(world, endpoint, |one| one.status.as_str() == status).await
}

async fn details(world: &World, delivery: &WebhookDelivery) -> WebhookDeliveryDetails {
    let get = json!({ "webhook_id": delivery.webhook_id, "event_id": delivery.event_id });
    let get = guildhall::input::parse::<GetDelivery>(get).unwrap();
    Runs::run(&world.console, &Request::system(), get).await.unwrap()
}

fn later(world: &World, millis: i64) {
    world.console.clock().advance(millis);
    world.console.services().webhooks.wake();
}

#[test]
fn an_event_is_the_audit_record_signed() {
    on_loopback(async |world: &World| {
        let receiver = Receiver::start().await;
        let endpoint = endpoint(world, &receiver.url(), &["create_application"]).await;
        // Another type.
        let settings = json!({ "name": "Other" });
        world
            .put("/v1/tenant/settings", settings)
            .token(&world.admin)
            .expect(200)
            .await;
        something(world, "Warehouse").await;
        let event = receiver.until(1).await.remove(0);
        assert!(event.is_signed_with(&endpoint.secret), "{event:?}");
        assert!(!event.is_signed_with("whsec_AAAA"));
        assert_eq!(event.path, "/hook?x=1");
        assert_eq!(event.header("content-type"), "application/json");
        assert_eq!(event.header("host"), receiver.address.to_string());
        let sent = event.json();
        assert_eq!(sent["type"], "create_application");
        assert_eq!(sent["data"]["target_name"], "Warehouse");
        assert_eq!(sent["data"]["after"]["name"], "Warehouse");
        let audit = format!("/v1/audit/{}", sent["data"]["audit_id"].as_str().unwrap());
        let audit = world.get(&audit).token(&world.admin).expect(200).await;
        assert_eq!(audit.result(), &sent["data"], "what the audit shows");
        let delivered = until_status(world, &endpoint, "delivered").await;
        assert_eq!(delivered.event_id.to_string(), event.header("webhook-id"));
        assert_eq!((delivered.attempts, delivered.last_status), (1, Some(200)));
        let details = details(world, &delivered).await;
        assert_eq!(details.payload.as_deref(), Some(event.body.as_str()));
        let answer = details.tries[0].answer.as_deref().unwrap();
        assert!(
            answer.starts_with("I say 200.") && answer.len() == 1024,
            "{answer}"
        );
        assert_eq!(receiver.received().len(), 1);
    });
}

#[test]
fn a_try_that_failed_is_repeated_to_the_letter() {
    on_loopback(async |world: &World| {
        let receiver = Receiver::start().await;
        let endpoint = endpoint(world, &receiver.url(), &["create_application"]).await;
        receiver.answer(500);
        something(world, "Warehouse").await;
        let waits = until(world, &endpoint, |one| one.last_status == Some(500)).await;
        assert_eq!((waits.status.as_str(), waits.attempts), ("waiting", 1));
        assert_eq!(waits.last_error.as_deref(), Some("It answered 500."));
        let state = world.get(&endpoint.path).token(&world.admin).expect(200).await;
        assert!(state.result()["failing_since"].is_i64(), "{}", state.text);
        receiver.answer(204);
        later(world, 6_000);
        let delivered = until_status(world, &endpoint, "delivered").await;
        assert_eq!((delivered.attempts, delivered.last_error), (2, None));
        let tries = receiver.received();
        assert_eq!(tries.len(), 2);
        assert_eq!(tries[0].body, tries[1].body);
        assert_eq!(tries[0].header("webhook-id"), tries[1].header("webhook-id"));
        assert_ne!(
            tries[0].header("webhook-timestamp"),
            tries[1].header("webhook-timestamp")
        );
        assert!(tries[1].is_signed_with(&endpoint.secret));
        let state = world.get(&endpoint.path).token(&world.admin).expect(200).await;
        assert!(state.result()["failing_since"].is_null(), "{}", state.text);
    });
}

#[test]
fn for_a_day_the_secret_before_signs_too() {
    on_loopback(async |world: &World| {
        let receiver = Receiver::start().await;
        let endpoint = endpoint(world, &receiver.url(), &["create_application"]).await;
        let rotate = format!("{}/rotate", endpoint.path);
        let rotated = world
            .post(&rotate, json!({}))
            .token(&world.admin)
            .expect(200)
            .await;
        let new = rotated.text_of("secret");
        assert_ne!(new, endpoint.secret);
        world
            .post(&format!("{}/test", endpoint.path), json!({}))
            .token(&world.admin)
            .expect(202)
            .await;
        let event = receiver.until(1).await.remove(0);
        assert_eq!(event.json()["type"], "ping");
        assert!(event.is_signed_with(&new) && event.is_signed_with(&endpoint.secret));
        let ping = until_status(world, &endpoint, "delivered").await;
        world.console.clock().advance(25 * 60 * 60 * 1000);
        let again = json!({ "webhook_id": endpoint.id, "event_id": ping.event_id });
        let again = guildhall::input::parse::<guildhall::webhooks::ResendDelivery>(again).unwrap();
        Runs::run(&world.console, &Request::system(), again)
            .await
            .unwrap();
        let event = receiver.until(2).await.remove(1);
        assert_eq!(event.header("webhook-id"), ping.event_id.to_string());
        assert!(event.is_signed_with(&new) && !event.is_signed_with(&endpoint.secret));
    });
}

#[test]
fn an_organization_is_told_of_itself_and_no_more_than_its_audit_shows() {
    on_loopback(async |world: &World| {
        let (whole, own) = (Receiver::start().await, Receiver::start().await);
        endpoint(world, &whole.url(), &["update_organization"]).await;
        let acmes = of_acme(world, &own.url(), &[]).await;
        for customer in [&world.globex, &world.acme] {
            let path = format!("/v1/organizations/{}", customer.id);
            let body = json!({ "alias_name": "Other" });
            world.put(&path, body).token(&world.admin).expect(200).await;
        }
        let all = whole.until(2).await;
        let of = |organization: String| {
            let mut found = all
                .iter()
                .filter(|event| event.json()["data"]["organization_id"] == organization);
            found.next().unwrap().json()["data"].clone()
        };
        assert!(of(world.globex.id.to_string())["ip"].is_string());
        let mine = own.until(2).await;
        let mine: Vec<Value> = mine.iter().map(receiver::Received::json).collect();
        assert!(
            mine.iter()
                .all(|event| event["data"]["organization_id"] == world.acme.id.to_string()),
            "{mine:?}"
        );
        // That the endpoint itself was made is its organization's audit, too, and was there before it.
        let update = mine
            .iter()
            .find(|event| event["type"] == "update_organization")
            .unwrap();
        assert_eq!(
            update["data"]["audit_id"],
            of(world.acme.id.to_string())["audit_id"]
        );
        assert!(
            update["data"]["ip"].is_null(),
            "where the tenant's backend is, is not the organization's to know"
        );
        // Neither is reached through the other.
        let log = format!("{}/deliveries", acmes.path);
        let listed = world.get(&log).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(listed.result().as_array().unwrap().len(), 2);
        world.get(&log).token(&world.globex.org_admin).expect(404).await;
        world
            .get(&format!("/v1/webhooks/{}", acmes.id))
            .token(&world.admin)
            .expect(404)
            .await;
        let elsewhere = format!("/v1/organizations/{}/webhooks/{}", world.globex.id, acmes.id);
        world
            .get(&elsewhere)
            .token(&world.globex.org_admin)
            .expect(404)
            .await;
        world
            .delete(&elsewhere)
            .token(&world.globex.org_admin)
            .expect(404)
            .await;
        world
            .get("/v1/webhooks")
            .token(&world.acme.org_admin)
            .expect(403)
            .await;
    });
}

#[test]
fn several_servers_send_an_event_once() {
    on_loopback(async |world: &World| {
        let receiver = Receiver::start().await;
        endpoint(world, &receiver.url(), &["create_application"]).await;
        let others = [Worker::start(&world.console), Worker::start(&world.console)];
        for number in 0..30 {
            something(world, &format!("Application {number}")).await;
        }
        let received = receiver.until(30).await;
        let mut ids: Vec<String> = received
            .iter()
            .map(|one| one.header("webhook-id").to_owned())
            .collect();
        ids.sort();
        ids.dedup();
        assert_eq!((ids.len(), receiver.received().len()), (30, 30));
        for other in others {
            other.stop().await;
        }
    });
}
