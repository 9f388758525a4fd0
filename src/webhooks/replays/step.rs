//! One step of a replay: the next of what it sends is owed, if the last is mostly sent.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::Which;
use super::wanted::kinds;
use crate::domain::feed;
use crate::events::history::{self, Activity};
use crate::events::sentence::People;
use crate::events::{AccountRef, Entry, Log};
use crate::values::id::{AccountId, BoardId, DeliveryId, EndpointId, EventId, ReplayId};
use crate::values::{Slug, clock};
use crate::webhooks::format::Told;
use crate::webhooks::held;
use crate::webhooks::listener::{Listener, listeners};
use crate::webhooks::owe::{Again, Debt, Payload};

/// How many deliveries of a replay wait at once: what happens now is never behind more than these.
const AHEAD: i64 = 200;

/// Of an endpoint with a limit, for how many seconds its replay may keep it busy.
const SECONDS_AHEAD: i64 = 2;

/// How many are owed in one step: the endpoint’s counter is locked meanwhile.
const AT_ONCE: i64 = 100;

/// How much of the log is looked through in one step.
const LOOKED_THROUGH: i64 = 20_000;

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// There is more to do at once.
    Went,
    /// What is owed must be sent first.
    Waits,
    /// There is nothing more to do, or another process does it.
    Ended,
}

/// A replay that has not ended.
pub(super) struct Open {
    pub(super) account: AccountId,
    pub(super) id: ReplayId,
    pub(super) endpoint: EndpointId,
}

/// What a step needs to know, with the replay’s row locked.
struct Locked {
    account: AccountId,
    id: ReplayId,
    slug: Slug,
    endpoint: EndpointId,
    delivery: Option<DeliveryId>,
    which: Which,
    asked: Vec<String>,
    events: Vec<String>,
    boards: Vec<BoardId>,
    since: Option<OffsetDateTime>,
    until: Option<OffsetDateTime>,
    after: i64,
    up_to: i64,
    rate_limit: Option<i32>,
    is_over: bool,
    waiting: i64,
}

/// A step under way: the locked replay, and what its events are told with.
struct Work<'a> {
    log: &'a Log,
    origin: &'a str,
    replay: Locked,
}

/// Takes one step, in a transaction of its own.
pub(super) async fn step(log: &Log, origin: &str, open: &Open) -> sqlx::Result<Step> {
    let mut transaction = log.pool().begin().await?;
    let Some(replay) = lock(&mut transaction, open).await? else { return Ok(Step::Ended) };
    let work = Work { log, origin, replay };
    let step = match &work.replay {
        Locked { is_over: true, .. } => give_up(&mut transaction, &work.replay).await?,
        Locked { delivery: Some(delivery), .. } => work.again(&mut transaction, *delivery).await?,
        Locked { waiting, .. } if *waiting >= work.replay.ahead() => Step::Waits,
        _ => work.next(&mut transaction).await?,
    };
    transaction.commit().await?;
    Ok(step)
}

async fn lock(connection: &mut PgConnection, open: &Open) -> sqlx::Result<Option<Locked>> {
    sqlx::query_as!(
        Locked,
        r#"select r.account_id as "account: AccountId", r.id as "id: ReplayId",
               a.slug as "slug: Slug", r.endpoint_id as "endpoint: EndpointId",
               r.delivery_id as "delivery: DeliveryId", r.which as "which: Which",
               array(select name from webhook_endpoint_events n
                     where n.account_id = $1 and n.endpoint_id = r.endpoint_id) as "asked!",
               r.events, r.board_ids as "boards: Vec<BoardId>", r.since, r.until,
               r.after_sequence as after, r.until_sequence as up_to, e.rate_limit,
               r.canceled_at is not null or e.removed_at is not null as "is_over!",
               (select count(*) from webhook_deliveries d where d.account_id = $1
                and d.replay_id = r.id and d.status in ('pending', 'held')) as "waiting!"
           from webhook_replays r
           join accounts a on a.id = r.account_id
           join webhook_endpoints e on e.account_id = $1 and e.id = r.endpoint_id
           where r.account_id = $1 and r.id = $2 and r.ended_at is null
           for update of r skip locked"#,
        open.account as _,
        open.id as _,
    )
    .fetch_optional(connection)
    .await
}

/// Ends a replay that was canceled, or whose endpoint was removed: what of it waits is skipped.
async fn give_up(connection: &mut PgConnection, replay: &Locked) -> sqlx::Result<Step> {
    held::take_turn(connection, replay.account, replay.endpoint).await?;
    sqlx::query!(
        "with skipped as (
             update webhook_deliveries set status = 'skipped', lease_id = null,
                 error_message = 'Its replay was canceled.'
             where account_id = $1 and replay_id = $2 and status in ('pending', 'held')
               and (lease_id is null or due_at <= $3)
         )
         update webhook_replays set ended_at = $3 where account_id = $1 and id = $2",
        replay.account as _,
        replay.id as _,
        clock::now(),
    )
    .execute(connection)
    .await?;
    Ok(Step::Ended)
}

impl Work<'_> {
    /// Sends one delivery again: at once if it still waits for a try, else as a new one.
    async fn again(
        &self,
        connection: &mut PgConnection,
        delivery: DeliveryId,
    ) -> sqlx::Result<Step> {
        let replay = &self.replay;
        held::take_turn(connection, replay.account, replay.endpoint).await?;
        let owed = match hurry(connection, replay, delivery).await? {
            Some(event) => self.owe(connection, &[event]).await?,
            None => 0,
        };
        advance(connection, replay, (replay.up_to, true), owed).await?;
        Ok(Step::Ended)
    }

    /// Owes the next events of the span.
    async fn next(&self, connection: &mut PgConnection) -> sqlx::Result<Step> {
        let replay = &self.replay;
        let up_to = replay.up_to.min(replay.after + LOOKED_THROUGH);
        let limit = AT_ONCE.min(replay.ahead() - replay.waiting);
        let found = sqlx::query!(
            r#"select id as "id!: EventId", sequence as "sequence!"
               from webhook_replayable($1, $2, $3, $4, $5, $6, $7, $8, $9)
               order by sequence limit $10"#,
            replay.account as _,
            replay.endpoint as _,
            &kinds(&replay.asked, &replay.events) as _,
            &replay.boards as _,
            replay.which as _,
            replay.since,
            replay.until,
            replay.after,
            up_to,
            limit,
        );
        let found = found.fetch_all(&mut *connection).await?;
        let is_full = i64::try_from(found.len()) == Ok(limit);
        let reached = found.last().filter(|_| is_full).map_or(up_to, |last| last.sequence);
        let ids: Vec<EventId> = found.iter().map(|row| row.id).collect();
        let owed = self.owe(connection, &ids).await?;
        let ends = reached >= replay.up_to;
        advance(connection, replay, (reached, ends), owed).await?;
        Ok(if ends { Step::Ended } else { Step::Went })
    }

    /// Owes these events, as far as the endpoint may hear of them now; how many those were.
    async fn owe(&self, connection: &mut PgConnection, ids: &[EventId]) -> sqlx::Result<i64> {
        let Locked { account, endpoint, .. } = self.replay;
        let mut activities = history::find_on(self.log, connection, account, ids).await?;
        activities.reverse();
        let boards: Vec<BoardId> =
            activities.iter().filter_map(|activity| activity.header.board_id).collect();
        let listeners = listeners(connection, account, Some(endpoint), &boards).await?;
        let Some(listener) = listeners.first() else { return Ok(0) };
        activities.retain(|activity| self.replay.sends(listener, activity));
        if activities.is_empty() {
            return Ok(0);
        }
        let people = feed::people(&mut *connection, account, &activities).await?;
        let entry = |it: &Activity| Entry { id: it.header.id, sequence: it.sequence };
        let entries: Vec<Entry> = activities.iter().map(entry).collect();
        self.debt(listener, &activities, &people).write(connection, &entries).await?;
        Ok(i64::try_from(entries.len()).unwrap_or(i64::MAX))
    }

    fn debt(&self, listener: &Listener, activities: &[Activity], people: &People) -> Debt {
        let (replay, format) = (&self.replay, listener.format);
        let account = AccountRef { id: replay.account, slug: replay.slug.clone() };
        let payload = |(place, activity): (usize, &Activity)| Payload {
            place,
            name: activity.event.kind().wire_name(),
            board: activity.header.board_id,
            format,
            body: format.body(self.origin, &Told::of(&account, activity, people)),
            created_at: activity.header.created_at,
        };
        let delivery = |place| (place, listener.id, format);
        Debt {
            account: replay.account,
            owed_at: clock::now(),
            payloads: activities.iter().enumerate().map(payload).collect(),
            deliveries: (0..activities.len()).map(delivery).collect(),
            again: Again {
                replay: replay.delivery.is_none().then_some(replay.id),
                resent: replay.delivery,
            },
        }
    }
}

impl Locked {
    fn ahead(&self) -> i64 {
        self.rate_limit.map_or(AHEAD, |rate| (i64::from(rate) * SECONDS_AHEAD).min(AHEAD))
    }

    /// A delivery that is sent again was asked for once, whatever the endpoint asks for now.
    fn sends(&self, listener: &Listener, activity: &Activity) -> bool {
        match self.delivery {
            Some(_) => listener.may_know_of(activity.header.board_id),
            None => listener.hears(&activity.header, activity.event.as_ref()),
        }
    }
}

/// Lets a delivery that waits for its next try be tried at once; the event of one that has ended, which
/// must be owed anew. None: it waits, is held, or was forgotten meanwhile.
async fn hurry(
    connection: &mut PgConnection,
    replay: &Locked,
    delivery: DeliveryId,
) -> sqlx::Result<Option<EventId>> {
    let ended = sqlx::query_scalar!(
        r#"with hurried as (
               update webhook_deliveries set due_at = $4
               where account_id = $1 and id = $3 and status = 'pending' and lease_id is null
           ), queued as (
               update webhook_due set due_at = least(due_at, $4)
               where account_id = $1 and endpoint_id = $2
           )
           select event_id as "event_id: EventId" from webhook_deliveries
           where account_id = $1 and id = $3 and status not in ('pending', 'held')"#,
        replay.account as _,
        replay.endpoint as _,
        delivery as _,
        clock::now(),
    );
    ended.fetch_optional(connection).await
}

async fn advance(
    connection: &mut PgConnection,
    replay: &Locked,
    (reached, ends): (i64, bool),
    owed: i64,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update webhook_replays set after_sequence = $3, owed = owed + $4,
             ended_at = case when $5 then $6::timestamptz end
         where account_id = $1 and id = $2",
        replay.account as _,
        replay.id as _,
        reached,
        owed,
        ends,
        clock::now(),
    )
    .execute(connection)
    .await?;
    Ok(())
}
