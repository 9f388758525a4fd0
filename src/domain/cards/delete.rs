//! Deleting a card with all that hangs on it.

use sqlx::PgConnection;

use super::{Actor, Card, Error, Result, lock};
use crate::domain::columns;
use crate::events::Log;
use crate::events::kinds::card_deleted::CardDeleted;
use crate::values::id::{AccountId, CardId, UserId};

/// Deletes a card, its comments and whatever else belongs to it. What happened to it stays in the
/// log, and its event says what it was.
///
/// # Errors
/// [`Error::NotFound`] when there is no such card for them; [`Error::Forbidden`] unless they
/// added it or are an admin.
pub async fn delete(log: &Log, actor: &Actor, number: i64) -> Result<()> {
    actor.may_write()?;
    let account = actor.account.id;
    let mut change = log.change(&actor.creator()).await?;
    let card = lock(&mut change, actor, number).await?;
    may_delete(actor, &card)?;
    let column = columns::read(&mut *change, account, card.column_id).await?;
    let column = column.ok_or(Error::NotFound)?.snapshot();
    let watcher_ids = remove(&mut change, account, card.id).await?;
    change
        .record(CardDeleted {
            board_id: card.board_id,
            card: card.snapshot(),
            column,
            rank: card.rank,
            description: card.description,
            watcher_ids,
        })
        .await?;
    Ok(())
}

/// May they delete this card?
///
/// # Errors
/// [`Error::Forbidden`] unless they added it or are an admin.
pub fn may_delete(actor: &Actor, card: &Card) -> Result<()> {
    if card.creator_id == actor.user_id || actor.administers() {
        return Ok(());
    }
    Err(Error::Forbidden("Only whoever added a card, or an admin, may delete it."))
}

/// Removes the card's rows; the people who followed it.
async fn remove(
    connection: &mut PgConnection,
    account: AccountId,
    card: CardId,
) -> Result<Vec<UserId>> {
    // One statement: Postgres checks the keys that point at the card when all are gone.
    let watchers = sqlx::query_scalar!(
        r#"with closure as (delete from closures where account_id = $1 and card_id = $2),
               work as (delete from assignments where account_id = $1 and card_id = $2),
               tags as (delete from taggings where account_id = $1 and card_id = $2),
               words as (delete from comments where account_id = $1 and card_id = $2),
               card as (delete from cards where account_id = $1 and id = $2)
           delete from watches where account_id = $1 and card_id = $2
           returning user_id as "user_id: UserId""#,
        account as _,
        card as _,
    );
    Ok(watchers.fetch_all(connection).await?)
}
