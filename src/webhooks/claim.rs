//! Claiming what is due: the endpoints in turn, a few deliveries of each, under a lease.

use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::held;
use super::pace::Pace;
use super::signature::Scheme;
use crate::values::id::{AccountId, DeliveryId, EndpointId, EventId};

/// How long a claim holds: longer than any try. Then the delivery is due again by itself.
const LEASE: Duration = Duration::seconds(45);

/// An endpoint that wants something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Due {
    pub(super) account: AccountId,
    pub(super) endpoint: EndpointId,
}

/// A delivery that is to be tried now, by whoever holds its lease.
#[derive(Debug)]
pub(super) struct Claimed {
    pub(super) account: AccountId,
    pub(super) endpoint: EndpointId,
    pub(super) id: DeliveryId,
    pub(super) lease: Uuid,
    pub(super) number: i64,
    pub(super) sequence: i64,
    pub(super) event_id: EventId,
    pub(super) attempts: i32,
    pub(super) postponements: i32,
    pub(super) url: String,
    pub(super) sealed_secret: Vec<u8>,
    /// The secret before that, while it still signs too.
    pub(super) older_sealed_secret: Option<Vec<u8>>,
    /// How `webhook-signature` is made.
    pub(super) signature: Scheme,
    /// Whether it is made the other way too, as before it was switched.
    pub(super) other_too: bool,
    pub(super) sealed_key: Option<Vec<u8>>,
    /// The key before that, while it still signs too.
    pub(super) older_sealed_key: Option<Vec<u8>>,
    pub(super) sealed_headers: Option<Vec<u8>>,
    pub(super) body: Vec<u8>,
}

/// The endpoints that want something, the longest waiting first, without those that are `full`.
pub(super) async fn due(
    pool: &PgPool,
    now: OffsetDateTime,
    full: &[Uuid],
    limit: i64,
) -> sqlx::Result<Vec<Due>> {
    sqlx::query_as!(
        Due,
        r#"select account_id as "account: AccountId", endpoint_id as "endpoint: EndpointId"
           from webhook_due where due_at <= $1 and endpoint_id <> all($2)
           order by due_at limit $3"#,
        now,
        full,
        limit,
    )
    .fetch_all(pool)
    .await
}

/// Lets every endpoint that is owed something be looked at, in a database that was just restored.
///
/// # Errors
/// A database that fails.
pub async fn look_at_all(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into webhook_due (account_id, endpoint_id, due_at)
         select account_id, endpoint_id, min(due_at) from webhook_deliveries
         where status = 'pending' group by account_id, endpoint_id
         on conflict do nothing"
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Claims up to `limit` deliveries of an endpoint and puts it at the end of the queue. Whoever
/// holds the endpoint's row has the turn, so no two claim from one endpoint at once, and an event
/// that is owed meanwhile sets its time after this one. From one that is not called nothing is
/// claimed: what is owed to it is settled.
pub(super) async fn claim(
    pool: &PgPool,
    due: Due,
    now: OffsetDateTime,
    limit: i64,
) -> sqlx::Result<Vec<Claimed>> {
    let mut transaction = pool.begin().await?;
    let turn = sqlx::query!(
        r#"select e.removed_at is null and not exists(select from webhook_disablements o
                   where o.account_id = $1 and o.endpoint_id = $2 and o.ended_at is null)
                   as "is_called!",
               e.rate_limit, d.full_at
           from webhook_due d
           join webhook_endpoints e on e.account_id = d.account_id and e.id = d.endpoint_id
           where d.account_id = $1 and d.endpoint_id = $2 and d.due_at <= $3
           for update of d skip locked"#,
        due.account as _,
        due.endpoint as _,
        now,
    );
    let Some(turn) = turn.fetch_optional(&mut *transaction).await? else { return Ok(Vec::new()) };
    if !turn.is_called {
        held::settle(&mut transaction, due.account, due.endpoint, now).await?;
        transaction.commit().await?;
        return Ok(Vec::new());
    }
    let pace = Pace::of(turn.rate_limit, turn.full_at);
    let limit = pace.map_or(limit, |pace| pace.allows(now).min(limit));
    // A statement of its own: it must see what was committed before the turn was taken.
    let claimed = sqlx::query_as!(
        Claimed,
        r#"with next as (
               select id, due_at, row_number() over (order by due_at, number) as place
               from (select id, due_at, number from webhook_deliveries
                     where account_id = $1 and endpoint_id = $2 and status = 'pending'
                     order by due_at limit $4::bigint + 1) waiting
           ), claimed as (
               update webhook_deliveries d set lease_id = $5, due_at = $6
               from next
               where d.account_id = $1 and d.id = next.id and d.status = 'pending'
                 and next.due_at <= $3 and next.place <= $4::bigint
               returning d.*
           ), queued as (
               update webhook_due set due_at = least(
                   (select min(greatest(due_at, $3 + interval '1 us')) from next
                    where place > $4::bigint or next.due_at > $3),
                   case when exists(select from next where next.due_at <= $3) then $6
                        else 'infinity' end)
               where account_id = $1 and endpoint_id = $2
           )
           select d.account_id as "account!: AccountId", d.endpoint_id as "endpoint!: EndpointId",
               d.id as "id!: DeliveryId", d.lease_id as "lease!", d.number as "number!",
               d.sequence as "sequence!", d.event_id as "event_id!: EventId",
               d.attempts as "attempts!", d.postponements as "postponements!", e.url,
               e.sealed_secret,
               case when e.older_until > $3 then e.older_sealed_secret end as older_sealed_secret,
               e.signature as "signature: Scheme", (e.other_until > $3) is true as "other_too!",
               e.sealed_key,
               case when e.older_until > $3 then e.older_sealed_key end as older_sealed_key,
               e.sealed_headers, p.body
           from claimed d
           join webhook_endpoints e on e.account_id = $1 and e.id = d.endpoint_id
           join webhook_payloads p on p.account_id = $1 and p.event_id = d.event_id
           order by d.number"#,
        due.account as _,
        due.endpoint as _,
        now,
        limit,
        Uuid::now_v7(),
        now + LEASE,
    )
    .fetch_all(&mut *transaction)
    .await?;
    if let Some(pace) = pace {
        pace.after(claimed.len(), now).keep(&mut transaction, due.account, due.endpoint).await?;
    }
    transaction.commit().await?;
    Ok(claimed)
}
