//! The names of things as they were when something happened.
//!
//! They are kept in the event, so that history reads true after a rename or a delete. Of people
//! only ids are kept: their names are looked up when read, so that a person can be erased.

use crate::values::Color;
use crate::values::id::{BoardId, CardId, ColumnId, CommentId, TagId};

/// A card as it was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CardSnapshot {
    /// Its id.
    pub id: CardId,
    /// Its number in the account.
    pub number: i64,
    /// Its title then.
    pub title: String,
}

/// A column as it was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ColumnSnapshot {
    /// Its id.
    pub id: ColumnId,
    /// Its name then.
    pub name: String,
    /// Its colour then.
    pub color: Color,
}

/// A board as it was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BoardSnapshot {
    /// Its id.
    pub id: BoardId,
    /// Its name then.
    pub name: String,
}

/// A comment as it was written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CommentSnapshot {
    /// Its id.
    pub id: CommentId,
    /// What it said.
    pub body: String,
}

/// A tag as it was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TagSnapshot {
    /// Its id.
    pub id: TagId,
    /// Its name then.
    pub name: String,
    /// Its colour then.
    pub color: Color,
}

/// A text that was kept, or the words that stand in its place after it was erased.
pub fn kept(text: Option<String>) -> String {
    text.unwrap_or_else(|| "(erased)".to_owned())
}
