//! What a field comes to in Rust: its type, its part of a sentence, its example and that in JSON.

use super::field::{Field, Type};

/// The ids of examples but for their last digit, which says what they name.
pub(super) const EXAMPLE_ID: &str = "0192d2f0-c5d4-7a0e-8b1e-00000000000";

impl Field {
    /// What it is called in the type: people are kept as ids alone.
    pub(super) fn member(&self) -> String {
        match self.of {
            Type::User => format!("{}_id", self.name),
            _ => self.name.clone(),
        }
    }

    /// Its type.
    pub(super) fn type_name(&self) -> &'static str {
        match self.of {
            Type::Board => "BoardSnapshot",
            Type::Card => "CardSnapshot",
            Type::Color => "Color",
            Type::Column => "ColumnSnapshot",
            Type::Number => "i64",
            Type::Role => "Role",
            Type::Text => "String",
            Type::User => "UserId",
        }
    }

    /// The types that the file brings in for it, besides those of every kind.
    pub(super) fn imports(&self) -> &'static [&'static str] {
        match self.of {
            Type::Board => &["events::BoardSnapshot", "values::id::BoardId"],
            Type::Card => &["events::CardSnapshot", "values::id::CardId"],
            Type::Column => &["events::ColumnSnapshot", "values::id::ColumnId"],
            Type::Role => &["values::Role"],
            Type::User => &["values::id::UserId"],
            Type::Color | Type::Number | Type::Text => &[],
        }
    }

    /// Its part of the sentence; a text is quoted instead.
    pub(super) fn part(&self) -> Option<String> {
        let name = &self.name;
        match self.of {
            Type::Board | Type::Card | Type::Column => Some(format!("(&self.{name}).into()")),
            Type::Color => Some(format!("Part::Text(self.{name}.as_str().to_owned())")),
            Type::Number | Type::Role => Some(format!("Part::Text(self.{name}.to_string())")),
            Type::Text => None,
            Type::User => Some(format!("Part::Person(self.{name}_id)")),
        }
    }

    /// How it is put together from a row.
    pub(super) fn read(&self) -> String {
        let name = &self.name;
        match self.of {
            Type::Board => {
                format!("BoardSnapshot {{ id: row.{name}_id, name: kept(row.{name}_name) }}")
            }
            Type::Card => format!(
                "CardSnapshot {{ id: row.{name}_id, number: row.{name}_number, title: kept(row.{name}_title) }}"
            ),
            Type::Column => format!(
                "ColumnSnapshot {{ id: row.{name}_id, name: kept(row.{name}_name), color: row.{name}_color }}"
            ),
            Type::Text => format!("kept(row.{name})"),
            Type::User => format!("row.{name}_id"),
            Type::Color | Type::Number | Type::Role => format!("row.{name}"),
        }
    }

    /// An example of it.
    pub(super) fn example(&self) -> String {
        let id = |of: &str, digit| format!("{of}::from(uuid::uuid!(\"{EXAMPLE_ID}{digit}\"))");
        match self.of {
            Type::Board => format!(
                "BoardSnapshot {{ id: {}, name: \"Spring catalogue\".to_owned() }}",
                id("BoardId", 1)
            ),
            Type::Card => format!(
                "CardSnapshot {{ id: {}, number: 142, title: \"Write the letter\".to_owned() }}",
                id("CardId", 3)
            ),
            Type::Color => "Color::Lake".to_owned(),
            Type::Column => format!(
                "ColumnSnapshot {{ id: {}, name: \"Doing\".to_owned(), color: Color::Lake }}",
                id("ColumnId", 2)
            ),
            Type::Number => "7".to_owned(),
            Type::Role => "Role::Member".to_owned(),
            Type::Text => "\"It reads well.\".to_owned()".to_owned(),
            Type::User => id("UserId", 5),
        }
    }

    /// That example in JSON.
    pub(super) fn json(&self) -> String {
        match self.of {
            Type::Board => {
                format!("{{ \"id\": \"{EXAMPLE_ID}1\", \"name\": \"Spring catalogue\" }}")
            }
            Type::Card => format!(
                "{{ \"id\": \"{EXAMPLE_ID}3\", \"number\": 142, \"title\": \"Write the letter\" }}"
            ),
            Type::Color => "\"lake\"".to_owned(),
            Type::Column => {
                format!("{{ \"id\": \"{EXAMPLE_ID}2\", \"name\": \"Doing\", \"color\": \"lake\" }}")
            }
            Type::Number => "7".to_owned(),
            Type::Role => "\"member\"".to_owned(),
            Type::Text => "\"It reads well.\"".to_owned(),
            Type::User => format!("\"{EXAMPLE_ID}5\""),
        }
    }
}
