//! The list of jobs and the runner that keeps them running.

use std::time::{Duration, Instant};

use sqlx::PgPool;
use sqlx::postgres::types::PgInterval;
use sqlxmq::{CurrentJob, JobRegistry, JobRunnerHandle, job};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::webhooks::Deliverer;

/// How many jobs run at once. The runner asks for more only while fewer than the first number
/// run, so it is one less than the second: otherwise a place could stay empty.
const CONCURRENCY: (usize, usize) = (7, 8);

/// How often it is looked whether everything runs.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// How long a job may be due without being taken, and a wanted one without starting, before the
/// runner is taken for dead: its own back-off overflows in a long outage.
const STALLED: Duration = Duration::from_secs(5);

/// How long a job is leased.
const LEASE: Duration = Duration::from_secs(30);

/// How often the lease is stretched.
const STRETCH_EVERY: Duration = Duration::from_secs(10);

/// Delivers webhooks for as long as the process lives. Twice at once does no harm.
#[job(name = "drain_deliveries", channel_name = "webhooks", backoff_secs = 30, retries = 3)]
async fn drain_deliveries(mut job: CurrentJob, deliverer: Deliverer) -> sqlx::Result<()> {
    let draining = deliverer.drain();
    tokio::pin!(draining);
    loop {
        tokio::select! {
            () = &mut draining => return job.complete().await,
            () = tokio::time::sleep(STRETCH_EVERY) => {
                // A lease that is lost lets another process drain too, and costs nothing else.
                let _ = job.keep_alive(LEASE).await;
            }
        }
    }
}

/// Keeps the runner and its jobs alive until stopped, and then waits for what is under way.
pub async fn run(pool: PgPool, deliverer: Deliverer, stop: CancellationToken) {
    let mut supervisor = Supervisor { pool, deliverer, runner: None, wanted: None };
    let mut failed = false;
    while !stop.is_cancelled() {
        let swept = supervisor.sweep(failed).await;
        failed = swept.is_err();
        if let Err(error) = swept {
            tracing::warn!(%error, "jobs wait for the database");
        }
        tokio::select! {
            () = tokio::time::sleep(SWEEP_EVERY) => {}
            () = stop.cancelled() => {}
        }
    }
    if let Some(runner) = supervisor.runner.take() {
        runner.wait_jobs_finish(LEASE).await;
    }
}

struct Supervisor {
    pool: PgPool,
    deliverer: Deliverer,
    runner: Option<JobRunnerHandle>,
    /// The draining job of this process, and when it was asked for.
    wanted: Option<(Uuid, Instant)>,
}

impl Supervisor {
    /// Looks whether the runner polls and whether somebody drains in this process.
    async fn sweep(&mut self, after_outage: bool) -> sqlx::Result<()> {
        if after_outage || self.runner.is_none() || self.is_stalled().await? {
            // The handle goes first: two loops on one database would do no harm, but cost.
            self.runner = None;
            self.runner = Some(runner(&self.pool, &self.deliverer).await?);
        }
        if !self.deliverer.is_draining() && !self.is_asked_for() {
            self.ask_for_drain().await?;
        }
        Ok(())
    }

    async fn is_stalled(&self) -> sqlx::Result<bool> {
        let stalled = PgInterval::try_from(STALLED).map_err(sqlx::Error::Encode)?;
        sqlx::query_scalar!(
            r#"select exists(select from mq_msgs where runs_left > 0
                   and attempt_at < clock_timestamp() - $1::interval) as "stalled!""#,
            stalled,
        )
        .fetch_one(&self.pool)
        .await
    }

    fn is_asked_for(&self) -> bool {
        self.wanted.is_some_and(|(_, since)| since.elapsed() < STALLED)
    }

    /// Asks for a job of this process's own, so that one that died with another process, whose
    /// lease still runs, is not waited for.
    async fn ask_for_drain(&mut self) -> sqlx::Result<()> {
        if let Some((id, _)) = self.wanted.take() {
            sqlx::query!("delete from mq_msgs where id = $1", id).execute(&self.pool).await?;
        }
        let id = drain_deliveries.builder().spawn(&self.pool).await?;
        self.wanted = Some((id, Instant::now()));
        // Outside any business transaction, so it costs nobody's group commit.
        sqlx::query!("notify mq").execute(&self.pool).await?;
        Ok(())
    }
}

async fn runner(pool: &PgPool, deliverer: &Deliverer) -> sqlx::Result<JobRunnerHandle> {
    let mut registry = JobRegistry::new(&[drain_deliveries]);
    registry.set_context(deliverer.clone());
    registry.set_error_handler(|name, error| tracing::error!(job = name, %error, "a job failed"));
    let mut options = registry.runner(pool);
    // The jobs stretch their own leases: the crate would double them each time.
    options.set_concurrency(CONCURRENCY.0, CONCURRENCY.1).set_keep_alive(false);
    options.run().await
}
