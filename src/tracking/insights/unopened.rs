//! The cards that nobody opened.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::Filter;
use crate::domain::Actor;

/// How many are told.
const TOLD: i64 = 10;

/// An open card that nobody opened in the span.
#[derive(Debug, Clone)]
pub struct UnopenedCard {
    /// Its number.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// When it was added.
    pub created_at: OffsetDateTime,
    /// When somebody opened it last; none: nobody ever did.
    pub last_seen_at: Option<OffsetDateTime>,
}

/// The open cards that nobody opened in a span.
#[derive(Debug, Clone, Default)]
pub struct Unopened {
    /// How many there are.
    pub count: i64,
    /// How many open cards there are in all.
    pub open: i64,
    /// The oldest of them.
    pub cards: Vec<UnopenedCard>,
}

/// Only cards that were there before the span are expected to be opened in it. With a person: those
/// that they did not open.
pub(super) async fn read(
    connection: &mut PgConnection,
    actor: &Actor,
    filter: &Filter,
) -> sqlx::Result<Unopened> {
    let (since, until) = filter.span.times(&actor.account.zone);
    let (months, days) = filter.span.months();
    let rows = sqlx::query!(
        r#"with open as (
               select c.id, c.number, c.title, c.created_at, opened.id is null as unopened
               from cards c
               join board_viewers v on v.account_id = $1 and v.board_id = c.board_id and v.user_id = $2
               join boards b on b.account_id = $1 and b.id = c.board_id
               left join (
                   select m.trackable_id as id from unnest($3::date[], $4::int[]) as asked (month, days)
                   join tracking_months m on m.account_id = $1 and m.month = asked.month
                       and m.trackable_type = 'Card' and m.days & asked.days <> 0
                   where $6::uuid is null
                   union
                   select r.trackable_id from receipts r where r.account_id = $1 and r.user_id = $6
                       and r.trackable_type = 'Card' and r.last_seen_at >= $7
               ) opened on opened.id = c.id
               where c.account_id = $1 and ($5::uuid is null or c.board_id = $5) and c.created_at < $8
                 and not exists(select from closures x where x.account_id = $1 and x.card_id = c.id)
                 and not exists(select from board_archivals x
                     where x.account_id = $1 and x.board_id = c.board_id)
           ), counted as (
               select count(*) as open, count(*) filter (where unopened) as count from open
           )
           select counted.open as "open!", counted.count as "count!", oldest.number as "number?",
               oldest.title as "title?", oldest.created_at as "created_at?",
               (select max(r.last_seen_at) from receipts r where r.account_id = $1
                and r.trackable_type = 'Card' and r.trackable_id = oldest.id
                and ($6::uuid is null or r.user_id = $6)) as last_seen_at
           from counted
           left join (select * from open where unopened order by created_at, id limit $9) oldest on true
           order by oldest.created_at, oldest.id"#,
        actor.account.id as _,
        actor.user_id as _,
        &months,
        &days,
        filter.board as _,
        filter.person as _,
        since,
        until,
        TOLD,
    );
    let mut unopened = Unopened::default();
    for row in rows.fetch_all(connection).await? {
        (unopened.open, unopened.count) = (row.open, row.count);
        if let (Some(number), Some(title), Some(created_at)) =
            (row.number, row.title, row.created_at)
        {
            let last_seen_at = row.last_seen_at;
            unopened.cards.push(UnopenedCard { number, title, created_at, last_seen_at });
        }
    }
    Ok(unopened)
}
