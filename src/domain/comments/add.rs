//! Commenting on a card.

use super::{Actor, Comment, Result, cards};
use crate::events::Log;
use crate::events::kinds::comment_added::CommentAdded;
use crate::values::id::CommentId;
use crate::values::{CommentBody, clock};

/// Comments on a card; whoever does follows the card from then on.
///
/// # Errors
/// [`super::Error::NotFound`] when there is no such card for them.
pub async fn add(log: &Log, actor: &Actor, number: i64, body: CommentBody) -> Result<Comment> {
    actor.may_write()?;
    let mut change = log.change(&actor.creator()).await?;
    let card = cards::lock(&mut change, actor, number).await?;
    let comment = Comment {
        id: CommentId::new(),
        card_id: card.id,
        author_id: actor.user_id,
        author_name: actor.name.clone(),
        author_color: actor.color,
        body: body.into_string(),
        version: 1,
        created_at: clock::now(),
        edited_at: None,
    };
    sqlx::query!(
        "insert into comments (account_id, id, card_id, author_id, body, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        actor.account.id as _,
        comment.id as _,
        comment.card_id as _,
        comment.author_id as _,
        comment.body,
        comment.created_at,
    )
    .execute(&mut *change)
    .await?;
    comment.let_be_found(&mut change, actor.account.id).await?;
    cards::watch(&mut change, actor.account.id, card.id, actor.user_id).await?;
    let (board_id, card) = (card.board_id, card.snapshot());
    change.record(CommentAdded { board_id, card, comment: comment.snapshot() }).await?;
    Ok(comment)
}
