//! What the lines of a feed speak of and is there no more.

use std::collections::HashSet;

use sqlx::PgExecutor;

use crate::domain::Result;
use crate::events::{Activity, Part};
use crate::values::id::{AccountId, BoardId};

/// Cards and boards that were deleted: a line still names them, but leads nowhere. It is the same
/// for whoever looks, since lines are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gone {
    /// Cards by their numbers.
    pub cards: HashSet<i64>,
    /// Boards.
    pub boards: HashSet<BoardId>,
}

impl Gone {
    /// What is gone of all that some activities name, in one query.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn of(
        executor: impl PgExecutor<'_>,
        account: AccountId,
        activities: &[Activity],
    ) -> Result<Self> {
        let mut named = Self::default();
        for part in activities.iter().flat_map(|activity| &activity.sentence.parts) {
            match part {
                Part::Card { number, .. } => drop(named.cards.insert(*number)),
                Part::Board { id, .. } => drop(named.boards.insert(*id)),
                _ => {}
            }
        }
        named.without_those_present(executor, account).await
    }

    async fn without_those_present(
        mut self,
        executor: impl PgExecutor<'_>,
        account: AccountId,
    ) -> Result<Self> {
        let numbers: Vec<i64> = self.cards.iter().copied().collect();
        let boards: Vec<BoardId> = self.boards.iter().copied().collect();
        let present = sqlx::query!(
            r#"select number as "number?", null::uuid as "board: BoardId"
               from cards where account_id = $1 and number = any($2)
               union all
               select null, id from boards where account_id = $1 and id = any($3)"#,
            account as _,
            &numbers,
            &boards as _,
        )
        .fetch_all(executor)
        .await?;
        for row in present {
            row.number.map(|number| self.cards.remove(&number));
            row.board.map(|board| self.boards.remove(&board));
        }
        Ok(self)
    }
}
