//! Streams that are slow, too many, or in the way of a server that stops.

use std::time::{Duration, Instant};

use guildhall::caller::Request;
use server::live::watcher::{Topic, Watcher};
use server::live::{FOR_A_SESSION, News};
use server::{auth, clock};

use super::{Stream, retitle};
use crate::harness::{World, on_both};

/// A stream that is not read by anybody but the test.
async fn unread(world: &World, name: &str) -> Watcher {
    let cookie = world.session(name).await;
    let fingerprint = clock::fingerprint(cookie.split_once('=').unwrap().1);
    let caller = auth::session::still(&world.console, &fingerprint).await.unwrap();
    let topic = Topic::Organization(world.acme.id);
    let opened = Watcher::open(&world.console, Request::by(caller), fingerprint, topic, None).await;
    opened.unwrap_or_else(|error| panic!("{error:?}"))
}

async fn words(watcher: &mut Watcher) -> Option<String> {
    let next = tokio::time::timeout(Duration::from_secs(2), watcher.next());
    let words = next.await.expect("words, or the end");
    words.map(|words| String::from_utf8(words.to_vec()).unwrap())
}

on_both! {
    async fn whoever_is_slow_is_told_to_read_everything_again(world) {
        let mut slow = unread(world, "acme-admin").await;
        assert!(words(&mut slow).await.unwrap().starts_with("event: hello\n"));
        let live = &world.console.services().live;
        for _ in 0..5_000 {
            live.tell(world.console.db(), News::default()).await;
        }
        let told = words(&mut slow).await.unwrap();
        assert!(told.contains("event: changed\n") && told.contains(r#"{"all":true}"#), "{told}");
        // From there on it is told everything.
        retitle(world, &world.acme, "Lead").await;
        let told = words(&mut slow).await.unwrap();
        assert!(told.contains(&world.acme.member.to_string()), "{told}");
    }

    async fn much_at_once_is_told_as_everything(world) {
        let mut stream = unread(world, "acme-admin").await;
        words(&mut stream).await.unwrap();
        world.console.services().live.tell(world.console.db(), News::everything()).await;
        let told = words(&mut stream).await.unwrap();
        assert!(told.contains(r#"{"all":true}"#), "{told}");
    }

    async fn a_session_has_only_so_many_streams(world) {
        let cookie = world.session("acme-admin").await;
        let query = format!("of={}", world.acme.id);
        let mut open = Vec::new();
        for _ in 0..FOR_A_SESSION {
            open.push(Stream::open(&world.url, &cookie, world.acme.id).await);
        }
        let refused = Stream::ask(&world.url, &cookie, &query).await;
        assert_eq!(refused.status(), 429);
        assert!(refused.headers().contains_key("retry-after"));
        // Another session has its own.
        Stream::open(&world.url, &world.session("acme-admin").await, world.acme.id).await;
        // One that was left makes room.
        drop(open.pop());
        let since = Instant::now();
        while Stream::ask(&world.url, &cookie, &query).await.status() != 200 {
            assert!(since.elapsed() < Duration::from_secs(5), "there is no room for another");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn a_server_that_stops_ends_its_streams(world) {
        let other = world.another_server().await;
        let mut stream = Stream::open(&other.url, &world.session("acme-admin").await, world.acme.id).await;
        let since = Instant::now();
        other.end().await;
        assert_eq!(stream.next().await, None);
        assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    }

    async fn proxies_are_told_to_pass_on_what_comes(world) {
        let cookie = world.session("acme-admin").await;
        let response = Stream::ask(&world.url, &cookie, "of=account").await;
        for (name, value) in [
            ("content-type", "text/event-stream"),
            ("cache-control", "no-store, no-transform"),
            ("x-accel-buffering", "no"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(response.headers()[name], value, "{name}");
        }
        assert!(!response.headers().contains_key("content-encoding"));
    }
}
