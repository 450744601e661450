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
    --api      the APIs against their own OpenAPI documents (Schemathesis), and Auth0's Python SDK
    --quick    only the tests on SQLite
cargo xtask bench [parts]          how fast it is, against a bare server on the same tables; about 20 minutes
    --sqlite, --postgres   only on this database
    --quick    one short round: whether everything works
    --only C   only this kind of request, such as member, page or add; may be repeated";

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
    /// Measure.
    Bench(Measure),
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

/// What to measure.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// One short round.
    pub quick: bool,
    /// On SQLite.
    pub sqlite: bool,
    /// On PostgreSQL.
    pub postgres: bool,
    /// Only these kinds of requests; all where there are none.
    pub only: Vec<String>,
}

impl Measure {
    /// Whether nothing is left out, so that the outcome is worth keeping.
    pub fn is_whole(&self) -> bool {
        !self.quick && self.sqlite && self.postgres && self.only.is_empty()
    }
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
        ("bench", words) => Ok(Request::Bench(measure(words)?)),
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

fn measure(words: &[&str]) -> Result<Measure> {
    let mut measure = Measure::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--quick" => measure.quick = true,
            "--sqlite" => measure.sqlite = true,
            "--postgres" => measure.postgres = true,
            "--only" => match words.next() {
                Some(case) => measure.only.push((*case).to_owned()),
                None => bail!("--only needs the name of a kind of request\n{USAGE}"),
            },
            other => bail!("not understood: bench {other}\n{USAGE}"),
        }
    }
    if !measure.sqlite && !measure.postgres {
        (measure.sqlite, measure.postgres) = (true, true);
    }
    Ok(measure)
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
    fn only_a_run_that_leaves_nothing_out_is_whole() -> Result<()> {
        for (line, whole) in [
            ("bench", true),
            ("bench --sqlite --postgres", true),
            ("bench --sqlite", false),
            ("bench --quick", false),
            ("bench --only add", false),
        ] {
            let Request::Bench(measure) = parsed(line)? else {
                bail!("{line} is another command");
            };
            assert_eq!(measure.is_whole(), whole, "{line}");
        }
        Ok(())
    }

    #[test]
    fn an_unknown_word_is_refused() {
        assert!(parsed("test --fast").is_err());
        assert!(parsed("build --debug").is_err());
        assert!(parsed("bench --fast").is_err());
        assert!(parsed("bench --only").is_err());
        assert!(parsed("deploy").is_err());
    }
}
