//! The cards that nobody opened.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Filter;
use crate::domain::Actor;
use crate::domain::boards::Sight;

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
    sight: &Sight,
    filter: &Filter,
) -> sqlx::Result<Unopened> {
    let (since, until) = filter.span.times(&actor.account.zone);
    let (months, days) = filter.span.months();
    let open = filter.boards(sight).filter(|board| board.archived_at.is_none());
    let boards: Vec<Uuid> = open.map(|board| board.id.uuid()).collect();
    let rows = sqlx::query!(
        r#"with open as materialized (
               select c.id, c.created_at from cards c
               where c.account_id = $1 and c.board_id = any($2) and c.created_at < $7
                 and not exists(select from closures x where x.account_id = $1 and x.card_id = c.id)
           ), unopened as materialized (
               select * from open
               where not exists(
                   select from unnest($3::date[], $4::int[]) as asked (month, days)
                   join tracking_months m on m.account_id = $1 and m.month = asked.month
                       and m.trackable_type = 'Card' and m.days & asked.days <> 0
                   where $5::uuid is null and m.trackable_id = open.id
               ) and not exists(
                   select from receipts r where r.account_id = $1 and r.user_id = $5
                       and r.trackable_type = 'Card' and r.last_seen_at >= $6
                       and r.trackable_id = open.id
               )
           )
           select counted.open as "open!", counted.count as "count!", oldest.number as "number?",
               oldest.title as "title?", oldest.created_at as "created_at?",
               (select max(r.last_seen_at) from receipts r where r.account_id = $1
                and r.trackable_type = 'Card' and r.trackable_id = oldest.id
                and ($5::uuid is null or r.user_id = $5)) as last_seen_at
           from (select (select count(*) from open) as open, (select count(*) from unopened) as count) counted
           left join (
               select c.id, c.number, c.title, c.created_at
               from (select id from unopened order by created_at, id limit $8) first
               join cards c on c.account_id = $1 and c.id = first.id
           ) oldest on true
           order by oldest.created_at, oldest.id"#,
        actor.account.id as _,
        &boards,
        &months,
        &days,
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
