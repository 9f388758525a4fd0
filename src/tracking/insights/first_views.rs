//! How soon a change to a card is seen by somebody else.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::Filter;
use crate::db::partitions;
use crate::domain::Actor;

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
    filter: &Filter,
) -> sqlx::Result<FirstViews> {
    let changes = changes(connection, actor, filter).await?;
    let cards: Vec<Uuid> = changes.iter().map(|change| change.card).collect();
    let creators: Vec<Option<Uuid>> = changes.iter().map(|change| change.creator).collect();
    let times: Vec<OffsetDateTime> = changes.iter().map(|change| change.at).collect();
    let first_ids: Vec<Uuid> =
        changes.iter().map(|it| partitions::first_id_at(it.at - CLOCKS)).collect();
    let last_ids: Vec<Uuid> =
        changes.iter().map(|it| partitions::first_id_at(it.at + WITHIN)).collect();
    let seen = sqlx::query_scalar!(
        r#"select first.at as "at?" from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::uuid[],
               $6::uuid[]) as change (card, creator, at, first_id, last_id)
           cross join lateral (
               select extract(epoch from min(e.occurred_at) - change.at)::float8 as at
               from tracking_events e
               where e.account_id = $1 and e.trackable_id = change.card and e.event_type = 'page_view'
                 and e.trackable_type = 'Card' and e.id >= change.first_id and e.id < change.last_id
                 and e.occurred_at > change.at and e.user_id is distinct from change.creator
           ) first"#,
        actor.account.id as _,
        &cards,
        &creators as _,
        &times,
        &first_ids,
        &last_ids,
    );
    let seen = seen.fetch_all(connection).await?;
    let mut seconds: Vec<f64> = seen.into_iter().flatten().collect();
    seconds.sort_by(f64::total_cmp);
    let median = seconds.get(seconds.len() / 2).copied().map(Duration::seconds_f64);
    Ok(FirstViews { changes: changes.len(), seen: seconds.len(), median })
}

/// The newest changes to cards that whoever asks sees; with a person, those that this person made.
async fn changes(
    connection: &mut PgConnection,
    actor: &Actor,
    filter: &Filter,
) -> sqlx::Result<Vec<Change>> {
    let (since, until) = filter.span.times(&actor.account.zone);
    sqlx::query_as!(
        Change,
        r#"select a.card_id as "card!", a.creator_id as creator, a.created_at as at
           from activities a
           join board_viewers v on v.account_id = $1 and v.board_id = a.board_id and v.user_id = $2
           where a.account_id = $1 and a.created_at >= $3 and a.created_at < $4
             and a.card_id is not null and ($5::uuid is null or a.board_id = $5)
             and ($6::uuid is null or a.creator_id = $6)
           order by a.created_at desc limit $7"#,
        actor.account.id as _,
        actor.user_id as _,
        since,
        until,
        filter.board as _,
        filter.person as _,
        LOOKED_AT,
    )
    .fetch_all(connection)
    .await
}
