//! What `cargo xtask bench` runs: `bench run` measures, `bench bare` is the server that it compares with.

mod bare;
mod fetch;
mod figures;
mod first_load;
mod load;
mod plan;
mod process;
mod report;
mod run;
mod seed;
mod sign_ins;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

const USAGE: &str = "\
bench run --guildhall PROGRAM --folder FOLDER [--sqlite] [--postgres URL] [--quick] [--only CASE]…
bench bare --database-url URL --listen ADDRESS";

/// What a run is asked for.
#[derive(Debug, Default)]
pub struct Options {
    /// The release program.
    pub guildhall: PathBuf,
    /// Where databases, logs and the report go.
    pub folder: PathBuf,
    /// Whether to measure on SQLite.
    pub sqlite: bool,
    /// The PostgreSQL server to measure on, as somebody who may create databases.
    pub postgres: Option<String>,
    /// One short round: to see that everything works, not how fast it is.
    pub quick: bool,
    /// The keys of the only cases to measure; all where there are none.
    pub only: Vec<String>,
}

fn main() -> ExitCode {
    match carry_out() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let mut options = Options::default();
    let (mut database, mut listen) = (None, None);
    while let Some(word) = words.next() {
        let mut value = || {
            words
                .next()
                .with_context(|| format!("{word} needs a value\n{USAGE}"))
        };
        match word.as_str() {
            "--guildhall" => options.guildhall = value()?.into(),
            "--folder" => options.folder = value()?.into(),
            "--postgres" => options.postgres = Some(value()?),
            "--only" => options.only.push(value()?),
            "--database-url" => database = Some(value()?),
            "--listen" => listen = Some(value()?),
            "--sqlite" => options.sqlite = true,
            "--quick" => options.quick = true,
            _ => bail!("not understood: {word}\n{USAGE}"),
        }
    }
    match command.as_str() {
        "run" => {
            // One thread: the generator must leave the machine to the server.
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(tokio::task::LocalSet::new().run_until(run::all(&options)))
        }
        "bare" => {
            let (database, listen) = (database.context(USAGE)?, listen.context(USAGE)?);
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            runtime.block_on(bare::serve(&database, &listen))
        }
        _ => bail!("{USAGE}"),
    }
}
