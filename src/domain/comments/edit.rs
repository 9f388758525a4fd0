//! Editing what one has said.

use sqlx::PgConnection;

use super::{Actor, Comment, Error, Result, cards, lock};
use crate::events::kinds::comment_edited::CommentEdited;
use crate::events::{Change, Log};
use crate::values::id::{AccountId, CommentId};
use crate::values::{CommentBody, clock};

/// Edits a comment. An edit that changes nothing is not recorded.
///
/// # Errors
/// [`Error::NotFound`] when there is no such comment for them; [`Error::Forbidden`] unless it is
/// theirs; [`Error::Conflict`] when it has another version than the one that was edited, if that
/// is given.
pub async fn edit(
    log: &Log,
    actor: &Actor,
    number: i64,
    id: CommentId,
    body: CommentBody,
    version: Option<i64>,
) -> Result<Comment> {
    actor.may_write()?;
    edit_in(log.change(&actor.creator()).await?, actor, number, (id, version), body).await
}

/// The same of a comment with a version, in a change that was begun by somebody who may write.
pub(in crate::domain) async fn edit_in(
    mut change: Change,
    actor: &Actor,
    number: i64,
    (id, version): (CommentId, Option<i64>),
    body: CommentBody,
) -> Result<Comment> {
    let account = actor.account.id;
    let card = cards::lock(&mut change, actor, number).await?;
    let before = lock(&mut change, account, card.id, id).await?;
    may_edit(actor, &before)?;
    if version.is_some_and(|version| version != before.version) {
        return Err(Error::Conflict { version: before.version });
    }
    if before.body == body.as_str() {
        return Ok(before);
    }
    let old_body = before.body.clone();
    let version = before.version + 1;
    let after =
        Comment { body: body.into_string(), version, edited_at: Some(clock::now()), ..before };
    write(&mut change, account, &after).await?;
    after.let_be_found(&mut change, account).await?;
    let (board_id, card) = (card.board_id, card.snapshot());
    change.record(CommentEdited { board_id, card, comment: after.snapshot(), old_body }).await?;
    Ok(after)
}

/// May they edit this comment?
///
/// # Errors
/// [`Error::Forbidden`] unless they wrote it.
pub fn may_edit(actor: &Actor, comment: &Comment) -> Result<()> {
    match comment.author_id == actor.user_id {
        true => Ok(()),
        false => Err(Error::Forbidden("Only its author may edit a comment.")),
    }
}

async fn write(connection: &mut PgConnection, account: AccountId, comment: &Comment) -> Result<()> {
    sqlx::query!(
        "update comments set body = $3, version = $4, edited_at = $5
         where account_id = $1 and id = $2",
        account as _,
        comment.id as _,
        comment.body,
        comment.version,
        comment.edited_at,
    )
    .execute(connection)
    .await?;
    Ok(())
}
