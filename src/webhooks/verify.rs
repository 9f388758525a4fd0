//! Whether everything that is owed to the endpoints of an account is there.

use std::fmt;

use sqlx::PgPool;
use time::OffsetDateTime;

use super::replays::kinds;
use super::retention::KEPT_FOR;
use crate::values::clock;
use crate::values::id::{AccountId, EndpointId};

/// How many of a sort are named for one endpoint.
const NAMED: i64 = 10;

/// Something that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// What.
    pub what: What,
}

/// What is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The delivery of an event that the endpoint asked for, by its sequence.
    Owed(i64),
    /// The delivery with a number.
    Delivery(i64),
    /// The event of the delivery with a number.
    Event(i64),
    /// The bytes that the delivery with a number is still to send.
    Payload(i64),
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = self.endpoint;
        match self.what {
            What::Owed(sequence) => {
                write!(f, "sequence {sequence} was never owed to the endpoint {endpoint}")
            }
            What::Delivery(number) => {
                write!(f, "delivery {number} to the endpoint {endpoint} was removed")
            }
            What::Event(number) => write!(
                f,
                "delivery {number} to the endpoint {endpoint} is of an event that is not in the log"
            ),
            What::Payload(number) => {
                write!(f, "delivery {number} to the endpoint {endpoint} has nothing to send")
            }
        }
    }
}

/// An endpoint, and the sequence from which it is owed what it asks for now.
struct Endpoint {
    id: EndpointId,
    names: Vec<String>,
    changed: i64,
}

/// What is missing of the deliveries to an account’s endpoints, for as long as deliveries are kept.
///
/// # Errors
/// A database that fails.
pub async fn verify(pool: &PgPool, account: AccountId) -> sqlx::Result<Vec<Missing>> {
    let mut missing = Vec::new();
    let since = clock::now() - KEPT_FOR;
    for endpoint in endpoints(pool, account).await? {
        let id = endpoint.id;
        let all = [
            owed(pool, account, &endpoint, since).await?,
            numbers(pool, account, id, since).await?,
            events(pool, account, id).await?,
            payloads(pool, account, id).await?,
        ];
        missing.extend(all.concat().into_iter().map(|what| Missing { endpoint: id, what }));
    }
    Ok(missing)
}

async fn endpoints(pool: &PgPool, account: AccountId) -> sqlx::Result<Vec<Endpoint>> {
    sqlx::query_as!(
        Endpoint,
        r#"select id as "id: EndpointId",
               array(select name from webhook_endpoint_events n
                     where n.account_id = $1 and n.endpoint_id = e.id and e.removed_at is null)
                   as "names!",
               coalesce((select max(a.sequence) from activities a
                         where a.account_id = $1 and a.id in (
                             select id from webhook_endpoint_added
                             where account_id = $1 and endpoint_id = e.id
                             union all select id from webhook_endpoint_changed
                             where account_id = $1 and endpoint_id = e.id)), 0) as "changed!"
           from webhook_endpoints e where account_id = $1 order by id"#,
        account as _,
    )
    .fetch_all(pool)
    .await
}

/// The events since an endpoint last changed that it asked for and was never owed. An event on a board
/// that was opened or closed to others since is left out: who heard of it then is not known now.
async fn owed(
    pool: &PgPool,
    account: AccountId,
    endpoint: &Endpoint,
    since: OffsetDateTime,
) -> sqlx::Result<Vec<What>> {
    // What happens to an endpoint it does not hear of itself.
    let mut kinds = kinds(&endpoint.names, &[]);
    kinds.retain(|name| !name.starts_with("webhook_"));
    let sequences = sqlx::query_scalar!(
        r#"select owed.sequence as "sequence!"
           from webhook_replayable($1, $2, $3, '{}', 'all', $4, null, $5, 9223372036854775807) owed
           where not exists (select from webhook_deliveries d where d.account_id = $1
                             and d.event_id = owed.id and d.endpoint_id = $2)
             and not exists (select from activities a join activities access
                                 on access.account_id = $1 and access.board_id = a.board_id
                                and access.subject_type
                                    in ('board_access_granted', 'board_access_revoked')
                             where a.account_id = $1 and a.id = owed.id
                               and access.sequence >= owed.sequence)
           order by 1 limit $6"#,
        account as _,
        endpoint.id as _,
        &kinds as _,
        since,
        endpoint.changed,
        NAMED,
    );
    Ok(sequences.fetch_all(pool).await?.into_iter().map(What::Owed).collect())
}

/// The numbers that were given and are not there any more, although it is not time to forget them.
async fn numbers(
    pool: &PgPool,
    account: AccountId,
    endpoint: EndpointId,
    since: OffsetDateTime,
) -> sqlx::Result<Vec<What>> {
    let numbers = sqlx::query_scalar!(
        r#"select given.number as "number!"
           from webhook_counters counter cross join lateral generate_series(
               (select min(number) from webhook_deliveries
                where account_id = $1 and endpoint_id = $2 and created_at > $3), counter.number
           ) given (number)
           where counter.account_id = $1 and counter.endpoint_id = $2
             and not exists (select from webhook_deliveries d where d.account_id = $1
                             and d.endpoint_id = $2 and d.number = given.number)
           order by 1 limit $4"#,
        account as _,
        endpoint as _,
        since,
        NAMED,
    );
    Ok(numbers.fetch_all(pool).await?.into_iter().map(What::Delivery).collect())
}

async fn events(
    pool: &PgPool,
    account: AccountId,
    endpoint: EndpointId,
) -> sqlx::Result<Vec<What>> {
    let numbers = sqlx::query_scalar!(
        "select number from webhook_deliveries d
         where account_id = $1 and endpoint_id = $2
           and not exists (select from activities a where a.account_id = $1 and a.id = d.event_id)
         order by number limit $3",
        account as _,
        endpoint as _,
        NAMED,
    );
    Ok(numbers.fetch_all(pool).await?.into_iter().map(What::Event).collect())
}

async fn payloads(
    pool: &PgPool,
    account: AccountId,
    endpoint: EndpointId,
) -> sqlx::Result<Vec<What>> {
    let numbers = sqlx::query_scalar!(
        "select number from webhook_deliveries d
         where account_id = $1 and endpoint_id = $2 and status in ('pending', 'held')
           and not exists (select from webhook_payloads p
                           where p.account_id = $1 and p.event_id = d.event_id)
         order by number limit $3",
        account as _,
        endpoint as _,
        NAMED,
    );
    Ok(numbers.fetch_all(pool).await?.into_iter().map(What::Payload).collect())
}
