//! Giving a board another name.

use super::{Board, lock_to_change};
use crate::domain::{Actor, Result};
use crate::events::Log;
use crate::events::kinds::board_renamed::BoardRenamed;
use crate::values::Name;
use crate::values::id::BoardId;

/// Gives a board another name. The one it has already is no change, and is not recorded.
///
/// # Errors
/// [`crate::domain::Error::NotFound`] when there is no such board for them;
/// [`crate::domain::Error::Forbidden`] unless they manage it and it is not archived.
pub async fn rename(log: &Log, actor: &Actor, id: BoardId, name: Name) -> Result<Board> {
    let mut change = log.change(&actor.creator()).await?;
    let before = lock_to_change(&mut change, actor, id).await?;
    before.may_be_managed_by(actor)?;
    if before.name == name.as_str() {
        return Ok(before);
    }
    sqlx::query!(
        "update boards set name = $3 where account_id = $1 and id = $2",
        actor.account.id as _,
        id as _,
        name.as_str(),
    )
    .execute(&mut *change)
    .await?;
    let old_name = before.name.clone();
    let board = Board { name: name.into_string(), ..before };
    change.record(BoardRenamed { board: board.snapshot(), old_name }).await?;
    Ok(board)
}
