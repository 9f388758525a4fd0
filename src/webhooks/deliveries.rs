//! The log of deliveries, for the page and the API.

use sqlx::PgPool;
use time::OffsetDateTime;

use super::endpoints;
use crate::domain::{Actor, Result};
use crate::values::id::{AttemptId, DeliveryId, EndpointId, EventId};

/// The most deliveries of one page.
const MOST: i64 = 200;

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Status {
    /// It will be tried, or tried again.
    Pending,
    /// It was answered with a 2xx.
    Delivered,
    /// It was given up.
    Failed,
    /// It waits, because its endpoint is switched off.
    Held,
}

/// One event owed to one endpoint.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// Its number, without gaps for its endpoint.
    pub number: i64,
    /// The event's id.
    pub event_id: EventId,
    /// The event's name.
    pub event: String,
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

/// One try.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// The delivery that was tried.
    pub delivery_id: DeliveryId,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub started_at: OffsetDateTime,
    /// How long it took.
    pub milliseconds: i32,
    /// The code of the answer, if there was one.
    pub response_code: Option<i32>,
    /// What went wrong, if something did.
    pub error_message: Option<String>,
}

/// The deliveries of an endpoint, the newest first; those with a number below `before`.
///
/// # Errors
/// `NotFound` when there is no such endpoint; `Forbidden` for those who are no admins.
pub async fn of_endpoint(
    pool: &PgPool,
    actor: &Actor,
    endpoint: EndpointId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Delivery>> {
    endpoints::find(pool, actor, endpoint).await?;
    let deliveries = sqlx::query_as!(
        Delivery,
        r#"select id as "id: DeliveryId", number, event_id as "event_id: EventId", event, sequence,
               status as "status: Status", attempts, response_code, error_message, created_at,
               delivered_at, case when status = 'pending' then due_at end as next_at
           from webhook_deliveries
           where account_id = $1 and endpoint_id = $2 and number < $3
           order by number desc limit $4"#,
        actor.account.id as _,
        endpoint as _,
        before.unwrap_or(i64::MAX),
        limit.clamp(1, MOST),
    );
    Ok(deliveries.fetch_all(pool).await?)
}

/// The tries at some deliveries of an account, the first ones first.
///
/// # Errors
/// A database that fails; `Forbidden` for those who are no admins.
pub async fn attempts(
    pool: &PgPool,
    actor: &Actor,
    deliveries: &[DeliveryId],
) -> Result<Vec<Attempt>> {
    actor.may_administer()?;
    let attempts = sqlx::query_as!(
        Attempt,
        r#"select id as "id: AttemptId", delivery_id as "delivery_id: DeliveryId", started_at,
               milliseconds, response_code, error_message
           from webhook_attempts where account_id = $1 and delivery_id = any($2) order by id"#,
        actor.account.id as _,
        deliveries as _,
    );
    Ok(attempts.fetch_all(pool).await?)
}
