//! The cards that were opened most.

use sqlx::PgConnection;
use uuid::Uuid;

use super::Filter;
use crate::domain::{Actor, Result};
use crate::values::Color;
use crate::values::id::{CardId, UserId};

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

/// A card that may be among the most read, since it was read so often in the months of the span.
struct Candidate {
    id: Uuid,
    most: i64,
}

/// The cards that were opened most in the span, among those that whoever asks sees.
///
/// A card cannot have been opened more often in a span than in its months. So those that were opened
/// most in the months are counted by days, and more of them are, until no other can be among the first.
///
/// # Errors
/// A database that fails.
pub async fn cards(
    connection: &mut PgConnection,
    actor: &Actor,
    filter: &Filter,
) -> Result<Vec<CardCounts>> {
    if let Some(person) = filter.person {
        return Ok(of_person(connection, actor, filter, person).await?);
    }
    let mut looked_at = LOOKED_AT;
    loop {
        let candidates = candidates(connection, actor, filter, looked_at).await?;
        let ids: Vec<Uuid> = candidates.iter().map(|it| it.id).collect();
        let mut counted = counted(connection, actor, filter, &ids).await?;
        counted.truncate(TOLD);
        let least = counted.get(TOLD - 1).map_or(0, |card| card.page_views);
        let others_most = candidates.last().map_or(0, |last| last.most);
        let are_all = i64::try_from(candidates.len()).is_ok_and(|found| found < looked_at);
        if are_all || least >= others_most {
            counted.retain(|card| card.page_views > 0);
            return Ok(counted);
        }
        looked_at *= 4;
    }
}

async fn candidates(
    connection: &mut PgConnection,
    actor: &Actor,
    filter: &Filter,
    most: i64,
) -> sqlx::Result<Vec<Candidate>> {
    sqlx::query_as!(
        Candidate,
        r#"select m.id as "id!", m.most as "most!" from (
               select trackable_id as id, sum(page_views)::bigint as most from tracking_months
               where account_id = $1 and trackable_type = 'Card' and month between $2 and $3
               group by trackable_id
           ) m
           join cards c on c.account_id = $1 and c.id = m.id
           join board_viewers v on v.account_id = $1 and v.board_id = c.board_id and v.user_id = $4
           where $5::uuid is null or c.board_id = $5
           order by m.most desc, m.id limit $6"#,
        actor.account.id as _,
        filter.span.first.month().date(),
        filter.span.last.date(),
        actor.user_id as _,
        filter.board as _,
        most,
    )
    .fetch_all(connection)
    .await
}

/// These cards with what was counted by days, the most read first.
async fn counted(
    connection: &mut PgConnection,
    actor: &Actor,
    filter: &Filter,
    ids: &[Uuid],
) -> sqlx::Result<Vec<CardCounts>> {
    let rows = sqlx::query!(
        r#"select c.id as "id: CardId", c.number, c.title, counted.page_views as "page_views!",
               counted.before as "before!", readers.names as "names!",
               readers.colors as "colors!: Vec<Color>"
           from (
               select id, coalesce(sum(t.page_views) filter (where t.day >= $3), 0)::bigint as page_views,
                   coalesce(sum(t.page_views) filter (where t.day < $3), 0)::bigint as before
               from unnest($5::uuid[]) as id
               left join tracking_things t on t.account_id = $1 and t.trackable_type = 'Card'
                   and t.trackable_id = id and t.day between $2 and $4
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
    filter: &Filter,
    person: UserId,
) -> sqlx::Result<Vec<CardCounts>> {
    let rows = sqlx::query!(
        r#"select c.id as "id: CardId", c.number, c.title, r.page_views
           from receipts r
           join users u on u.account_id = $1 and u.id = r.user_id and u.tracked = 'shown'
           join cards c on c.account_id = $1 and c.id = r.trackable_id
           join board_viewers v on v.account_id = $1 and v.board_id = c.board_id and v.user_id = $2
           where r.account_id = $1 and r.user_id = $3 and r.trackable_type = 'Card'
             and r.last_seen_at >= $4 and ($5::uuid is null or c.board_id = $5)
           order by r.page_views desc, c.id limit $6"#,
        actor.account.id as _,
        actor.user_id as _,
        person as _,
        filter.span.times(&actor.account.zone).0,
        filter.board as _,
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
