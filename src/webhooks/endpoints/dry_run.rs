//! What an endpoint would have been sent lately, before it is added or edited.

use sqlx::PgPool;
use time::Duration;

use super::{Actor, Error, Result, boards, events};
use crate::events::{KINDS, Kind};
use crate::values::clock;
use crate::values::id::BoardId;

/// How far back it looks.
const DAYS: i64 = 7;

/// How many events an endpoint that asks for certain names and boards would have been sent.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[schema(as = WebhookDryRun)]
pub struct DryRun {
    /// Of how many days.
    pub days: i64,
    /// How many events.
    pub total: i64,
    /// How many of each name, the most frequent first.
    pub events: Vec<Count>,
}

/// How many events of one name.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[schema(as = WebhookDryRunCount)]
pub struct Count {
    /// The name.
    pub event: String,
    /// How many.
    pub count: i64,
}

/// Counts the events of the last days that an endpoint of these names and boards would have been
/// sent, by who sees the boards now.
///
/// # Errors
/// [`Error::Invalid`] names the field: events that do not exist, or boards that they do not see;
/// [`Error::Forbidden`] for those who are no admins.
pub async fn dry_run(
    pool: &PgPool,
    actor: &Actor,
    names: &[String],
    board_ids: &[BoardId],
) -> Result<DryRun> {
    actor.may_administer()?;
    let names = events::parse(names).map_err(Error::in_field("events"))?;
    let boards = boards::sorted(board_ids);
    let mut connection = pool.acquire().await?;
    boards::must_be_seen(&mut connection, actor, &boards).await?;
    let asked = |kind: &&Kind| kind.shows.webhooks && names.iter().any(|name| kind.matches(name));
    let kinds: Vec<&str> = KINDS.iter().copied().filter(asked).map(|kind| kind.name).collect();
    let counted = sqlx::query!(
        r#"select a.subject_type, count(*) as "count!" from activities a
           where a.account_id = $1 and a.created_at > $2 and a.subject_type = any($3::text[])
             and case when cardinality($4::uuid[]) > 0 then a.board_id = any($4)
                 else not exists(select from boards p where p.account_id = $1
                     and p.id = a.board_id and p.access = 'chosen') end
           group by a.subject_type order by count(*) desc, a.subject_type"#,
        actor.account.id as _,
        clock::now() - Duration::days(DAYS),
        &kinds as _,
        &boards as _,
    );
    let counted = counted.fetch_all(&mut *connection).await?;
    let events = counted.into_iter().filter_map(|row| {
        let event = Kind::by_name(&row.subject_type)?.wire_name();
        Some(Count { event, count: row.count })
    });
    let events: Vec<Count> = events.collect();
    Ok(DryRun { days: DAYS, total: events.iter().map(|of| of.count).sum(), events })
}

#[cfg(test)]
impl DryRun {
    /// Some of one name, and one of another.
    pub(crate) fn example() -> Self {
        let count = |event: &str, count| Count { event: event.to_owned(), count };
        Self {
            days: DAYS,
            total: 13,
            events: vec![count("card.moved", 12), count("card.added", 1)],
        }
    }
}
