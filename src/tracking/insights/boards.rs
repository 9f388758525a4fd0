//! How much was read on each board.

use sqlx::PgConnection;

use super::Filter;
use crate::domain::Actor;
use crate::domain::boards::Sight;
use crate::values::Color;
use crate::values::id::BoardId;

/// How much was read on a board, its cards and their comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardCounts {
    /// The board.
    pub id: BoardId,
    /// Its name.
    pub name: String,
    /// Its colour.
    pub color: Color,
    /// How many pages were opened.
    pub page_views: i64,
    /// How many in the days before.
    pub before: i64,
}

/// Board by board.
#[derive(Debug, Clone, Default)]
pub struct Boards {
    /// Those that whoever asks sees, the most read first; also those that nobody opened.
    pub seen: Vec<BoardCounts>,
    /// How much was read on all others.
    pub others: i64,
}

/// What one person read is counted by person and board, what all did by board.
pub(super) async fn read(
    connection: &mut PgConnection,
    actor: &Actor,
    sight: &Sight,
    filter: &Filter,
) -> sqlx::Result<Boards> {
    let rows = sqlx::query!(
        r#"select board_id as "id!: BoardId",
               coalesce(sum(page_views) filter (where day >= $3), 0)::bigint as "page_views!",
               coalesce(sum(page_views) filter (where day < $3), 0)::bigint as "before!"
           from (
               select board_id, day, page_views from tracking_board_days
               where account_id = $1 and day between $2 and $4 and $5::uuid is null
               union all
               select board_id, day, page_views from tracking_boards
               where account_id = $1 and user_id = $5 and day between $2 and $4
           ) counted
           where $6::uuid is null or board_id = $6 group by board_id"#,
        actor.account.id as _,
        filter.span.before().first.date(),
        filter.span.first.date(),
        filter.span.last.date(),
        filter.person as _,
        filter.board as _,
    );
    let rows = rows.fetch_all(connection).await?;
    let mut boards = Boards::default();
    let wanted = |id: BoardId| filter.board.is_none_or(|board| board == id);
    for board in sight.seen.iter().filter(|board| wanted(board.id)) {
        let row = rows.iter().find(|row| row.id == board.id);
        boards.seen.push(BoardCounts {
            id: board.id,
            name: board.name.clone(),
            color: board.color,
            page_views: row.map_or(0, |row| row.page_views),
            before: row.map_or(0, |row| row.before),
        });
    }
    boards.seen.sort_by_key(|board| -board.page_views);
    let all: i64 = rows.iter().map(|row| row.page_views).sum();
    boards.others = all - boards.seen.iter().map(|board| board.page_views).sum::<i64>();
    Ok(boards)
}
