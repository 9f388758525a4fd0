//! How soon a change to a card is seen by somebody else.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::Filter;
use crate::db::partitions;
use crate::domain::Actor;
use crate::domain::boards::Sight;
use crate::tracking::item::AHEAD;
use crate::values::clock;

/// How many changes are looked at, the newest of the span.
const LOOKED_AT: i64 = 200;

/// How much earlier than the change the clock of a browser may be.
const CLOCKS: Duration = Duration::minutes(5);

/// How long a first view is waited for.
const WITHIN: Duration = Duration::days(7);

/// How soon changes to cards were seen by somebody else than who made them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FirstViews {
    /// How many changes were looked at: the newest of the span, at most 200.
    pub changes: usize,
    /// How many of them were seen within seven days.
    pub seen: usize,
    /// The middle one’s time; none if none was seen.
    pub median: Option<Duration>,
}

/// A change to a card, and the ids between which reports of its first view lie.
struct Change {
    card: Uuid,
    creator: Option<Uuid>,
    at: OffsetDateTime,
}

pub(super) async fn read(
    connection: &mut PgConnection,
    actor: &Actor,
    sight: &Sight,
    filter: &Filter,
) -> sqlx::Result<FirstViews> {
    let changes = changes(connection, actor, &filter.board_ids(sight), filter).await?;
    if changes.is_empty() {
        return Ok(FirstViews::default());
    }
    let cards: Vec<Uuid> = changes.iter().map(|change| change.card).collect();
    let creators: Vec<Option<Uuid>> = changes.iter().map(|change| change.creator).collect();
    let times: Vec<OffsetDateTime> = changes.iter().map(|change| change.at).collect();
    let first_ids: Vec<Uuid> =
        changes.iter().map(|it| partitions::first_id_at(it.at - CLOCKS)).collect();
    let last_ids: Vec<Uuid> =
        changes.iter().map(|it| partitions::first_id_at(it.at + WITHIN)).collect();
    // What bounds all of them spares Postgres the partitions around: it plans for each of those that are left.
    let ahead = partitions::first_id_at(clock::now() + AHEAD + CLOCKS);
    let first_id = first_ids.iter().min().copied().unwrap_or_default();
    let end_id = last_ids.iter().max().map_or(ahead, |last| ahead.min(*last));
    let seen = sqlx::query_scalar!(
        r#"select first.at as "at?" from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::uuid[],
               $6::uuid[]) as change (card, creator, at, first_id, last_id)
           cross join lateral (
               select extract(epoch from min(e.occurred_at) - change.at)::float8 as at
               from tracking_events e
               where e.account_id = $1 and e.trackable_id = change.card and e.event_type = 'page_view'
                 and e.trackable_type = 'Card' and e.id >= change.first_id and e.id < change.last_id
                 and e.id >= $7 and e.id < $8
                 and e.occurred_at > change.at and e.user_id is distinct from change.creator
           ) first"#,
        actor.account.id as _,
        &cards,
        &creators as _,
        &times,
        &first_ids,
        &last_ids,
        first_id,
        end_id,
    );
    let seen = seen.fetch_all(connection).await?;
    let mut seconds: Vec<f64> = seen.into_iter().flatten().collect();
    seconds.sort_by(f64::total_cmp);
    let median = seconds.get(seconds.len() / 2).copied().map(Duration::seconds_f64);
    Ok(FirstViews { changes: changes.len(), seen: seconds.len(), median })
}

/// The newest changes to cards on some boards; with a person, those that this person made.
async fn changes(
    connection: &mut PgConnection,
    actor: &Actor,
    boards: &[Uuid],
    filter: &Filter,
) -> sqlx::Result<Vec<Change>> {
    let (since, until) = filter.span.times(&actor.account.zone);
    sqlx::query_as!(
        Change,
        r#"select a.card_id as "card!", a.creator_id as creator, a.created_at as at
           from activities a
           where a.account_id = $1 and a.created_at >= $3 and a.created_at < $4
             and a.card_id is not null and a.board_id = any($2)
             and ($5::uuid is null or a.creator_id = $5)
           order by a.created_at desc limit $6"#,
        actor.account.id as _,
        boards,
        since,
        until,
        filter.person as _,
        LOOKED_AT,
    )
    .fetch_all(connection)
    .await
}
