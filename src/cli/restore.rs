//! `cairn restore`: a backup read into an empty database.

use std::path::{Path, PathBuf};

use tokio::fs::File;
use tokio::io::BufReader;

use crate::app::{self, Failure};
use crate::config::Config;
use crate::db::restore::{self, RestoreError};
use crate::domain::accounts;
use crate::events::Log;
use crate::webhooks;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The file that `cairn backup` wrote.
    file: PathBuf,
}

pub(super) async fn execute(arguments: &Arguments, config: &Config) -> Result<(), Failure> {
    let path = &arguments.file;
    let file = File::open(path).await.map_err(|error| failure(path, &error.into()))?;
    app::with_database(config, async |log| {
        if accounts::any(log.pool()).await? {
            return Err(Failure::new(
                "there are accounts in this database already; restore into one that is empty: \
                 another DATABASE_URL, or another CAIRN_DATA_DIR",
            ));
        }
        read(log, file).await.map_err(|error| failure(path, &error))
    })
    .await?;
    println!("{} is restored. Everybody signs in again.", path.display());
    Ok(())
}

/// All of it or nothing.
async fn read(log: &Log, file: File) -> Result<(), RestoreError> {
    let mut transaction = log.pool().begin().await?;
    restore::read(&mut transaction, BufReader::new(file)).await?;
    webhooks::look_at_all(&mut transaction).await?;
    Ok(transaction.commit().await?)
}

fn failure(path: &Path, error: &RestoreError) -> Failure {
    Failure::new(format!("{} was not restored: {error}", path.display()))
}
