//! Somebody new registers: the address is proved first, and nothing is there before.

use serde_json::{Value, json};

use super::*;
use crate::harness::{PASSWORD, on_both, run_with};

const BEGUN: &str = "SELECT COUNT(*) FROM begun_registration";
const PEOPLE: &str = "SELECT COUNT(*) FROM person";

/// A server function, asked as a page of ours asks it.
fn rpc(world: &World, name: &str, fields: &[(&str, &str)]) -> Call {
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    world
        .call("POST", &format!("/rpc/{name}"))
        .body("application/x-www-form-urlencoded", form)
        .header("origin", &world.url)
}

fn begin(world: &World, email: &str, name: &str) -> Call {
    let fields = [
        ("email", email),
        ("first_name", "Peter"),
        ("last_name", "Gibbons"),
        ("name", name),
    ];
    rpc(world, "begin_registration", &fields)
}

fn look(world: &World, token: &str) -> Call {
    world
        .post("/rpc/get_begun_registration", json!({ "token": token }))
        .header("origin", &world.url)
}

fn finish(world: &World, token: &str, name: &str) -> Call {
    let fields = [("token", token), ("password", PASSWORD), ("name", name)];
    rpc(world, "finish_registration", &fields)
}

/// The link of the newest mail that proves an address.
async fn token(world: &World, address: &str) -> String {
    let mail = text_of(world, address, "registration_address").await;
    let text = mail["text"].as_str().unwrap();
    text.split("/register/")
        .nth(1)
        .unwrap_or_else(|| panic!("no link: {text}"))
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect()
}

fn cookie_of(answer: &Answer) -> String {
    let set = answer.headers.get_all("set-cookie").iter();
    let set = set.filter_map(|value| value.to_str().ok());
    let session = set.into_iter().find(|value| value.contains("session="));
    session
        .and_then(|value| value.split(';').next())
        .unwrap_or_else(|| panic!("no session: {answer:?}"))
        .to_owned()
}

async fn me(world: &World, cookie: &str) -> Value {
    let me = world.get("/v1/me").header("cookie", cookie).expect(200).await;
    me.result().clone()
}

const PETER: &str = "peter@initech.example";

on_both! {
    async fn somebody_new_proves_the_address_and_waits_for_approval(world) {
        set(world, true, false).await;
        let people = count(world, PEOPLE).await;
        begin(world, PETER, "Initech").expect(200).await;
        // Neither account nor name are there before the address is proved.
        assert_eq!(count(world, PEOPLE).await, people);
        assert!(pending(world).await.is_empty());
        ask(world, &world.user, "Initech").expect(201).await;
        let own = world.get(OWN).token(&world.user).expect(200).await;
        let path = format!("{OWN}/{}", own.column("registration_id")[0]);
        world.delete(&path).token(&world.user).expect(204).await;
        let token = token(world, PETER).await;
        assert!(token.len() >= 22, "at least 128 bits");
        let stored = count(world, "SELECT COUNT(*) FROM begun_registration WHERE LENGTH(token_hash) = 64").await;
        assert_eq!(stored, 1, "only its fingerprint is kept");
        // Looking uses nothing up, nor does a password that nobody may choose.
        for _ in 0..2 {
            let shown = look(world, &token).expect(200).await;
            assert_eq!((&shown.json["email"], &shown.json["name"]), (&json!(PETER), &json!("Initech")));
        }
        for bad in ["short", "password123", "peter@initech.example", "peter gibbons"] {
            let refused = rpc(world, "finish_registration", &[("token", &token), ("password", bad), ("name", "Initech")]).expect(400).await;
            assert_eq!(refused.json["fields"][0]["field"], "password", "{bad}: {}", refused.text);
        }
        let finished = finish(world, &token, "Initech").expect(200).await;
        assert_eq!(finished.json["to"], "/account/registrations");
        let me = me(world, &cookie_of(&finished)).await;
        assert_eq!((&me["label"], &me["administers"]), (&json!("Peter Gibbons"), &json!([])));
        let user = world.get(&format!("/v1/users/{}", me["user_id"].as_str().unwrap())).token(&world.admin).expect(200).await;
        assert_eq!(user.result()["email"], json!({ "value": PETER, "email_verified": true }));
        let ids = pending(world).await;
        assert_eq!(ids.len(), 1);
        assert_eq!(mails(world, "root@example.com", "registration_requested").await, 2);
        // Once.
        finish(world, &token, "Initrode").expect(410).await;
        look(world, &token).expect(410).await;
        assert_eq!(count(world, BEGUN).await, 0);
        let approved = decide(world, &ids[0], "approve", json!({})).expect(200).await;
        let organization = approved.text_of("organization_id");
        let made = members(world, &organization).await;
        assert_eq!(made.column("user_id"), [me["user_id"].as_str().unwrap()]);
        let audit = world.get("/v1/audit?operation=finish_registration").token(&world.admin).expect(200).await;
        let rows = audit.result().as_array().unwrap();
        assert!(!rows.is_empty() && rows.iter().all(|row| row["actor_id"] == me["user_id"]), "{}", audit.text);
    }

    async fn approved_automatically_somebody_new_is_an_administrator_at_once(world) {
        set(world, true, true).await;
        begin(world, PETER, "Initech").expect(200).await;
        let token = token(world, PETER).await;
        // The name is somebody else's by now: nothing of it has happened, and another one does it.
        ask(world, &world.stranger_token, "Initech").expect(201).await;
        let people = count(world, PEOPLE).await;
        let refused = finish(world, &token, "Initech").expect(409).await;
        assert_eq!(refused.json["fields"][0]["field"], "name", "{}", refused.text);
        assert_eq!((count(world, PEOPLE).await, organizations(world, "Initech").await), (people, 1));
        let finished = finish(world, &token, "Initrode").expect(200).await;
        let me = me(world, &cookie_of(&finished)).await;
        let organization = me["administers"][0]["organization_id"].as_str().unwrap();
        assert_eq!(me["administers"][0]["name"], "Initrode");
        assert_eq!(finished.json["to"], format!("/org/{organization}"));
    }

    async fn abuse_56_nobody_is_told_whether_an_address_is_known(world) {
        set(world, true, false).await;
        let path = format!("/v1/users/{}", world.globex.member);
        world.put(&path, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        let mut answers = Vec::new();
        for address in [PETER, "stranger@example.com", "Stranger@Example.com", "globex-member@example.com"] {
            let answer = begin(world, address, "Initech").expect(200).await;
            answers.push(answer.text);
        }
        assert!(answers.iter().all(|text| *text == answers[0]), "{answers:?}");
        // Whoever has an account is led to the sign-in; a disabled one gets nothing.
        let mail = text_of(world, "stranger@example.com", "registration_address").await;
        let text = mail["text"].as_str().unwrap();
        assert!(text.contains("/signin?return_to=") && !text.contains("/register/"), "{text}");
        assert_eq!(mails(world, "globex-member@example.com", "registration_address").await, 0);
        assert_eq!(count(world, BEGUN).await, 1);
    }

    async fn a_link_dies(world) {
        set(world, true, false).await;
        begin(world, PETER, "Initech").expect(200).await;
        let first = token(world, PETER).await;
        begin(world, "Peter@Initech.example", "Initrode").expect(200).await;
        let second = token(world, "Peter@Initech.example").await;
        look(world, &first).expect(410).await;
        finish(world, &first, "Initech").expect(410).await;
        assert_eq!(look(world, &second).expect(200).await.json["name"], "Initrode");
        // With the switch.
        set(world, false, false).await;
        begin(world, "other@initech.example", "Initech").expect(404).await;
        look(world, &second).expect(404).await;
        finish(world, &second, "Initrode").expect(404).await;
        set(world, true, false).await;
        // With an account of the same address.
        let user = json!({ "email": PETER, "credentials": { "password": PASSWORD, "force_replace": false } });
        let user = world.post("/v1/users", user).token(&world.admin).expect(201).await.text_of("user_id");
        let refused = finish(world, &second, "Initrode").expect(409).await;
        assert_eq!(refused.json["reason"], "sign_in_required", "{}", refused.text);
        world.delete(&format!("/v1/users/{user}")).token(&world.admin).expect(204).await;
        // After a day.
        world.console.clock().advance(25 * 60 * 60 * 1000);
        look(world, &second).expect(410).await;
        finish(world, &second, "Initrode").expect(410).await;
        for guessed in ["x", "../../admin", "a".repeat(43).as_str()] {
            look(world, guessed).expect(410).await;
        }
        assert_eq!(count(world, "SELECT COUNT(*) FROM registration").await, 0);
    }

    async fn of_many_who_use_a_link_at_once_one_makes_the_account(world) {
        set(world, true, true).await;
        begin(world, PETER, "Initech").expect(200).await;
        let token = token(world, PETER).await;
        let people = count(world, PEOPLE).await;
        let names: Vec<String> = (0..8).map(|at| format!("Initech {at}")).collect();
        let answers = futures::future::join_all(names.iter().map(|name| finish(world, &token, name).send())).await;
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(count(world, PEOPLE).await, people + 1);
        assert_eq!(count(world, "SELECT COUNT(*) FROM organization").await, 3);
    }
}

#[test]
fn mail_and_names_are_limited() {
    run_with(
        |config| config.rate_limit = Some(1000),
        async |world: &World| {
            set(world, true, false).await;
            // As many mails to one address as for a forgotten password, whether it is known or not.
            for address in ["new@initech.example", "stranger@example.com"] {
                for _ in 0..3 {
                    begin(world, address, "Initech").expect(200).await;
                }
                begin(world, address, "Initech").expect(429).await;
            }
            // Trying names tells of other organizations.
            let mut statuses = Vec::new();
            for at in 0..12 {
                let taken = if at % 2 == 0 { "Acme" } else { "Globex" };
                statuses.push(ask(world, &world.stranger_token, taken).send().await.status);
            }
            assert_eq!(statuses, [[409; 10].as_slice(), [429; 2].as_slice()].concat());
        },
    );
}
