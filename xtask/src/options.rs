//! The words of the command line.

use anyhow::{Result, bail};

/// What `cargo xtask` prints when asked, or when it does not understand.
pub const USAGE: &str = "\
cargo xtask build [--release]      everything: client, style sheet, site, server
cargo xtask site [--release]       only what the browser loads: client and style sheet
cargo xtask run [--fresh]          builds, and serves a demonstration; --fresh throws its data away first
cargo xtask test [parts] [-- …]    tests; without parts all three; what follows -- goes to Playwright
    --rust     format, lints, tests on SQLite and PostgreSQL, licences of the dependencies
    --e2e      end-to-end tests in Chromium
    --api      the API against its own OpenAPI document (Schemathesis)
    --quick    only the tests on SQLite";

/// A command, understood.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// Build all.
    Build { release: bool },
    /// Build only what the browser loads.
    Site { release: bool },
    /// Serve a demonstration.
    Run { fresh: bool },
    /// Run tests.
    Test(Parts),
    /// Tell what there is.
    Help,
}

/// The parts of the tests to run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Format, lints, cargo's tests, licences.
    pub rust: bool,
    /// Playwright.
    pub e2e: bool,
    /// Schemathesis.
    pub api: bool,
    /// Only cargo's tests, only on SQLite.
    pub quick: bool,
    /// What goes to Playwright.
    pub filter: Vec<String>,
}

/// Reads the command line.
pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Request> {
    let command = words.next().unwrap_or_default();
    let words: Vec<String> = words.collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match (command.as_str(), words.as_slice()) {
        ("build", []) => Ok(Request::Build { release: false }),
        ("build", ["--release"]) => Ok(Request::Build { release: true }),
        ("site", []) => Ok(Request::Site { release: false }),
        ("site", ["--release"]) => Ok(Request::Site { release: true }),
        ("run", []) => Ok(Request::Run { fresh: false }),
        ("run", ["--fresh"]) => Ok(Request::Run { fresh: true }),
        ("test", words) => Ok(Request::Test(parts(words)?)),
        ("" | "help" | "--help" | "-h", _) => Ok(Request::Help),
        _ => bail!("not understood: {command} {}\n{USAGE}", words.join(" ")),
    }
}

fn parts(words: &[&str]) -> Result<Parts> {
    let mut parts = Parts::default();
    let mut words = words.iter();
    for word in words.by_ref() {
        match *word {
            "--rust" => parts.rust = true,
            "--e2e" => parts.e2e = true,
            "--api" => parts.api = true,
            "--quick" => parts.quick = true,
            "--" => break,
            other => bail!("not understood: test {other}\n{USAGE}"),
        }
    }
    parts.filter = words.map(|word| (*word).to_owned()).collect();
    if !(parts.rust || parts.e2e || parts.api || parts.quick) {
        parts.rust = true;
        parts.e2e = true;
        parts.api = true;
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Request> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn without_parts_nothing_is_left_out() -> Result<()> {
        let all = Parts {
            rust: true,
            e2e: true,
            api: true,
            ..Parts::default()
        };
        assert_eq!(parsed("test")?, Request::Test(all));
        Ok(())
    }

    #[test]
    fn what_follows_two_dashes_is_for_playwright() -> Result<()> {
        let filter = vec!["smoke".to_owned(), "--headed".to_owned()];
        assert_eq!(
            parsed("test --e2e -- smoke --headed")?,
            Request::Test(Parts {
                e2e: true,
                filter,
                ..Parts::default()
            })
        );
        Ok(())
    }

    #[test]
    fn an_unknown_word_is_refused() {
        assert!(parsed("test --fast").is_err());
        assert!(parsed("build --debug").is_err());
        assert!(parsed("deploy").is_err());
    }
}
