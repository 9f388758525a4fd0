//! Moving a column among the columns of its board.

use super::place::Row;
use super::{Actor, Column, Result, lock_of_board};
use crate::domain::boards;
use crate::events::Log;
use crate::events::kinds::column_moved::ColumnMoved;
use crate::values::id::{BoardId, ColumnId};

/// Moves a column to a position, counted from zero, among the other columns; after the last one if
/// none is given. A column that is there already stays, and nothing is recorded.
///
/// # Errors
/// [`crate::domain::Error::NotFound`] when there is no such column for them;
/// [`crate::domain::Error::ARCHIVED`] when its board was put away.
pub async fn relocate(
    log: &Log,
    actor: &Actor,
    board: BoardId,
    id: ColumnId,
    position: Option<u32>,
) -> Result<Column> {
    actor.may_write()?;
    let account = actor.account.id;
    let mut change = log.change(&actor.creator()).await?;
    let board = boards::lock_to_change(&mut change, actor, board).await?;
    let column = lock_of_board(&mut change, account, board.id, id).await?;
    let row = Row::of(&mut change, account, board.id).await?;
    let (position, rank) = row.place(id, position);
    if row.position(id) == Some(position) {
        return Ok(column);
    }
    sqlx::query!(
        "update columns set rank = $3 where account_id = $1 and id = $2",
        account as _,
        id as _,
        rank.as_str(),
    )
    .execute(&mut *change)
    .await?;
    let position = i32::try_from(position).unwrap_or(i32::MAX);
    let (board, snapshot) = (board.snapshot(), column.snapshot());
    change.record(ColumnMoved { board, column: snapshot, position, rank }).await?;
    Ok(column)
}
