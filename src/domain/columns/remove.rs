//! Removing a column, after its cards went to another one.

use std::sync::Arc;

use sqlx::PgConnection;

use super::{Actor, Column, Error, Result, lock};
use crate::domain::boards;
use crate::events::kinds::card_moved::CardMoved;
use crate::events::kinds::column_removed::ColumnRemoved;
use crate::events::{CardSnapshot, Event, Log};
use crate::values::id::{AccountId, BoardId, CardId, ColumnId};
use crate::values::{Rank, clock};

/// The most cards that are moved at once: each is an event, as the removal is, and a change has at
/// most 500.
const MOST_CARDS: usize = 499;

/// A card that goes to another column.
struct Moving {
    id: CardId,
    number: i64,
    title: String,
    rank: Rank,
}

/// Removes a column. Its cards, closed ones too, go to the end of another column of the board in
/// their order; for a column without cards none need be named.
///
/// # Errors
/// [`Error::NotFound`] when there is no such column for them; [`Error::ARCHIVED`] when its board
/// was put away; [`Error::Invalid`] when it has cards and no other column of the board is named to
/// take them, or too many cards.
pub async fn remove(
    log: &Log,
    actor: &Actor,
    board: BoardId,
    id: ColumnId,
    to: Option<ColumnId>,
) -> Result<()> {
    actor.may_write()?;
    let account = actor.account.id;
    let mut change = log.change(&actor.creator()).await?;
    let board = boards::lock_to_change(&mut change, actor, board).await?;
    let (column, to) = lock_both(&mut change, account, board.id, id, to).await?;
    let cards = cards_in_order(&mut change, account, id).await?;
    let (board_id, snapshot) = (board.id, column.snapshot());
    let to_column = if cards.is_empty() { None } else { Some(taker(to, &cards)?) };
    let removed = ColumnRemoved {
        board: board.snapshot(),
        column: snapshot.clone(),
        to_column: to_column.as_ref().map(Column::snapshot),
    };
    let mut events: Vec<Arc<dyn Event>> = vec![Arc::new(removed)];
    if let Some(to) = to_column {
        for card in hand_over(&mut change, account, cards, &to).await? {
            events.push(Arc::new(CardMoved {
                board_id,
                card: CardSnapshot { id: card.id, number: card.number, title: card.title },
                from_column: snapshot.clone(),
                to_column: to.snapshot(),
                rank: card.rank,
            }));
        }
    }
    delete(&mut change, account, id).await?;
    change.record_all(events).await?;
    Ok(())
}

/// Locks the column and the one that takes its cards, in the order of their ids.
async fn lock_both(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
    id: ColumnId,
    to: Option<ColumnId>,
) -> Result<(Column, Option<Column>)> {
    let mut ids: Vec<ColumnId> = to.into_iter().chain([id]).collect();
    ids.sort_unstable();
    ids.dedup();
    let (mut column, mut taker) = (None, None);
    for locked in ids {
        let found = lock(connection, account, locked).await?;
        let found = found.filter(|column| column.board_id == board);
        if locked == id { column = found } else { taker = found }
    }
    let column = column.ok_or(Error::NotFound)?;
    if to.is_some() && taker.is_none() {
        return Err(Error::invalid("to_column_id", "Choose another column of this board."));
    }
    Ok((column, taker))
}

/// Locks the cards of a column in the order of their ids, and gives them in their own order.
async fn cards_in_order(
    connection: &mut PgConnection,
    account: AccountId,
    column: ColumnId,
) -> Result<Vec<Moving>> {
    let cards = sqlx::query_as!(
        Moving,
        r#"select id as "id: CardId", number, title, rank as "rank: Rank"
           from cards where account_id = $1 and column_id = $2 order by id for no key update"#,
        account as _,
        column as _,
    );
    let mut cards = cards.fetch_all(connection).await?;
    cards.sort_by(|one, other| (&one.rank, one.id).cmp(&(&other.rank, other.id)));
    Ok(cards)
}

/// The column that takes the cards, if it was named and they are not too many.
fn taker(to: Option<Column>, cards: &[Moving]) -> Result<Column> {
    let to = to.ok_or_else(|| {
        Error::invalid("to_column_id", "This column has cards: choose where they go.")
    })?;
    if cards.len() > MOST_CARDS {
        let words = "This column has more than 499 cards; move some of them elsewhere first.";
        return Err(Error::invalid("to_column_id", words));
    }
    Ok(to)
}

/// Puts the cards at the end of a column, in their order; the cards with their new ranks.
async fn hand_over(
    connection: &mut PgConnection,
    account: AccountId,
    mut cards: Vec<Moving>,
    to: &Column,
) -> Result<Vec<Moving>> {
    let mut last = sqlx::query_scalar!(
        r#"select max(rank) as "last: Rank" from cards where account_id = $1 and column_id = $2"#,
        account as _,
        to.id as _,
    )
    .fetch_one(&mut *connection)
    .await?;
    for card in &mut cards {
        card.rank = Rank::between(last.as_ref(), None);
        last = Some(card.rank.clone());
    }
    let ids: Vec<CardId> = cards.iter().map(|card| card.id).collect();
    let ranks: Vec<&str> = cards.iter().map(|card| card.rank.as_str()).collect();
    sqlx::query!(
        "update cards c set column_id = $2, rank = moved.rank, updated_at = $5
         from unnest($3::uuid[], $4::text[]) as moved (id, rank)
         where c.account_id = $1 and c.id = moved.id",
        account as _,
        to.id as _,
        &ids as _,
        &ranks as _,
        clock::now(),
    )
    .execute(connection)
    .await?;
    Ok(cards)
}

async fn delete(connection: &mut PgConnection, account: AccountId, id: ColumnId) -> Result<()> {
    sqlx::query!("delete from columns where account_id = $1 and id = $2", account as _, id as _)
        .execute(connection)
        .await?;
    Ok(())
}
