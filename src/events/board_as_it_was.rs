//! A board rebuilt from events alone.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::values::id::{CardId, ColumnId, TagId, UserId};
use crate::values::{BoardAccess, Color, Rank};

/// What a fold over a board's events, and those that reach it though they happened on no board,
/// comes to; each kind says in `apply` what it changes. Checkpoints keep it: whoever changes what is
/// in it, or what a kind does to it, gives [`super::checkpoints::FORMAT`] the next number.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BoardAsItWas {
    /// When the event that is applied, or was applied last, was recorded, and by whom.
    pub now: Stamp,
    /// How many events of its own it has had.
    pub changes: u64,
    /// When it was made, and by whom; none before its first event.
    pub made: Option<Stamp>,
    /// The board's name.
    pub name: String,
    /// Its colour.
    pub color: Option<Color>,
    /// Who saw it.
    pub access: BoardAccess,
    /// The people who were chosen to see it.
    pub chosen: BTreeSet<UserId>,
    /// When it was put away, and by whom.
    pub archived: Option<Stamp>,
    /// Its columns.
    pub columns: BTreeMap<ColumnId, ColumnAsItWas>,
    /// Its cards.
    pub cards: BTreeMap<CardId, CardAsItWas>,
    /// The tags that its cards had ever been marked with.
    pub tags: BTreeMap<TagId, TagAsItWas>,
}

/// When something was done, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// When it was recorded.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The member who did it; none when the system did.
    pub by: Option<UserId>,
}

/// A column of a board as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnAsItWas {
    /// Its name.
    pub name: String,
    /// Its colour.
    pub color: Color,
    /// Its place among the columns.
    pub rank: Rank,
}

/// A card of a board as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    pub comments: i64,
    /// When it was closed, and by whom.
    pub closed: Option<Stamp>,
    /// Whose work it was, the longest first.
    pub assignees: Vec<UserId>,
    /// The tags it was marked with.
    pub tags: BTreeSet<TagId>,
}

/// A tag as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagAsItWas {
    /// Its name.
    pub name: String,
    /// Its colour.
    pub color: Color,
}

impl Default for Stamp {
    fn default() -> Self {
        Self { at: OffsetDateTime::UNIX_EPOCH, by: None }
    }
}

impl BoardAsItWas {
    /// The tags of its cards whose names its own events do not say: a card brings them from the board
    /// where it was marked.
    pub fn nameless_tags(&self) -> BTreeSet<TagId> {
        let tags = self.cards.values().flat_map(|card| &card.tags).copied();
        tags.filter(|tag| !self.tags.contains_key(tag)).collect()
    }
}
