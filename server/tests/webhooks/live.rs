//! Whoever has a log open is told at once that a delivery is in another state; nobody else is.

use serde_json::json;

use super::receiver::Receiver;
use super::{of_acme, on_loopback};
use crate::harness::World;
use crate::live::Stream;

#[test]
fn an_open_log_is_told_of_a_delivery_within_a_second() {
    on_loopback(async |world: &World| {
        let receiver = Receiver::start().await;
        let acmes = of_acme(world, &receiver.url(), &["create_team"]).await;
        let own = world.session("acme-admin").await;
        let others = world.session("globex-admin").await;
        let mut own = Stream::open(&world.url, &own, world.acme.id).await;
        let mut others = Stream::open(&world.url, &others, world.globex.id).await;
        world
            .post(&format!("{}/test", acmes.path), json!({}))
            .token(&world.acme.org_admin)
            .expect(202)
            .await;
        // Each is waited for a second: that the test was asked for, and that it went.
        let mut told = Vec::new();
        while told.last().is_none_or(|name| name != "deliveries") {
            told.push(own.next().await.unwrap().name);
        }
        receiver.until(1).await;
        others.expect_nothing().await;
    });
}
