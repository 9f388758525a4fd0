//! Rebuilding a board from the log, up to a sequence.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use super::board_as_it_was::{Stamp, TagAsItWas};
use super::checkpoints::row;
use super::history::{self, Activity};
use super::kinds::card_tagged;
use super::{BoardAsItWas, Log};
use crate::values::id::{AccountId, BoardId, CardId, TagId};

/// So many activities are read at once.
const WINDOW: i64 = 5_000;

/// A board that is being rebuilt.
#[derive(Debug, Clone)]
pub struct Rebuilding {
    account: AccountId,
    id: BoardId,
    /// The board as it was.
    pub board: BoardAsItWas,
    /// At which sequence it was so.
    pub sequence: i64,
    /// Whether all that changed it is known here: a newer version of Cairn beside this one may
    /// record kinds that are not.
    pub is_whole: bool,
}

impl Rebuilding {
    /// Before anything happened.
    pub fn from_nothing(account: AccountId, id: BoardId) -> Self {
        Self { account, id, board: BoardAsItWas::default(), sequence: 0, is_whole: true }
    }

    /// At the newest checkpoint that is no later than a sequence; before anything happened, if there
    /// is none.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn from_checkpoint(
        connection: &mut PgConnection,
        account: AccountId,
        id: BoardId,
        up_to: i64,
    ) -> sqlx::Result<Self> {
        let nothing = Self::from_nothing(account, id);
        let found = row::newest(connection, account, id, up_to).await?;
        Ok(match found {
            Some((sequence, board)) => Self { board, sequence, ..nothing },
            None => nothing,
        })
    }

    /// Goes on up to a later sequence.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn go_on(
        &mut self,
        log: &Log,
        connection: &mut PgConnection,
        up_to: i64,
    ) -> sqlx::Result<()> {
        while self.sequence < up_to {
            let span = (self.sequence, up_to);
            let piece =
                history::of_board(log, connection, self.account, self.id, span, WINDOW).await?;
            for activity in &piece.activities {
                self.take(activity);
            }
            self.is_whole &= piece.is_whole;
            self.sequence = piece.up_to;
        }
        self.name_tags(connection).await
    }

    fn take(&mut self, activity: &Activity) {
        let header = &activity.header;
        self.board.now = Stamp { at: header.created_at, by: header.creator_id };
        self.board.changes += u64::from(header.board_id.is_some());
        activity.event.apply(&mut self.board);
    }

    /// A card that comes from another board brings its tags: the events that marked it there say what
    /// they are called.
    async fn name_tags(&mut self, connection: &mut PgConnection) -> sqlx::Result<()> {
        let nameless = self.board.nameless_tags();
        if nameless.is_empty() {
            return Ok(());
        }
        let cards = self.board.cards.iter().filter(|(_, card)| !card.tags.is_disjoint(&nameless));
        let cards: Vec<CardId> = cards.map(|(id, _)| *id).collect();
        let nameless: Vec<TagId> = BTreeSet::into_iter(nameless).collect();
        for tag in card_tagged::names(connection, self.account, &cards, &nameless).await? {
            self.board.tags.insert(tag.id, TagAsItWas { name: tag.name, color: tag.color });
        }
        Ok(())
    }
}

/// A board as it was at a sequence, by way of the checkpoint before it.
///
/// # Errors
/// A database that fails.
pub async fn rebuild(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
    id: BoardId,
    up_to: i64,
) -> sqlx::Result<Rebuilding> {
    let mut rebuilding = Rebuilding::from_checkpoint(connection, account, id, up_to).await?;
    rebuilding.go_on(log, connection, up_to).await?;
    Ok(rebuilding)
}
