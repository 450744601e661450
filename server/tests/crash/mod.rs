//! `kill -9` during writes, fifty times: no write that was answered is lost, and the file stays whole.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::{ConnectOptions as _, Row as _};

const KILLS: usize = 50;

struct Server {
    child: Child,
    base: String,
}

impl Server {
    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn program(database: &Path, port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guildhall"));
    command
        .env(
            "GUILDHALL_DATABASE_URL",
            format!("sqlite://{}", database.display()),
        )
        .env("GUILDHALL_LISTEN", format!("127.0.0.1:{port}"))
        .env("GUILDHALL_PUBLIC_URL", format!("http://127.0.0.1:{port}"))
        .env("GUILDHALL_RATE_LIMIT", "off")
        .env("GUILDHALL_LOG", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

async fn start(database: &Path, port: u16, http: &reqwest::Client) -> Server {
    let server = Server {
        child: program(database, port).arg("serve").spawn().unwrap(),
        base: format!("http://127.0.0.1:{port}"),
    };
    let began = Instant::now();
    loop {
        if let Ok(answer) = http.get(format!("{}/readyz", server.base)).send().await
            && answer.status().is_success()
        {
            return server;
        }
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "the server did not start"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn token(http: &reqwest::Client, base: &str, client: &Value) -> String {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client["client_id"].as_str().unwrap()),
        ("client_secret", client["client_secret"].as_str().unwrap()),
    ];
    let answer: Value = http
        .post(format!("{base}/oidc/token"))
        .form(&form)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    answer["access_token"]
        .as_str()
        .expect("an access token")
        .to_owned()
}

/// Creates organizations one after the other until the server dies; what was answered goes into `answered`.
async fn write(
    http: reqwest::Client,
    base: String,
    token: String,
    prefix: String,
    answered: Arc<Mutex<Vec<String>>>,
) {
    for n in 0.. {
        let name = format!("{prefix}-{n}");
        let body = json!({ "name": name, "domain": "crash.example", "app_ids": [] });
        match http
            .post(format!("{base}/v1/organizations"))
            .bearer_auth(&token)
            .json(&body)
            .send()
            .await
        {
            Ok(answer) if answer.status() == 201 => answered.lock().unwrap().push(name),
            Ok(answer) => panic!("{}: {}", answer.status(), answer.text().await.unwrap_or_default()),
            Err(_) => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answered_write_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("crash.db");
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let http = reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .build()
        .unwrap();
    let added = program(&database, port)
        .args([
            "client",
            "add",
            "--name",
            "Crash test",
            "--kind",
            "management",
            "--json",
        ])
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    assert!(added.status.success());
    let client: Value = serde_json::from_slice(&added.stdout).unwrap();
    let answered = Arc::new(Mutex::new(Vec::new()));

    for round in 0..KILLS {
        let mut server = start(&database, port, &http).await;
        let token = token(&http, &server.base, &client).await;
        let writers: Vec<_> = (0..8)
            .map(|n| {
                let prefix = format!("r{round}-w{n}");
                tokio::spawn(write(
                    http.clone(),
                    server.base.clone(),
                    token.clone(),
                    prefix,
                    answered.clone(),
                ))
            })
            .collect();
        // Another moment in each round: sometimes within the first commit, sometimes after many.
        tokio::time::sleep(Duration::from_millis(15 + u64::try_from(round * 7 % 90).unwrap())).await;
        server.kill();
        for writer in writers {
            writer.await.unwrap();
        }
    }

    let answered = answered.lock().unwrap().clone();
    assert!(
        answered.len() > KILLS,
        "only {} writes were answered: nothing was tested",
        answered.len()
    );
    let url: sqlx::sqlite::SqliteConnectOptions = format!("sqlite://{}", database.display()).parse().unwrap();
    let mut file = url.connect().await.unwrap();
    let check: String = sqlx::query("PRAGMA integrity_check")
        .fetch_one(&mut file)
        .await
        .unwrap()
        .get(0);
    assert_eq!(check, "ok");
    let kept: Vec<String> = sqlx::query("SELECT name FROM organization")
        .fetch_all(&mut file)
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect();
    let kept: std::collections::HashSet<_> = kept.into_iter().collect();
    let lost: Vec<_> = answered.iter().filter(|name| !kept.contains(*name)).collect();
    assert!(
        lost.is_empty(),
        "{} answered writes are lost: {lost:?}",
        lost.len()
    );
    let counted: i64 = sqlx::query("SELECT SUM(value) FROM counter WHERE subject = 'organizations'")
        .fetch_one(&mut file)
        .await
        .unwrap()
        .get(0);
    assert_eq!(
        usize::try_from(counted).unwrap(),
        kept.len(),
        "the total says something else than the rows"
    );
}
