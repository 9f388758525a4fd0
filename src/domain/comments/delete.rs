//! Deleting a comment.

use super::{Actor, Comment, Error, Result, cards, lock};
use crate::events::Log;
use crate::events::kinds::comment_deleted::CommentDeleted;
use crate::values::id::CommentId;

/// Deletes a comment. That it was written, and what it said, stays in the log.
///
/// # Errors
/// [`Error::NotFound`] when there is no such comment for them; [`Error::Forbidden`] unless it is
/// theirs or they are an admin.
pub async fn delete(log: &Log, actor: &Actor, number: i64, id: CommentId) -> Result<()> {
    actor.may_write()?;
    let account = actor.account.id;
    let mut change = log.change(&actor.creator()).await?;
    let card = cards::lock(&mut change, actor, number).await?;
    let comment = lock(&mut change, account, card.id, id).await?;
    may_delete(actor, &comment)?;
    sqlx::query!("delete from comments where account_id = $1 and id = $2", account as _, id as _,)
        .execute(&mut *change)
        .await?;
    let (board_id, card, author_id) = (card.board_id, card.snapshot(), comment.author_id);
    change.record(CommentDeleted { board_id, card, comment_id: id, author_id }).await?;
    Ok(())
}

/// May they delete this comment?
///
/// # Errors
/// [`Error::Forbidden`] unless they wrote it or are an admin.
pub fn may_delete(actor: &Actor, comment: &Comment) -> Result<()> {
    if comment.author_id == actor.user_id || actor.administers() {
        return Ok(());
    }
    Err(Error::Forbidden("Only its author, or an admin, may delete a comment."))
}
