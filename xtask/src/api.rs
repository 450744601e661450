//! The API against its own OpenAPI document: Schemathesis invents requests and checks every answer.

use anyhow::{Context, Result};

use crate::process::{clean, loud, target};
use crate::python;
use crate::server::{Server, program};
use crate::tally::Counts;

/// Runs Schemathesis against a server of its own, as a program with every right in the demonstration.
pub fn test() -> Result<Counts> {
    let schemathesis = python::tool("schemathesis", "4.32.5", "schemathesis")?;
    let server = Server::start()?;
    let token = token(&server)?;
    let mut command = clean(schemathesis);
    command.args(["run", &format!("{}/openapi.json", server.url), "--header"]);
    command.arg(format!("Authorization: Bearer {token}"));
    command.args(["--max-examples", "20", "--seed", "1", "--workers", "2"]);
    // Hypothesis keeps what it learns in the current folder.
    command.current_dir(target().join("xtask"));
    loud(
        "Schemathesis",
        &mut command,
        "each failure above comes with a curl command that repeats it",
    )?;
    Ok(Counts::ONE)
}

/// Registers a program; `guildhall client add` prints `token <token>` among what it says.
fn token(server: &Server) -> Result<String> {
    let output = program(&server.folder, 0)
        .args(["client", "add", "--token", "schemathesis"])
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let token = text.lines().find_map(|line| line.trim().strip_prefix("token "));
    let token = token.with_context(|| {
        format!(
            "`guildhall client add` printed no token: {text}{}",
            String::from_utf8_lossy(&output.stderr)
        )
    })?;
    Ok(token.trim().to_owned())
}
