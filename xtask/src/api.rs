//! The API against its own OpenAPI document: Schemathesis invents requests and checks every answer.

use std::fs;

use anyhow::{Context, Result, bail};

use serde_json::Value;

use crate::dns;
use crate::process::{clean, say, target};
use crate::python;
use crate::server::Server;
use crate::tally::Counts;

/// Runs Schemathesis against a server of its own, as a program with every right in the demonstration.
pub fn test() -> Result<Counts> {
    let server = Server::start_with(vec![
        ("GUILDHALL_RATE_LIMIT", "off".to_owned()),
        ("GUILDHALL_DNS_SERVER", dns::start()?.to_string()),
    ])?;
    let token = token(&server)?;
    let mut counts = Counts::default();
    for document in ["openapi.json", "api/v2/openapi.json"] {
        let one = document_of(&server, &token, document)?;
        counts.passed += one.passed;
        counts.failed += one.failed;
    }
    Ok(counts)
}

/// Tries what one of the server's documents says.
fn document_of(server: &Server, token: &str, document: &str) -> Result<Counts> {
    let schemathesis = python::tool("schemathesis", "4.32.5", "schemathesis")?;
    // Schemathesis keeps what it learns in the current folder.
    let folder = target().join("xtask");
    let report = folder.join("schemathesis.xml");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    say(&format!("Schemathesis on {document}"));
    let mut command = clean(schemathesis);
    command
        .current_dir(&folder)
        .args(["run", &format!("{}/{document}", server.url)]);
    command.args(["--header", &format!("Authorization: Bearer {token}")]);
    command
        .args([
            "--max-examples",
            "20",
            "--seed",
            "1",
            // Whether an id is of something that there is, or a key was used before, is no matter of a schema.
            "--exclude-checks",
            "positive_data_acceptance",
            "--report-junit-path",
        ])
        .arg(&report);
    let status = command
        .status()
        .context("cannot start Schemathesis; remove target/venv and try again")?;
    let text = fs::read_to_string(&report).context("Schemathesis wrote no report; see its output above")?;
    let counts = counts(&text).context("Schemathesis' report does not say how many tests there were")?;
    if !status.success() && counts.failed == 0 {
        bail!("Schemathesis failed ({status}) outside of its tests; see above");
    }
    Ok(counts)
}

/// Registers a client, and tells its id and its secret. `kind` is what the program is told of it.
pub fn client(server: &Server, kind: &[&str]) -> Result<(String, String)> {
    let output = server
        .program(0)
        .args(["client", "add", "--name", "Tests", "--json"])
        .args(kind)
        .output()?;
    let client: Value = serde_json::from_slice(&output.stdout).with_context(|| {
        let errors = String::from_utf8_lossy(&output.stderr);
        format!("`guildhall client add --json` printed no JSON: {errors}")
    })?;
    let field = |name: &str| {
        client
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Ok((field("client_id"), field("client_secret")))
}

/// Registers a backend of the tenant, and gets its access token.
pub fn token(server: &Server) -> Result<String> {
    let (id, secret) = client(server, &["--kind", "management"])?;
    let answer = server.post_form(
        "/oidc/token",
        &format!("grant_type=client_credentials&client_id={id}&client_secret={secret}"),
    )?;
    let answer: Value = serde_json::from_str(&answer)
        .with_context(|| format!("the token endpoint answered no JSON: {answer}"))?;
    let token = answer.get("access_token").and_then(Value::as_str);
    Ok(token
        .with_context(|| format!("the token endpoint refused: {answer}"))?
        .to_owned())
}

/// The numbers on the first element of a JUnit report.
fn counts(report: &str) -> Option<Counts> {
    let element = report.split_once("<testsuites")?.1.split_once('>')?.0;
    let number = |name: &str| -> Option<u64> {
        let value = element.split_once(&format!(" {name}=\""))?.1;
        value.split_once('"')?.0.parse().ok()
    };
    let failed = number("failures")? + number("errors")?;
    let other = failed + number("skipped").unwrap_or(0);
    Some(Counts {
        passed: number("tests")?.saturating_sub(other),
        failed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_counted() {
        let report =
            r#"<?xml version="1.0" ?><testsuites errors="1" failures="2" skipped="1" tests="9" time="1">"#;
        assert_eq!(counts(report), Some(Counts { passed: 5, failed: 3 }));
        assert_eq!(counts("<html>"), None);
    }
}
