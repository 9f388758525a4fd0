//! What became of one card, as far as a present card does not say: who added it, and what was said.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::board_as_it_was::Stamp;
use crate::values::id::{CommentId, UserId};

/// What a fold over the events of a card comes to; each kind says in `tell` how it goes on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Story {
    /// When the event that is told, or was told last, was recorded, and by whom.
    pub now: Stamp,
    /// When it was added, and by whom; none before its first event.
    pub added: Option<Stamp>,
    /// How often its words were edited.
    pub edits: i64,
    /// The comments that stand under it, or stood there when it was deleted.
    pub comments: BTreeMap<CommentId, CommentAsItWas>,
    /// The comments that were deleted, as they were last.
    pub deleted_comments: BTreeMap<CommentId, CommentAsItWas>,
}

/// A comment as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentAsItWas {
    /// Who wrote it; none: the system.
    pub author_id: Option<UserId>,
    /// What it said.
    pub body: String,
    /// How often it was edited, counted from 1.
    pub version: i64,
    /// When it was written.
    pub created_at: OffsetDateTime,
    /// When it was last edited, if it was.
    pub edited_at: Option<OffsetDateTime>,
}
