//! Giving a column another name or colour.

use super::{Actor, Column, Result, lock_of_board};
use crate::domain::boards;
use crate::events::Log;
use crate::events::kinds::column_renamed::ColumnRenamed;
use crate::values::id::{BoardId, ColumnId};
use crate::values::{Color, Name};

/// What is to be changed; none leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The new name.
    pub name: Option<Name>,
    /// The new colour.
    pub color: Option<Color>,
}

/// Gives a column another name, another colour, or both. An edit that changes nothing is not
/// recorded.
///
/// # Errors
/// [`crate::domain::Error::NotFound`] when there is no such column for them;
/// [`crate::domain::Error::ARCHIVED`] when its board was put away.
pub async fn update(
    log: &Log,
    actor: &Actor,
    board: BoardId,
    id: ColumnId,
    edit: Edit,
) -> Result<Column> {
    actor.may_write()?;
    let account = actor.account.id;
    let mut change = log.change(&actor.creator()).await?;
    let board = boards::lock_to_change(&mut change, actor, board).await?;
    let before = lock_of_board(&mut change, account, board.id, id).await?;
    let name = edit.name.map_or_else(|| before.name.clone(), Name::into_string);
    let after = Column { name, color: edit.color.unwrap_or(before.color), ..before };
    if after == before {
        return Ok(before);
    }
    sqlx::query!(
        "update columns set name = $3, color = $4 where account_id = $1 and id = $2",
        account as _,
        id as _,
        after.name,
        after.color.as_str(),
    )
    .execute(&mut *change)
    .await?;
    let (board, column) = (board.snapshot(), after.snapshot());
    let (old_name, old_color) = (before.name, before.color);
    change.record(ColumnRenamed { board, column, old_name, old_color }).await?;
    Ok(after)
}
