//! The log of deliveries, for the page and the API.

pub mod export;
mod filter;
mod status;

use sqlx::PgPool;
use time::OffsetDateTime;

pub use self::filter::Filter;
pub use self::status::Status;
use super::attempts::{self, Attempt};
use super::endpoints;
use super::send::Fault;
use crate::domain::{Actor, Result};
use crate::values::id::{DeliveryId, EndpointId, EventId};

/// How many deliveries a page of the log has.
pub const PAGE: usize = 50;

/// One event owed to one endpoint.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// The endpoint that is owed it.
    pub endpoint_id: EndpointId,
    /// Its number, without gaps for its endpoint.
    pub number: i64,
    /// The event's id.
    pub event_id: EventId,
    /// The event's name, unless it happened on a board that whoever asks does not see.
    pub event: Option<String>,
    /// The event's number in the account's log.
    pub sequence: i64,
    /// How it stands.
    pub status: Status,
    /// How many tries counted.
    pub attempts: i32,
    /// The code of the last answer.
    pub response_code: Option<i32>,
    /// What went wrong in the last try, in a word, if something did.
    #[schema(required)]
    pub fault: Option<Fault>,
    /// What went wrong last.
    pub error_message: Option<String>,
    /// When it was owed.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it arrived.
    #[serde(with = "time::serde::rfc3339::option")]
    pub delivered_at: Option<OffsetDateTime>,
    /// When the next try is due, while it is pending.
    #[serde(with = "time::serde::rfc3339::option")]
    pub next_at: Option<OffsetDateTime>,
    /// Whether it was owed anew: by a replay, or because an admin wished a delivery to be sent again.
    pub replayed: bool,
}

/// A delivery with the tries at it, the first one first.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[schema(as = DeliveryWithAttempts)]
pub struct Entry {
    /// What is owed.
    #[serde(flatten)]
    pub delivery: Delivery,
    /// The tries.
    #[serde(rename = "tries")]
    pub attempts: Vec<Attempt>,
}

/// A page of what was owed to an endpoint, the newest first.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// The deliveries.
    pub entries: Vec<Entry>,
    /// Where the next page begins: the number of the last one here, if there may be more.
    pub next: Option<i64>,
}

/// A page of the log of an endpoint as far as a filter lets it through; with `before`, the deliveries
/// with a lower number.
///
/// # Errors
/// `NotFound` when there is no such endpoint; `Forbidden` for those who are no admins; `Invalid`
/// names what the filter asks for and does not exist.
pub async fn log(
    pool: &PgPool,
    actor: &Actor,
    endpoint: EndpointId,
    filter: &Filter,
    before: Option<i64>,
) -> Result<Log> {
    window(pool, actor, endpoint, filter, before, PAGE).await
}

/// A part of the log of an endpoint, of so many deliveries at most.
async fn window(
    pool: &PgPool,
    actor: &Actor,
    endpoint: EndpointId,
    filter: &Filter,
    before: Option<i64>,
    limit: usize,
) -> Result<Log> {
    let deliveries = of_endpoint(pool, actor, endpoint, filter, before, limit).await?;
    let full = deliveries.len() == limit;
    let next = deliveries.last().filter(|_| full).map(|delivery| delivery.number);
    Ok(Log { entries: with_attempts(pool, actor, deliveries).await?, next })
}

async fn with_attempts(
    pool: &PgPool,
    actor: &Actor,
    deliveries: Vec<Delivery>,
) -> Result<Vec<Entry>> {
    let ids: Vec<DeliveryId> = deliveries.iter().map(|delivery| delivery.id).collect();
    let mut attempts = attempts::of_deliveries(pool, actor, &ids, attempts::HEAD).await?;
    let entries = deliveries.into_iter().map(|delivery| {
        let attempts = attempts.extract_if(.., |attempt| attempt.delivery_id == delivery.id);
        Entry { attempts: attempts.collect(), delivery }
    });
    Ok(entries.collect())
}

/// The deliveries of an endpoint that a filter lets through, the newest first; with `before`, those
/// with a lower number. Of a board that they do not see it says that something happened, not what.
///
/// What is rarely asked for with success has an index; a span becomes one of numbers. It is taken
/// from the log that a commit takes less than a minute, so that what was owed a minute after
/// something else has the higher number.
///
/// # Errors
/// `NotFound` when there is no such endpoint; `Forbidden` for those who are no admins; `Invalid`
/// names what the filter asks for and does not exist.
pub async fn of_endpoint(
    pool: &PgPool,
    actor: &Actor,
    endpoint: EndpointId,
    filter: &Filter,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Delivery>> {
    endpoints::find(pool, actor, endpoint).await?;
    filter.check()?;
    let (ways, names) = (filter.ways(), filter.names());
    let faults: Vec<&str> = filter.faults.iter().map(|fault| fault.as_str()).collect();
    let deliveries = sqlx::query_as!(
        Delivery,
        r#"with seen as materialized (
               select board_id from board_viewers where account_id = $1 and user_id = $5
           ), span as materialized (
               select
                   (select number from webhook_deliveries
                    where account_id = $1 and endpoint_id = $2
                      and created_at < $9::timestamptz - interval '1 minute'
                    order by created_at desc limit 1) as lower,
                   (select number from webhook_deliveries
                    where account_id = $1 and endpoint_id = $2
                      and created_at >= $10::timestamptz + interval '1 minute'
                    order by created_at limit 1) as upper
           ), found as (
               (select number from webhook_deliveries d
                where account_id = $1 and endpoint_id = $2
                  and number < least($3, (select upper from span))
                  and number > coalesce((select lower from span), 0)
                  and not $11 and status <> 'delivered' and status = any($6)
                  and (cardinality($7::text[]) = 0 or event = any($7) and not exists(
                      select from activities a where a.account_id = $1 and a.sequence = d.sequence
                      and a.board_id is not null and a.board_id not in (select board_id from seen)))
                  and (cardinality($8::text[]) = 0 or fault = any($8))
                  and ($9 is null or created_at >= $9) and ($10 is null or created_at < $10)
                order by number desc limit $4)
               union all
               (select number from webhook_deliveries d
                where account_id = $1 and endpoint_id = $2
                  and number < least($3, (select upper from span))
                  and number > coalesce((select lower from span), 0)
                  and $11 and status = any($6)
                  and (cardinality($7::text[]) = 0 or event = any($7) and not exists(
                      select from activities a where a.account_id = $1 and a.sequence = d.sequence
                      and a.board_id is not null and a.board_id not in (select board_id from seen)))
                  and ($9 is null or created_at >= $9) and ($10 is null or created_at < $10)
                order by number desc limit $4)
           )
           select d.id as "id!: DeliveryId", d.endpoint_id as "endpoint_id!: EndpointId",
               d.number as "number!", d.event_id as "event_id!: EventId",
               case when a.board_id is null or a.board_id in (select board_id from seen)
                   then d.event end as event,
               d.sequence as "sequence!", d.status as "status!: Status",
               d.attempts as "attempts!", d.response_code, d.fault as "fault: Fault",
               d.error_message, d.created_at as "created_at!", d.delivered_at,
               case when d.status = 'pending' then d.due_at end as next_at,
               d.replay_id is not null or d.resent_id is not null as "replayed!"
           from found
           join webhook_deliveries d
               on d.account_id = $1 and d.endpoint_id = $2 and d.number = found.number
           left join activities a on a.account_id = $1 and a.sequence = d.sequence
           order by d.number desc"#,
        actor.account.id as _,
        endpoint as _,
        before.unwrap_or(i64::MAX),
        i64::try_from(limit).unwrap_or(i64::MAX),
        actor.user_id as _,
        &ways as _,
        &names,
        &faults as _,
        filter.since,
        filter.until,
        ways.contains(&Status::Delivered),
    );
    Ok(deliveries.fetch_all(pool).await?)
}

/// What was owed of one event to all endpoints, with the tries.
///
/// # Errors
/// `Forbidden` for those who are no admins.
pub async fn of_event(pool: &PgPool, actor: &Actor, event: EventId) -> Result<Vec<Entry>> {
    actor.may_administer()?;
    let deliveries = sqlx::query_as!(
        Delivery,
        r#"select d.id as "id: DeliveryId", d.endpoint_id as "endpoint_id: EndpointId", d.number,
               d.event_id as "event_id: EventId",
               case when a.board_id is null or exists (
                   select from board_viewers v
                   where v.account_id = $1 and v.board_id = a.board_id and v.user_id = $3
               ) then d.event end as event,
               d.sequence, d.status as "status: Status", d.attempts, d.response_code,
               d.fault as "fault: Fault", d.error_message, d.created_at, d.delivered_at,
               case when d.status = 'pending' then d.due_at end as next_at,
               d.replay_id is not null or d.resent_id is not null as "replayed!"
           from webhook_deliveries d
           left join activities a on a.account_id = $1 and a.sequence = d.sequence
           where d.account_id = $1 and d.event_id = $2
           order by d.endpoint_id, d.number"#,
        actor.account.id as _,
        event as _,
        actor.user_id as _,
    );
    with_attempts(pool, actor, deliveries.fetch_all(pool).await?).await
}

#[cfg(test)]
impl Log {
    /// A delivery of each status, one with an error of these words.
    pub(crate) fn example(error: &str) -> Self {
        let statuses = [
            (Status::Delivered, vec![Some(200)]),
            (Status::Pending, vec![Some(503), None]),
            (Status::Failed, vec![None]),
            (Status::Held, Vec::new()),
        ];
        let entries = (1..).zip(statuses).map(|(number, (status, codes))| {
            let delivery = Delivery::example(number, status);
            let attempts = codes
                .into_iter()
                .map(|code| Attempt::example((delivery.id, delivery.created_at), code, error));
            Entry { attempts: attempts.collect(), delivery }
        });
        Self { entries: entries.collect(), next: Some(1) }
    }
}

#[cfg(test)]
impl Delivery {
    fn example(number: i64, status: Status) -> Self {
        let now = crate::values::clock::now();
        Self {
            id: DeliveryId::new(),
            endpoint_id: EndpointId::new(),
            number,
            event_id: EventId::new(),
            event: Some("card.moved".to_owned()),
            sequence: number + 7,
            status,
            attempts: 1,
            response_code: None,
            fault: None,
            error_message: None,
            created_at: now,
            delivered_at: (status == Status::Delivered).then_some(now),
            next_at: (status == Status::Pending).then_some(now),
            replayed: status == Status::Failed,
        }
    }
}
