//! The tries at a delivery, as the page and the API tell them.

use sqlx::PgPool;
use time::OffsetDateTime;

use super::endpoints;
use super::send::Fault;
use crate::domain::{Actor, Error, Result};
use crate::values::id::{AttemptId, DeliveryId, EndpointId};

/// One try.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[schema(as = WebhookAttempt)]
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
    /// How long finding the host took; null when a connection was open already, or it did not end.
    #[schema(required)]
    pub lookup_milliseconds: Option<i32>,
    /// How long connecting took; null like that.
    #[schema(required)]
    pub connect_milliseconds: Option<i32>,
    /// How long agreeing on TLS took; null like that.
    #[schema(required)]
    pub tls_milliseconds: Option<i32>,
    /// How long it took from the beginning until the answer began.
    #[schema(required)]
    pub first_byte_milliseconds: Option<i32>,
    /// The address that was dialled.
    #[schema(required)]
    pub address: Option<String>,
    /// The headers that were sent, a line each; of signatures only how they begin.
    pub request_headers: String,
    /// The code of the answer, if there was one.
    #[schema(required)]
    pub response_code: Option<i32>,
    /// The headers that were answered, a line each, the first 8 KiB.
    pub response_headers: String,
    /// What went wrong, in a word, if something did.
    #[schema(required)]
    pub fault: Option<Fault>,
    /// What went wrong, in a sentence.
    #[schema(required)]
    pub error_message: Option<String>,
    /// When the next try was due after this one, if one was.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub next_at: Option<OffsetDateTime>,
}

/// The tries at a delivery, the first one first.
///
/// # Errors
/// `NotFound` when there is no such delivery to that endpoint; `Forbidden` for those who are no
/// admins.
pub async fn of_delivery(
    pool: &PgPool,
    actor: &Actor,
    endpoint: EndpointId,
    delivery: DeliveryId,
) -> Result<Vec<Attempt>> {
    endpoints::find(pool, actor, endpoint).await?;
    let owed = sqlx::query_scalar!(
        r#"select exists(select from webhook_deliveries
               where account_id = $1 and endpoint_id = $2 and id = $3) as "owed!""#,
        actor.account.id as _,
        endpoint as _,
        delivery as _,
    );
    if !owed.fetch_one(pool).await? {
        return Err(Error::NotFound);
    }
    of_deliveries(pool, actor, &[delivery]).await
}

/// The tries at some deliveries, the first ones first.
pub(super) async fn of_deliveries(
    pool: &PgPool,
    actor: &Actor,
    deliveries: &[DeliveryId],
) -> Result<Vec<Attempt>> {
    let attempts = sqlx::query_as!(
        Attempt,
        r#"select id as "id: AttemptId", delivery_id as "delivery_id: DeliveryId", started_at,
               milliseconds, lookup_milliseconds, connect_milliseconds, tls_milliseconds,
               first_byte_milliseconds, address, request_headers, response_code, response_headers,
               fault as "fault: Fault", error_message, next_at
           from webhook_attempts where account_id = $1 and delivery_id = any($2) order by id"#,
        actor.account.id as _,
        deliveries as _,
    );
    Ok(attempts.fetch_all(pool).await?)
}

#[cfg(test)]
impl Attempt {
    /// A try at a delivery; without a code it failed, with these words.
    pub(super) fn example(
        (delivery_id, started_at): (DeliveryId, OffsetDateTime),
        response_code: Option<i32>,
        error: &str,
    ) -> Self {
        let failed = response_code.is_none();
        Self {
            id: AttemptId::new(),
            delivery_id,
            started_at,
            milliseconds: 96,
            lookup_milliseconds: Some(4),
            connect_milliseconds: Some(11),
            tls_milliseconds: Some(23),
            first_byte_milliseconds: response_code.map(|_| 90),
            address: Some("192.0.2.7".to_owned()),
            request_headers: "webhook-signature: v1,K5oZf…\n".to_owned(),
            response_code,
            response_headers: "content-length: 0\n".to_owned(),
            fault: failed.then_some(Fault::Broken),
            error_message: failed.then(|| error.to_owned()),
            next_at: failed.then_some(started_at),
        }
    }
}
