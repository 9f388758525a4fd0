//! Bringing back what was said.

use sqlx::PgConnection;

use super::search::{self, Findable};
use super::{Actor, Result, cards};
use crate::events::kinds::comment_restored::CommentRestored;
use crate::events::story::CommentAsItWas;
use crate::events::{Change, CommentSnapshot};
use crate::values::id::{AccountId, CardId, CommentId, UserId};

/// Puts a comment that was deleted under its card again, in a change that was begun by somebody who
/// may write.
pub(in crate::domain) async fn restore_in(
    mut change: Change,
    actor: &Actor,
    number: i64,
    (id, author_id): (CommentId, UserId),
    comment: &CommentAsItWas,
) -> Result<()> {
    let card = cards::lock(&mut change, actor, number).await?;
    insert(&mut change, actor.account.id, card.id, id, comment).await?;
    let (board_id, card) = (card.board_id, card.snapshot());
    let comment = CommentSnapshot { id, body: comment.body.clone() };
    change.record(CommentRestored { board_id, card, comment, author_id }).await?;
    Ok(())
}

/// Writes the row of a comment that was there before, and lets it be found by its words.
pub(in crate::domain) async fn insert(
    connection: &mut PgConnection,
    account: AccountId,
    card: CardId,
    id: CommentId,
    comment: &CommentAsItWas,
) -> Result<()> {
    sqlx::query!(
        "insert into comments (account_id, id, card_id, author_id, body, version, created_at,
             edited_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        account as _,
        id as _,
        card as _,
        comment.author_id as _,
        comment.body,
        comment.version,
        comment.created_at,
        comment.edited_at,
    )
    .execute(&mut *connection)
    .await?;
    search::put(connection, account, Findable::Comment { id, card, body: &comment.body }).await
}
