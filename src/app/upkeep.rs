//! What must be looked after daily.

use std::time::Duration;

use sqlx::PgPool;
use tokio::time::interval;

use crate::{tracking, webhooks};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Looks after the database now and every day, until the task is aborted.
pub(super) async fn daily(pool: PgPool) {
    let mut days = interval(DAY);
    loop {
        days.tick().await;
        if let Err(error) = tracking::make_partitions(&pool).await {
            tracing::error!(%error, "the partitions of the days to come were not made");
        }
        if let Err(error) = webhooks::make_partitions(&pool).await {
            tracing::error!(%error, "the partitions of the days to come were not made");
        }
    }
}
