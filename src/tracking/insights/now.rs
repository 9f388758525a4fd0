//! Who looks at what just now.

use sqlx::PgConnection;
use time::Duration;

use crate::domain::{Actor, Result};
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
    let since = clock::now() - NOW;
    let all = sqlx::query!(
        r#"select count(distinct user_id) as "people!", count(*) as "page_views!" from tracking_events
           where account_id = $1 and created_at > $2 and occurred_at > $2
             and event_type = 'page_view'"#,
        actor.account.id as _,
        since,
    );
    let all = all.fetch_one(&mut *connection).await?;
    let boards = sqlx::query!(
        r#"select b.id as "id: BoardId", b.name, b.color as "color: Color",
               count(distinct e.user_id) as "people!"
           from tracking_events e
           join boards b on b.account_id = $1 and b.id = e.board_id
           join board_viewers v on v.account_id = $1 and v.board_id = b.id and v.user_id = $3
           where e.account_id = $1 and e.created_at > $2 and e.occurred_at > $2
             and e.event_type = 'page_view'
           group by b.id, b.name, b.color order by count(distinct e.user_id) desc, b.name limit 5"#,
        actor.account.id as _,
        since,
        actor.user_id as _,
    );
    let boards = boards.fetch_all(connection).await?;
    let boards = boards.into_iter().map(|row| (row.id, row.name, row.color, row.people)).collect();
    Ok(Now { people: all.people, page_views: all.page_views, boards })
}
