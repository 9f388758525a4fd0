//! The cards that were opened most.

use sqlx::PgConnection;
use uuid::Uuid;

use super::Filter;
use crate::domain::Actor;
use crate::domain::boards::Sight;
use crate::values::Color;
use crate::values::id::{BoardId, CardId, UserId};

/// How many are told.
const TOLD: usize = 10;

/// How many of each month’s most read are looked at, at first.
const LOOKED_AT: i64 = 40;

/// How many people of each are told.
const READERS: i64 = 5;

/// How much a card was read.
#[derive(Debug, Clone)]
pub struct CardCounts {
    /// The card.
    pub id: CardId,
    /// Its number.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// How often it was opened.
    pub page_views: i64,
    /// How often in the days before.
    pub before: i64,
    /// Some of those who have opened it since the span began, by name; only those who are shown.
    pub readers: Vec<Reader>,
}

/// Somebody who has opened a card.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Their name.
    pub name: String,
    /// Their colour.
    pub color: Color,
}

/// The cards that were opened most in the span, among those that whoever asks sees.
///
/// A card cannot have been opened more often in a span than in its months. So those that were opened
/// most in each month are counted by days, and more of them are, until no other can be among the first.
///
/// # Errors
/// A database that fails.
pub(super) async fn read(
    connection: &mut PgConnection,
    actor: &Actor,
    sight: &Sight,
    filter: &Filter,
) -> sqlx::Result<Vec<CardCounts>> {
    let boards = filter.board_ids(sight);
    if let Some(person) = filter.person {
        return of_person(connection, actor, &boards, filter, person).await;
    }
    let mut looked_at = LOOKED_AT;
    loop {
        let (ids, others_most) = match filter.board {
            Some(board) => most_read_on(connection, actor, filter, board, looked_at).await?,
            None => most_read(connection, actor, filter, looked_at).await?,
        };
        let mut cards = counted(connection, actor, &boards, filter, &ids).await?;
        let least = cards.get(TOLD - 1).map_or(0, |card| card.page_views);
        if least >= others_most {
            cards.retain(|card| card.page_views > 0);
            return Ok(cards);
        }
        looked_at *= 4;
    }
}

/// Those that were read most in each month of the span, and how often any other can have been read in
/// the span at most.
async fn most_read(
    connection: &mut PgConnection,
    actor: &Actor,
    filter: &Filter,
    of_each: i64,
) -> sqlx::Result<(Vec<Uuid>, i64)> {
    let found = sqlx::query!(
        r#"select coalesce(array_agg(distinct id), '{}') as "ids!",
               coalesce(sum(page_views) filter (where place = $4), 0)::bigint as "others_most!"
           from unnest($2::date[]) as asked (month) cross join lateral (
               select trackable_id as id, page_views, row_number() over (order by page_views desc) as place
               from tracking_months
               where account_id = $1 and month = asked.month and trackable_type = $3
               order by page_views desc limit $4
           ) most"#,
        actor.account.id as _,
        &filter.span.months().0,
        "Card",
        of_each,
    );
    let found = found.fetch_one(connection).await?;
    Ok((found.ids, found.others_most))
}

/// The same of the cards of one board, which are few enough to look at all of them.
async fn most_read_on(
    connection: &mut PgConnection,
    actor: &Actor,
    filter: &Filter,
    board: BoardId,
    first: i64,
) -> sqlx::Result<(Vec<Uuid>, i64)> {
    let found = sqlx::query!(
        r#"select coalesce(array_agg(id), '{}') as "ids!",
               coalesce(min(page_views) filter (where place = $5), 0) as "others_most!"
           from (
               select c.id, sum(m.page_views)::bigint as page_views,
                   row_number() over (order by sum(m.page_views) desc) as place
               from cards c
               join tracking_months m on m.account_id = $1 and m.month = any($2)
                   and m.trackable_type = $3 and m.trackable_id = c.id
               where c.account_id = $1 and c.board_id = $4
               group by c.id order by 2 desc limit $5
           ) most"#,
        actor.account.id as _,
        &filter.span.months().0,
        "Card",
        board as _,
        first,
    );
    let found = found.fetch_one(connection).await?;
    Ok((found.ids, found.others_most))
}

/// Those of these cards that are on some boards, with what was counted by days, the most read first.
async fn counted(
    connection: &mut PgConnection,
    actor: &Actor,
    boards: &[Uuid],
    filter: &Filter,
    ids: &[Uuid],
) -> sqlx::Result<Vec<CardCounts>> {
    let rows = sqlx::query!(
        r#"select c.id as "id: CardId", c.number, c.title, counted.page_views as "page_views!",
               (select coalesce(sum(t.page_views), 0)::bigint from tracking_things t
                where t.account_id = $1 and t.trackable_type = 'Card' and t.trackable_id = counted.id
                  and t.day >= $2 and t.day < $3) as "before!", readers.names as "names!",
               readers.colors as "colors!: Vec<Color>"
           from (
               select id, coalesce(sum(t.page_views), 0)::bigint as page_views
               from unnest($5::uuid[]) as asked (id)
               left join tracking_things t on t.account_id = $1 and t.trackable_type = 'Card'
                   and t.trackable_id = asked.id and t.day between $3 and $4
               where exists(select from cards c
                   where c.account_id = $1 and c.id = asked.id and c.board_id = any($9))
               group by id order by 2 desc, id limit $6
           ) counted
           join cards c on c.account_id = $1 and c.id = counted.id
           cross join lateral (
               select coalesce(array_agg(name order by name), '{}') as names,
                   coalesce(array_agg(color order by name), '{}') as colors
               from (select u.name, u.color from receipts r
                     join users u on u.account_id = $1 and u.id = r.user_id
                         and u.removed_at is null and u.tracked = 'shown'
                     where r.account_id = $1 and r.trackable_type = 'Card' and r.trackable_id = c.id
                       and r.last_seen_at >= $7
                     order by r.page_views desc limit $8) chosen
           ) readers
           order by counted.page_views desc, c.id"#,
        actor.account.id as _,
        filter.span.before().first.date(),
        filter.span.first.date(),
        filter.span.last.date(),
        ids,
        i64::try_from(TOLD).unwrap_or(i64::MAX),
        filter.span.times(&actor.account.zone).0,
        READERS,
        boards,
    );
    let rows = rows.fetch_all(connection).await?;
    let cards = rows.into_iter().map(|row| CardCounts {
        id: row.id,
        number: row.number,
        title: row.title,
        page_views: row.page_views,
        before: row.before,
        readers: readers(row.names, row.colors),
    });
    Ok(cards.collect())
}

fn readers(names: Vec<String>, colors: Vec<Color>) -> Vec<Reader> {
    names.into_iter().zip(colors).map(|(name, color)| Reader { name, color }).collect()
}

/// The cards that one person opened since the span began, the most opened first. By person and card it
/// is known how often they opened it in all, not on which day.
async fn of_person(
    connection: &mut PgConnection,
    actor: &Actor,
    boards: &[Uuid],
    filter: &Filter,
    person: UserId,
) -> sqlx::Result<Vec<CardCounts>> {
    let rows = sqlx::query!(
        r#"select c.id as "id: CardId", c.number, c.title, r.page_views
           from receipts r
           join cards c on c.account_id = $1 and c.id = r.trackable_id and c.board_id = any($2)
           where r.account_id = $1 and r.user_id = $3 and r.trackable_type = 'Card'
             and r.last_seen_at >= $4
             and exists(select from users where account_id = $1 and id = $3 and tracked = 'shown')
           order by r.page_views desc, r.trackable_id limit $5"#,
        actor.account.id as _,
        boards,
        person as _,
        filter.span.times(&actor.account.zone).0,
        i64::try_from(TOLD).unwrap_or(i64::MAX),
    );
    let rows = rows.fetch_all(connection).await?;
    let cards = rows.into_iter().map(|row| CardCounts {
        id: row.id,
        number: row.number,
        title: row.title,
        page_views: row.page_views,
        before: 0,
        readers: Vec::new(),
    });
    Ok(cards.collect())
}
