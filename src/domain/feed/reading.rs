//! Up to where somebody has read the feed of their account.

use sqlx::{PgExecutor, PgPool};

use crate::domain::{Actor, Result};
use crate::values::clock;

/// The newest activity that somebody had seen when they were last here; none if they never were.
///
/// # Errors
/// A database that fails.
pub async fn seen(executor: impl PgExecutor<'_>, actor: &Actor) -> Result<Option<i64>> {
    let seen = sqlx::query_scalar!(
        "select sequence from feed_readings where account_id = $1 and user_id = $2",
        actor.account.id as _,
        actor.user_id as _,
    );
    Ok(seen.fetch_optional(executor).await?)
}

/// Notes that somebody has seen the feed up to an activity. What was read stays read, and what
/// has not happened yet cannot have been.
///
/// # Errors
/// A database that fails.
pub async fn note(pool: &PgPool, actor: &Actor, sequence: i64) -> Result<()> {
    sqlx::query!(
        "insert into feed_readings (account_id, user_id, sequence, updated_at)
         select $1, $2, least($3, h.sequence), $4 from account_heads h where h.account_id = $1
         on conflict (account_id, user_id) do update
         set sequence = excluded.sequence, updated_at = excluded.updated_at
         where feed_readings.sequence < excluded.sequence",
        actor.account.id as _,
        actor.user_id as _,
        sequence,
        clock::now(),
    )
    .execute(pool)
    .await?;
    Ok(())
}
