//! Reports that are older than their account keeps them go; what was counted of them stays.

use sqlx::PgPool;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::db::partitions;
use crate::values::TrackingDays;
use crate::values::id::AccountId;

/// How many rows are deleted at once, where a day cannot be dropped as a whole.
const AT_ONCE: i64 = 10_000;

/// Makes the partitions of the days to come.
///
/// # Errors
/// A database that fails.
pub async fn make_partitions(pool: &PgPool, now: OffsetDateTime) -> sqlx::Result<()> {
    partitions::make(pool, "tracking_events", now).await
}

/// Drops the days that no account keeps any longer, and deletes from the others what some accounts
/// keep for a shorter time.
///
/// # Errors
/// A database that fails.
pub async fn forget(pool: &PgPool, now: OffsetDateTime) -> sqlx::Result<()> {
    let kept = sqlx::query!(
        r#"select id as "id: AccountId", tracking_days as "days: TrackingDays" from accounts"#
    );
    let kept = kept.fetch_all(pool).await?;
    let Some(longest) = kept.iter().map(|account| account.days.get()).max() else { return Ok(()) };
    let first = |days: i32| now.date() - Duration::days(days.into());
    partitions::drop_before(pool, "tracking_events", first(longest)).await?;
    for account in kept.iter().filter(|account| account.days.get() < longest) {
        let before = partitions::first_id(first(account.days.get()));
        while delete_some(pool, account.id, before).await? {}
    }
    Ok(())
}

/// Whether there was anything to delete.
async fn delete_some(pool: &PgPool, account: AccountId, before: Uuid) -> sqlx::Result<bool> {
    let deleted = sqlx::query!(
        "delete from tracking_events where account_id = $1 and id in (
             select id from tracking_events where account_id = $1 and id < $2 order by id limit $3)",
        account as _,
        before,
        AT_ONCE,
    );
    Ok(deleted.execute(pool).await?.rows_affected() > 0)
}
