//! How long the log of deliveries is kept.

use sqlx::PgPool;
use time::{Duration, OffsetDateTime};

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

async fn forget_payloads(pool: &PgPool, before: OffsetDateTime) -> sqlx::Result<u64> {
    let deleted = sqlx::query!(
        "delete from webhook_payloads p
         using (select account_id, event_id from webhook_payloads o
                where created_at < $1 and not exists(select from webhook_deliveries d
                    where d.account_id = o.account_id and d.event_id = o.event_id)
                limit $2) old
         where p.account_id = old.account_id and p.event_id = old.event_id",
        before,
        AT_ONCE,
    );
    Ok(deleted.execute(pool).await?.rows_affected())
}
