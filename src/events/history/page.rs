//! Which part of the log is asked for.

use time::OffsetDateTime;

use crate::events::Kind;
use crate::values::id::{BoardId, CardId, UserId};

/// Whose log is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The whole account's.
    Account,
    /// That of these boards; and what happened on no board, if that is asked for too.
    Boards {
        /// The boards.
        ids: Vec<BoardId>,
        /// Whether what happened on no board belongs to it.
        and_none: bool,
    },
    /// What one member did.
    Person(UserId),
    /// One card's.
    Card(CardId),
}

impl Scope {
    /// One board's.
    pub fn board(id: BoardId) -> Self {
        Self::Boards { ids: vec![id], and_none: false }
    }
}

/// Where a page begins, and which way it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// The newest first.
    Newest,
    /// Those before this sequence, the newest first.
    Before(i64),
    /// Those after this sequence, the oldest first.
    After(i64),
}

/// So many kinds are looked up one by one.
const FEW_KINDS: usize = 12;

/// Which activities are read.
#[derive(Debug, Clone)]
pub struct Page {
    /// Whose log.
    pub scope: Scope,
    /// From where.
    pub from: From,
    /// How many at most.
    pub limit: i64,
    /// Only of these kinds.
    pub kinds: Vec<&'static Kind>,
    /// Only what this member did.
    pub creator: Option<UserId>,
    /// Nothing of what happened on these boards.
    pub without: Vec<BoardId>,
    /// Only what was recorded from the first of these times on and before the second.
    pub within: Option<(OffsetDateTime, OffsetDateTime)>,
}

impl Page {
    /// The newest activities of these kinds.
    pub fn newest(scope: Scope, limit: i64, kinds: Vec<&'static Kind>) -> Self {
        let (from, without) = (From::Newest, Vec::new());
        Self { scope, from, limit, kinds, creator: None, without, within: None }
    }

    /// Whether it pays to walk the log kind by kind: of a rare one, nobody would walk it to the end.
    pub(super) fn asks_for_few_kinds(&self) -> bool {
        self.kinds.len() <= FEW_KINDS
    }
}
