//! What must be looked after daily.

use std::time::Duration;

use sqlx::PgPool;
use tokio::time::sleep;

use crate::domain::idempotency_keys;
use crate::{tracking, webhooks};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Looks after the database once; a server does so before it serves, since what happens today
/// needs today's partitions.
///
/// # Errors
/// A database that fails.
pub(super) async fn once(pool: &PgPool) -> sqlx::Result<()> {
    tracking::make_partitions(pool).await?;
    webhooks::make_partitions(pool).await
}

/// Looks after the database every day, until the task is aborted.
pub(super) async fn daily(pool: PgPool) {
    loop {
        sleep(DAY).await;
        if let Err(error) = once(&pool).await {
            tracing::error!(%error, "what is due daily was not done");
        }
        if let Err(error) = idempotency_keys::sweep(&pool).await {
            tracing::error!(%error, "old idempotency keys were not swept");
        }
    }
}
