//! Whoever does not answer is waited for by their own events only.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::receiver::Receiver;
use super::{endpoint, of_acme, on_loopback, something, until};
use crate::harness::World;

/// A program that takes connections and says nothing.
struct Silent {
    address: SocketAddr,
    came: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Silent {
    /// The first few are hung up on.
    async fn start(hung_up: usize) -> Silent {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .unwrap();
        let address = listener.local_addr().unwrap();
        let came: Arc<AtomicUsize> = Arc::default();
        let counted = came.clone();
        let task = tokio::spawn(async move {
            let mut open = Vec::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                if counted.fetch_add(1, Ordering::Relaxed) >= hung_up {
                    open.push(stream);
                }
            }
        });
        Silent { address, came, task }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn came(&self) -> usize {
        self.came.load(Ordering::Relaxed)
    }

    /// Waits until so many came.
    async fn until(&self, count: usize) {
        for _ in 0..600 {
            if self.came() >= count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} came, and not {count}", self.came());
    }
}

impl Drop for Silent {
    /// Hangs up, so that nobody waits for it when the server stops.
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Changes of Acme, so many.
async fn changes(world: &World, count: usize) {
    let path = format!("/v1/organizations/{}", world.acme.id);
    for number in 0..count {
        let body = json!({ "alias_name": format!("Acme {number}") });
        world.put(&path, body).token(&world.admin).expect(200).await;
    }
}

#[test]
fn an_organization_whose_endpoints_do_not_answer_delays_nobody_else() {
    on_loopback(async |world: &World| {
        let (silent, receiver) = (Silent::start(0).await, Receiver::start().await);
        for _ in 0..19 {
            of_acme(world, &silent.url(), &["update_organization"]).await;
        }
        endpoint(world, &receiver.url(), &["create_application"]).await;
        changes(world, 6).await;
        silent.until(16).await;
        let began = Instant::now();
        something(world, "Warehouse").await;
        receiver.until(1).await;
        // A try that nobody answers takes longer.
        let took = began.elapsed();
        assert!(took < Duration::from_secs(10), "{took:?}");
        assert_eq!(silent.came(), 16, "so many at once, and no more");
        drop(silent);
    });
}

#[test]
fn an_endpoint_gets_four_events_at_once_and_one_where_its_last_try_failed() {
    on_loopback(async |world: &World| {
        let (silent, failing) = (Silent::start(0).await, Silent::start(1).await);
        of_acme(world, &silent.url(), &["update_organization"]).await;
        let fails = endpoint(world, &failing.url(), &["create_application"]).await;
        something(world, "Warehouse").await;
        until(world, &fails, |one| one.attempts == 1 && one.next_at.is_some()).await;
        for number in 0..6 {
            something(world, &format!("Application {number}")).await;
        }
        changes(world, 6).await;
        silent.until(4).await;
        failing.until(2).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!((silent.came(), failing.came()), (4, 2));
        drop((silent, failing));
    });
}
