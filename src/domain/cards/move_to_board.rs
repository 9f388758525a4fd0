//! Moving a card to another board.
//!
//! Both boards tell it, each in an event of its own, and neither names the other to people who
//! may not know of it.

use std::sync::Arc;

use sqlx::PgConnection;

use super::place::{Place, Spot};
use super::{Actor, Card, Error, Result, find, is_closed, lock};
use crate::domain::boards::{self, Board};
use crate::domain::columns::{self, Column};
use crate::events::kinds::card_moved_from_board::CardMovedFromBoard;
use crate::events::kinds::card_moved_to_board::CardMovedToBoard;
use crate::events::kinds::card_unassigned::CardUnassigned;
use crate::events::{BoardSnapshot, Change, Event, Log};
use crate::values::id::{AccountId, BoardId, CardId, ColumnId, TagId, UserId};
use crate::values::{BoardAccess, clock};

/// Moves a card to the end of a column of another board, or of that board's first one. Whoever
/// does not see that board no longer follows the card, and it is no longer their work.
///
/// # Errors
/// [`Error::NotFound`] when there is no such card for them; [`Error::Invalid`] when there is no
/// such board or column for them, the card is there already, or it is closed; [`Error::ARCHIVED`]
/// when either board was put away.
pub async fn move_to_board(
    log: &Log,
    actor: &Actor,
    number: i64,
    board: BoardId,
    column: Option<ColumnId>,
) -> Result<Card> {
    actor.may_write()?;
    let from = find(log.pool(), actor, number).await?.board_id;
    if from == board {
        return Err(Error::invalid("board_id", "The card is on this board already."));
    }
    let change = log.change(&actor.creator()).await?;
    let to = Destination { board, column, spot: Spot::Last };
    move_to_board_in(change, actor, number, from, to).await
}

/// Where a card goes.
pub(in crate::domain) struct Destination {
    pub(in crate::domain) board: BoardId,
    /// None: the first one of the board.
    pub(in crate::domain) column: Option<ColumnId>,
    pub(in crate::domain) spot: Spot,
}

/// The same from the board that the card was seen on, in a change that was begun by somebody who may
/// write.
pub(in crate::domain) async fn move_to_board_in(
    mut change: Change,
    actor: &Actor,
    number: i64,
    from: BoardId,
    Destination { board, column, spot }: Destination,
) -> Result<Card> {
    let account = actor.account.id;
    let boards = lock_boards(&mut change, actor, from, board).await?;
    let column = lock_column(&mut change, account, board, column).await?;
    let before = lock(&mut change, actor, number).await?;
    if before.board_id != from {
        return Err(Error::Conflict { version: before.version });
    }
    let place = Place::find(&mut change, account, column.id, spot, None).await?;
    let (rank, updated_at) = (place.rank(), clock::now());
    let after = Card { board_id: board, column_id: column.id, rank, updated_at, ..before.clone() };
    put(&mut change, account, &after).await?;
    let strangers = leave_behind(&mut change, account, &after).await?;
    let carried = carried(&mut change, account, after.id).await?;
    let from_column = columns::read(&mut *change, account, before.column_id).await?;
    let from_column = from_column.ok_or(Error::NotFound)?;
    let moved = Moved { before, after, from_column, column, boards };
    change.record_all(moved.events(strangers, carried)).await?;
    Ok(moved.after)
}

/// A move, as both boards tell it.
struct Moved {
    before: Card,
    after: Card,
    from_column: Column,
    column: Column,
    boards: Boards,
}

/// The two boards as each may be named on the other one.
struct Boards {
    from: Option<BoardSnapshot>,
    to: Option<BoardSnapshot>,
}

/// What a card takes along.
struct Carried {
    assignee_ids: Vec<UserId>,
    tag_ids: Vec<TagId>,
    comments: i64,
}

impl Moved {
    /// What the old board is told, and what that entails.
    fn events(&self, strangers: Vec<UserId>, carried: Carried) -> Vec<Arc<dyn Event>> {
        let left: Arc<dyn Event> = Arc::new(CardMovedToBoard {
            board_id: self.before.board_id,
            card: self.before.snapshot(),
            from_column: self.from_column.snapshot(),
            to_board: self.boards.to.clone(),
        });
        let unassigned = strangers.into_iter().map(|user_id| {
            let (board_id, card) = (self.before.board_id, self.before.snapshot());
            Arc::new(CardUnassigned { board_id, card, user_id }) as Arc<dyn Event>
        });
        let came: Arc<dyn Event> = Arc::new(CardMovedFromBoard {
            board_id: self.after.board_id,
            card: self.after.snapshot(),
            column: self.column.snapshot(),
            rank: self.after.rank.clone(),
            from_board: self.boards.from.clone(),
            description: self.after.description.clone(),
            assignee_ids: carried.assignee_ids,
            tag_ids: carried.tag_ids,
            comments: carried.comments,
        });
        [left].into_iter().chain(unassigned).chain([came]).collect()
    }
}

/// Keeps both boards as they are until the card has moved, and sees that both may be changed.
/// They are locked in the order of their ids.
async fn lock_boards(
    connection: &mut PgConnection,
    actor: &Actor,
    from: BoardId,
    to: BoardId,
) -> Result<Boards> {
    let mut ids = [from, to];
    ids.sort_unstable();
    let mut locked = Vec::with_capacity(ids.len());
    for id in ids {
        match boards::lock_to_change(&mut *connection, actor, id).await {
            Err(Error::NotFound) if id == to => {
                return Err(Error::invalid("board_id", "There is no such board."));
            }
            board => locked.push(board?),
        }
    }
    let named = |id| {
        let is_open = |board: &&Board| board.id == id && board.access == BoardAccess::Everyone;
        locked.iter().find(is_open).map(Board::snapshot)
    };
    Ok(Boards { from: named(from), to: named(to) })
}

async fn lock_column(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
    column: Option<ColumnId>,
) -> Result<Column> {
    let id = match column {
        Some(column) => column,
        None => first_column(connection, account, board).await?,
    };
    let column = columns::lock(connection, account, id).await?;
    column
        .filter(|column| column.board_id == board)
        .ok_or_else(|| Error::invalid("column_id", "That board has no such column."))
}

async fn first_column(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
) -> Result<ColumnId> {
    let first = sqlx::query_scalar!(
        r#"select id as "id: ColumnId" from columns where account_id = $1 and board_id = $2
           order by rank, id limit 1"#,
        account as _,
        board as _,
    );
    let first = first.fetch_optional(connection).await?;
    first.ok_or_else(|| Error::invalid("board_id", "That board has no columns yet."))
}

/// Writes the new place, unless the card is closed.
async fn put(connection: &mut PgConnection, account: AccountId, card: &Card) -> Result<()> {
    let put = sqlx::query!(
        "update cards c set board_id = $3, column_id = $4, rank = $5, updated_at = $6
         where account_id = $1 and id = $2
           and not exists (select from closures k where k.account_id = $1 and k.card_id = c.id)",
        account as _,
        card.id as _,
        card.board_id as _,
        card.column_id as _,
        card.rank.as_str(),
        card.updated_at,
    );
    match put.execute(connection).await?.rows_affected() {
        0 => Err(is_closed()),
        _ => Ok(()),
    }
}

/// Takes the card off whoever does not see its board now; those whose work it was.
async fn leave_behind(
    connection: &mut PgConnection,
    account: AccountId,
    card: &Card,
) -> Result<Vec<UserId>> {
    let strangers = sqlx::query_scalar!(
        r#"with viewers as (
               select user_id from board_viewers where account_id = $1 and board_id = $3
           ), watchers as (
               delete from watches where account_id = $1 and card_id = $2
                 and user_id not in (select user_id from viewers)
           )
           delete from assignments where account_id = $1 and card_id = $2
             and user_id not in (select user_id from viewers)
           returning user_id as "user_id: UserId""#,
        account as _,
        card.id as _,
        card.board_id as _,
    );
    Ok(strangers.fetch_all(connection).await?)
}

async fn carried(
    connection: &mut PgConnection,
    account: AccountId,
    card: CardId,
) -> Result<Carried> {
    let carried = sqlx::query_as!(
        Carried,
        r#"select
               array(select user_id from assignments where account_id = $1 and card_id = $2
                     order by created_at, user_id) as "assignee_ids!: Vec<UserId>",
               array(select tag_id from taggings where account_id = $1 and card_id = $2
                     order by tag_id) as "tag_ids!: Vec<TagId>",
               (select count(*) from comments where account_id = $1 and card_id = $2) as "comments!""#,
        account as _,
        card as _,
    );
    Ok(carried.fetch_one(connection).await?)
}
