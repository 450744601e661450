//! Mail leaves: at least once, whatever the mail server does, and nobody waits for it.

mod killed;
mod links;
mod logs;
mod unhurried;

use std::time::Duration;

use serde_json::{Value, json};
use server::mail::worker::Worker;
use server::store::outbox;

use crate::harness::smtp::{Manner, Smtp};
use crate::harness::{Database, World, run_on_sqlite, run_with_on};

/// Declares tests with a mail server, on both databases.
macro_rules! with_smtp {
    ($(#[$doc:meta])* async fn $name:ident($world:ident, $smtp:ident) $body:block) => {
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn test($world: &World, $smtp: &Smtp) $body

            #[test]
            fn on_sqlite() {
                with_smtp(Database::sqlite(), test);
            }

            #[test]
            fn on_postgres() {
                with_smtp(Database::postgres(), test);
            }
        }
    };
}

fn with_smtp(database: Option<Database>, test: impl AsyncFnOnce(&World, &Smtp)) {
    // The mail server lives in a runtime of its own: whatever it does, it is another program.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let smtp = runtime.block_on(Smtp::start(Manner::default()));
    let url = smtp.url();
    run_with_on(
        database,
        |config| config.smtp_url = Some(url),
        async |world| test(world, &smtp).await,
    );
}

async fn send(world: &World, to: &str) {
    world
        .post("/v1/mails/test", json!({ "to": to }))
        .token(&world.admin)
        .expect(202)
        .await;
}

/// The mails of a status, as the API lists them.
async fn listed(world: &World, status: &str) -> Vec<Value> {
    let path = format!("/v1/mails?status={status}&limit=100");
    let answer = world.get(&path).token(&world.admin).expect(200).await;
    answer.result().as_array().unwrap().clone()
}

/// The same without an access token, none of which lives for a day.
async fn known(world: &World, status: &str) -> Vec<Value> {
    let list = json!({ "status": status });
    let list = guildhall::input::parse::<guildhall::mail::ListMails>(list).unwrap();
    let system = guildhall::caller::Request::system();
    let page = guildhall::Runs::run(&world.console, &system, list).await.unwrap();
    page.items
        .iter()
        .map(|mail| serde_json::to_value(mail).unwrap())
        .collect()
}

async fn until_listed(world: &World, status: &str, count: usize) -> Vec<Value> {
    for _ in 0..600 {
        let mails = listed(world, status).await;
        if mails.len() >= count {
            return mails;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let all = world.get("/v1/mails").token(&world.admin).expect(200).await;
    panic!("there are not {count} mails that are {status}: {}", all.text);
}

with_smtp! {
    async fn a_mail_goes_with_both_parts_once_its_change_is_there(world, smtp) {
        send(world, "somebody@example.com").await;
        let mail = smtp.next_to("somebody@example.com", 0).await;
        assert!(mail.header("from").contains("no-reply@guildhall.example"), "{}", mail.data);
        assert!(mail.header("message-id").ends_with("@guildhall.example>"), "{}", mail.data);
        assert_eq!(mail.header("auto-submitted"), "auto-generated");
        assert!(mail.data.contains("text/plain") && mail.data.contains("text/html"), "{}", mail.data);
        let sent = until_listed(world, "sent", 1).await;
        assert_eq!(sent[0]["to"], "somebody@example.com");
        assert_eq!(sent[0]["attempts"], 1);
        let mut tx = world.console.db().read().await.unwrap();
        let (left,): (i64,) = tx.query("SELECT COUNT(*) FROM outbox WHERE body IS NOT NULL").one().await.unwrap();
        assert_eq!(left, 0, "what was sent is forgotten");
    }
}

with_smtp! {
    async fn a_mail_server_that_answers_4xx_is_asked_again_with_the_same_message_id(world, smtp) {
        smtp.behave(Manner { recipient: "451 try later", ..Manner::default() });
        send(world, "later@example.com").await;
        let mut waiting = Vec::new();
        for _ in 0..600 {
            waiting = listed(world, "waiting").await;
            if waiting.first().is_some_and(|mail| mail["attempts"] == 1) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(waiting[0]["last_error"].as_str().unwrap().contains("try later"), "{waiting:?}");
        let id = waiting[0]["mail_id"].as_str().unwrap().to_owned();
        smtp.behave(Manner::default());
        world.console.clock().advance(11_000);
        world.console.services().mail.wake();
        let mail = smtp.next_to("later@example.com", 0).await;
        assert!(mail.header("message-id").contains(&id), "{}", mail.data);
        assert_eq!(until_listed(world, "sent", 1).await[0]["attempts"], 2);
    }
}

with_smtp! {
    async fn a_mail_that_is_refused_for_good_fails_at_once_and_can_be_tried_again(world, smtp) {
        smtp.behave(Manner { recipient: "550 nobody here", ..Manner::default() });
        send(world, "nobody@example.com").await;
        let failed = until_listed(world, "failed", 1).await;
        assert!(failed[0]["last_error"].as_str().unwrap().contains("nobody here"), "{failed:?}");
        assert_eq!(failed[0]["attempts"], 1);
        let state = world.get("/v1/mails/state").token(&world.admin).expect(200).await;
        assert_eq!(state.result()["failed"], 1);
        assert_eq!(state.result()["delivery"], "smtp");
        smtp.behave(Manner::default());
        let retry = format!("/v1/mails/{}/retry", failed[0]["mail_id"].as_str().unwrap());
        world.call("POST", &retry).token(&world.admin).expect(200).await;
        until_listed(world, "sent", 1).await;
        world.call("POST", &retry).token(&world.admin).expect(409).await;
    }
}

with_smtp! {
    async fn a_mail_is_given_up_after_a_day_with_the_reason(world, smtp) {
        smtp.behave(Manner { recipient: "421 closed", ..Manner::default() });
        send(world, "closed@example.com").await;
        let began = world.console.clock().now();
        for _ in 0..600 {
            if !known(world, "failed").await.is_empty() {
                break;
            }
            let waits = known(world, "waiting").await;
            let next = waits.first().and_then(|mail| mail["next_at"].as_i64()).unwrap_or_default();
            let wait = next - world.console.clock().now();
            if wait > 0 {
                world.console.clock().advance(wait + 1);
                world.console.services().mail.wake();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let failed = known(world, "failed").await;
        let day = 24 * 60 * 60 * 1000;
        let took = world.console.clock().now() - began;
        assert!((day * 9 / 10..day * 11 / 10).contains(&took), "{took}");
        assert!(failed[0]["last_error"].as_str().unwrap().contains("closed"), "{failed:?}");
        assert_eq!(failed[0]["attempts"], 14);
    }
}

with_smtp! {
    async fn several_servers_never_send_a_mail_twice(world, smtp) {
        let others = [Worker::start(&world.console), Worker::start(&world.console)];
        tokio::time::sleep(Duration::from_millis(300)).await;
        for number in 0..60 {
            send(world, &format!("person-{number}@example.com")).await;
        }
        until_listed(world, "sent", 60).await;
        let mut to: Vec<_> = smtp.received().into_iter().map(|mail| mail.to).collect();
        to.sort();
        let all = to.len();
        to.dedup();
        assert_eq!((to.len(), all), (60, 60));
        for other in others {
            other.stop().await;
        }
    }
}

with_smtp! {
    async fn what_a_dead_server_had_claimed_is_sent_by_another(world, smtp) {
        smtp.behave(Manner { recipient: "451 not yet", ..Manner::default() });
        send(world, "claimed@example.com").await;
        for _ in 0..600 {
            if listed(world, "waiting").await.first().is_some_and(|mail| mail["attempts"] == 1) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        smtp.behave(Manner::default());
        let id = listed(world, "waiting").await[0]["mail_id"].as_str().unwrap().to_owned();
        let now = world.console.clock().now() + 11_000;
        let claimed = world.console.db().write(move |tx| Box::pin(async move {
            Ok(outbox::claim(tx, id, "a server that dies now", now, 0).await?)
        }));
        assert!(claimed.await.unwrap().is_some());
        world.console.clock().advance(40_000);
        world.console.services().mail.wake();
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(smtp.received().len(), 0, "it may still be at it");
        world.console.clock().advance(40_000);
        world.console.services().mail.wake();
        smtp.next_to("claimed@example.com", 0).await;
    }
}

with_smtp! {
    async fn a_slow_mail_server_gets_every_mail(world, smtp) {
        smtp.behave(Manner { pause: Duration::from_millis(400), ..Manner::default() });
        for number in 0..20 {
            send(world, &format!("person-{number}@example.com")).await;
        }
        until_listed(world, "sent", 20).await;
        assert_eq!(smtp.received().len(), 20);
    }
}

#[test]
fn without_a_mail_server_mail_is_kept_and_the_console_says_so() {
    run_on_sqlite(async |world| {
        send(world, "kept@example.com").await;
        let state = world.get("/v1/mails/state").token(&world.admin).expect(200).await;
        assert_eq!(state.result()["delivery"], "kept");
        assert_eq!(state.result()["waiting"], 1);
        let found = world
            .get("/v1/mails?search=KEPT@&include_total=true")
            .token(&world.admin)
            .expect(200)
            .await;
        assert_eq!(found.column("to"), ["kept@example.com"]);
        assert_eq!(found.json["page_info"]["total"], 1);
        world
            .get("/v1/mails")
            .token(&world.acme.org_admin)
            .expect(403)
            .await;
    });
}
