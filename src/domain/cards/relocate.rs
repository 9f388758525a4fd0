//! Moving a card within its column and between the columns of its board.

use sqlx::PgConnection;

use super::place::Place;
use super::{Actor, Card, Error, Result, find, lock};
use crate::domain::columns::{self, Column};
use crate::events::kinds::card_moved::CardMoved;
use crate::events::kinds::card_reordered::CardReordered;
use crate::events::{Change, Log};
use crate::values::id::{AccountId, ColumnId};
use crate::values::{Rank, clock};

/// Moves a card to a position, counted from zero, among the other cards of a column; after the
/// last one if none is given. A card that is there already stays, and nothing is recorded.
///
/// # Errors
/// [`Error::NotFound`] when there is no such card for them; [`Error::Invalid`] when its board has
/// no such column.
pub async fn relocate(
    log: &Log,
    actor: &Actor,
    number: i64,
    column: ColumnId,
    position: Option<u32>,
) -> Result<Card> {
    actor.may_write()?;
    let account = actor.account.id;
    let board = find(log.pool(), actor, number).await?.board_id;
    let mut change = log.change(&actor.creator()).await?;
    let to = columns::lock(&mut change, account, column)
        .await?
        .filter(|column| column.board_id == board)
        .ok_or_else(|| Error::invalid("column_id", "This board has no such column."))?;
    let card = lock(&mut change, actor, number).await?;
    let place = Place::find(&mut change, account, to.id, position, Some(card.id)).await?;
    if card.column_id == to.id && place.holds(&card) {
        return Ok(card);
    }
    let rank = place.rank();
    let moved = put(&mut change, account, card.clone(), to.id, rank).await?;
    record(change, account, &card, &moved, to).await?;
    Ok(moved)
}

async fn put(
    connection: &mut PgConnection,
    account: AccountId,
    card: Card,
    column: ColumnId,
    rank: Rank,
) -> Result<Card> {
    let now = clock::now();
    sqlx::query!(
        "update cards set column_id = $3, rank = $4, updated_at = $5
         where account_id = $1 and id = $2",
        account as _,
        card.id as _,
        column as _,
        rank.as_str(),
        now,
    )
    .execute(connection)
    .await?;
    Ok(Card { column_id: column, rank, updated_at: now, ..card })
}

async fn record(
    mut change: Change,
    account: AccountId,
    before: &Card,
    after: &Card,
    to: Column,
) -> Result<()> {
    let (board_id, card, rank) = (after.board_id, after.snapshot(), after.rank.clone());
    if before.column_id == to.id {
        let column = to.snapshot();
        change.record(CardReordered { board_id, card, column, rank }).await?;
        return Ok(());
    }
    let from = columns::read(&mut *change, account, before.column_id).await?;
    let from_column = from.ok_or(Error::NotFound)?.snapshot();
    let to_column = to.snapshot();
    change.record(CardMoved { board_id, card, from_column, to_column, rank }).await?;
    Ok(())
}
