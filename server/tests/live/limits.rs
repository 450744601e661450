//! Streams that are slow, too many, or in the way of a server that stops.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use guildhall::caller::Request;
use guildhall::id::AuditId;
use server::live::watcher::Watcher;
use server::live::{FOR_A_PERSON, News, Topic};
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

/// The program itself, on the world's database.
struct Program(Child);

impl Program {
    async fn start(world: &World, port: u16, url: &str) -> Program {
        let program = Command::new(env!("CARGO_BIN_EXE_guildhall"))
            .arg("serve")
            .env("GUILDHALL_DATABASE_URL", world.database_url())
            .env("GUILDHALL_LISTEN", format!("127.0.0.1:{port}"))
            .env("GUILDHALL_PUBLIC_URL", url)
            .env("GUILDHALL_RATE_LIMIT", "off")
            .env("GUILDHALL_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let (program, began) = (Program(program), Instant::now());
        while !reqwest::get(format!("{url}/readyz"))
            .await
            .is_ok_and(|answer| answer.status().is_success())
        {
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "the program did not start"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        program
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
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

    async fn a_person_has_only_so_many_streams(world) {
        let cookie = world.session("acme-admin").await;
        let query = format!("of={}", world.acme.id);
        let mut open = Vec::new();
        for _ in 0..FOR_A_PERSON {
            open.push(Stream::open(&world.url, &cookie, world.acme.id).await);
        }
        let refused = Stream::ask(&world.url, &cookie, &query).await;
        assert_eq!(refused.status(), 429);
        assert!(refused.headers().contains_key("retry-after"));
        // Another browser of theirs has no others.
        let other = world.session("acme-admin").await;
        assert_eq!(Stream::ask(&world.url, &other, &query).await.status(), 429);
        // One that was left makes room.
        drop(open.pop());
        let since = Instant::now();
        while Stream::ask(&world.url, &cookie, &query).await.status() != 200 {
            assert!(since.elapsed() < Duration::from_secs(5), "there is no room for another");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn a_stream_that_was_not_told_finds_out_by_itself(world) {
        let (mut portal, mut other) = (unread(world, "acme-admin").await, unread(world, "acme-admin").await);
        for stream in [&mut portal, &mut other] {
            words(stream).await.unwrap();
        }
        // Nothing was missed: it says only that it is there.
        assert_eq!(portal.beat().await.as_deref(), Some(&b":\n\n"[..]));
        // A server that died between its commit and telling of it.
        let (organization, now) = (world.acme.id.to_string(), world.console.clock().now() + 1);
        let id = AuditId::compose(now, 7).to_string();
        world.console.db().write(move |tx| {
            let (id, organization) = (id.clone(), organization.clone());
            Box::pin(async move {
                tx.query("INSERT INTO audit (id, at, actor_kind, operation, organization_id, target_kind, target_id, search_text)
                          VALUES ($1, $2, 'system', 'update_member', $3, 'member', 'x', '')")
                    .bind(id).bind(now).bind(organization).execute().await?;
                Ok(())
            })
        }).await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
        let told = portal.beat().await.unwrap();
        assert!(std::str::from_utf8(&told).unwrap().contains(r#"{"all":true}"#), "{told:?}");
        assert_eq!(portal.beat().await.as_deref(), Some(&b":\n\n"[..]), "it is told once");
    }

    async fn abuse_54_a_stream_ends_with_its_session_and_is_no_use_of_it(world) {
        let mut stream = unread(world, "acme-admin").await;
        words(&mut stream).await.unwrap();
        let (person, now) = (world.acme.admin.to_string(), world.console.clock().now());
        let set = |used: i64, ends: i64| {
            let person = person.clone();
            world.console.db().write(move |tx| {
                let person = person.clone();
                Box::pin(async move {
                    tx.query("UPDATE session SET last_used_at = $2, expires_at = $3 WHERE person_id = $1")
                        .bind(person).bind(used).bind(ends).execute().await?;
                    Ok(())
                })
            })
        };
        let hour_ago = now - 3_600_000;
        set(hour_ago, now + 3_600_000).await.unwrap();
        retitle(world, &world.acme, "Lead").await;
        assert!(words(&mut stream).await.unwrap().contains("event: changed\n"));
        stream.beat().await.unwrap();
        // What is noted of a use is noted in the background.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut tx = world.console.db().read().await.unwrap();
        let (used, ends): (i64, i64) = tx
            .query("SELECT last_used_at, expires_at FROM session WHERE person_id = $1")
            .bind(person.clone())
            .one()
            .await
            .unwrap();
        drop(tx);
        assert_eq!((used, ends), (hour_ago, now + 3_600_000));
        set(hour_ago, now - 1).await.unwrap();
        assert_eq!(stream.beat().await.as_deref(), Some(&b"event: signed-out\ndata: {}\n\n"[..]));
        assert_eq!(stream.next().await, None);
    }

    async fn the_program_stops_at_once_though_pages_are_open(world) {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url = format!("http://127.0.0.1:{port}");
        let mut program = Program::start(world, port, &url).await;
        let mut stream = Stream::open(&url, &world.session("acme-admin").await, world.acme.id).await;
        let since = Instant::now();
        let told = Command::new("kill").args(["-TERM", &program.0.id().to_string()]).status().unwrap();
        assert!(told.success());
        assert_eq!(stream.next().await, None);
        let ended = loop {
            if let Some(ended) = program.0.try_wait().unwrap() {
                break ended;
            }
            assert!(since.elapsed() < Duration::from_secs(5), "the program waits for its streams");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        assert!(ended.success(), "{ended}");
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
