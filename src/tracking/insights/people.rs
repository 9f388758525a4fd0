//! Who looks, and who does.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Counts, Filter};
use crate::domain::Actor;
use crate::domain::users::User;
use crate::tracking::changes::STRETCH;
use crate::values::id::{BoardId, UserId};
use crate::values::{Color, Role};

/// What a person did.
#[derive(Debug, Clone)]
pub struct PersonCounts {
    /// Who.
    pub user: User,
    /// What they looked at; of one board it is not counted by person.
    pub counts: Counts,
    /// On how many days they opened a page there.
    pub days: i64,
    /// How many changes they made.
    pub changes: i64,
}

/// Person by person.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// The members who are shown, those who looked most first.
    pub shown: Vec<PersonCounts>,
    /// What all others looked at: those who are not shown, and former members.
    pub others: Counts,
    /// How many changes all others made.
    pub changes_of_others: i64,
}

/// A change is an event of theirs in the log; of two events of one action each counts. Of stretches of the
/// log that lie in the span as a whole they were counted before; what lies around these is little, which
/// Postgres does not know: left to itself it would start processes to share the work.
pub(super) async fn read(
    connection: &mut PgConnection,
    actor: &Actor,
    filter: &Filter,
) -> sqlx::Result<People> {
    let (since, until) = filter.span.times(&actor.account.zone);
    let (months, days) = filter.span.months();
    let rows = sqlx::query!(
        r#"with looked as (
               select user_id, sum(page_views)::bigint as page_views,
                   sum(link_clicks)::bigint as link_clicks, sum(form_submits)::bigint as form_submits
               from tracking_people
               where account_id = $1 and day between $2 and $3 and $4::uuid is null
               group by user_id
           ), came as (
               select v.user_id, sum(length(replace((v.days & asked.days)::bit(32)::text, '0', '')))::bigint
                   as days
               from unnest($8::date[], $9::int[]) as asked (month, days)
               join tracking_visits v on v.account_id = $1 and v.board_id = $10
                   and v.month = asked.month
               group by v.user_id
           ), part as materialized (
               select stretch * $11 as first, (stretch + 1) * $11 as next from tracking_changes
               where account_id = $1 and board_id = $10 and last_at >= $6 and first_at < $7
                 and not (first_at >= $6 and last_at < $7)
               union all
               select coalesce(max(stretch) + 1, 0) * $11, 9223372036854775807
               from tracking_changes where account_id = $1 and board_id = $12
           ), did as (
               select user_id, sum(changes)::bigint as changes from (
                   select unnest(user_ids) as user_id, unnest(changes) as changes from tracking_changes
                   where account_id = $1 and board_id = $10 and first_at >= $6 and last_at < $7
                   union all
                   select around.creator_id, 1 from part cross join lateral (
                       select creator_id from activities
                       where account_id = $1 and sequence >= part.first and sequence < part.next
                         and created_at >= $6 and created_at < $7
                         and creator_id is not null and ($4::uuid is null or board_id = $4)
                       offset 0
                   ) around
               ) done group by user_id
           )
           select coalesce(user_id, u.id) as "id!: UserId", coalesce(days, 0) as "days!",
               coalesce(page_views, 0) as "page_views!", coalesce(link_clicks, 0) as "link_clicks!",
               coalesce(form_submits, 0) as "form_submits!", coalesce(changes, 0) as "changes!",
               u.name as "name?", u.role as "role?: Role", u.color as "color?: Color"
           from looked full join did using (user_id) full join came using (user_id)
           full join (select id, name, role, color from users
                      where account_id = $1 and removed_at is null and tracked = 'shown') u
               on u.id = user_id
           where $5::uuid is null or coalesce(user_id, u.id) = $5
           order by coalesce(page_views, 0) desc, days desc nulls last, changes desc nulls last, u.name"#,
        actor.account.id as _,
        filter.span.first.date(),
        filter.span.last.date(),
        filter.board as _,
        filter.person as _,
        since,
        until,
        &months,
        &days,
        filter.board.map_or(Uuid::nil(), BoardId::uuid),
        STRETCH,
        Uuid::nil(),
    );
    let mut people = People::default();
    for row in rows.fetch_all(connection).await? {
        let (page_views, link_clicks) = (row.page_views, row.link_clicks);
        let counts = Counts { page_views, link_clicks, form_submits: row.form_submits };
        match (row.name, row.role, row.color) {
            (Some(name), Some(role), Some(color)) => {
                let user = User { id: row.id, name, role, color };
                let (days, changes) = (row.days, row.changes);
                people.shown.push(PersonCounts { user, counts, days, changes });
            }
            _ => {
                people.others += counts;
                people.changes_of_others += row.changes;
            }
        }
    }
    Ok(people)
}
