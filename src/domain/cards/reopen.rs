//! Reopening a card that was closed.

use sqlx::PgConnection;

use super::place::{Place, Spot};
use super::{Actor, Card, Error, Result, find, lock};
use crate::domain::columns;
use crate::events::kinds::card_reopened::CardReopened;
use crate::events::{Change, Log};
use crate::values::clock;
use crate::values::id::{AccountId, CardId, ColumnId};

/// Reopens a card at the end of the column it stood in: its old place may be gone. One that is
/// open stays as it is, and nothing is recorded.
///
/// # Errors
/// [`Error::NotFound`] when there is no such card for them; [`Error::Conflict`] when somebody
/// gave it another column at the same moment.
pub async fn reopen(log: &Log, actor: &Actor, number: i64) -> Result<Card> {
    actor.may_write()?;
    let column = find(log.pool(), actor, number).await?.column_id;
    let change = log.change(&actor.creator()).await?;
    reopen_in(change, actor, number, column, Spot::Last).await
}

/// The same at a spot of its column, in a change that was begun by somebody who may write.
pub(in crate::domain) async fn reopen_in(
    mut change: Change,
    actor: &Actor,
    number: i64,
    column: ColumnId,
    spot: Spot,
) -> Result<Card> {
    let account = actor.account.id;
    let column = columns::lock(&mut change, account, column).await?;
    let card = lock(&mut change, actor, number).await?;
    let Some(column) = column.filter(|column| column.id == card.column_id) else {
        return Err(Error::Conflict { version: card.version });
    };
    if !remove(&mut change, account, card.id).await? {
        return Ok(card);
    }
    let place = Place::find(&mut change, account, column.id, spot, Some(card.id)).await?;
    let card = Card { rank: place.rank(), updated_at: clock::now(), ..card };
    put(&mut change, account, &card).await?;
    let (board_id, rank) = (card.board_id, card.rank.clone());
    let (snapshot, column) = (card.snapshot(), column.snapshot());
    change.record(CardReopened { board_id, card: snapshot, column, rank }).await?;
    Ok(card)
}

/// Whether the card was closed until now.
async fn remove(connection: &mut PgConnection, account: AccountId, card: CardId) -> Result<bool> {
    let reopened = sqlx::query!(
        "delete from closures where account_id = $1 and card_id = $2",
        account as _,
        card as _,
    );
    Ok(reopened.execute(connection).await?.rows_affected() > 0)
}

async fn put(connection: &mut PgConnection, account: AccountId, card: &Card) -> Result<()> {
    sqlx::query!(
        "update cards set rank = $3, updated_at = $4 where account_id = $1 and id = $2",
        account as _,
        card.id as _,
        card.rank.as_str(),
        card.updated_at,
    )
    .execute(connection)
    .await?;
    Ok(())
}
