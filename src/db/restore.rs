//! Reading a backup into a database that is empty but for the same schema.

use sqlx::postgres::PgCopyIn;
use sqlx::{Executor as _, PgConnection};
use time::Date;
use time::macros::format_description;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _};

use super::backup::{END, END_OF_ROWS, FORMAT};
use super::tables::{self, Table};
use super::{Migration, migrations, partitions};

/// How many bytes of rows are sent to Postgres at once.
const CHUNK: usize = 256 * 1024;

/// Why a backup was not read.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// It is another file.
    #[error("it is no backup of Cairn’s")]
    NotABackup,
    /// It was made by a Cairn with another schema.
    #[error(
        "it was made by another version of Cairn; restore it with that version, then start this one"
    )]
    OtherVersion,
    /// It was cut off, or changed.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The database refused it.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

type Result<T> = std::result::Result<T, RestoreError>;

/// Reads a backup. The connection is in a transaction, which the caller commits.
///
/// # Errors
/// [`RestoreError`]; then the transaction must be rolled back.
pub async fn read(connection: &mut PgConnection, file: impl AsyncBufRead + Unpin) -> Result<()> {
    connection.execute("set local statement_timeout = 0").await?;
    connection.execute("set local idle_in_transaction_session_timeout = 0").await?;
    let (tables, own) = (tables::kept(connection).await?, migrations(connection).await?);
    let mut lines = Lines { file, line: Vec::new() };
    if lines.next().await?.as_deref() != Some(FORMAT) {
        return Err(RestoreError::NotABackup);
    }
    let mut migrations = Vec::new();
    while let Some(line) = lines.next().await? {
        match line.splitn(3, ' ').collect::<Vec<_>>().as_slice() {
            ["migration", version, checksum] => migrations.push(migration(version, checksum)?),
            _ if migrations != own => return Err(RestoreError::OtherVersion),
            ["partition", table, day] => {
                partitions::make_day(connection, &known(&tables, table)?.name, date(day)?).await?;
            }
            ["table", name, columns] => {
                rows(connection, known(&tables, name)?, columns, &mut lines).await?;
            }
            [END] => return Ok(()),
            _ => return Err(RestoreError::Damaged(format!("a line begins with {line:.40}"))),
        }
    }
    Err(RestoreError::Damaged("it ends too early".to_owned()))
}

fn migration(version: &str, checksum: &str) -> Result<Migration> {
    let damaged = || RestoreError::Damaged(format!("migration {version}"));
    let checksum = hex::decode(checksum).map_err(|_| damaged())?;
    Ok(Migration { version: version.parse().map_err(|_| damaged())?, checksum })
}

/// Only what the schema knows by itself goes into a statement.
fn known<'a>(tables: &'a [Table], name: &str) -> Result<&'a Table> {
    let table = tables.iter().find(|table| table.name == name);
    table.ok_or_else(|| RestoreError::Damaged(format!("there is no table {name}")))
}

fn date(text: &str) -> Result<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]"))
        .map_err(|_| RestoreError::Damaged(format!("{text} is no day")))
}

async fn rows(
    connection: &mut PgConnection,
    table: &Table,
    columns: &str,
    lines: &mut Lines<impl AsyncBufRead + Unpin>,
) -> Result<()> {
    if columns != table.columns {
        return Err(RestoreError::Damaged(format!("the columns of {}", table.name)));
    }
    let statement = format!("copy {} ({columns}) from stdin", table.name);
    let mut copy = connection.copy_in_raw(&statement).await?;
    match send(&mut copy, lines).await {
        Ok(()) => {
            copy.finish().await?;
            Ok(())
        }
        Err(error) => {
            copy.abort("the backup is damaged").await?;
            Err(error)
        }
    }
}

async fn send(
    copy: &mut PgCopyIn<&mut PgConnection>,
    lines: &mut Lines<impl AsyncBufRead + Unpin>,
) -> Result<()> {
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        match lines.next_bytes().await? {
            None => return Err(RestoreError::Damaged("it ends too early".to_owned())),
            Some(line) if line == END_OF_ROWS.as_bytes() => break,
            Some(line) => {
                chunk.extend_from_slice(line);
                chunk.push(b'\n');
            }
        }
        if chunk.len() >= CHUNK {
            copy.send(chunk.as_slice()).await?;
            chunk.clear();
        }
    }
    copy.send(chunk.as_slice()).await?;
    Ok(())
}

/// The lines of a file, without their ends.
struct Lines<F> {
    file: F,
    line: Vec<u8>,
}

impl<F: AsyncBufRead + Unpin> Lines<F> {
    async fn next(&mut self) -> Result<Option<String>> {
        let line = self.next_bytes().await?;
        Ok(line.map(|line| String::from_utf8_lossy(line).into_owned()))
    }

    /// None at the end of the file, and for a last line that has no end.
    async fn next_bytes(&mut self) -> Result<Option<&[u8]>> {
        self.line.clear();
        self.file.read_until(b'\n', &mut self.line).await?;
        Ok(self.line.strip_suffix(b"\n"))
    }
}
