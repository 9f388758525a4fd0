//! Work that ends because whose it was is removed, or no longer sees the board.

use std::sync::Arc;

use sqlx::PgConnection;

use super::Result;
use crate::events::kinds::card_unassigned::CardUnassigned;
use crate::events::{CardSnapshot, Event};
use crate::values::clock;
use crate::values::id::{AccountId, BoardId, CardId, UserId};

/// The most that end in one change: each is an event, and a change has at most 500.
pub(super) const MOST: usize = 400;

/// A card and one of those whose work it is.
struct Assignment {
    board_id: BoardId,
    card: CardSnapshot,
    user_id: UserId,
}

/// Takes the cards off somebody who is removed, [`MOST`] at a time; an event for each.
pub(super) async fn end_of_member(
    connection: &mut PgConnection,
    account: AccountId,
    user: UserId,
) -> Result<Vec<Arc<dyn Event>>> {
    let rows = sqlx::query!(
        r#"select c.id as "id: CardId", c.board_id as "board_id: BoardId", c.number, c.title,
               a.user_id as "user_id: UserId"
           from assignments a join cards c on c.account_id = $1 and c.id = a.card_id
           where a.account_id = $1 and a.user_id = $2
           order by c.id limit $3 for no key update of c"#,
        account as _,
        user as _,
        i64::try_from(MOST).unwrap_or(i64::MAX),
    )
    .fetch_all(&mut *connection)
    .await?;
    let locked = rows.into_iter().map(|row| Assignment {
        board_id: row.board_id,
        card: CardSnapshot { id: row.id, number: row.number, title: row.title },
        user_id: row.user_id,
    });
    end(connection, account, locked.collect()).await
}

/// Takes the cards of a board off those who do not see it; an event for each, and one more than
/// [`MOST`] when there are too many.
pub(super) async fn end_without_sight(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
) -> Result<Vec<Arc<dyn Event>>> {
    let rows = sqlx::query!(
        r#"select c.id as "id: CardId", c.board_id as "board_id: BoardId", c.number, c.title,
               a.user_id as "user_id: UserId"
           from assignments a join cards c on c.account_id = $1 and c.id = a.card_id
           where a.account_id = $1 and c.board_id = $2
             and not exists (select from board_viewers v where v.account_id = $1
                             and v.board_id = $2 and v.user_id = a.user_id)
           order by c.id, a.user_id limit $3 for no key update of c"#,
        account as _,
        board as _,
        i64::try_from(MOST + 1).unwrap_or(i64::MAX),
    )
    .fetch_all(&mut *connection)
    .await?;
    let locked = rows.into_iter().map(|row| Assignment {
        board_id: row.board_id,
        card: CardSnapshot { id: row.id, number: row.number, title: row.title },
        user_id: row.user_id,
    });
    end(connection, account, locked.collect()).await
}

/// Ends those of some assignments that are still there, now that their cards are locked.
async fn end(
    connection: &mut PgConnection,
    account: AccountId,
    locked: Vec<Assignment>,
) -> Result<Vec<Arc<dyn Event>>> {
    let cards: Vec<CardId> = locked.iter().map(|assignment| assignment.card.id).collect();
    let users: Vec<UserId> = locked.iter().map(|assignment| assignment.user_id).collect();
    let ended = sqlx::query!(
        r#"with ended as (
               delete from assignments a using unnest($2::uuid[], $3::uuid[]) as it (card_id, user_id)
               where a.account_id = $1 and a.card_id = it.card_id and a.user_id = it.user_id
               returning a.card_id, a.user_id
           ), touched as (
               update cards set updated_at = $4
               where account_id = $1 and id in (select card_id from ended)
           )
           select card_id as "card_id: CardId", user_id as "user_id: UserId" from ended"#,
        account as _,
        &cards as _,
        &users as _,
        clock::now(),
    )
    .fetch_all(connection)
    .await?;
    let is_ended = |assignment: &Assignment| {
        let (card, user) = (assignment.card.id, assignment.user_id);
        ended.iter().any(|row| row.card_id == card && row.user_id == user)
    };
    let events = locked.into_iter().filter(is_ended).map(|assignment| {
        let Assignment { board_id, card, user_id } = assignment;
        Arc::new(CardUnassigned { board_id, card, user_id }) as Arc<dyn Event>
    });
    Ok(events.collect())
}
