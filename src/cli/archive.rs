//! `cairn archive`: a span of an account's log in a file of lines, which `cairn verify` checks.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::PgPool;
use tokio::fs::{self, File, OpenOptions};
use tokio::io::{AsyncWriteExt as _, BufWriter};

use crate::app::{self, Failure};
use crate::config::Config;
use crate::domain::{Error, accounts};
use crate::events::chain::{self, Head, Tables, archive};
use crate::values::Slug;
use crate::values::id::AccountId;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The account’s name in addresses.
    #[arg(long, value_parser = Slug::parse)]
    account: Slug,
    /// The first sequence; without it, the first of all.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..))]
    first: i64,
    /// The last sequence; without it, the last that is sealed.
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..))]
    last: Option<i64>,
    /// The file, which must not exist yet.
    file: PathBuf,
}

pub(super) async fn execute(arguments: &Arguments, config: &Config) -> Result<(), Failure> {
    let path = &arguments.file;
    app::with_database(config, async |log| {
        let slug = &arguments.account;
        let account = accounts::id(log.pool(), slug).await.map_err(|error| match error {
            Error::NotFound => Failure::wrong(format!("there is no account {slug}")),
            error => error.into(),
        })?;
        let file = create(path).await.map_err(|error| failure(path, &error))?;
        let written = write(log.pool(), account, arguments, file).await;
        if written.is_err() {
            // Half an archive would be taken for one; a file that cannot be removed lacks its last line.
            drop(fs::remove_file(path).await);
        }
        written
    })
    .await
}

/// It holds what was said on every board, so only its owner reads it.
async fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).await
}

async fn write(
    pool: &PgPool,
    account: AccountId,
    arguments: &Arguments,
    file: File,
) -> Result<(), Failure> {
    let Arguments { first, last, file: path, .. } = arguments;
    let head = Head::newest(pool, account).await?;
    let sealed = head.map_or(0, |head| head.sequence);
    let last = last.unwrap_or(sealed);
    if last > sealed || *first > last {
        return Err(Failure::wrong(format!("the log is sealed up to sequence {sealed}")));
    }
    let before = chain::hash_at(pool, account, first - 1).await?;
    let before = before.ok_or_else(|| {
        Failure::new(format!("sequence {} is not sealed: run cairn verify", first - 1))
    })?;
    let tables = Arc::new(Tables::read(pool).await?);
    let mut out = BufWriter::new(file);
    let behind = (first - 1, before);
    let span = archive::write(pool, &tables, account, behind, last, &mut out).await;
    let span = span.map_err(|error| failure(path, &error))?;
    out.flush().await.map_err(|error| failure(path, &error))?;
    out.into_inner().sync_all().await.map_err(|error| failure(path, &error))?;
    if chain::hash_at(pool, account, last).await? != Some(span.hash) {
        let words = "the log is not as it was recorded: run cairn verify";
        return Err(failure(path, &words));
    }
    println!(
        "{} holds the sequences {first} to {last}; nothing was taken from the database.",
        path.display()
    );
    Ok(())
}

fn failure(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("no archive was written to {}: {error}", path.display()))
}
