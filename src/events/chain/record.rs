//! What is hashed of one event: its activity, its typed row and the details of that, as one line of JSON.

use sqlx::postgres::PgRow;
use sqlx::{Row as _, ValueRef as _};
use time::OffsetDateTime;
use uuid::Uuid;

use super::json::{self, Object};
use super::tables::{OfKind, Table};
use crate::events::texts;

/// An activity as it stands in the log.
#[derive(Debug)]
pub(super) struct Activity {
    pub(super) sequence: i64,
    pub(super) id: Uuid,
    pub(super) subject_type: String,
    pub(super) creator_id: Option<Uuid>,
    pub(super) board_id: Option<Uuid>,
    pub(super) card_id: Option<Uuid>,
    pub(super) cause_id: Option<Uuid>,
    pub(super) undoes_id: Option<Uuid>,
    pub(super) source: String,
    pub(super) token_id: Option<Uuid>,
    pub(super) address_id: Option<Uuid>,
    pub(super) created_at: OffsetDateTime,
}

/// An address with what stands beside it.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) address: Option<String>,
    pub(super) salt: Option<Vec<u8>>,
    pub(super) digest: Vec<u8>,
}

/// All that belongs to an event.
pub(super) struct Parts<'a> {
    pub(super) account: Uuid,
    pub(super) activity: &'a Activity,
    pub(super) address: Option<&'a Address>,
    /// The typed row, with how it is read.
    pub(super) row: Option<(&'a OfKind, &'a PgRow)>,
    /// The details, by what they are of.
    pub(super) details: &'a [PgRow],
}

impl Parts<'_> {
    /// The line that is hashed.
    pub(super) fn record(&self) -> sqlx::Result<Vec<u8>> {
        let mut line = Vec::with_capacity(1024);
        let Activity { sequence, id, subject_type, creator_id, board_id, card_id, .. } =
            self.activity;
        let Activity { cause_id, undoes_id, source, token_id, address_id, created_at, .. } =
            self.activity;
        let mut object = Object::begin(&mut line);
        object.uuid("account_id", Some(self.account));
        if let Some(address) = self.address {
            json::hexadecimal(object.key("address"), &address.digest);
        }
        object.uuid("address_id", *address_id);
        object.uuid("board_id", *board_id);
        object.uuid("card_id", *card_id);
        object.uuid("cause_id", *cause_id);
        json::integer(object.key("created_at"), microseconds(*created_at));
        object.uuid("creator_id", *creator_id);
        if let Some((kind, row)) = self.row {
            if let Some(table) = &kind.details {
                details(object.key("details"), table, self.details)?;
            }
            hashed(object.key("fields"), &kind.rows, row)?;
        }
        object.uuid("id", Some(*id));
        json::text(object.key("kind"), subject_type);
        json::integer(object.key("sequence"), *sequence);
        json::text(object.key("source"), source);
        object.uuid("token_id", *token_id);
        object.uuid("undoes_id", *undoes_id);
        object.end();
        Ok(line)
    }

    /// The words and their salts, as an object.
    pub(super) fn words(&self) -> sqlx::Result<Vec<u8>> {
        let mut line = Vec::new();
        let mut object = Object::begin(&mut line);
        if let Some(address) = self.address {
            if let Some(words) = &address.address {
                json::text(object.key("address"), words);
            }
            if let Some(salt) = &address.salt {
                json::hexadecimal(object.key("address_salt"), salt);
            }
        }
        if let Some((OfKind { rows: Table { salt: Some(place), .. }, .. }, row)) = self.row {
            if let Some(salt) = bytes(row, *place)? {
                json::hexadecimal(object.key("salt"), salt);
            }
            json::list(object.key("texts"), self.texts()?, |out, (name, text)| {
                json::list(out, [Some(name), text], |out, text| match text {
                    Some(text) => json::text(out, text),
                    None => out.extend_from_slice(b"null"),
                });
            });
        }
        object.end();
        Ok(line)
    }

    /// The texts with the names of their columns, in the order in which the digest takes them.
    fn texts(&self) -> sqlx::Result<Vec<(&str, Option<&str>)>> {
        let Some((kind, row)) = self.row else { return Ok(Vec::new()) };
        let details =
            kind.details.iter().flat_map(|table| self.details.iter().map(move |row| (table, row)));
        let rows = [(&kind.rows, row)].into_iter().chain(details);
        let texts = rows.flat_map(|(table, row)| {
            table.texts.iter().map(|column| Ok((&*column.name, row.try_get(column.place)?)))
        });
        texts.collect()
    }

    /// Whether the texts are those that the digest was made over, or were erased.
    pub(super) fn texts_agree(&self) -> sqlx::Result<bool> {
        let Some((kind, row)) = self.row else { return Ok(true) };
        let (Some(salt), Some(digest)) = (kind.rows.salt, kind.rows.digest) else {
            return Ok(true);
        };
        let texts: Vec<Option<&str>> = self.texts()?.into_iter().map(|(_, text)| text).collect();
        Ok(agree(bytes(row, salt)?, bytes(row, digest)?, &texts))
    }

    /// Whether the address is the one that the digest was made over, or was erased.
    pub(super) fn address_agrees(&self) -> bool {
        self.address.is_none_or(|address| {
            agree(address.salt.as_deref(), Some(&address.digest), &[address.address.as_deref()])
        })
    }
}

/// With a salt, the texts have the digest; without one they were erased.
fn agree(salt: Option<&[u8]>, digest: Option<&[u8]>, texts: &[Option<&str>]) -> bool {
    match salt {
        None => texts.iter().all(Option::is_none),
        Some(salt) => {
            let texts = texts.iter().map(|text| text.unwrap_or_default());
            digest == Some(&texts::digest(salt, texts))
        }
    }
}

fn bytes(row: &PgRow, place: usize) -> sqlx::Result<Option<&[u8]>> {
    row.try_get(place)
}

fn details(out: &mut Vec<u8>, table: &Table, rows: &[PgRow]) -> sqlx::Result<()> {
    out.push(b'[');
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        hashed(out, table, row)?;
    }
    out.push(b']');
    Ok(())
}

/// The columns of a row that are hashed.
fn hashed(out: &mut Vec<u8>, table: &Table, row: &PgRow) -> sqlx::Result<()> {
    let mut object = Object::begin(out);
    for column in &table.columns {
        let value = row.try_get_raw(column.place)?;
        if !value.is_null() {
            column.form.write(object.key(&column.name), value)?;
        }
    }
    object.end();
    Ok(())
}

fn microseconds(at: OffsetDateTime) -> i64 {
    at.unix_timestamp() * 1_000_000 + i64::from(at.microsecond())
}
