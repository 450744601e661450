//! `cargo xtask bench`: release builds, databases of its own, and the report.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::options::Measure;
use crate::postgres::Postgres;
use crate::process::{cargo, clean, loud, root, say, server_binary, target};
use crate::site;

/// What the measured part of the document lies between.
const BEGIN: &str = "<!-- What `cargo xtask bench` measured: written by it. -->\n";
const END: &str = "<!-- End of what was measured. -->\n";

/// Builds, measures, and puts the tables of a whole run into `docs/performance.md`.
pub fn run(measure: &Measure) -> Result<()> {
    site::build(true)?;
    let mut command = cargo("build");
    // In one command, so that both have the same dependencies.
    command.args(["--release", "--package", "server", "--package", "bench", "--bins"]);
    loud(
        "server and benchmark",
        &mut command,
        "mend what the compiler says above",
    )?;

    let folder = target().join("bench");
    let server = server_binary(true);
    let mut command = clean(server.with_file_name("bench"));
    command
        .arg("run")
        .arg("--guildhall")
        .arg(&server)
        .arg("--folder")
        .arg(&folder);
    if measure.quick {
        command.arg("--quick");
    }
    for case in &measure.only {
        command.args(["--only", case]);
    }
    if measure.sqlite {
        command.arg("--sqlite");
    }
    let postgres = measure.postgres.then(Postgres::start_durable).transpose()?;
    if let Some(postgres) = &postgres {
        command.args(["--postgres", &postgres.url]);
    }
    loud(
        "benchmark",
        &mut command,
        "see above; the servers' logs are in target/bench",
    )?;
    if measure.is_whole() {
        write_down(&folder.join("report.md"))?;
    }
    Ok(())
}

fn write_down(report: &Path) -> Result<()> {
    let document = root().join("docs/performance.md");
    let text =
        fs::read_to_string(&document).with_context(|| format!("cannot read {}", document.display()))?;
    let report = fs::read_to_string(report)?;
    let text =
        replaced(&text, &report).context("docs/performance.md has lost the marks around its tables")?;
    fs::write(&document, text)?;
    say(&format!("wrote the tables into {}", document.display()));
    Ok(())
}

fn replaced(text: &str, report: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}\n\n{END}{after}", report.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_measured_is_replaced() {
        let text = format!("# Words\n{BEGIN}\nold\n\n{END}more words\n");
        let new = replaced(&text, "new\n").unwrap_or_default();
        assert_eq!(new, format!("# Words\n{BEGIN}\nnew\n\n{END}more words\n"));
        assert_eq!(replaced("# Words", "new"), None);
    }
}
