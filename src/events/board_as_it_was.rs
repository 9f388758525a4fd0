//! A board rebuilt from events alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::values::id::{CardId, ColumnId, TagId, UserId};
use crate::values::{BoardAccess, Color, Rank};

/// What a fold over a board's events, and those of the account that happened on no board, comes
/// to; each kind says in `apply` what it changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BoardAsItWas {
    /// The board's name.
    pub name: String,
    /// Who saw it.
    pub access: BoardAccess,
    /// The people who were chosen to see it.
    pub chosen: BTreeSet<UserId>,
    /// Whether it was put away.
    pub is_archived: bool,
    /// Its columns.
    pub columns: BTreeMap<ColumnId, ColumnAsItWas>,
    /// Its cards.
    pub cards: BTreeMap<CardId, CardAsItWas>,
}

/// A column of a board as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnAsItWas {
    /// Its name.
    pub name: String,
    /// Its colour.
    pub color: Color,
    /// Its place among the columns.
    pub rank: Rank,
}

/// A card of a board as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardAsItWas {
    /// Its number.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// The column it stood in.
    pub column_id: ColumnId,
    /// Its place in that column.
    pub rank: Rank,
    /// How many comments it had.
    pub comments: usize,
    /// Whether it was closed.
    pub closed: bool,
    /// Whose work it was.
    pub assignees: BTreeSet<UserId>,
    /// The tags it was marked with.
    pub tags: BTreeSet<TagId>,
}
