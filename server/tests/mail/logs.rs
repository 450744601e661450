//! What is secret is in no line of the log, however much is logged (ABUSE 6).

use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::header::SET_COOKIE;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use super::killed::{program, start};
use crate::harness::smtp::Received;
use crate::harness::{Call, Database};

const FIRST: &str = "the password of the newcomer";
const SECOND: &str = "another one, after it was forgotten";
const TYPED: &str = "mistyped and still nobody's business";

/// The newest mail to an address that has a link to this path, and what follows the path.
async fn token_in(folder: &Path, to: &str, path: &str) -> String {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(30) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().path();
            if file.extension().is_none_or(|ending| ending != "eml") {
                continue;
            }
            let data = std::fs::read_to_string(file).unwrap();
            let mail = Received {
                to: String::new(),
                data,
            };
            if mail.header("to").contains(to) && mail.text().contains(path) {
                return mail.link(path).rsplit('/').next().unwrap().to_owned();
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no mail to {to} with {path} came");
}

struct Site {
    http: Client,
    url: String,
}

impl Site {
    fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.url))
    }

    async fn rpc(&self, name: &str, fields: &[(&str, &str)]) -> Response {
        let call = self.post(&format!("/rpc/{name}")).header("origin", &self.url);
        call.form(fields).send().await.unwrap()
    }
}

fn session_of(answer: &Response) -> String {
    let cookies = answer.headers().get_all(SET_COOKIE);
    let session = cookies
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find(|value| value.contains("session="))
        .unwrap();
    session.split(';').next().unwrap().to_owned()
}

async fn text(answer: Response, field: &str) -> String {
    let status = answer.status();
    let body: Value = answer.json().await.unwrap();
    let value = body.pointer(field).and_then(Value::as_str);
    value
        .unwrap_or_else(|| panic!("{status}: no {field} in {body}"))
        .to_owned()
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
    let http = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let site = Site {
        url: format!("http://127.0.0.1:{port}"),
        http: http.clone(),
    };
    let added = program(&database, folder, port)
        .args([
            "client",
            "add",
            "--name",
            "Log test",
            "--kind",
            "management",
            "--json",
        ])
        .stdout(std::process::Stdio::piped())
        .output()
        .unwrap();
    let client: Value = serde_json::from_slice(&added.stdout).unwrap();
    let (client_id, client_secret) = (&client["client_id"], client["client_secret"].as_str().unwrap());
    let mails = folder.join("mail");
    std::fs::create_dir(&mails).unwrap();
    let log = folder.join("log");
    let mut serve = program(&database, folder, port);
    serve
        .env("GUILDHALL_MAIL_DIR", &mails)
        .env("GUILDHALL_LOG", "trace")
        .stderr(std::fs::File::create(&log).unwrap());
    let server = start(serve, port, &http).await;

    // Programs: a client's secret, its access token.
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client_id.as_str().unwrap()),
        ("client_secret", client_secret),
    ];
    let token = text(
        site.post("/oidc/token").form(&form).send().await.unwrap(),
        "/access_token",
    )
    .await;
    let api =
        |method: &str, path: &str| Call::new(&http, method, format!("{}{path}", site.url)).token(&token);
    let app = json!({ "name": "Invoices", "kind": "management" });
    let app = api("POST", "/v1/applications")
        .json(app)
        .expect(201)
        .await
        .text_of("app_id");
    let other = api("POST", &format!("/v1/applications/{app}/clients"))
        .json(json!({ "name": "Batch" }))
        .expect(201)
        .await
        .text_of("client_secret");

    // People: an invitation's link, passwords, sessions, the link of a forgotten password.
    let organization = json!({ "name": "Acme", "domain": "acme.example", "app_ids": [] });
    let organization = api("POST", "/v1/organizations")
        .json(organization)
        .expect(201)
        .await
        .text_of("organization_id");
    let address = "grace@example.com";
    let body = json!({ "email": address, "role_ids": ["Organization Admin"], "send_invite": true });
    let members = format!("/v1/organizations/{organization}/members");
    api("POST", &members).json(body).expect(200).await;
    let invitation = token_in(&mails, address, "/invite/").await;
    let page = http
        .get(format!("{}/invite/{invitation}", site.url))
        .header("accept", "text/html");
    assert_eq!(page.send().await.unwrap().status(), 200);
    let accepted = site
        .rpc(
            "accept_invitation",
            &[("token", &invitation), ("password", FIRST)],
        )
        .await;
    let first_session = session_of(&accepted);
    let wrong = site
        .rpc("sign_in", &[("identifier", address), ("password", TYPED)])
        .await;
    assert_eq!(wrong.status(), 401);
    site.rpc("request_password_reset", &[("email", address)]).await;
    let reset = token_in(&mails, address, "/reset/").await;
    let done = site
        .rpc("reset_password", &[("token", &reset), ("password", SECOND)])
        .await;
    assert_eq!(done.status(), 200);
    let signed_in = site
        .rpc("sign_in", &[("identifier", address), ("password", SECOND)])
        .await;
    let session = session_of(&signed_in);
    let own = site
        .post("/v1/me/token")
        .header("cookie", &session)
        .header("origin", &site.url)
        .json(&json!({ "organization_id": organization }));
    let own = text(own.send().await.unwrap(), "/result/access_token").await;

    // What fails says no more: dead links, unknown paths, bodies that cannot be read.
    for path in [
        format!("/invite/{invitation}"),
        format!("/reset/{reset}"),
        format!("/nothing/{invitation}?token={reset}"),
    ] {
        let dead = http
            .get(format!("{}{path}", site.url))
            .header("accept", "text/html");
        assert!(dead.send().await.unwrap().status().is_client_error(), "{path}");
    }
    let malformed = format!("{{\"password\": \"{TYPED}\", \"token\": \"{invitation}\" ");
    for path in ["/v1/users", "/rpc/accept_invitation", "/oidc/token"] {
        let call = site
            .post(path)
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {own}x"))
            .header("cookie", &first_session)
            .body(malformed.clone());
        assert!(call.send().await.unwrap().status().is_client_error(), "{path}");
    }
    drop(server);

    let log = std::fs::read_to_string(&log).unwrap();
    for word in ["INFO", "/invite/{token}", "a mail was sent"] {
        assert!(log.contains(word), "nothing was logged: there is no {word}");
    }
    let value = |cookie: &str| cookie.split_once('=').unwrap().1.to_owned();
    for (what, secret) in [
        ("the invitation's link", invitation),
        ("the link of a forgotten password", reset),
        ("a session", value(&session)),
        ("a session that ended", value(&first_session)),
        ("an access token", token),
        ("a person's access token", own),
        ("a client's secret", client_secret.to_owned()),
        ("a client's new secret", other),
        ("a password", FIRST.to_owned()),
        ("a new password", SECOND.to_owned()),
        ("a password that was mistyped", TYPED.to_owned()),
        ("a password as a form has it", TYPED.replace(' ', "+")),
        ("an address", address.to_owned()),
    ] {
        let line = log.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "{what} is in the log");
    }
    database.remove().await;
}

fn run(database: Option<Database>) {
    let Some(database) = database else { return };
    tokio::runtime::Runtime::new().unwrap().block_on(test(database));
}

#[test]
fn abuse_6_the_log_holds_no_secret_on_sqlite() {
    run(Database::sqlite());
}

#[test]
fn abuse_6_the_log_holds_no_secret_on_postgres() {
    run(Database::postgres());
}
