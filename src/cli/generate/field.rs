//! What a kind holds: each field with its columns, its place in the type and its example.

use std::collections::HashSet;

use super::name::identifier;
use crate::values::Invalid;

/// A field as it was typed, `from_column:column`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(super) name: String,
    pub(super) of: Type,
}

/// What a field may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Board,
    Card,
    Color,
    Column,
    Number,
    Role,
    Text,
    User,
}

/// A column of the table, and how the typed event and its row meet in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    /// Its type in SQL, with `not null` where it is never erased.
    pub(super) sql: &'static str,
    /// Its type in Rust, where the macro has to be told.
    pub(super) rust: Option<&'static str>,
    /// What is written to it, from `event`.
    pub(super) written: String,
    /// Whether it is a text that can be erased.
    pub(super) is_text: bool,
}

/// Words that Postgres keeps for itself: no column is called so.
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "asc",
    "asymmetric",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "end",
    "except",
    "fetch",
    "foreign",
    "from",
    "grant",
    "group",
    "having",
    "initially",
    "intersect",
    "into",
    "lateral",
    "leading",
    "limit",
    "localtime",
    "localtimestamp",
    "not",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "placing",
    "primary",
    "references",
    "returning",
    "select",
    "some",
    "symmetric",
    "table",
    "then",
    "to",
    "trailing",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "when",
    "window",
    "with",
];

/// Columns that every kind has.
const COMMON: &[&str] = &["account_id", "id", "board_id", "salt", "digest", "created_at"];

impl Field {
    /// Reads a field as it was typed.
    pub(super) fn parse(text: &str) -> Result<Self, Invalid> {
        let (name, of) = text.split_once(':').ok_or_else(|| {
            Invalid::because("A field is its name and its type, such as card:card.")
        })?;
        let field = Self { name: identifier(name)?, of: Type::parse(of)? };
        if field.columns().iter().any(|column| RESERVED.contains(&column.name.as_str())) {
            return Err(Invalid::because(format!("Postgres keeps the word {name} for itself.")));
        }
        Ok(field)
    }

    /// The columns that it is kept in.
    pub(super) fn columns(&self) -> Vec<Column> {
        let Self { name, of } = self;
        let id = |rust| {
            column(format!("{name}_id"), "uuid not null", Some(rust), format!("event.{name}.id"))
        };
        let text = |part: &str| Column {
            is_text: true,
            ..column(format!("{name}_{part}"), "text", None, format!("event.{name}.{part}"))
        };
        let color = |name: String, path: String| column(name, "text not null", Some("Color"), path);
        match of {
            Type::Board => vec![id("BoardId"), text("name")],
            Type::Card => {
                let number = column(
                    format!("{name}_number"),
                    "bigint not null",
                    None,
                    format!("event.{name}.number"),
                );
                vec![id("CardId"), number, text("title")]
            }
            Type::Column => vec![
                id("ColumnId"),
                text("name"),
                color(format!("{name}_color"), format!("event.{name}.color")),
            ],
            Type::Color => vec![color(name.clone(), format!("event.{name}"))],
            Type::Number => {
                vec![column(name.clone(), "bigint not null", None, format!("event.{name}"))]
            }
            Type::Role => {
                vec![column(name.clone(), "text not null", Some("Role"), format!("event.{name}"))]
            }
            Type::Text => vec![Column {
                is_text: true,
                ..column(name.clone(), "text", None, format!("event.{name}"))
            }],
            Type::User => vec![column(
                format!("{name}_id"),
                "uuid not null",
                Some("UserId"),
                format!("event.{name}_id"),
            )],
        }
    }
}

fn column(name: String, sql: &'static str, rust: Option<&'static str>, written: String) -> Column {
    Column { name, sql, rust, written, is_text: false }
}

impl Type {
    fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "board" => Ok(Self::Board),
            "card" => Ok(Self::Card),
            "color" => Ok(Self::Color),
            "column" => Ok(Self::Column),
            "number" => Ok(Self::Number),
            "role" => Ok(Self::Role),
            "text" => Ok(Self::Text),
            "user" => Ok(Self::User),
            _ => Err(Invalid::because(
                "The types are board, card, color, column, number, role, text and user.",
            )),
        }
    }
}

/// Refuses fields that would share a column, with each other or with what every kind has.
pub(super) fn refuse_twins(fields: &[Field]) -> Result<(), Invalid> {
    let mut seen: HashSet<String> = COMMON.iter().map(|name| (*name).to_owned()).collect();
    // A board of its own is where the event happened, and takes the place of the common column.
    if fields.iter().any(|field| field.name == "board" && field.of == Type::Board) {
        seen.remove("board_id");
    }
    for column in fields.iter().flat_map(Field::columns) {
        if !seen.insert(column.name.clone()) {
            return Err(Invalid::because(format!("There are two columns called {}.", column.name)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(texts: &[&str]) -> Result<Vec<Field>, Invalid> {
        texts.iter().map(|text| Field::parse(text)).collect()
    }

    #[test]
    fn a_field_is_a_name_and_a_type() {
        let field = Field::parse("from_column:column").unwrap();
        let columns = field.columns();
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["from_column_id", "from_column_name", "from_column_color"]);
        for text in [
            "card",
            "card:",
            ":card",
            "card:json",
            "Card:card",
            "type:text",
            "order:number",
            "a:b:c",
        ] {
            assert!(Field::parse(text).is_err(), "{text:?} was taken");
        }
    }

    #[test]
    fn no_two_columns_have_one_name() {
        let twins = |texts: &[&str]| refuse_twins(&fields(texts).unwrap()).is_err();
        assert!(!twins(&["card:card", "from_column:column", "note:text"]));
        assert!(!twins(&["board:board", "card:card"]));
        assert!(twins(&["note:text", "note:number"]));
        assert!(twins(&["id:number"]) && twins(&["salt:text"]) && twins(&["account:user"]));
    }
}
