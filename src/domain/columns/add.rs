//! Adding a column.

use sqlx::PgConnection;

use super::{Actor, Column, Result};
use crate::domain::boards;
use crate::events::Log;
use crate::events::kinds::column_added::ColumnAdded;
use crate::values::id::{AccountId, BoardId, ColumnId};
use crate::values::{Color, Name, Rank, clock};

/// Adds a column at the end of a board.
///
/// # Errors
/// [`crate::domain::Error::NotFound`] when there is no such board for them;
/// [`crate::domain::Error::ARCHIVED`] when it was put away.
pub async fn add(log: &Log, actor: &Actor, board: BoardId, name: Name) -> Result<Column> {
    actor.may_write()?;
    let account = actor.account.id;
    let mut change = log.change(&actor.creator()).await?;
    let board = boards::lock_to_change(&mut change, actor, board).await?;
    let (last, color) = neighbour(&mut change, account, board.id).await?;
    let rank = Rank::between(last.as_ref(), None);
    let id = ColumnId::new();
    let column = Column { id, board_id: board.id, name: name.into_string(), color };
    sqlx::query!(
        "insert into columns (account_id, id, board_id, name, color, rank, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        account as _,
        column.id as _,
        column.board_id as _,
        column.name,
        column.color.as_str(),
        rank.as_str(),
        clock::now(),
    )
    .execute(&mut *change)
    .await?;
    let added = ColumnAdded { board: board.snapshot(), column: column.snapshot(), rank };
    change.record(added).await?;
    Ok(column)
}

/// The rank of the last column, and a colour that the next one may have.
async fn neighbour(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
) -> Result<(Option<Rank>, Color)> {
    let columns = sqlx::query!(
        r#"select count(*) as "count!", max(rank) as "last: Rank"
           from columns where account_id = $1 and board_id = $2"#,
        account as _,
        board as _,
    )
    .fetch_one(connection)
    .await?;
    Ok((columns.last, Color::nth(usize::try_from(columns.count).unwrap_or(0))))
}
