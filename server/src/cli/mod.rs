//! The command line: the server, and what an operator does beside it, through the same door.

mod admin;
mod backup;
mod client;
mod demo;
mod demo_names;
mod demo_people;
mod demo_teams;
mod keys;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use guildhall::caller::Request;
use guildhall::{Operation, Runs};

use crate::config::{Config, Flags};
use crate::console::Console;
use crate::telemetry;

/// A console and an API for the organizations that you sell to
///
/// Start with `guildhall serve`: it makes a SQLite file in the working directory and prints a link with which you become
/// the first administrator. Or look around first: `guildhall demo`, then `guildhall serve`.
#[derive(Debug, Parser)]
#[command(
    name = "guildhall",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the console and the API
    Serve,
    /// Load sample data: organizations, people, applications. Does nothing where it is loaded already
    Demo,
    /// Administrators of the tenant
    #[command(subcommand)]
    Admin(Admin),
    /// Clients of the API
    #[command(subcommand)]
    Client(Client),
    /// Print the OpenAPI document of the API
    Openapi {
        /// That of the Auth0-compatible API
        #[arg(long)]
        auth0: bool,
    },
    /// The keys that sign access tokens
    #[command(subcommand)]
    Keys(Keys),
    /// Copy the SQLite database to a new file, also while the server runs
    Backup {
        /// The file to make; it must not exist
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Make somebody an administrator of the tenant, with a new password
    Add(admin::Add),
}

#[derive(Debug, Subcommand)]
enum Client {
    /// Make a client, and print its id and its secret: the secret is shown only now
    Add(client::Add),
}

#[derive(Debug, Subcommand)]
enum Keys {
    /// Sign with a new key from now on; the old one verifies until the last token that it signed has expired
    Rotate,
}

/// Does what the command line says.
///
/// # Errors
/// What is wrong, for the operator to read.
pub async fn run(cli: Cli) -> anyhow::Result<()> {
    let config = Config::load(&cli.flags)?;
    telemetry::start(&config)?;
    match cli.command {
        Command::Serve => serve::run(&config).await,
        Command::Demo => demo::run(&config).await,
        Command::Admin(Admin::Add(add)) => admin::add(&config, add).await,
        Command::Client(Client::Add(add)) => client::add(&config, add).await,
        Command::Keys(Keys::Rotate) => keys::rotate(&config).await,
        Command::Backup { file } => backup::run(&config, &file).await,
        Command::Openapi { auth0 } => {
            let document = if auth0 {
                crate::rest::auth0::document
            } else {
                crate::rest::openapi::document
            };
            say(&format!("{:#}", document(&config.public_url)))
        }
    }
}

/// Tells the operator what went wrong.
pub fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {error:#}");
    ExitCode::FAILURE
}

/// Runs an operation as the program itself; the audit says so.
async fn run_as_system<Op: Operation>(
    console: &Console,
    operation: Op,
) -> Result<Op::Output, guildhall::Error>
where
    Console: Runs<Op>,
{
    console.run(&Request::system(), operation).await
}

/// Tells the operator what is being done, where that takes a while: beside what the command prints.
fn tell(text: &str) {
    use std::io::Write as _;
    // Nobody has to listen.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Prints what the command is for; a reader that has gone is no failure.
fn say(text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
