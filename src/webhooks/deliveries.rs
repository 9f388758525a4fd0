//! The log of deliveries, for the page and the API.

use sqlx::PgPool;
use time::OffsetDateTime;

use super::attempts::{self, Attempt};
use super::endpoints;
use crate::domain::{Actor, Result};
use crate::values::id::{DeliveryId, EndpointId, EventId};

/// How many deliveries a page of the log has.
pub const PAGE: usize = 50;

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[schema(as = DeliveryStatus)]
pub enum Status {
    /// It will be tried, or tried again.
    Pending,
    /// It was answered with a 2xx.
    Delivered,
    /// It was given up.
    Failed,
    /// It waits, because its endpoint is switched off.
    Held,
    /// It was held, and not wanted any more when its endpoint was switched on.
    Skipped,
}

/// One event owed to one endpoint.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
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
}

/// A delivery with the tries at it, the first one first.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What is owed.
    pub delivery: Delivery,
    /// The tries.
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

/// A page of the log of an endpoint; with `before`, the deliveries with a lower number.
///
/// # Errors
/// `NotFound` when there is no such endpoint; `Forbidden` for those who are no admins.
pub async fn log(
    pool: &PgPool,
    actor: &Actor,
    endpoint: EndpointId,
    before: Option<i64>,
) -> Result<Log> {
    let deliveries = of_endpoint(pool, actor, endpoint, before, PAGE).await?;
    let full = deliveries.len() == PAGE;
    let next = deliveries.last().filter(|_| full).map(|delivery| delivery.number);
    let ids: Vec<DeliveryId> = deliveries.iter().map(|delivery| delivery.id).collect();
    let mut attempts = attempts::of_deliveries(pool, actor, &ids).await?;
    let entries = deliveries.into_iter().map(|delivery| {
        let attempts = attempts.extract_if(.., |attempt| attempt.delivery_id == delivery.id);
        Entry { attempts: attempts.collect(), delivery }
    });
    Ok(Log { entries: entries.collect(), next })
}

/// The deliveries of an endpoint, the newest first; with `before`, those with a lower number. Of a
/// board that they do not see it says that something happened, not what.
///
/// # Errors
/// `NotFound` when there is no such endpoint; `Forbidden` for those who are no admins.
pub async fn of_endpoint(
    pool: &PgPool,
    actor: &Actor,
    endpoint: EndpointId,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Delivery>> {
    endpoints::find(pool, actor, endpoint).await?;
    let deliveries = sqlx::query_as!(
        Delivery,
        r#"select d.id as "id: DeliveryId", d.number, d.event_id as "event_id: EventId",
               case when a.board_id is null or exists (
                   select from board_viewers v
                   where v.account_id = $1 and v.board_id = a.board_id and v.user_id = $5
               ) then d.event end as event,
               d.sequence, d.status as "status: Status", d.attempts, d.response_code,
               d.error_message, d.created_at, d.delivered_at,
               case when d.status = 'pending' then d.due_at end as next_at
           from webhook_deliveries d
           left join activities a on a.account_id = $1 and a.sequence = d.sequence
           where d.account_id = $1 and d.endpoint_id = $2 and d.number < $3
           order by d.number desc limit $4"#,
        actor.account.id as _,
        endpoint as _,
        before.unwrap_or(i64::MAX),
        i64::try_from(limit).unwrap_or(i64::MAX),
        actor.user_id as _,
    );
    Ok(deliveries.fetch_all(pool).await?)
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
            number,
            event_id: EventId::new(),
            event: Some("card.moved".to_owned()),
            sequence: number + 7,
            status,
            attempts: 1,
            response_code: None,
            error_message: None,
            created_at: now,
            delivered_at: (status == Status::Delivered).then_some(now),
            next_at: (status == Status::Pending).then_some(now),
        }
    }
}
