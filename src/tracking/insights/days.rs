//! How much was reported on each day, beside the days before.

use std::collections::HashMap;
use std::ops::AddAssign;

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Filter, Span};
use crate::domain::Actor;
use crate::values::Day;
use crate::values::id::BoardId;

/// How much was reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Pages that were opened.
    pub page_views: i64,
    /// Links that were followed.
    pub link_clicks: i64,
    /// Forms that were sent.
    pub form_submits: i64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.page_views += other.page_views;
        self.link_clicks += other.link_clicks;
        self.form_submits += other.form_submits;
    }
}

/// How much was reported on a day, and by how many people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCounts {
    /// The day.
    pub day: Day,
    /// How much.
    pub counts: Counts,
    /// How many people opened a page; of one board it is not counted by days.
    pub visitors: Option<i64>,
}

/// The days of a span, and those before it.
#[derive(Debug, Clone, Default)]
pub struct Days {
    /// The days of the span.
    pub now: Vec<DayCounts>,
    /// As many days before.
    pub before: Vec<DayCounts>,
    /// How many people opened a page in the span; whoever came twice counts once.
    pub visitors: i64,
    /// How many did before.
    pub visitors_before: i64,
    /// How many members there are.
    pub members: i64,
}

impl Days {
    /// The sum of the span.
    pub fn sum(&self) -> Counts {
        sum(&self.now)
    }

    /// The sum of the days before.
    pub fn sum_before(&self) -> Counts {
        sum(&self.before)
    }
}

fn sum(days: &[DayCounts]) -> Counts {
    days.iter().fold(Counts::default(), |mut sum, day| {
        sum += day.counts;
        sum
    })
}

/// Of the account or a person what people did in all, of a board what was done there.
pub(super) async fn read(
    connection: &mut PgConnection,
    actor: &Actor,
    filter: &Filter,
) -> sqlx::Result<Days> {
    let (now, before) = each(connection, actor, filter).await?;
    Ok(Days {
        now,
        before,
        visitors: visitors(connection, actor, filter, filter.span).await?,
        visitors_before: visitors(connection, actor, filter, filter.span.before()).await?,
        members: members(connection, actor).await?,
    })
}

/// The days of the span, and those before it.
pub(super) async fn each(
    connection: &mut PgConnection,
    actor: &Actor,
    filter: &Filter,
) -> sqlx::Result<(Vec<DayCounts>, Vec<DayCounts>)> {
    let (span, before) = (filter.span, filter.span.before());
    let rows = sqlx::query!(
        r#"select day as "day!", sum(page_views)::bigint as "page_views!",
               sum(link_clicks)::bigint as "link_clicks!",
               sum(form_submits)::bigint as "form_submits!",
               count(*) filter (where page_views > 0 and user_id <> $6) as "visitors!"
           from (
               select day, user_id, page_views, link_clicks, form_submits from tracking_people
               where account_id = $1 and day between $2 and $3 and $4::uuid is null
                 and ($5::uuid is null or user_id = $5)
               union all
               select day, $6, page_views, link_clicks, form_submits from tracking_boards
               where account_id = $1 and board_id = $4 and day between $2 and $3
           ) counted group by day"#,
        actor.account.id as _,
        before.first.date(),
        span.last.date(),
        filter.board as _,
        filter.person as _,
        Uuid::nil(),
    );
    let rows = rows.fetch_all(connection).await?;
    let found: HashMap<Day, DayCounts> = rows
        .into_iter()
        .map(|row| {
            let (page_views, link_clicks) = (row.page_views, row.link_clicks);
            let counts = Counts { page_views, link_clicks, form_submits: row.form_submits };
            let day = Day::from(row.day);
            let visitors = filter.board.is_none().then_some(row.visitors);
            (day, DayCounts { day, counts, visitors })
        })
        .collect();
    let each = |span: Span| {
        let visitors = filter.board.is_none().then_some(0);
        let none = |day| DayCounts { day, counts: Counts::default(), visitors };
        span.each().map(|day| found.get(&day).copied().unwrap_or_else(|| none(day))).collect()
    };
    Ok((each(span), each(before)))
}

/// How many people opened a page on these days, on any board or one.
async fn visitors(
    connection: &mut PgConnection,
    actor: &Actor,
    filter: &Filter,
    span: Span,
) -> sqlx::Result<i64> {
    let (months, days) = span.months();
    sqlx::query_scalar!(
        r#"select count(distinct v.user_id) as "visitors!"
           from unnest($3::date[], $4::int[]) as asked (month, days)
           join tracking_visits v on v.account_id = $1 and v.board_id = $2 and v.month = asked.month
           where v.days & asked.days <> 0 and v.user_id <> $6
             and ($5::uuid is null or v.user_id = $5)"#,
        actor.account.id as _,
        filter.board.map_or(Uuid::nil(), BoardId::uuid),
        &months,
        &days,
        filter.person as _,
        Uuid::nil(),
    )
    .fetch_one(connection)
    .await
}

async fn members(connection: &mut PgConnection, actor: &Actor) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "members!" from users where account_id = $1 and removed_at is null"#,
        actor.account.id as _,
    )
    .fetch_one(connection)
    .await
}
