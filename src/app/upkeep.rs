//! What must be looked after daily, and every minute.

use std::time::Duration;

use sqlx::PgPool;
use tokio::task::JoinHandle;
use tokio::time::interval;
use tokio_util::sync::CancellationToken;

use crate::domain::idempotency_keys;
use crate::events::Log;
use crate::mail::{self, Outgoing};
use crate::values::clock;
use crate::values::secret::KeyRing;
use crate::web::{health, session};
use crate::{notifications, tracking, webhooks};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

const HOUR: Duration = Duration::from_secs(60 * 60);

const MINUTE: Duration = Duration::from_secs(60);

/// Makes the partitions of the days to come. A server waits for it before it serves: what happens
/// today needs today's.
///
/// # Errors
/// A database that fails.
pub(super) async fn make_partitions(pool: &PgPool) -> sqlx::Result<()> {
    tracking::retention::make_partitions(pool, clock::now()).await?;
    webhooks::retention::make_partitions(pool, clock::now()).await
}

/// Looks after everything until stopped, and then ends what is under way: a transaction that is cut
/// off as it begins leaves its connection in a state that nobody knows. Letters are written where
/// somebody sends or keeps them.
pub(super) fn start(
    log: &Log,
    letters: Option<(Outgoing, KeyRing)>,
    stop: &CancellationToken,
) -> JoinHandle<()> {
    let days = daily(log.pool().clone(), stop.clone());
    let hours = hourly(log.pool().clone(), stop.clone());
    let (log, stop) = (log.clone(), stop.clone());
    let folding = fold_measurements(stop.clone());
    let minutes = async move {
        if let Some((outgoing, keys)) = letters {
            every_minute(log, outgoing, keys, stop).await;
        }
    };
    tokio::spawn(async {
        tokio::join!(days, hours, minutes, folding);
    })
}

/// Looks after the database now and every day.
async fn daily(pool: PgPool, stop: CancellationToken) {
    let mut days = interval(DAY);
    while stop.run_until_cancelled(days.tick()).await.is_some() {
        if let Err(error) = make_partitions(&pool).await {
            tracing::error!(%error, "the partitions of the days to come were not made");
        }
        if let Err(error) = idempotency_keys::sweep(&pool).await {
            tracing::error!(%error, "old idempotency keys were not swept");
        }
        if let Err(error) = session::delete_expired(&pool).await {
            tracing::error!(%error, "the sessions that are over were not deleted");
        }
        if let Err(error) = webhooks::retention::forget(&pool, clock::now()).await {
            tracing::error!(%error, "old deliveries were not forgotten");
        }
        if let Err(error) = tracking::retention::forget(&pool, clock::now()).await {
            tracing::error!(%error, "old reports of browsers were not forgotten");
        }
        if let Err(error) = mail::sweep(&pool).await {
            tracing::error!(%error, "the letters of long ago were not deleted");
        }
    }
}

/// Counts what has been done now and every hour.
async fn hourly(pool: PgPool, stop: CancellationToken) {
    let mut hours = interval(HOUR);
    while stop.run_until_cancelled(hours.tick()).await.is_some() {
        if let Err(error) = tracking::changes::count(&pool).await {
            tracing::error!(%error, "the changes that people made were not counted");
        }
    }
}

/// Owes the letters about unread notices, and those with heads of logs, now and every minute.
async fn every_minute(log: Log, outgoing: Outgoing, keys: KeyRing, stop: CancellationToken) {
    let mut minutes = interval(MINUTE);
    while stop.run_until_cancelled(minutes.tick()).await.is_some() {
        let owed = notifications::owe_letters(&log, &outgoing, &keys, clock::now());
        if let Err(error) = owed.await {
            tracing::error!(%error, "the letters about notices were not written");
        }
        let owed = notifications::owe_heads(log.pool(), &outgoing, &keys, clock::now());
        if let Err(error) = owed.await {
            tracing::error!(%error, "the letters with heads of logs were not written");
        }
    }
}

/// Folds what was measured every minute: deliveries are measured without any request.
async fn fold_measurements(stop: CancellationToken) {
    let mut minutes = interval(MINUTE);
    while stop.run_until_cancelled(minutes.tick()).await.is_some() {
        health::fold();
    }
}
