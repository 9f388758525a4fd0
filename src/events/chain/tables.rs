//! The tables of the kinds, as the catalogue has them: every column is hashed or is a text under a digest.

use std::collections::HashMap;

use sqlx::PgExecutor;

use super::json::Form;
use crate::events::KINDS;

/// What details of a kind's events stand in, behind its name.
const DETAILS: &str = "_changes";

/// Details are hashed in the order of what they are of.
const IN_ORDER: &str = " order by attribute collate \"C\"";

/// The tables of all kinds.
#[derive(Debug)]
pub struct Tables(HashMap<&'static str, OfKind>);

/// The tables of one kind: one row an event, and perhaps some rows of details.
#[derive(Debug)]
pub(super) struct OfKind {
    pub(super) rows: Table,
    pub(super) details: Option<Table>,
}

/// A table of typed rows, and how they are read: the id of the event first, then these columns.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: String,
    /// The column with the id of the event.
    pub(super) id: &'static str,
    /// What is hashed, by name.
    pub(super) columns: Vec<Column>,
    /// What may be erased, in the order of the table.
    pub(super) texts: Vec<Column>,
    pub(super) salt: Option<usize>,
    pub(super) digest: Option<usize>,
    /// The rows whose events have ids between two.
    pub(super) select: String,
}

/// A column, and where it stands in what is read.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) form: Form,
    pub(super) place: usize,
}

struct InCatalogue {
    table: String,
    name: String,
    type_name: String,
    is_nullable: bool,
}

impl Tables {
    /// Reads the catalogue.
    ///
    /// # Errors
    /// A database that fails, or a kind without a table that can be read.
    pub async fn read(executor: impl PgExecutor<'_>) -> sqlx::Result<Self> {
        let names: Vec<String> =
            KINDS.iter().flat_map(|kind| [kind.name.to_owned(), details_of(kind.name)]).collect();
        let columns = sqlx::query_as!(
            InCatalogue,
            r#"select class.relname::text as "table!", attname::text as "name!", typname::text as "type_name!",
                   not attnotnull as "is_nullable!"
               from pg_attribute attribute
               join pg_class class on class.oid = attrelid
                   and class.relnamespace = current_schema()::regnamespace
               join pg_type type on type.oid = atttypid
               where class.relname = any($1) and attnum > 0 and not attisdropped
               order by attnum"#,
            &names,
        );
        let mut tables: HashMap<String, Vec<InCatalogue>> = HashMap::new();
        for column in columns.fetch_all(executor).await? {
            tables.entry(column.table.clone()).or_default().push(column);
        }
        let of_kind = |name: &'static str| {
            let rows = tables.remove(name).ok_or_else(|| unreadable(name, "there is none"))?;
            let rows = Table::of(name.to_owned(), "id", "", rows)?;
            let details = details_of(name);
            let columns = tables.remove(&details);
            let details =
                columns.map(|it| Table::of(details, "event_id", IN_ORDER, it)).transpose()?;
            Ok((name, OfKind { rows, details }))
        };
        KINDS.iter().map(|kind| kind.name).map(of_kind).collect::<sqlx::Result<_>>().map(Self)
    }

    /// The statements that erase the words of the events with some ids, of an account.
    pub fn erasing(&self) -> impl Iterator<Item = String> {
        let tables = self.iter().flat_map(|of_kind| {
            [Some(&of_kind.rows), of_kind.details.as_ref()].into_iter().flatten()
        });
        tables.filter(|table| !table.texts.is_empty()).map(Table::erasing)
    }

    /// The statements that give the descriptions that the events with some ids, of an account, wrote.
    pub fn descriptions(&self) -> impl Iterator<Item = String> {
        let details = self.iter().filter_map(|of_kind| of_kind.details.as_ref());
        details.map(|Table { name, id, .. }| {
            format!(
                "select new from {name} where account_id = $1 and {id} = any($2)
                 and attribute = 'description' and new <> ''"
            )
        })
    }

    /// The statements that give the events of an account which say again what somebody wrote: comments of
    /// theirs that were restored.
    pub fn saying_again(&self) -> impl Iterator<Item = String> {
        let says_theirs = |table: &&Table| {
            table.columns.iter().any(|column| column.name == "author_id")
                && table.texts.iter().any(|text| text.name == "body")
        };
        self.iter().map(|of_kind| &of_kind.rows).filter(says_theirs).map(
            |Table { name, id, .. }| {
                format!("select {id} from {name} where account_id = $1 and author_id = $2")
            },
        )
    }

    /// The statements that give the events of an account in which one of some descriptions stands as what
    /// was there before, or is there again.
    pub fn quoting(&self) -> impl Iterator<Item = String> {
        let tables = self.iter().flat_map(|of_kind| {
            [Some(&of_kind.rows), of_kind.details.as_ref()].into_iter().flatten()
        });
        tables.filter_map(|Table { name, id, texts, .. }| {
            let quotes = texts.iter().map(|text| &*text.name);
            let quotes = quotes.filter(|name| ["description", "old", "new"].contains(name));
            let quotes: Vec<String> = quotes.map(|column| format!("{column} = any($2)")).collect();
            let quotes = Some(quotes.join(" or ")).filter(|quotes| !quotes.is_empty())?;
            Some(format!("select {id} from {name} where account_id = $1 and ({quotes})"))
        })
    }

    pub(super) fn of(&self, kind: &str) -> Option<&OfKind> {
        self.0.get(kind)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &OfKind> {
        self.0.values()
    }
}

fn details_of(kind: &str) -> String {
    format!("{kind}{DETAILS}")
}

fn unreadable(table: &str, why: &str) -> sqlx::Error {
    sqlx::Error::Protocol(format!("the table {table} cannot be read: {why}"))
}

impl Table {
    fn erasing(&self) -> String {
        let salt = self.salt.map(|_| "salt");
        let texts = self.texts.iter().map(|column| &*column.name);
        let columns: Vec<String> =
            salt.into_iter().chain(texts).map(|it| format!("{it} = null")).collect();
        let Self { name, id, .. } = self;
        format!("update {name} set {} where account_id = $1 and {id} = any($2)", columns.join(", "))
    }

    /// A table by its columns; the one with the id of the event is read first, that of the account not.
    fn of(
        name: String,
        id: &'static str,
        order: &str,
        columns: Vec<InCatalogue>,
    ) -> sqlx::Result<Self> {
        let mut read = vec![id.to_owned()];
        let (mut hashed, mut texts, mut salt, mut digest) = (Vec::new(), Vec::new(), None, None);
        for column in
            columns.into_iter().filter(|column| ![id, "account_id"].contains(&&*column.name))
        {
            let form =
                Form::of(&column.type_name).ok_or_else(|| unreadable(&name, &column.type_name))?;
            let place = read.len();
            read.push(column.name.clone());
            match &*column.name {
                "salt" => salt = Some(place),
                _ if form == Form::Text && column.is_nullable => {
                    texts.push(Column { name: column.name, form, place });
                }
                _ => {
                    if column.name == "digest" {
                        digest = Some(place);
                    }
                    hashed.push(Column { name: column.name, form, place });
                }
            }
        }
        hashed.sort_by(|one, other| one.name.cmp(&other.name));
        // The names are those of the catalogue and of the kinds, never somebody’s words.
        let select = format!(
            "select {} from {name} where account_id = $1 and {id} between $2 and $3{order}",
            read.join(", ")
        );
        Ok(Self { name, id, columns: hashed, texts, salt, digest, select })
    }
}
