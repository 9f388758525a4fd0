//! What becomes of what is owed while its endpoint is not called: it is held while the endpoint is
//! switched off, and ends when it was removed.
//!
//! Events owe deliveries to every endpoint that asked, called or not; here alone it is decided what
//! follows. Whoever decides holds the endpoint's turn, its row in `webhook_due`, so that what was
//! just sent on its way is not held by somebody who had looked before.

use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use super::changes::Changed;
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
    Changed { account_id: account, endpoint_id: endpoint }.hint_of_what_is_done(pool).await;
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
         update webhook_due set due_at = least(
             (select min(d.due_at) from webhook_deliveries d join endpoint e on not e.removed
              where d.account_id = $1 and d.endpoint_id = $2 and d.status = 'pending'
                and d.lease_id is not null and d.due_at > $3),
             (select o.probe_at from webhook_disablements o join endpoint e on not e.removed
              where o.account_id = $1 and o.endpoint_id = $2 and o.ended_at is null), 'infinity')
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
    let_go(&mut transaction, Some((account, endpoint))).await?;
    transaction.commit().await?;
    Changed { account_id: account, endpoint_id: endpoint }.hint_of_what_is_done(pool).await;
    Ok(())
}

/// Lets go what is held although its endpoint is called: a process died between the two.
pub(super) async fn release_forgotten(pool: &PgPool) -> sqlx::Result<()> {
    let mut transaction = pool.begin().await?;
    let_go(&mut transaction, None).await?;
    transaction.commit().await
}

/// What is held for an endpoint that is called, or for any, is sent or skipped, as whoever switched it
/// on wished.
async fn let_go(
    connection: &mut PgConnection,
    of: Option<(AccountId, EndpointId)>,
) -> sqlx::Result<()> {
    let (account, endpoint) = of.unzip();
    sqlx::query!(
        "with last as (
             select distinct on (account_id, endpoint_id) account_id, endpoint_id, ended_at,
                 skips_before
             from webhook_disablements
             where ($1::uuid is null or account_id = $1) and ($2::uuid is null or endpoint_id = $2)
             order by account_id, endpoint_id, created_at desc
         ), settled as (
             update webhook_deliveries d
             set status = case when d.created_at < last.skips_before then 'skipped' else 'pending' end,
                 error_message = case when d.created_at < last.skips_before
                     then 'It was not wanted any more when the endpoint was switched on.'
                     else d.error_message end,
                 due_at = $3
             from last
             where d.account_id = last.account_id and d.endpoint_id = last.endpoint_id
               and d.status = 'held' and last.ended_at is not null
             returning d.account_id, d.endpoint_id, d.status
         )
         insert into webhook_due (account_id, endpoint_id, due_at)
         select distinct account_id, endpoint_id, $3::timestamptz from settled
         where status = 'pending' order by account_id, endpoint_id
         on conflict (account_id, endpoint_id) do update set due_at = excluded.due_at",
        account as _,
        endpoint as _,
        clock::now(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Waits for whoever has the endpoint's turn. One that was never owed anything has none.
pub(super) async fn take_turn(
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
