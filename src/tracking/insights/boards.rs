//! How much was read on each board.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::Filter;
use crate::domain::Actor;
use crate::domain::boards::Sight;
use crate::values::Color;
use crate::values::id::{BoardId, UserId};

/// How much was read on a board, its cards and their comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardCounts {
    /// The board.
    pub id: BoardId,
    /// Its name.
    pub name: String,
    /// Its colour.
    pub color: Color,
    /// How many pages were opened; of one person on how many days they opened some.
    pub count: i64,
    /// The same in the days before.
    pub before: i64,
}

/// Board by board.
#[derive(Debug, Clone, Default)]
pub struct Boards {
    /// Those that whoever asks sees, the most read first; also those that nobody opened.
    pub seen: Vec<BoardCounts>,
    /// How much was read on all others; 0 of one person.
    pub others: i64,
}

type Found = HashMap<Uuid, (i64, i64)>;

/// What all did is counted by board; of a person it is known on which days they were there.
pub(super) async fn read(
    connection: &mut PgConnection,
    actor: &Actor,
    sight: &Sight,
    filter: &Filter,
) -> sqlx::Result<Boards> {
    let found = match filter.person {
        Some(person) => days_of(connection, actor, filter, person).await?,
        None => page_views(connection, actor, filter).await?,
    };
    let mut boards = Boards::default();
    for board in filter.boards(sight) {
        let (count, before) = found.get(&board.id.uuid()).copied().unwrap_or_default();
        let (name, color) = (board.name.clone(), board.color);
        boards.seen.push(BoardCounts { id: board.id, name, color, count, before });
    }
    boards.seen.sort_by_key(|board| -board.count);
    if filter.person.is_none() && filter.board.is_none() {
        let all: i64 = found.values().map(|(count, _)| count).sum();
        boards.others = all - boards.seen.iter().map(|board| board.count).sum::<i64>();
    }
    Ok(boards)
}

async fn page_views(
    connection: &mut PgConnection,
    actor: &Actor,
    filter: &Filter,
) -> sqlx::Result<Found> {
    let rows = sqlx::query!(
        r#"select board_id,
               coalesce(sum(page_views) filter (where day >= $3), 0)::bigint as "count!",
               coalesce(sum(page_views) filter (where day < $3), 0)::bigint as "before!"
           from tracking_boards
           where account_id = $1 and day between $2 and $4 group by board_id"#,
        actor.account.id as _,
        filter.span.before().first.date(),
        filter.span.first.date(),
        filter.span.last.date(),
    );
    let rows = rows.fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.board_id, (row.count, row.before))).collect())
}

async fn days_of(
    connection: &mut PgConnection,
    actor: &Actor,
    filter: &Filter,
    person: UserId,
) -> sqlx::Result<Found> {
    let mut found = Found::new();
    for (span, is_now) in [(filter.span, true), (filter.span.before(), false)] {
        let (months, days) = span.months();
        let rows = sqlx::query!(
            r#"select b.id, sum(length(replace((v.days & asked.days)::bit(32)::text, '0', '')))::bigint
                   as "count!"
               from boards b cross join unnest($3::date[], $4::int[]) as asked (month, days)
               join tracking_visits v on v.account_id = $1 and v.board_id = b.id
                   and v.month = asked.month and v.user_id = $2
               where b.account_id = $1 group by b.id"#,
            actor.account.id as _,
            person as _,
            &months,
            &days,
        );
        for row in rows.fetch_all(&mut *connection).await? {
            let counts = found.entry(row.id).or_default();
            match is_now {
                true => counts.0 = row.count,
                false => counts.1 = row.count,
            }
        }
    }
    Ok(found)
}
