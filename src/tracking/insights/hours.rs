//! When people are here: the hours of the week.

use sqlx::PgConnection;

use super::Filter;
use crate::domain::Actor;

/// How many pages were opened in each hour of the week, Monday first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours(pub [[i64; 24]; 7]);

impl Hours {
    /// The busiest hour’s.
    pub fn most(&self) -> i64 {
        self.0.iter().flatten().copied().max().unwrap_or(0)
    }
}

/// Whether anything was ever reported in an account.
pub(super) async fn any(connection: &mut PgConnection, actor: &Actor) -> sqlx::Result<bool> {
    let any = sqlx::query_scalar!(
        r#"select exists(select from tracking_hours where account_id = $1) as "any!""#,
        actor.account.id as _,
    );
    any.fetch_one(connection).await
}

/// Hours are counted for the account alone.
pub(super) async fn read(
    connection: &mut PgConnection,
    actor: &Actor,
    filter: &Filter,
) -> sqlx::Result<Option<Hours>> {
    if filter.board.is_some() || filter.person.is_some() {
        return Ok(None);
    }
    let rows = sqlx::query!(
        r#"select extract(isodow from day)::int as "weekday!", hour::int as "hour!",
               sum(page_views)::bigint as "page_views!"
           from tracking_hours where account_id = $1 and day between $2 and $3 group by 1, 2"#,
        actor.account.id as _,
        filter.span.first.date(),
        filter.span.last.date(),
    );
    let mut hours = Hours([[0; 24]; 7]);
    for row in rows.fetch_all(connection).await? {
        let place = (usize::try_from(row.weekday - 1), usize::try_from(row.hour));
        if let (Ok(weekday), Ok(hour)) = place {
            hours.0[weekday][hour] = row.page_views;
        }
    }
    Ok(Some(hours))
}
