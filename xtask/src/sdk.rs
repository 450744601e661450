//! Auth0's official Python SDK against the Auth0-compatible API, on both databases.

use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::api;
use crate::postgres::Postgres;
use crate::process::{clean, root, say};
use crate::python;
use crate::server::Server;
use crate::tally::Counts;

/// Goes through every call of the SDK that there is an endpoint for, and through a burst that it must sit out.
pub fn test() -> Result<Counts> {
    let off = || ("GUILDHALL_RATE_LIMIT", "off".to_owned());
    let mut counts = run("journey", "SQLite", vec![off()])?;
    let burst = run(
        "burst",
        "SQLite",
        vec![("GUILDHALL_RATE_LIMIT", "5/s".to_owned())],
    )?;
    let postgres = Postgres::start()?;
    let database = ("GUILDHALL_DATABASE_URL", postgres.url.clone());
    let journey = run("journey", "PostgreSQL", vec![off(), database])?;
    for more in [burst, journey] {
        counts.passed += more.passed;
        counts.failed += more.failed;
    }
    Ok(counts)
}

fn run(part: &str, database: &str, settings: Vec<(&'static str, String)>) -> Result<Counts> {
    let python = python::library("auth0-python", "6.8.0")?;
    let server = Server::start_with(settings)?;
    let (id, secret) = api::client(&server, &["--kind", "management"])?;
    let app = application(&server)?;
    let (app_client, app_secret) = api::client(&server, &["--kind", "app", "--app", &app])?;
    say(&format!("Auth0's Python SDK: {part} on {database}"));
    let mut command = clean(python);
    command
        .arg(root().join("end2end/sdk/journey.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("GUILDHALL_URL", &server.url)
        .env("GUILDHALL_PART", part)
        .env("GUILDHALL_CLIENT_ID", id)
        .env("GUILDHALL_CLIENT_SECRET", secret)
        .env("GUILDHALL_APP_CLIENT_ID", app_client)
        .env("GUILDHALL_APP_CLIENT_SECRET", app_secret)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    let output = command
        .output()
        .context("cannot start Python; remove target/venv and try again")?;
    let text = String::from_utf8_lossy(&output.stdout);
    print!("{text}");
    let counts = counts(&text).context("the SDK's journey did not come to its end; see above")?;
    if !output.status.success() && counts.failed == 0 {
        bail!("the SDK's journey failed ({}); see above", output.status);
    }
    Ok(counts)
}

/// An application of the demonstration that organizations use.
fn application(server: &Server) -> Result<String> {
    let token = api::token(server)?;
    let answer = server.get("/v1/applications?kind=end_user&limit=1", &token)?;
    let answer: Value =
        serde_json::from_str(&answer).with_context(|| format!("the API answered no JSON: {answer}"))?;
    let id = answer.pointer("/result/0/app_id").and_then(Value::as_str);
    Ok(id
        .with_context(|| format!("the demonstration has no application: {answer}"))?
        .to_owned())
}

/// What the script's last line says.
fn counts(text: &str) -> Option<Counts> {
    let line = text
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("sdk result: "))?;
    let mut numbers = line.split(' ').filter_map(|word| word.parse().ok());
    Some(Counts {
        passed: numbers.next()?,
        failed: numbers.next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_counted() {
        let text = "ok members\nsdk result: 6 passed; 1 failed\n";
        assert_eq!(counts(text), Some(Counts { passed: 6, failed: 1 }));
        assert_eq!(counts("Traceback"), None);
    }
}
