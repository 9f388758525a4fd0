//! What must be looked after daily.

use std::time::Duration;

use sqlx::PgPool;
use tokio::time::interval;

use crate::domain::idempotency_keys;
use crate::web::session;
use crate::{tracking, webhooks};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Makes the partitions of the days to come. A server waits for it before it serves: what happens
/// today needs today's.
///
/// # Errors
/// A database that fails.
pub(super) async fn make_partitions(pool: &PgPool) -> sqlx::Result<()> {
    tracking::make_partitions(pool).await?;
    webhooks::make_partitions(pool).await
}

/// Looks after the database now and every day, until the task is aborted.
pub(super) async fn daily(pool: PgPool) {
    let mut days = interval(DAY);
    loop {
        days.tick().await;
        if let Err(error) = make_partitions(&pool).await {
            tracing::error!(%error, "the partitions of the days to come were not made");
        }
        if let Err(error) = idempotency_keys::sweep(&pool).await {
            tracing::error!(%error, "old idempotency keys were not swept");
        }
        if let Err(error) = session::delete_expired(&pool).await {
            tracing::error!(%error, "the sessions that are over were not deleted");
        }
    }
}
