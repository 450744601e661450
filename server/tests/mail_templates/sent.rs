//! Own words from their writing to the mail that says them, and back.

use serde_json::json;

use super::{path, read, save, words};
use crate::harness::smtp::{Manner, Received, Smtp};
use crate::harness::{Database, World, on_both, run_with_on};

/// A test on a database with a mail server, which lives in a runtime of its own: it is another program.
fn with_smtp(database: Option<Database>, test: impl AsyncFnOnce(&World, &Smtp)) {
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

/// Sends a test mail and waits for it.
async fn tried(world: &World, smtp: &Smtp, to: &str) -> Received {
    world
        .post("/v1/mails/test", json!({ "to": to }))
        .token(&world.admin)
        .expect(202)
        .await;
    smtp.next_to(to, 0).await
}

async fn the_next_mail_has_the_own_words(world: &World, smtp: &Smtp) {
    let hostile = "<img src=x onerror=alert(1)>{{ 7 * 7 }}";
    world
        .put("/v1/tenant/settings", json!({ "name": hostile }))
        .token(&world.admin)
        .expect(200)
        .await;
    let template = path("test", "en");
    let before = tried(world, smtp, "before@example.com").await;
    assert!(before.header("subject").contains("Test mail"), "{}", before.data);
    let own = json!({
        "subject": "Hello from us",
        "text": "Own text, sent by {{ sent_by }} of {{ tenant }}",
        "html": "<b>Own markup</b> of {{ tenant }}",
    });
    assert_eq!(save(world, &template, own).await.status, 200);
    let mail = tried(world, smtp, "own@example.com").await;
    assert_eq!(mail.header("subject"), "Hello from us");
    let said = mail.text();
    assert!(said.contains("Own text, sent by the API"), "{said}");
    assert!(said.contains("<b>Own markup</b> of &lt;img src=x"), "{said}");
    assert!(said.contains("{{ 7 * 7 }}") && !said.contains("49"), "{said}");
    world.delete(&template).token(&world.admin).expect(200).await;
    let after = tried(world, smtp, "after@example.com").await;
    assert!(after.header("subject").contains("Test mail"), "{}", after.data);
    assert!(!after.text().contains("Own"), "{}", after.text());
}

#[test]
fn on_sqlite() {
    with_smtp(Database::sqlite(), the_next_mail_has_the_own_words);
}

#[test]
fn on_postgres() {
    with_smtp(Database::postgres(), the_next_mail_has_the_own_words);
}

on_both! {
    async fn every_mail_has_a_template_in_every_language(world) {
        let list = read(world, "/v1/mail-templates").await;
        let rows = list.result().as_array().unwrap();
        assert_eq!(rows.len(), guildhall::mail::MailKind::ALL.len() * 2);
        for row in rows {
            let template = read(world, &path(row["kind"].as_str().unwrap(), row["language"].as_str().unwrap())).await;
            let template = template.result();
            assert_eq!((&template["changed"], &template["version"]), (&json!(false), &json!(0)));
            assert_eq!(template["subject"], row["subject"]);
            assert_eq!(template["html"], template["default"]["html"]);
            assert!(!template["variables"].as_array().unwrap().is_empty());
            // The default is what may be written, too: it shows the rules by example.
            let words = json!({ "subject": template["subject"], "text": template["text"], "html": template["html"] });
            let preview = path(row["kind"].as_str().unwrap(), row["language"].as_str().unwrap()) + "/preview";
            let preview = world.post(&preview, words).token(&world.admin).expect(200).await;
            assert!(!preview.text_of("subject").contains("{{"), "{}", preview.text);
            assert!(preview.text_of("html").contains("<!doctype html>"), "{}", preview.text);
        }
    }

    async fn a_template_is_changed_taken_back_and_put_back_from_its_history(world) {
        let invitation = path("invitation", "en");
        let default = read(world, &invitation).await.text_of("subject");
        for subject in ["First", "Second"] {
            assert_eq!(save(world, &invitation, words(subject)).await.status, 200);
        }
        let now = read(world, &invitation).await;
        assert_eq!((now.text_of("subject"), &now.result()["changed"]), ("Second".to_owned(), &json!(true)));
        assert_eq!(now.result()["default"]["subject"], json!(default));
        // German mails are as they were.
        assert_eq!(read(world, &path("invitation", "de")).await.result()["changed"], false);
        world.delete(&invitation).token(&world.admin).expect(200).await;
        let reset = read(world, &invitation).await;
        assert_eq!((reset.text_of("subject"), &reset.result()["changed"]), (default, &json!(false)));
        let history = reset.result()["history"].as_array().unwrap().clone();
        let versions: Vec<_> = history.iter().map(|row| (row["version"].as_i64().unwrap(), row["subject"].as_str())).collect();
        assert_eq!(versions, [(3, None), (2, Some("Second")), (1, Some("First"))]);
        assert_eq!(history[0]["changed_by"], "Test", "the client's name");
        let first = read(world, &format!("{invitation}?shown_version=1")).await;
        assert_eq!((first.text_of("subject"), &first.result()["version"]), ("First".to_owned(), &json!(3)));
        let words = json!({ "subject": first.result()["subject"], "text": first.result()["text"], "html": first.result()["html"] });
        assert_eq!(save(world, &invitation, words).await.status, 200);
        assert_eq!(read(world, &invitation).await.text_of("subject"), "First");
        let line = read(world, "/v1/mail-templates").await;
        let line = line.result().as_array().unwrap().iter().find(|row| row["kind"] == "invitation" && row["language"] == "en").unwrap().clone();
        assert_eq!((&line["subject"], &line["changed"]), (&json!("First"), &json!(true)));
        let audit = world.get("/v1/audit?operation=update_mail_template").token(&world.admin).expect(200).await;
        assert_eq!(audit.column("target_name")[0], "invitation (English)");
        // Twice the same is one change, and a default that holds needs no reset.
        let version = read(world, &invitation).await.result()["version"].clone();
        let same = read(world, &invitation).await;
        let same = json!({ "subject": same.result()["subject"], "text": same.result()["text"], "html": same.result()["html"] });
        assert_eq!(save(world, &invitation, same).await.result()["version"], version);
        let untouched = world.delete(&path("test", "de")).token(&world.admin).expect(200).await;
        assert_eq!(untouched.result()["version"], 0);
    }

    async fn every_version_is_there_a_page_at_a_time(world) {
        let invitation = path("invitation", "en");
        let versions = format!("{invitation}/versions");
        assert!(read(world, &versions).await.result().as_array().unwrap().is_empty());
        // More than are shown with the template.
        for number in 1..=22 {
            assert_eq!(save(world, &invitation, words(&format!("Take {number}"))).await.status, 200);
        }
        assert_eq!(save(world, &path("invitation", "de"), words("Komm")).await.status, 200);
        assert_eq!(read(world, &invitation).await.result()["history"].as_array().unwrap().len(), 20);
        let newest = read(world, &format!("{versions}?limit=12")).await;
        let subjects = newest.column("subject");
        assert_eq!((subjects.len(), subjects[0].as_str(), subjects[11].as_str()), (12, "Take 22", "Take 11"));
        assert_eq!(newest.result()[0]["version"], 22);
        let next = newest.json["page_info"]["next_cursor"].as_str().unwrap();
        let oldest = read(world, &format!("{versions}?limit=12&cursor={next}")).await;
        let subjects = oldest.column("subject");
        assert_eq!((subjects.len(), subjects[0].as_str(), subjects[9].as_str()), (10, "Take 10", "Take 1"));
        assert!(oldest.json["page_info"]["next_cursor"].is_null());
        let back = oldest.json["page_info"]["previous_cursor"].as_str().unwrap();
        let back = read(world, &format!("{versions}?limit=12&cursor={back}")).await;
        assert_eq!(back.column("subject"), newest.column("subject"));
        world.get(&format!("{versions}?cursor=x")).token(&world.admin).expect(400).await;
        let nowhere = format!("{}/versions", path("nothing", "en"));
        world.get(&nowhere).token(&world.admin).expect(404).await;
        for token in [&world.acme.org_admin, &world.acme.client, &world.user] {
            let refused = world.get(&versions).token(token).send().await;
            assert!(matches!(refused.status, 403 | 404), "{}: {}", refused.status, refused.text);
        }
    }

    async fn whoever_saves_later_is_told(world) {
        let invitation = path("invitation", "en");
        let cookie = world.session("root").await;
        let read = read(world, &invitation).await;
        let tag = read.header("etag").unwrap().to_owned();
        let put = |subject: &str| {
            let call = world.put(&invitation, words(subject)).header("cookie", &cookie).header("origin", &world.url);
            call.header("if-match", &tag)
        };
        put("Mine").expect(200).await;
        put("Theirs").expect(412).await;
        world.delete(&invitation).token(&world.admin).header("if-match", &tag).expect(412).await;
        let now = super::read(world, &invitation).await;
        assert_eq!(now.text_of("subject"), "Mine");
    }
}
