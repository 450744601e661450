//! What an operator does at a terminal, with the program itself.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Runs the program in a folder, on a database there.
fn guildhall(folder: &Path, arguments: &[&str]) -> Output {
    let database = folder.join("guildhall.db");
    Command::new(env!("CARGO_BIN_EXE_guildhall"))
        .args(arguments)
        .current_dir(folder)
        .env(
            "GUILDHALL_DATABASE_URL",
            format!("sqlite://{}", database.display()),
        )
        .env("GUILDHALL_LOG", "info")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

const MANAGEMENT: [&str; 7] = [
    "client",
    "add",
    "--name",
    "Backend",
    "--kind",
    "management",
    "--json",
];

#[cfg(unix)]
#[tokio::test]
async fn the_database_and_its_copy_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let modes = || {
        let mut modes: Vec<(String, u32)> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
                (entry.file_name().into_string().unwrap(), mode)
            })
            .collect();
        modes.sort();
        modes
    };
    let url = format!("sqlite://{}", folder.path().join("guildhall.db").display());
    let db = server::store::Db::open(&url).await.unwrap();
    let owners = |names: &[&str]| -> Vec<(String, u32)> {
        names.iter().map(|name| ((*name).to_owned(), 0o600)).collect()
    };
    assert_eq!(
        modes(),
        owners(&["guildhall.db", "guildhall.db-shm", "guildhall.db-wal"])
    );
    db.close().await;

    let copied = guildhall(folder.path(), &["backup", "copy.db"]);
    assert!(copied.status.success(), "{copied:?}");
    let modes = modes();
    assert!(modes.contains(&("copy.db".to_owned(), 0o600)), "{modes:?}");
    assert!(modes.iter().all(|(_, mode)| *mode == 0o600), "{modes:?}");
}

#[test]
fn a_public_client_has_no_secret_and_is_none_of_the_backends() {
    let folder = tempfile::tempdir().unwrap();
    json(&guildhall(folder.path(), &MANAGEMENT));
    let mut public = MANAGEMENT.to_vec();
    public.push("--public");
    let refused = guildhall(folder.path(), &public);
    assert!(!refused.status.success());
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("end-user applications"), "{said}");
}

#[tokio::test]
async fn an_application_gets_a_public_client() {
    use guildhall::Runs;
    use guildhall::applications::CreateApplication;
    use guildhall::caller::Request;
    let folder = tempfile::tempdir().unwrap();
    let flags = server::config::Flags {
        database_url: Some(format!(
            "sqlite://{}",
            folder.path().join("guildhall.db").display()
        )),
        ..server::config::Flags::default()
    };
    let config = server::config::Config::load(&flags).unwrap();
    let console = server::start::open(&config).await.unwrap();
    let new = CreateApplication {
        name: "Shop".parse().unwrap(),
        kind: None,
        description: None,
        redirect_uris: vec![],
        post_logout_redirect_uris: vec![],
        initiate_login_uri: None,
    };
    let app = Runs::run(&console, &Request::system(), new).await.unwrap();
    console.db().close().await;

    let id = app.app_id.to_string();
    let add = [
        "client", "add", "--name", "Page", "--kind", "app", "--app", &id, "--json",
    ];
    let secret = json(&guildhall(folder.path(), &add));
    assert!(secret["client_secret"].is_string());
    let mut public = add.to_vec();
    public.push("--public");
    let public = json(&guildhall(folder.path(), &public));
    assert!(
        public["client_id"].is_string() && public["client_secret"].is_null(),
        "{public}"
    );
}
