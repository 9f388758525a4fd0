//! What takes an event back.

use super::{CardSnapshot, ColumnSnapshot};
use crate::values::Rank;
use crate::values::id::{CommentId, UserId};

/// How what happened to a card is taken back; which card, the event’s place says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undoing {
    /// It says what it said before.
    Words {
        /// The title it had, if that changed.
        title: Option<String>,
        /// The description it had, if that changed.
        description: Option<String>,
    },
    /// It goes back to where it stood in a column.
    Place {
        /// The column, of the board that it happened on.
        column: ColumnSnapshot,
    },
    /// It is opened again.
    Reopening,
    /// A comment says what it said before.
    CommentWords {
        /// The comment.
        id: CommentId,
        /// What it said.
        body: String,
    },
    /// A comment that was deleted stands under it again.
    Comment {
        /// The comment.
        id: CommentId,
        /// Who wrote it.
        author_id: UserId,
    },
    /// It is there again, with what hung on it.
    Card {
        /// The card.
        card: CardSnapshot,
        /// What it said.
        description: String,
        /// The column it stood in.
        column: ColumnSnapshot,
        /// Its place in that column.
        rank: Rank,
        /// Who followed it.
        watcher_ids: Vec<UserId>,
    },
}
