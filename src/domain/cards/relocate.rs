//! Moving a card within its column and between the columns of its board.

use sqlx::{PgConnection, PgPool};

use super::place::Place;
use super::{Actor, Card, Error, Result, is_closed, lock};
use crate::domain::columns::{self, Column};
use crate::events::kinds::card_moved::CardMoved;
use crate::events::kinds::card_reordered::CardReordered;
use crate::events::{Change, Log};
use crate::values::id::{AccountId, BoardId, ColumnId};
use crate::values::{Rank, clock};

/// Moves a card to a position, counted from zero, among the other open cards of a column; after
/// the last one if none is given. A card that is there already stays, and nothing is recorded.
///
/// # Errors
/// [`Error::NotFound`] when there is no such card for them; [`Error::Invalid`] when its board has
/// no such column, or the card is closed.
pub async fn relocate(
    log: &Log,
    actor: &Actor,
    number: i64,
    column: ColumnId,
    position: Option<u32>,
) -> Result<Card> {
    actor.may_write()?;
    let account = actor.account.id;
    let board = board_of_open(log.pool(), actor, number).await?;
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

/// The board of a card that can be moved. The card is not locked yet: the column comes first.
async fn board_of_open(pool: &PgPool, actor: &Actor, number: i64) -> Result<BoardId> {
    let card = sqlx::query!(
        r#"select board_id as "board_id: BoardId",
               exists (select from closures k
                       where k.account_id = $1 and k.card_id = c.id) as "is_closed!"
           from cards c where account_id = $1 and number = $3
             and exists (select from board_viewers v
                         where v.account_id = $1 and v.board_id = c.board_id and v.user_id = $2)"#,
        actor.account.id as _,
        actor.user_id as _,
        number,
    )
    .fetch_optional(pool)
    .await?
    .ok_or(Error::NotFound)?;
    if card.is_closed { Err(is_closed()) } else { Ok(card.board_id) }
}

/// Writes the new place, unless somebody has closed the card meanwhile.
async fn put(
    connection: &mut PgConnection,
    account: AccountId,
    card: Card,
    column: ColumnId,
    rank: Rank,
) -> Result<Card> {
    let now = clock::now();
    let put = sqlx::query!(
        "update cards c set column_id = $3, rank = $4, updated_at = $5
         where account_id = $1 and id = $2
           and not exists (select from closures k where k.account_id = $1 and k.card_id = c.id)",
        account as _,
        card.id as _,
        column as _,
        rank.as_str(),
        now,
    )
    .execute(connection)
    .await?;
    if put.rows_affected() == 0 {
        return Err(is_closed());
    }
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
