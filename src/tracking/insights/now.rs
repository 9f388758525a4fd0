//! Who looks at what just now.

use sqlx::PgConnection;
use time::Duration;

use crate::db::partitions;
use crate::domain::{Actor, Result};
use crate::tracking::item::{AHEAD, BACK};
use crate::values::id::BoardId;
use crate::values::{Color, clock};

/// What counts as now.
const NOW: Duration = Duration::minutes(5);

/// What was looked at in the last five minutes.
#[derive(Debug, Clone, Default)]
pub struct Now {
    /// How many people looked at something.
    pub people: i64,
    /// How many pages they opened.
    pub page_views: i64,
    /// The boards among them that whoever asks sees, each with how many people were there.
    pub boards: Vec<(BoardId, String, Color, i64)>,
}

/// Reads it.
///
/// # Errors
/// [`Forbidden`](crate::domain::Error::Forbidden) for those who are no admins.
pub async fn now(connection: &mut PgConnection, actor: &Actor) -> Result<Now> {
    actor.may_administer()?;
    let now = clock::now();
    let since = now - NOW;
    // Reports with other ids are not taken. Each day is a partition: without a limit Postgres plans for all
    // of them, which takes it much longer than to read these few.
    let first_id = partitions::first_id_at(since - NOW - BACK);
    let end_id = partitions::first_id_at(now + NOW + AHEAD);
    let rows = sqlx::query!(
        r#"with opened as materialized (
               select user_id, board_id from tracking_events
               where account_id = $1 and id >= $4 and id < $5 and created_at > $2 and occurred_at > $2
                 and event_type = 'page_view'
           )
           select null::uuid as "id?: BoardId", null as "name?", null as "color?: Color",
               count(distinct user_id) as "people!", count(*) as "page_views!"
           from opened
           union all
           (select b.id, b.name, b.color, count(distinct o.user_id), count(*)
            from opened o
            join boards b on b.account_id = $1 and b.id = o.board_id
            join board_viewers v on v.account_id = $1 and v.board_id = b.id and v.user_id = $3
            group by b.id, b.name, b.color order by count(distinct o.user_id) desc, b.name limit 5)"#,
        actor.account.id as _,
        since,
        actor.user_id as _,
        first_id,
        end_id,
    );
    let mut seen = Now::default();
    for row in rows.fetch_all(connection).await? {
        match (row.id, row.name, row.color) {
            (Some(id), Some(name), Some(color)) => seen.boards.push((id, name, color, row.people)),
            _ => (seen.people, seen.page_views) = (row.people, row.page_views),
        }
    }
    Ok(seen)
}
