//! The closed cards of a board.

use sqlx::PgPool;

use super::{Actor, Card, Result};
use crate::domain::Page;
use crate::values::Rank;
use crate::values::id::{BoardId, CardId, ColumnId, UserId};

/// A page of a board's closed cards, the newest card first.
///
/// # Errors
/// A database that fails; of a board that they do not see there are none.
pub async fn closed(
    pool: &PgPool,
    actor: &Actor,
    board: BoardId,
    page: Page<CardId>,
) -> Result<Vec<Card>> {
    let cards = sqlx::query_as!(
        Card,
        r#"select c.id as "id: CardId", number, board_id as "board_id: BoardId",
               column_id as "column_id: ColumnId", rank as "rank: Rank", title, description, version,
               creator_id as "creator_id: UserId", c.created_at, updated_at
           from closures k join cards c on c.account_id = $1 and c.id = k.card_id
           where k.account_id = $1 and c.board_id = $3 and ($4::uuid is null or c.id < $4)
             and exists (select from board_viewers v
                         where v.account_id = $1 and v.board_id = $3 and v.user_id = $2)
           order by c.id desc limit $5"#,
        actor.account.id as _,
        actor.user_id as _,
        board as _,
        page.after as _,
        page.limit,
    );
    Ok(cards.fetch_all(pool).await?)
}
