//! `kill -9` between a commit and its mail, a hundred times: no mail is lost.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::Database;

const KILLS: usize = 100;

fn program(database: &Database, folder: &Path, port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guildhall"));
    command
        .current_dir(folder)
        .env("GUILDHALL_DATABASE_URL", &database.url)
        .env("GUILDHALL_LISTEN", format!("127.0.0.1:{port}"))
        .env("GUILDHALL_PUBLIC_URL", format!("http://127.0.0.1:{port}"))
        .env("GUILDHALL_MAIL_DIR", folder.join("mail"))
        .env("GUILDHALL_RATE_LIMIT", "off")
        .env("GUILDHALL_LOG", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn start(database: &Database, folder: &Path, port: u16, http: &reqwest::Client) -> Server {
    let server = Server(program(database, folder, port).arg("serve").spawn().unwrap());
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

fn delivered(folder: &Path) -> BTreeSet<String> {
    std::fs::read_dir(folder.join("mail"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            let to = text.lines().find(|line| line.starts_with("To: ")).unwrap();
            to["To: ".len()..].trim_matches(['<', '>']).to_owned()
        })
        .collect()
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
    for round in 0..KILLS {
        let server = start(&database, folder, port, &http).await;
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
    }
    let at_the_end = delivered(folder).len();
    let _server = start(&database, folder, port, &http).await;
    let began = Instant::now();
    // On PostgreSQL, a dead server is believed alive for a minute.
    while delivered(folder).len() < answered.len() && began.elapsed() < Duration::from_secs(100) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let delivered = delivered(folder);
    let lost: Vec<_> = answered.difference(&delivered).collect();
    assert!(lost.is_empty(), "{} mails are lost: {lost:?}", lost.len());
    eprintln!(
        "{} mails, {at_the_end} delivered before the last start",
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
