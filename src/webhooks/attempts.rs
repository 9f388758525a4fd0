//! The tries at a delivery, as the page and the API tell them.

use sqlx::PgPool;
use time::OffsetDateTime;

use super::endpoints;
use super::send::Fault;
use crate::domain::{Actor, Error, Result};
use crate::values::id::{AttemptId, DeliveryId, EndpointId};

/// How much of an answer’s body a log shows, in bytes; all that is kept is given with the tries at
/// one delivery.
pub(super) const HEAD: i32 = 2 * 1024;

/// More than is kept of an answer’s body.
const WHOLE: i32 = i32::MAX;

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
    /// The head of the answer’s body as text: as much as is kept (64 KiB) among the tries at one
    /// delivery, the first 2 KiB in a log. Null when there is none, and for an event on a board that
    /// whoever asks does not see.
    #[schema(required)]
    pub response_body: Option<String>,
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
    of_deliveries(pool, actor, &[delivery], WHOLE).await
}

/// The tries at some deliveries, the first ones first, with so many bytes of each answer’s body.
/// What a receiver answers may say what it was told, so it is for those who may know that.
pub(super) async fn of_deliveries(
    pool: &PgPool,
    actor: &Actor,
    deliveries: &[DeliveryId],
    head: i32,
) -> Result<Vec<Attempt>> {
    let rows = sqlx::query!(
        r#"select t.id as "id: AttemptId", t.delivery_id as "delivery_id: DeliveryId", t.started_at,
               t.milliseconds, t.lookup_milliseconds, t.connect_milliseconds, t.tls_milliseconds,
               t.first_byte_milliseconds, t.address, t.request_headers, t.response_code,
               t.response_headers, t.fault as "fault: Fault", t.error_message, t.next_at,
               case when a.board_id is null or exists (
                   select from board_viewers v
                   where v.account_id = $1 and v.board_id = a.board_id and v.user_id = $3
               ) then substring(t.response_body for $4) end as response_body
           from webhook_attempts t
           join webhook_deliveries d on d.account_id = $1 and d.id = t.delivery_id
           left join activities a on a.account_id = $1 and a.sequence = d.sequence
           where t.account_id = $1 and t.delivery_id = any($2) order by t.id"#,
        actor.account.id as _,
        deliveries as _,
        actor.user_id as _,
        head,
    );
    let rows = rows.fetch_all(pool).await?;
    let attempts = rows.into_iter().map(|row| Attempt {
        id: row.id,
        delivery_id: row.delivery_id,
        started_at: row.started_at,
        milliseconds: row.milliseconds,
        lookup_milliseconds: row.lookup_milliseconds,
        connect_milliseconds: row.connect_milliseconds,
        tls_milliseconds: row.tls_milliseconds,
        first_byte_milliseconds: row.first_byte_milliseconds,
        address: row.address,
        request_headers: row.request_headers,
        response_code: row.response_code,
        response_headers: row.response_headers,
        response_body: row.response_body.and_then(|bytes| text(&bytes)),
        fault: row.fault,
        error_message: row.error_message,
        next_at: row.next_at,
    });
    Ok(attempts.collect())
}

/// Bytes as text, whatever they are; none when there are none. A character that was cut off at the
/// end is left away.
fn text(bytes: &[u8]) -> Option<String> {
    let cut = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => &bytes[..error.valid_up_to()],
        _ => bytes,
    };
    Some(String::from_utf8_lossy(cut).into_owned()).filter(|text| !text.is_empty())
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
            response_body: response_code.map(|_| format!("{{\"error\": {error:?}}}")),
            fault: failed.then_some(Fault::Broken),
            error_message: failed.then(|| error.to_owned()),
            next_at: failed.then_some(started_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_as_text_whatever_it_is() {
        assert_eq!(text("naïve".as_bytes()).as_deref(), Some("naïve"));
        assert_eq!(
            text(&"naï".as_bytes()[..3]).as_deref(),
            Some("na"),
            "it was cut within a letter"
        );
        assert_eq!(text(b"a\xffb").as_deref(), Some("a\u{fffd}b"));
        assert_eq!(text(b""), None);
    }
}
