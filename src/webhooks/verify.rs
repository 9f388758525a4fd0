//! Whether the endpoints of an account are those of its log, and everything that is owed to them is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sqlx::PgPool;
use time::OffsetDateTime;

use super::replays::kinds;
use super::retention::KEPT_FOR;
use crate::events::history::{self, From, Page, Scope};
use crate::events::kinds::{
    board_access_granted, board_access_revoked, webhook_endpoint_added, webhook_endpoint_changed,
    webhook_endpoint_removed,
};
use crate::events::snapshot::ERASED;
use crate::events::{AccountAsItWas, EndpointSnapshot, Kind, Log};
use crate::values::clock;
use crate::values::id::{AccountId, EndpointId};

/// So many activities are read at once.
const WINDOW: i64 = 1_000;

/// How many of a sort are named for one endpoint.
const NAMED: i64 = 10;

/// Something that is not there, or is and should not.
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
    /// The event that added the endpoint, or that brought it back.
    Addition,
    /// The endpoint, though no event removed it.
    Itself,
    /// The address that the log says.
    Address,
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
            What::Addition => write!(f, "the endpoint {endpoint} is there, and no event added it"),
            What::Itself => write!(f, "the endpoint {endpoint} is gone, and no event removed it"),
            What::Address => {
                write!(f, "the endpoint {endpoint} has another address than the log says")
            }
        }
    }
}

/// An endpoint, and the sequence at which one was last added or changed: what it asks for now it is owed since.
struct Endpoint {
    id: EndpointId,
    names: Vec<String>,
    changed: i64,
}

/// What is missing of an account’s endpoints, and of the deliveries to them for as long as those are kept.
///
/// # Errors
/// A database that fails.
pub async fn verify(pool: &PgPool, account: AccountId) -> sqlx::Result<Vec<Missing>> {
    let mut missing = parted(pool, account).await?;
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

/// Where the endpoints part from what the log tells of them.
async fn parted(pool: &PgPool, account: AccountId) -> sqlx::Result<Vec<Missing>> {
    let told = told(pool, account).await?;
    let stored = stored(pool, account).await?;
    let ids: BTreeSet<EndpointId> = told.keys().chain(stored.keys()).copied().collect();
    let parted = ids.into_iter().filter_map(|endpoint| {
        let what = match (told.get(&endpoint), stored.get(&endpoint)) {
            (None, Some(_)) => What::Addition,
            (Some(_), None) => What::Itself,
            // An address that was erased may have been any.
            (Some(told), Some(url)) if told != url && told != ERASED => What::Address,
            _ => return None,
        };
        Some(Missing { endpoint, what })
    });
    Ok(parted.collect())
}

/// The endpoints that the log tells of, with as much of their addresses as it may tell.
async fn told(pool: &PgPool, account: AccountId) -> sqlx::Result<BTreeMap<EndpointId, String>> {
    let kinds: Vec<&Kind> = vec![
        &webhook_endpoint_added::KIND,
        &webhook_endpoint_changed::KIND,
        &webhook_endpoint_removed::KIND,
    ];
    // What a process remembers is not what the tables say.
    let log = Log::new(pool.clone(), Vec::new());
    let mut page = Page::newest(Scope::Account, WINDOW, kinds);
    page.from = From::After(0);
    let mut told = AccountAsItWas::default();
    loop {
        let activities = history::page(&log, account, &page).await?;
        let Some(last) = activities.last() else { return Ok(told.endpoints) };
        page.from = From::After(last.sequence);
        activities.iter().for_each(|activity| activity.event.settle(&mut told));
    }
}

async fn stored(pool: &PgPool, account: AccountId) -> sqlx::Result<BTreeMap<EndpointId, String>> {
    let rows = sqlx::query!(
        r#"select id as "id: EndpointId", url from webhook_endpoints
           where account_id = $1 and removed_at is null"#,
        account as _,
    );
    let rows = rows.fetch_all(pool).await?.into_iter();
    Ok(rows.map(|row| (row.id, EndpointSnapshot::new(row.id, &row.url).url)).collect())
}

async fn endpoints(pool: &PgPool, account: AccountId) -> sqlx::Result<Vec<Endpoint>> {
    sqlx::query_as!(
        Endpoint,
        r#"select id as "id: EndpointId",
               array(select name from webhook_endpoint_events n
                     where n.account_id = $1 and n.endpoint_id = e.id and e.removed_at is null)
                   as "names!",
               coalesce((select max(a.sequence) from activities a
                         where a.account_id = $1 and a.subject_type = any($2)), 0) as "changed!"
           from webhook_endpoints e where account_id = $1 order by id"#,
        account as _,
        &[webhook_endpoint_added::KIND.name, webhook_endpoint_changed::KIND.name] as _,
    )
    .fetch_all(pool)
    .await
}

/// The events since endpoints last changed that one asked for and was never owed. An event on a board
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
                                and access.subject_type = any($7)
                             where a.account_id = $1 and a.id = owed.id
                               and access.sequence >= owed.sequence)
           order by 1 limit $6"#,
        account as _,
        endpoint.id as _,
        &kinds as _,
        since,
        endpoint.changed,
        NAMED,
        &[board_access_granted::KIND.name, board_access_revoked::KIND.name] as _,
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
