//! A span of a log in a file: a line for each event with what was hashed of it, its words and its hash.
//!
//! Whoever has the file needs nothing else to see that it is whole: the hash of each line is SHA-256 over
//! the hash before it and the bytes of `record` as they stand.

use std::io::{self, BufRead};
use std::sync::Arc;

use serde_json::value::RawValue;
use sqlx::PgPool;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::hash::Hash;
use super::reader::Reader;
use super::tables::Tables;
use crate::events::texts;
use crate::values::id::AccountId;

/// What the first line says that the file is.
const FORMAT: &str = "cairn archive 1";

/// How many events are read at once.
const WINDOW: i64 = 1_000;

/// A span of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The account.
    pub account: AccountId,
    /// The first sequence.
    pub first: i64,
    /// The last sequence.
    pub last: i64,
    /// The hash of the event before the first.
    pub before: Hash,
    /// The hash of the last event.
    pub hash: Hash,
}

/// Why a file is no archive that can be relied on.
#[derive(Debug, thiserror::Error)]
pub enum BadArchive {
    /// It is something else.
    #[error("it is not an archive of Cairn’s")]
    NotAnArchive,
    /// It stops before its end.
    #[error("it ends too early")]
    EndsTooEarly,
    /// An event in it is not as it was recorded.
    #[error("sequence {0} was changed in it")]
    Changed(i64),
    /// An event is not where it should be.
    #[error("sequence {0} was removed from it")]
    Removed(i64),
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The first line.
#[derive(serde::Serialize, serde::Deserialize)]
struct Heading {
    format: String,
    account: AccountId,
    first: i64,
    last: i64,
    before: String,
}

/// The line of an event.
#[derive(serde::Serialize, serde::Deserialize)]
struct Line<'a> {
    hash: String,
    #[serde(borrow)]
    record: &'a RawValue,
    #[serde(borrow)]
    words: &'a RawValue,
}

/// What of a record is read back.
#[derive(serde::Deserialize)]
struct Read {
    sequence: i64,
    address: Option<String>,
    fields: Option<Fields>,
}

#[derive(serde::Deserialize)]
struct Fields {
    digest: Option<String>,
}

/// The words of an event, with their salts; those of an address beside them.
#[derive(serde::Deserialize)]
struct Words {
    salt: Option<String>,
    #[serde(default)]
    texts: Vec<(String, Option<String>)>,
    address: Option<String>,
    address_salt: Option<String>,
}

/// Writes what follows on an event with this hash, up to a sequence. The last line says that it is whole.
///
/// # Errors
/// A database or a file that fails.
pub async fn write(
    pool: &PgPool,
    tables: &Arc<Tables>,
    account: AccountId,
    (after, before): (i64, Hash),
    last: i64,
    out: &mut (impl AsyncWrite + Unpin),
) -> Result<Span, WriteError> {
    let reader = Reader::new(pool.clone(), Arc::clone(tables), account);
    let first = after + 1;
    let (format, text) = (FORMAT.to_owned(), before.to_string());
    let heading = Heading { format, account, first, last, before: text };
    line(out, &serde_json::to_vec(&heading)?).await?;
    let (mut hash, mut at) = (before, after);
    while at < last {
        let window = reader.window(at, WINDOW.min(last - at)).await?;
        let Some(end) = window.last() else { break };
        for record in window.records_with_words() {
            let (record, words) = record?;
            hash = hash.then(&record.line);
            let written = [
                format!("{{\"hash\":\"{hash}\",\"record\":").as_bytes(),
                &record.line,
                b",\"words\":",
                &words,
                b"}",
            ]
            .concat();
            line(out, &written).await?;
        }
        at = end;
    }
    line(out, format!("{{\"end\":\"{hash}\"}}").as_bytes()).await?;
    Ok(Span { account, first, last, before, hash })
}

/// Why no archive was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The file failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A line could not be made.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

async fn line(out: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    out.write_all(bytes).await?;
    out.write_all(b"\n").await
}

/// Reads a file and computes its hashes anew.
///
/// # Errors
/// What is wrong with it first.
pub fn check(file: impl BufRead) -> Result<Span, BadArchive> {
    let mut lines = file.lines();
    let heading = lines.next().ok_or(BadArchive::NotAnArchive)??;
    let heading: Heading = serde_json::from_str(&heading).map_err(|_| BadArchive::NotAnArchive)?;
    if heading.format != FORMAT {
        return Err(BadArchive::NotAnArchive);
    }
    let before: Hash = heading.before.parse().map_err(|_| BadArchive::NotAnArchive)?;
    let Heading { account, first, last, .. } = heading;
    let mut hash = before;
    for sequence in first..=last {
        let line = lines.next().ok_or(BadArchive::EndsTooEarly)??;
        hash = event(sequence, hash, &line)?;
    }
    let end = lines.next().ok_or(BadArchive::EndsTooEarly)??;
    if end != format!("{{\"end\":\"{hash}\"}}") {
        return Err(BadArchive::EndsTooEarly);
    }
    Ok(Span { account, first, last, before, hash })
}

/// The hash of an event, if its line is what was recorded.
fn event(sequence: i64, before: Hash, line: &str) -> Result<Hash, BadArchive> {
    let changed = |_| BadArchive::Changed(sequence);
    let Line { hash, record, words } = serde_json::from_str(line).map_err(changed)?;
    let computed = before.then(record.get().as_bytes());
    let read: Read = serde_json::from_str(record.get()).map_err(changed)?;
    if read.sequence > sequence {
        return Err(BadArchive::Removed(sequence));
    }
    let words: Words = serde_json::from_str(words.get()).map_err(changed)?;
    let digest = read.fields.and_then(|fields| fields.digest);
    let texts: Vec<Option<&str>> = words.texts.iter().map(|(_, text)| text.as_deref()).collect();
    let address = [words.address.as_deref()];
    let agrees = computed.to_string() == hash
        && read.sequence == sequence
        && agree(words.salt.as_deref(), digest.as_deref(), &texts)
        && agree(words.address_salt.as_deref(), read.address.as_deref(), &address);
    if agrees { Ok(computed) } else { Err(BadArchive::Changed(sequence)) }
}

/// With a salt the texts have the digest; without one they were erased, or there were none.
fn agree(salt: Option<&str>, digest: Option<&str>, texts: &[Option<&str>]) -> bool {
    let Some(salt) = salt else { return texts.iter().all(Option::is_none) };
    let Ok(salt) = hex::decode(salt) else { return false };
    let texts = texts.iter().map(|text| text.unwrap_or_default());
    digest == Some(&*hex::encode(texts::digest(&salt, texts)))
}
