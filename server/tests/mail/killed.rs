//! `kill -9` between a commit and its mail, a hundred times: no mail is lost, and one that comes twice has the same
//! Message-ID.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::Database;
use crate::harness::smtp::{Manner, Smtp};

const KILLS: usize = 100;

pub fn program(database: &Database, folder: &Path, port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guildhall"));
    command
        .current_dir(folder)
        .env("GUILDHALL_DATABASE_URL", &database.url)
        .env("GUILDHALL_LISTEN", format!("127.0.0.1:{port}"))
        .env("GUILDHALL_PUBLIC_URL", format!("http://127.0.0.1:{port}"))
        .env("GUILDHALL_RATE_LIMIT", "off")
        .env("GUILDHALL_LOG", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

pub struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the program, and waits until it answers.
pub async fn start(mut serve: Command, port: u16, http: &reqwest::Client) -> Server {
    let server = Server(serve.arg("serve").spawn().unwrap());
    let began = Instant::now();
    loop {
        let ready = http.get(format!("http://127.0.0.1:{port}/readyz")).send().await;
        if ready.is_ok_and(|answer| answer.status().is_success()) {
            return server;
        }
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "the server did not start"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The Message-IDs of what came, by recipient.
fn delivered(smtp: &Smtp) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mail in smtp.received() {
        let id = mail.header("message-id");
        all.entry(mail.to).or_default().push(id);
    }
    all
}

async fn test(database: Database) {
    database.create().await;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    // Slower than the moment of the kill: it falls before, between and after the mail server's answers.
    let smtp = Smtp::start(Manner {
        pause: Duration::from_millis(1),
        ..Manner::default()
    })
    .await;
    let serve = || {
        let mut command = program(&database, folder, port);
        command.env("GUILDHALL_SMTP_URL", smtp.url());
        command
    };
    let http = reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .build()
        .unwrap();
    let added = program(&database, folder, port)
        .args([
            "client",
            "add",
            "--name",
            "Kill test",
            "--kind",
            "management",
            "--json",
        ])
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    assert!(added.status.success());
    let client: Value = serde_json::from_slice(&added.stdout).unwrap();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client["client_id"].as_str().unwrap()),
        ("client_secret", client["client_secret"].as_str().unwrap()),
    ];
    let mut token = String::new();
    let mut answered = BTreeSet::new();
    let mut cut_off = 0;
    for round in 0..KILLS {
        let server = start(serve(), port, &http).await;
        if token.is_empty() {
            let answer = http
                .post(format!("http://127.0.0.1:{port}/oidc/token"))
                .form(&form)
                .send()
                .await
                .unwrap();
            let answer: Value = answer.json().await.unwrap();
            token = answer["access_token"].as_str().unwrap().to_owned();
        }
        // Another moment in each round: right after the answer, while the mail is written, or later.
        let moment = Duration::from_micros(u64::try_from(round * 137 % 6_000).unwrap());
        for number in 0..3 {
            let to = format!("round-{round}-{number}@example.com");
            let answer = http
                .post(format!("http://127.0.0.1:{port}/v1/mails/test"))
                .bearer_auth(&token)
                .json(&json!({ "to": to }))
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 202);
            answered.insert(to);
        }
        tokio::time::sleep(moment).await;
        drop(server);
        let there = delivered(&smtp);
        cut_off += usize::from(answered.iter().any(|to| !there.contains_key(to)));
    }
    // Most kills came before all that was promised had gone, or this would prove nothing.
    assert!(cut_off > KILLS / 4, "only {cut_off} kills cut mail off");
    let _server = start(serve(), port, &http).await;
    let began = Instant::now();
    // On PostgreSQL, a dead server is believed alive for a minute.
    while delivered(&smtp).len() < answered.len() && began.elapsed() < Duration::from_secs(100) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let delivered = delivered(&smtp);
    let lost: Vec<_> = answered
        .iter()
        .filter(|to| !delivered.contains_key(*to))
        .collect();
    assert!(lost.is_empty(), "{} mails are lost: {lost:?}", lost.len());
    let mut twice = 0;
    for (to, ids) in &delivered {
        assert!(answered.contains(to) && ids[0].contains('@'), "{to}: {ids:?}");
        assert!(ids.iter().all(|id| *id == ids[0]), "{to}: {ids:?}");
        twice += usize::from(ids.len() > 1);
    }
    let different: BTreeSet<&String> = delivered.values().flatten().collect();
    assert_eq!(
        different.len(),
        answered.len(),
        "each mail has a Message-ID of its own"
    );
    eprintln!(
        "{} mails, {cut_off} kills cut mail off, {twice} came twice",
        answered.len()
    );
    database.remove().await;
}

fn run(database: Option<Database>) {
    let Some(database) = database else { return };
    tokio::runtime::Runtime::new().unwrap().block_on(test(database));
}

#[test]
fn no_mail_is_lost_on_sqlite() {
    run(Database::sqlite());
}

#[test]
fn no_mail_is_lost_on_postgres() {
    run(Database::postgres());
}
