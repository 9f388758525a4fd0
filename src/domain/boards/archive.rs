//! Putting a board away, and taking it out again.

use super::{Board, lock};
use crate::domain::{Actor, Result};
use crate::events::Log;
use crate::events::kinds::board_archived::BoardArchived;
use crate::events::kinds::board_restored::BoardRestored;
use crate::values::clock;
use crate::values::id::BoardId;

/// Puts a board away: it can be read as before, and nothing on it changes. One that is put away
/// already stays so, and nothing is recorded.
///
/// # Errors
/// [`crate::domain::Error::NotFound`] when there is no such board for them;
/// [`crate::domain::Error::Forbidden`] unless they manage it.
pub async fn archive(log: &Log, actor: &Actor, id: BoardId) -> Result<Board> {
    let mut change = log.change(&actor.creator()).await?;
    let board = lock(&mut change, actor, id).await?;
    board.may_be_managed_by(actor)?;
    if board.archived_at.is_some() {
        return Ok(board);
    }
    let now = clock::now();
    sqlx::query!(
        "insert into board_archivals (account_id, board_id, archiver_id, created_at)
         values ($1, $2, $3, $4)",
        actor.account.id as _,
        id as _,
        actor.user_id as _,
        now,
    )
    .execute(&mut *change)
    .await?;
    change.record(BoardArchived { board: board.snapshot() }).await?;
    Ok(Board { archived_at: Some(now), ..board })
}

/// Takes a board out of the archive. One that is not there stays as it is, and nothing is recorded.
///
/// # Errors
/// [`crate::domain::Error::NotFound`] when there is no such board for them;
/// [`crate::domain::Error::Forbidden`] unless they manage it.
pub async fn restore(log: &Log, actor: &Actor, id: BoardId) -> Result<Board> {
    let mut change = log.change(&actor.creator()).await?;
    let board = lock(&mut change, actor, id).await?;
    board.may_be_managed_by(actor)?;
    if board.archived_at.is_none() {
        return Ok(board);
    }
    sqlx::query!(
        "delete from board_archivals where account_id = $1 and board_id = $2",
        actor.account.id as _,
        id as _,
    )
    .execute(&mut *change)
    .await?;
    change.record(BoardRestored { board: board.snapshot() }).await?;
    Ok(Board { archived_at: None, ..board })
}
