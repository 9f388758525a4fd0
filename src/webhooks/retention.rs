//! How long the log of deliveries is kept.

use sqlx::PgPool;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::db::partitions;

/// The table of tries, which is partitioned by days.
const ATTEMPTS: &str = "webhook_attempts";

/// How long what is done with is kept, and every try. What is owed still is kept as long as it is.
pub const KEPT_FOR: Duration = Duration::days(30);

/// How many rows are deleted at once, so that nobody waits for it.
const AT_ONCE: i64 = 1_000;

/// Makes the partitions of the days to come.
///
/// # Errors
/// A database that fails.
pub async fn make_partitions(pool: &PgPool, now: OffsetDateTime) -> sqlx::Result<()> {
    partitions::make(pool, ATTEMPTS, now).await
}

/// Forgets tries and deliveries that are older than they are kept, and bytes that nobody is owed any
/// more.
///
/// # Errors
/// A database that fails; the rest is forgotten the next time.
pub async fn forget(pool: &PgPool, now: OffsetDateTime) -> sqlx::Result<()> {
    let before = now - KEPT_FOR;
    partitions::drop_before(pool, ATTEMPTS, before.date()).await?;
    while forget_deliveries(pool, before).await? > 0 {}
    while forget_payloads(pool, before).await? > 0 {}
    Ok(())
}

async fn forget_deliveries(pool: &PgPool, before: OffsetDateTime) -> sqlx::Result<u64> {
    let deleted = sqlx::query!(
        "delete from webhook_deliveries d
         using (select old.account_id, old.id from webhook_endpoints e cross join lateral (
                    select account_id, id from webhook_deliveries
                    where account_id = e.account_id and endpoint_id = e.id and created_at < $1
                      and status in ('delivered', 'failed', 'skipped')
                    order by created_at limit $2) old
                limit $2) old
         where d.account_id = old.account_id and d.id = old.id",
        before,
        AT_ONCE,
    );
    Ok(deleted.execute(pool).await?.rows_affected())
}

/// Whoever owes old bytes again holds their rows until the delivery is there. So they are locked first,
/// and looked at again by a statement that sees what was owed until then.
async fn forget_payloads(pool: &PgPool, before: OffsetDateTime) -> sqlx::Result<u64> {
    let mut transaction = pool.begin().await?;
    let old = sqlx::query!(
        "select account_id, event_id from webhook_payloads o
         where created_at < $1 and not exists(select from webhook_deliveries d
             where d.account_id = o.account_id and d.event_id = o.event_id)
         limit $2 for update skip locked",
        before,
        AT_ONCE,
    );
    let (accounts, events): (Vec<Uuid>, Vec<Uuid>) = old
        .fetch_all(&mut *transaction)
        .await?
        .into_iter()
        .map(|row| (row.account_id, row.event_id))
        .unzip();
    let deleted = sqlx::query!(
        "delete from webhook_payloads p
         using unnest($1::uuid[], $2::uuid[]) as old (account_id, event_id)
         where p.account_id = old.account_id and p.event_id = old.event_id
           and not exists(select from webhook_deliveries d
               where d.account_id = old.account_id and d.event_id = old.event_id)",
        &accounts,
        &events,
    );
    let deleted = deleted.execute(&mut *transaction).await?.rows_affected();
    transaction.commit().await?;
    Ok(deleted)
}
