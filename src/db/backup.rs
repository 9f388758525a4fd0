//! A backup: everything that is worth keeping, as it was at one moment, in one file of text.
//!
//! The file is made of lines. First the name of its format; then `migration <version> <checksum>`
//! for each migration, `partition <table> <day>` for each day of a partitioned table, and for each
//! table `table <name> <columns>`, its rows as Postgres' COPY writes them, and `\.`; last `end`.

use futures_util::TryStreamExt as _;
use sqlx::{Connection as _, Executor as _, PgConnection, PgPool};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::tables::{self, Table};
use super::{Migration, migrations, partitions};

/// The first line of a backup.
pub(super) const FORMAT: &str = "Cairn backup 1";

/// The last line: a file that lacks it was cut off.
pub(super) const END: &str = "end";

/// The line after a table's rows; Postgres writes no row that reads so.
pub(super) const END_OF_ROWS: &str = "\\.";

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// It cannot be written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Writes a backup of the database as it is now, while others go on working on it.
///
/// # Errors
/// [`BackupError`]; what was written then is no backup.
pub async fn write(pool: &PgPool, out: &mut (impl AsyncWrite + Unpin)) -> Result<(), BackupError> {
    // A connection of its own, which is not given back: its time limits are lifted.
    let mut connection = pool.acquire().await?.detach();
    connection
        .execute(
            "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0;
             begin isolation level repeatable read read only",
        )
        .await?;
    line(out, FORMAT).await?;
    for Migration { version, checksum } in migrations(&mut connection).await? {
        line(out, &format!("migration {version} {}", hex::encode(checksum))).await?;
    }
    let tables = tables::kept(&mut connection).await?;
    for table in tables.iter().filter(|table| table.is_partitioned) {
        for day in partitions::days(&mut connection, &table.name).await? {
            line(out, &format!("partition {} {day}", table.name)).await?;
        }
    }
    for table in &tables {
        rows(&mut connection, table, out).await?;
    }
    line(out, END).await?;
    out.flush().await?;
    connection.close().await?;
    Ok(())
}

async fn rows(
    connection: &mut PgConnection,
    Table { name, columns, .. }: &Table,
    out: &mut (impl AsyncWrite + Unpin),
) -> Result<(), BackupError> {
    line(out, &format!("table {name} {columns}")).await?;
    // A query, since a partitioned table has no rows of its own to copy.
    let statement = format!("copy (select {columns} from {name}) to stdout");
    let mut copied = connection.copy_out_raw(&statement).await?;
    while let Some(bytes) = copied.try_next().await? {
        out.write_all(&bytes).await?;
    }
    drop(copied);
    line(out, END_OF_ROWS).await
}

async fn line(out: &mut (impl AsyncWrite + Unpin), text: &str) -> Result<(), BackupError> {
    out.write_all(text.as_bytes()).await?;
    out.write_all(b"\n").await?;
    Ok(())
}
