//! What becomes of what is owed while its endpoint is not called: it is held while the endpoint is
//! switched off, and ends when it was removed.
//!
//! Events owe deliveries to every endpoint that asked, called or not; here alone it is decided what
//! follows. Whoever decides holds the endpoint's turn, its row in `webhook_due`, so that what was
//! just sent on its way is not held by somebody who had looked before.

use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use crate::values::clock;
use crate::values::id::{AccountId, EndpointId};

/// Settles what is owed to an endpoint that was switched off or removed just now. The change is
/// made already: should this fail, whoever next has the endpoint's turn does it.
pub(super) async fn settle_now(pool: &PgPool, account: AccountId, endpoint: EndpointId) {
    let settled = async {
        let mut transaction = pool.begin().await?;
        take_turn(&mut transaction, account, endpoint).await?;
        settle(&mut transaction, account, endpoint, clock::now()).await?;
        transaction.commit().await
    };
    if let Err(error) = settled.await {
        tracing::warn!(%error, "what is owed to an endpoint is settled at its next turn");
    }
}

/// Settles what is owed to an endpoint that is not called, for whoever has its turn. What is under
/// way to one that is switched off is left to end.
pub(super) async fn settle(
    connection: &mut PgConnection,
    account: AccountId,
    endpoint: EndpointId,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with endpoint as (
             select removed_at is not null as removed from webhook_endpoints e
             where account_id = $1 and id = $2
               and (removed_at is not null or exists(select from webhook_disablements d
                    where d.account_id = $1 and d.endpoint_id = e.id and d.ended_at is null))
         ), settled as (
             update webhook_deliveries d
             set status = case when e.removed then 'failed' else 'held' end, lease_id = null,
                 error_message = case when e.removed then 'The endpoint was removed.'
                                      else d.error_message end
             from endpoint e
             where d.account_id = $1 and d.endpoint_id = $2
               and (e.removed and d.status in ('pending', 'held')
                    or d.status = 'pending' and (d.lease_id is null or d.due_at <= $3))
         )
         update webhook_due set due_at = coalesce(
             (select min(d.due_at) from webhook_deliveries d join endpoint e on not e.removed
              where d.account_id = $1 and d.endpoint_id = $2 and d.status = 'pending'
                and d.lease_id is not null and d.due_at > $3), 'infinity')
         where account_id = $1 and endpoint_id = $2 and exists(select from endpoint)",
        account as _,
        endpoint as _,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Lets what was held for an endpoint go, once it is called again, and counts its tries anew.
pub(super) async fn release(
    pool: &PgPool,
    account: AccountId,
    endpoint: EndpointId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with failing as (
             update webhook_failings set ended_at = $3
             where account_id = $1 and endpoint_id = $2 and ended_at is null
         )
         update webhook_health set failures = 0, failing_since = null
         where account_id = $1 and endpoint_id = $2",
        account as _,
        endpoint as _,
        clock::now(),
    )
    .execute(pool)
    .await?;
    let mut transaction = pool.begin().await?;
    take_turn(&mut transaction, account, endpoint).await?;
    sqlx::query!(
        "with released as (
             update webhook_deliveries set status = 'pending', due_at = $3
             where account_id = $1 and endpoint_id = $2 and status = 'held'
             returning id
         )
         insert into webhook_due (account_id, endpoint_id, due_at)
         select $1, $2, $3 where exists(select from released)
         on conflict (account_id, endpoint_id) do update set due_at = excluded.due_at",
        account as _,
        endpoint as _,
        clock::now(),
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await
}

/// Lets go what is held although its endpoint is called: a process died between the two.
pub(super) async fn release_forgotten(pool: &PgPool) -> sqlx::Result<()> {
    sqlx::query!(
        "with released as (
             update webhook_deliveries d set status = 'pending', due_at = $1
             where status = 'held' and not exists(select from webhook_disablements e
                 where e.account_id = d.account_id and e.endpoint_id = d.endpoint_id
                   and e.ended_at is null)
             returning account_id, endpoint_id
         )
         insert into webhook_due (account_id, endpoint_id, due_at)
         select distinct account_id, endpoint_id, $1::timestamptz from released
         order by account_id, endpoint_id
         on conflict (account_id, endpoint_id) do update set due_at = excluded.due_at",
        clock::now(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Waits for whoever has the endpoint's turn. One that was never owed anything has none.
async fn take_turn(
    connection: &mut PgConnection,
    account: AccountId,
    endpoint: EndpointId,
) -> sqlx::Result<()> {
    let turn = sqlx::query!(
        "select from webhook_due where account_id = $1 and endpoint_id = $2 for update",
        account as _,
        endpoint as _,
    );
    turn.fetch_optional(connection).await?;
    Ok(())
}
