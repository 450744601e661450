//! The end-to-end tests: Playwright on the system's Chromium.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::npm;
use crate::postgres::Postgres;
use crate::process::{apt_install, clean, find, quiet, root, say, server_binary, target};
use crate::tally::Counts;

/// Runs the end-to-end tests against the debug server; `filter` goes to Playwright as it is.
pub fn test(filter: &[String]) -> Result<Counts> {
    let chromium = chromium()?;
    let folder = root().join("end2end");
    npm::install(&folder)?;
    let server = server_binary(false);
    if !server.exists() {
        bail!("there is no {}; run `cargo xtask build`", server.display());
    }

    check_types(&folder)?;
    let report = target().join("end2end/report.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    // For what goes through both databases: Auth0's SDK.
    let postgres = Postgres::start()?;
    say("end-to-end tests");
    let mut playwright = clean(folder.join("node_modules/.bin/playwright"));
    playwright.current_dir(&folder).arg("test").args(filter);
    playwright
        .env("CHROMIUM", chromium)
        .env("GUILDHALL_BINARY", server)
        .env("GUILDHALL_E2E_POSTGRES_URL", &postgres.url)
        .env("GUILDHALL_E2E_REPORT", &report);
    let status = playwright
        .status()
        .context("cannot start Playwright; remove end2end/node_modules and try again")?;
    let counts = read(&report)?;
    if !status.success() && counts.failed == 0 {
        bail!("Playwright failed ({status}) before or after its tests; see above");
    }
    Ok(counts)
}

/// What the tests call exists: Playwright runs them without looking.
fn check_types(folder: &Path) -> Result<()> {
    let mut tsc = clean(folder.join("node_modules/.bin/tsc"));
    tsc.current_dir(folder).args(["--noEmit", "--project", "."]);
    quiet(
        "types of the browser tests",
        &mut tsc,
        Duration::from_secs(120),
        "mend what the compiler says above",
    )
}

/// The system's Chromium, installed where it is missing: Playwright's own is downloaded from a host that closed
/// networks do not reach. The one without a window comes first, for its pages take half the processor time: the other
/// draws its own window for each, though nobody sees it.
fn chromium() -> Result<PathBuf> {
    const WINDOWLESS: &str = "chromium-headless-shell";
    const ANY: [&str; 4] = [WINDOWLESS, "chromium", "chromium-browser", "google-chrome"];
    if let Some(chosen) = env::var_os("CHROMIUM") {
        return Ok(chosen.into());
    }
    // Without a font, text has no width and nothing is where it should be.
    let install = |package| {
        apt_install(
            &[package, "fonts-liberation"],
            "the browser of the end-to-end tests",
        )
    };
    let installed = || ANY.into_iter().find_map(find);
    if find(WINDOWLESS).is_none()
        && let Err(error) = install(WINDOWLESS)
    {
        match installed() {
            Some(other) => say(&format!(
                "end-to-end tests in {}, slower ({error:#})",
                other.display()
            )),
            // Older releases have the one with a window alone.
            None => install("chromium")?,
        }
    }
    installed().context("Chromium was installed, but is not on PATH; set CHROMIUM to its path")
}

fn read(report: &Path) -> Result<Counts> {
    let text = fs::read_to_string(report).context("Playwright wrote no report; see its output above")?;
    let report: Value = serde_json::from_str(&text).context("Playwright's report is no JSON")?;
    let count = |name: &str| {
        report
            .pointer(&format!("/stats/{name}"))
            .and_then(Value::as_u64)
            .unwrap_or(0)
    };
    // Errors outside of any test, such as a file that does not compile, are in no count.
    let errors = report
        .get("errors")
        .and_then(Value::as_array)
        .map_or(0, |errors| errors.len() as u64);
    Ok(Counts {
        passed: count("expected") + count("flaky"),
        failed: count("unexpected") + errors,
    })
}
