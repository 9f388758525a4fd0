//! Moving a card within its column and between the columns of its board.

use sqlx::PgConnection;

use super::place::{Place, Spot};
use super::{Actor, Card, Error, Result, is_closed, lock};
use crate::domain::columns;
use crate::events::kinds::card_moved::CardMoved;
use crate::events::kinds::card_reordered::CardReordered;
use crate::events::{Change, ColumnSnapshot, Log};
use crate::values::id::{AccountId, ColumnId};
use crate::values::{Color, Rank, clock};

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
    let change = log.change(&actor.creator()).await?;
    relocate_in(change, actor, number, column, position.into()).await
}

/// The same in a change that was begun by somebody who may write.
pub(in crate::domain) async fn relocate_in(
    mut change: Change,
    actor: &Actor,
    number: i64,
    column: ColumnId,
    spot: Spot,
) -> Result<Card> {
    let account = actor.account.id;
    // The column comes first in the order of locks, so whether it is the card's is seen after.
    let column = columns::lock(&mut change, account, column).await?;
    let card = lock(&mut change, actor, number).await?;
    let to = column
        .filter(|column| column.board_id == card.board_id)
        .ok_or_else(|| Error::invalid("column_id", "This board has no such column."))?;
    let place = Place::find(&mut change, account, to.id, spot, Some(card.id)).await?;
    if card.column_id == to.id && place.holds(&card) {
        return stay(&mut change, account, card).await;
    }
    let (moved, from) = put(&mut change, account, card, to.id, place.rank()).await?;
    record(change, &moved, from, to.snapshot()).await?;
    Ok(moved)
}

/// Leaves a card where it is, unless it is closed.
async fn stay(connection: &mut PgConnection, account: AccountId, card: Card) -> Result<Card> {
    let is_open = sqlx::query_scalar!(
        r#"select not exists (select from closures
                              where account_id = $1 and card_id = $2) as "is_open!""#,
        account as _,
        card.id as _,
    );
    if is_open.fetch_one(connection).await? { Ok(card) } else { Err(is_closed()) }
}

/// Writes the new place, unless somebody has closed the card, and gives the column that it left.
async fn put(
    connection: &mut PgConnection,
    account: AccountId,
    card: Card,
    column: ColumnId,
    rank: Rank,
) -> Result<(Card, ColumnSnapshot)> {
    let now = clock::now();
    let left = sqlx::query_as!(
        ColumnSnapshot,
        r#"update cards c set column_id = $3, rank = $4, updated_at = $5
           from columns l
           where c.account_id = $1 and c.id = $2 and l.account_id = $1 and l.id = c.column_id
             and not exists (select from closures k where k.account_id = $1 and k.card_id = c.id)
           returning l.id as "id: ColumnId", l.name, l.color as "color: Color""#,
        account as _,
        card.id as _,
        column as _,
        rank.as_str(),
        now,
    );
    let left = left.fetch_optional(connection).await?.ok_or_else(is_closed)?;
    Ok((Card { column_id: column, rank, updated_at: now, ..card }, left))
}

async fn record(
    change: Change,
    moved: &Card,
    from_column: ColumnSnapshot,
    to_column: ColumnSnapshot,
) -> Result<()> {
    let (board_id, card, rank) = (moved.board_id, moved.snapshot(), moved.rank.clone());
    if from_column.id == to_column.id {
        change.record(CardReordered { board_id, card, column: to_column, rank }).await?;
    } else {
        change.record(CardMoved { board_id, card, from_column, to_column, rank }).await?;
    }
    Ok(())
}
