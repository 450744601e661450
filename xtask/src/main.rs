//! Builds, runs and tests Guildhall: `cargo xtask <command>`.

mod api;
mod bench;
mod browser;
mod client;
mod dns;
mod files;
mod glue;
mod linked;
mod names;
mod npm;
mod options;
mod postgres;
mod process;
mod python;
mod sdk;
mod server;
mod site;
mod snip;
mod split;
mod sysroot;
mod tally;
mod test;
mod toolchain;
mod wasm;

use std::process::ExitCode;

use options::Request;

fn main() -> ExitCode {
    match options::parse(std::env::args().skip(1)).and_then(carry_out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(request: Request) -> anyhow::Result<()> {
    match request {
        Request::Build { release } => {
            site::build(release)?;
            server::build(release)?;
            process::say(&format!("built {}", process::server_binary(release).display()));
        }
        Request::Site { release } => site::build(release)?,
        Request::Run { fresh } => {
            site::build(false)?;
            server::build(false)?;
            server::run(fresh)?;
        }
        Request::Test(parts) => test::run(&parts)?,
        Request::Bench(measure) => bench::run(&measure)?,
        Request::Help => println!("{}", options::USAGE),
    }
    Ok(())
}
