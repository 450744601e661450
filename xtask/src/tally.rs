//! Steps of a test run, counted: what passed, what failed, what was left out and why.

use anyhow::{Result, bail};

use crate::process::say;

/// How many tests of a step passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
}

impl Counts {
    /// A step that is one test by itself, and passed.
    pub const ONE: Self = Self { passed: 1, failed: 0 };

    /// Adds what a line of `cargo test` says about one test program, if it says something.
    pub fn add_line(&mut self, line: &str) {
        let Some((_, result)) = line.split_once("test result:") else {
            return;
        };
        let number = |word: &str| -> u64 {
            let before = result
                .split(word)
                .next()
                .filter(|before| before.len() < result.len());
            before
                .and_then(|before| before.split_whitespace().last()?.parse().ok())
                .unwrap_or(0)
        };
        self.passed += number(" passed;");
        self.failed += number(" failed;");
    }
}

/// The sum over the steps so far.
#[derive(Default)]
pub struct Tally {
    sum: Counts,
    failures: Vec<String>,
    left_out: Vec<String>,
}

impl Tally {
    /// Carries out a step. A failure is told and counted, and the next step goes on.
    pub fn step(&mut self, name: &str, step: impl FnOnce() -> Result<Counts>) {
        say(&format!("── {name}"));
        match step() {
            Ok(counts) => {
                self.sum.passed += counts.passed;
                self.sum.failed += counts.failed;
                if counts.failed > 0 {
                    self.failures.push(format!("{name}: {} failed", counts.failed));
                }
                say(&format!(
                    "── {name}: {} passed, {} failed",
                    counts.passed, counts.failed
                ));
            }
            Err(error) => {
                self.sum.failed += 1;
                say(&format!("── {name}: {error:#}"));
                self.failures.push(format!("{name}: {error:#}"));
            }
        }
    }

    /// Notes a step that cannot be carried out here and is no failure.
    pub fn leave_out(&mut self, name: &str, why: &str) {
        say(&format!("── {name}: left out, {why}"));
        self.left_out.push(name.to_owned());
    }

    /// Says the outcome in one last line; an error if something failed.
    pub fn finish(self) -> Result<()> {
        for failure in &self.failures {
            say(&format!("failed: {failure}"));
        }
        if !self.left_out.is_empty() {
            say(&format!("left out: {}", self.left_out.join(", ")));
        }
        println!("{} passed, {} failed", self.sum.passed, self.sum.failed);
        if self.sum.failed > 0 {
            bail!("the tests failed");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_cargo_test_are_counted() {
        let mut counts = Counts::default();
        counts.add_line("test organizations::are_renamed ... ok");
        counts.add_line("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out");
        counts.add_line("test result: \u{1b}[31mFAILED\u{1b}[m. 3 passed; 2 failed; 0 ignored");
        assert_eq!(
            counts,
            Counts {
                passed: 15,
                failed: 2
            }
        );
    }
}
