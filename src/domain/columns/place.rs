//! A place among the columns of a board.

use sqlx::PgConnection;

use super::Result;
use crate::values::Rank;
use crate::values::id::{AccountId, BoardId, ColumnId};

/// The columns of a board in order; the board must be locked.
pub(super) struct Row(Vec<Neighbour>);

struct Neighbour {
    id: ColumnId,
    rank: Rank,
}

impl Row {
    /// Reads them.
    pub(super) async fn of(
        connection: &mut PgConnection,
        account: AccountId,
        board: BoardId,
    ) -> Result<Self> {
        let columns = sqlx::query_as!(
            Neighbour,
            r#"select id as "id: ColumnId", rank as "rank: Rank"
               from columns where account_id = $1 and board_id = $2 order by rank, id"#,
            account as _,
            board as _,
        );
        Ok(Self(columns.fetch_all(connection).await?))
    }

    /// Where a column stands now, counted from zero.
    pub(super) fn position(&self, column: ColumnId) -> Option<usize> {
        self.0.iter().position(|other| other.id == column)
    }

    /// Where a column would stand if it were put at a position among the others, or after the last
    /// one, and the rank that puts it there.
    pub(super) fn place(&self, column: ColumnId, position: Option<u32>) -> (usize, Rank) {
        let others: Vec<&Rank> =
            self.0.iter().filter(|other| other.id != column).map(|other| &other.rank).collect();
        let position = position.and_then(|position| usize::try_from(position).ok());
        let position = position.unwrap_or(usize::MAX).min(others.len());
        let before = position.checked_sub(1).map(|before| others[before]);
        (position, Rank::between(before, others.get(position).copied()))
    }
}
