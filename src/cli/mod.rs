//! The command line: one file a command.

mod account;
mod archive;
mod backup;
#[cfg(debug_assertions)]
mod generate;
mod head;
mod link;
mod listen;
mod restore;
mod token;
mod user;
mod verify;

use std::io::{IsTerminal as _, stderr};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::app::{self, Failure};
use crate::config::Config;

/// What is logged unless `RUST_LOG` says otherwise: sqlxmq tells of every poll at `info`.
const DEFAULT_LOG: &str =
    "info,sqlxmq=warn,tower_sessions=error,tower_sessions_core=error,sqlx::postgres::notice=warn";

#[derive(Debug, Parser)]
#[command(name = "cairn", version, about = "A team board that remembers.")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the boards; this is what `cairn` alone does.
    Serve,
    /// Bring the database’s schema up to date.
    Migrate,
    /// Write a backup of everything into a new file; the server may go on running meanwhile.
    Backup(backup::Arguments),
    /// Read a backup into a database that has no account yet.
    Restore(restore::Arguments),
    /// Say whether anything in the logs is not as it was recorded; exit status 1 if so.
    Verify(verify::Arguments),
    /// Print the head of an account’s log, to be kept elsewhere and given to `verify` later.
    Head(head::Arguments),
    /// Write a span of an account’s log into a new file, which `verify` checks.
    Archive(archive::Arguments),
    /// Look after accounts.
    #[command(subcommand)]
    Account(account::Command),
    /// Look after the people who sign in.
    #[command(subcommand)]
    User(user::Command),
    /// Look after the API’s bearer tokens.
    #[command(subcommand)]
    Token(token::Command),
    /// Bring an account’s events to a receiver on this machine, called as a webhook endpoint is.
    Listen(listen::Arguments),
    /// Write what is the same for every new kind of event, into the source that one stands in.
    #[cfg(debug_assertions)]
    #[command(subcommand)]
    Generate(generate::Command),
}

/// Runs the program; what fails is said in one line. Exit status 2 for a setting or argument that
/// is wrong, 1 for what else fails.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime
        .map_err(|error| Failure::new(format!("the runtime did not start: {error}")))
        .and_then(|runtime| runtime.block_on(execute(arguments.command)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(&failure),
    }
}

async fn execute(command: Option<Command>) -> Result<(), Failure> {
    let command = match command.unwrap_or(Command::Serve) {
        // It runs where there is no server, and so no settings of one.
        Command::Listen(arguments) => return arguments.execute().await,
        command => command,
    };
    let config = &Config::from_environment()?;
    match command {
        Command::Listen(_) => Ok(()),
        Command::Serve => app::serve(config).await,
        Command::Migrate => app::with_database(config, async |_| Ok(())).await,
        Command::Backup(arguments) => backup::execute(&arguments, config).await,
        Command::Restore(arguments) => restore::execute(&arguments, config).await,
        Command::Verify(arguments) => verify::execute(&arguments, config).await,
        Command::Archive(arguments) => archive::execute(&arguments, config).await,
        Command::Head(arguments) => head::execute(&arguments, config).await,
        Command::Account(command) => command.execute(config).await,
        Command::User(command) => command.execute(config).await,
        Command::Token(command) => command.execute(config).await,
        #[cfg(debug_assertions)]
        Command::Generate(command) => command.execute(),
    }
}

fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_LOG));
    let colors = stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_ansi(colors).init();
}

fn fail(failure: &Failure) -> ExitCode {
    eprintln!("cairn: {failure}");
    ExitCode::from(failure.status())
}
