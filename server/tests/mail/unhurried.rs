//! The API answers as fast as where there is no mail server, whatever the mail server does; and every mail is sent, or it is
//! said why not.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::{listed, send, until_listed};
use crate::harness::smtp::{Closed, Manner, Smtp};
use crate::harness::{Database, World, run_with_on};

const REQUESTS: usize = 300;
/// Every third request sends one.
const MAILS: usize = REQUESTS / 3;

/// The slowest but one in a hundred of requests that read, and that send mail.
async fn p99(world: &World) -> Duration {
    let mut took = Vec::new();
    for number in 0..REQUESTS {
        let began = Instant::now();
        if number % 3 == 0 {
            send(world, &format!("person-{number}@example.com")).await;
        } else {
            world
                .get("/v1/organizations")
                .token(&world.admin)
                .expect(200)
                .await;
        }
        took.push(began.elapsed());
    }
    took.sort();
    took[took.len() * 99 / 100]
}

/// A machine with other things to do is slower by this much at times. Whoever waited for a mail server of these tests would
/// wait for more than twice as long.
const UNREST: Duration = Duration::from_millis(400);

/// How long the mail server takes for an answer where it does not refuse the connection: a conversation has five.
const PAUSE: Duration = Duration::from_millis(200);

fn assert_unhurried(what: &str, without: Duration, with: Duration) {
    eprintln!("p99 without a mail server {without:?}, with one that {what} {with:?}");
    assert!(
        with < (without * 3).max(UNREST),
        "p99 is {without:?} without a mail server, and {with:?} with one that {what}"
    );
}

async fn until_said_why(world: &World) {
    for _ in 0..1200 {
        let waiting = listed(world, "waiting").await;
        let said = waiting.iter().filter(|mail| mail["last_error"].is_string());
        if said.count() == MAILS {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let state = world.get("/v1/mails/state").token(&world.admin).expect(200).await;
    panic!("of some mails nobody says why they wait: {}", state.text);
}

/// Each mail comes, once the mail server takes it.
async fn assert_all_come(world: &World, smtp: &Smtp) {
    // Some were tried a second time meanwhile, and wait for a minute.
    world.console.clock().advance(75_000);
    world.console.services().mail.wake();
    until_listed(world, "sent", MAILS).await;
    let to: BTreeSet<String> = smtp.received().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to.len(), MAILS);
    assert!(listed(world, "failed").await.is_empty());
}

fn with_url(database: Option<Database>, url: String, test: impl AsyncFnOnce(&World)) {
    run_with_on(database, |config| config.smtp_url = Some(url), test);
}

fn on(database: fn() -> Option<Database>) {
    let mut without = None;
    run_with_on(database(), |_| (), async |world| without = Some(p99(world).await));
    let Some(without) = without else { return };

    // The mail server is another program: it has a runtime of its own.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let smtp = runtime.block_on(Smtp::start(Manner {
        pause: Duration::from_secs(60),
        ..Manner::default()
    }));
    with_url(database(), smtp.url(), async |world| {
        assert_unhurried("takes a minute for an answer", without, p99(world).await);
        assert!(smtp.received().is_empty());
        let state = world.get("/v1/mails/state").token(&world.admin).expect(200).await;
        assert_eq!(
            state.result()["waiting"],
            MAILS,
            "slow is not dead: {}",
            state.text
        );
        assert_eq!(state.result()["failed"], 0);
        smtp.behave(Manner::default());
        assert_all_come(world, &smtp).await;
    });

    let closed = runtime.block_on(async { Closed::new() });
    with_url(database(), closed.url(), async |world| {
        assert_unhurried("refuses connections", without, p99(world).await);
        until_said_why(world).await;
        let handle = runtime.handle().clone();
        let smtp = handle
            .spawn(async move { closed.open(Manner::default()) })
            .await
            .unwrap();
        assert_all_come(world, &smtp).await;
    });

    let smtp = runtime.block_on(Smtp::start(Manner {
        pause: PAUSE,
        recipient: "451 try later",
    }));
    with_url(database(), smtp.url(), async |world| {
        assert_unhurried("answers 451, and slowly", without, p99(world).await);
        until_said_why(world).await;
        for mail in listed(world, "waiting").await {
            let why = mail["last_error"].as_str().unwrap();
            assert!(why.contains("try later"), "{mail}");
        }
        assert!(smtp.received().is_empty());
        smtp.behave(Manner::default());
        assert_all_come(world, &smtp).await;
    });
}

#[test]
fn whatever_the_mail_server_does_the_api_is_as_fast_on_sqlite() {
    on(Database::sqlite);
}

#[test]
fn whatever_the_mail_server_does_the_api_is_as_fast_on_postgres() {
    on(Database::postgres);
}
