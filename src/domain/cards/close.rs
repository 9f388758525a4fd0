//! Closing a card that is done with.

use sqlx::PgConnection;

use super::{Actor, Card, Error, Result, lock, touch};
use crate::domain::columns;
use crate::events::Log;
use crate::events::kinds::card_closed::CardClosed;
use crate::values::clock;
use crate::values::id::CardId;

/// Closes a card: it leaves its column's list, and stays to be read. One that is closed already
/// stays as it is, and nothing is recorded.
///
/// # Errors
/// [`Error::NotFound`] when there is no such card for them.
pub async fn close(log: &Log, actor: &Actor, number: i64) -> Result<Card> {
    actor.may_write()?;
    let account = actor.account.id;
    let mut change = log.change(&actor.creator()).await?;
    let card = lock(&mut change, actor, number).await?;
    if !insert(&mut change, actor, card.id).await? {
        return Ok(card);
    }
    let card = touch(&mut change, account, card).await?;
    let column = columns::read(&mut *change, account, card.column_id).await?;
    let column = column.ok_or(Error::NotFound)?.snapshot();
    change.record(CardClosed { board_id: card.board_id, card: card.snapshot(), column }).await?;
    Ok(card)
}

/// Whether the card was open until now.
async fn insert(connection: &mut PgConnection, actor: &Actor, card: CardId) -> Result<bool> {
    let closed = sqlx::query!(
        "insert into closures (account_id, card_id, closer_id, created_at) values ($1, $2, $3, $4)
         on conflict do nothing",
        actor.account.id as _,
        card as _,
        actor.user_id as _,
        clock::now(),
    );
    Ok(closed.execute(connection).await?.rows_affected() > 0)
}
