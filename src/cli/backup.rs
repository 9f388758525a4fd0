//! `cairn backup`: everything in one file.

use std::io;
use std::path::{Path, PathBuf};

use tokio::fs::{self, File, OpenOptions};
use tokio::io::BufWriter;

use crate::app::{self, Failure};
use crate::config::Config;
use crate::db::backup::{self, BackupError};
use crate::events::Log;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The file, which must not exist yet.
    file: PathBuf,
}

pub(super) async fn execute(arguments: &Arguments, config: &Config) -> Result<(), Failure> {
    let path = &arguments.file;
    let file = create(path).await.map_err(|error| failure(path, &error.into()))?;
    let outcome = app::with_database(config, async |log| {
        write(log, file).await.map_err(|error| failure(path, &error))
    })
    .await;
    match outcome {
        Ok(()) => println!(
            "{} is the backup. The secret key is not in it: keep it elsewhere, or the secrets of \
             webhooks can’t be read after a restore.",
            path.display()
        ),
        // Half a backup would be taken for one; a file that cannot be removed lacks its last line.
        Err(_) => drop(fs::remove_file(path).await),
    }
    outcome
}

/// It holds what the whole server holds, so only its owner reads it.
async fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).await
}

async fn write(log: &Log, file: File) -> Result<(), BackupError> {
    let mut out = BufWriter::new(file);
    backup::write(log.pool(), &mut out).await?;
    Ok(out.into_inner().sync_all().await?)
}

fn failure(path: &Path, error: &BackupError) -> Failure {
    Failure::new(format!("no backup was written to {}: {error}", path.display()))
}
