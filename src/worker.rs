//! The list of jobs and the runner that keeps them running.

use std::time::{Duration, Instant};

use sqlx::PgPool;
use sqlx::postgres::types::PgInterval;
use sqlxmq::{CurrentJob, JobBuilder, JobRegistry, JobRunnerHandle, job};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::events::chain::Sealer;
use crate::mail::Mailer;
use crate::webhooks::{Deliverer, Replayer};

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
async fn drain_deliveries(job: CurrentJob, deliverer: Deliverer) -> sqlx::Result<()> {
    under_lease(job, deliverer.drain()).await
}

/// Carries replays out for as long as the process lives. Twice at once does no harm.
#[job(name = "replay_webhooks", channel_name = "webhooks", backoff_secs = 30, retries = 3)]
async fn replay_webhooks(job: CurrentJob, replayer: Replayer) -> sqlx::Result<()> {
    under_lease(job, replayer.replay()).await
}

/// Seals the logs for as long as the process lives. Twice at once does no harm.
#[job(name = "seal_logs", channel_name = "audit", backoff_secs = 30, retries = 3)]
async fn seal_logs(job: CurrentJob, sealer: Sealer) -> sqlx::Result<()> {
    under_lease(job, sealer.seal()).await
}

/// Sends letters for as long as the process lives. Twice at once does no harm.
#[job(name = "send_letters", channel_name = "mail", backoff_secs = 30, retries = 3)]
async fn send_letters(job: CurrentJob, mailer: Mailer) -> sqlx::Result<()> {
    under_lease(job, mailer.send()).await
}

/// Does a job's work and stretches its lease meanwhile.
async fn under_lease(mut job: CurrentJob, work: impl Future<Output = ()>) -> sqlx::Result<()> {
    tokio::pin!(work);
    loop {
        tokio::select! {
            () = &mut work => return job.complete().await,
            () = tokio::time::sleep(STRETCH_EVERY) => {
                // A lease that is lost lets another process work too, and costs nothing else.
                let _ = job.keep_alive(LEASE).await;
            }
        }
    }
}

/// What the jobs of a process work with.
#[derive(Clone)]
pub struct Workers {
    /// Delivers webhooks.
    pub deliverer: Deliverer,
    /// Carries replays out.
    pub replayer: Replayer,
    /// Seals the logs.
    pub sealer: Sealer,
    /// Sends letters; none: there is no mail server, and they stay in the outbox.
    pub mailer: Option<Mailer>,
}

/// Keeps the runner and its jobs alive until stopped, and then waits for what is under way.
pub async fn run(pool: PgPool, workers: Workers, stop: CancellationToken) {
    let mut supervisor = Supervisor { pool, workers, runner: None, lasting: Lasting::default() };
    let mut failed = false;
    while !stop.is_cancelled() {
        let swept = supervisor.sweep(failed).await;
        match &swept {
            Err(error) if !failed => tracing::warn!(%error, "jobs wait for the database"),
            Ok(()) if failed => tracing::info!("jobs go on"),
            _ => {}
        }
        failed = swept.is_err();
        tokio::select! {
            () = tokio::time::sleep(SWEEP_EVERY) => {}
            () = stop.cancelled() => {}
        }
    }
    if let Some(mut runner) = supervisor.runner.take() {
        // A poll that found a job after the last one ended would go on without a database.
        runner.stop().await;
        runner.wait_jobs_finish(LEASE).await;
    }
}

struct Supervisor {
    pool: PgPool,
    workers: Workers,
    runner: Option<JobRunnerHandle>,
    lasting: Lasting,
}

/// The jobs that run for as long as the process lives.
#[derive(Default)]
struct Lasting {
    draining: Wanted,
    replaying: Wanted,
    sealing: Wanted,
    sending: Wanted,
}

impl Supervisor {
    /// Looks whether the runner polls and whether each lasting job runs in this process.
    async fn sweep(&mut self, after_outage: bool) -> sqlx::Result<()> {
        if after_outage || self.runner.is_none() || self.is_stalled().await? {
            // The handle goes first: two loops on one database would do no harm, but cost.
            self.runner = None;
            self.runner = Some(runner(&self.pool, &self.workers).await?);
        }
        if !self.workers.deliverer.is_draining() {
            self.lasting.draining.ask_for(&self.pool, || drain_deliveries.builder()).await?;
        }
        if !self.workers.replayer.is_replaying() {
            self.lasting.replaying.ask_for(&self.pool, || replay_webhooks.builder()).await?;
        }
        if !self.workers.sealer.is_sealing() {
            self.lasting.sealing.ask_for(&self.pool, || seal_logs.builder()).await?;
        }
        if self.workers.mailer.as_ref().is_some_and(|mailer| !mailer.is_sending()) {
            self.lasting.sending.ask_for(&self.pool, || send_letters.builder()).await?;
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
}

/// A lasting job of this process, and when it was asked for.
#[derive(Default)]
struct Wanted(Option<(Uuid, Instant)>);

impl Wanted {
    /// Asks for a job of this process's own, so that one that died with another process, whose
    /// lease still runs, is not waited for.
    async fn ask_for(
        &mut self,
        pool: &PgPool,
        job: impl FnOnce() -> JobBuilder<'static>,
    ) -> sqlx::Result<()> {
        if self.0.is_some_and(|(_, since)| since.elapsed() < STALLED) {
            return Ok(());
        }
        if let Some((id, _)) = self.0.take() {
            sqlx::query!("delete from mq_msgs where id = $1", id).execute(pool).await?;
        }
        let id = job().spawn(pool).await?;
        self.0 = Some((id, Instant::now()));
        // Outside any business transaction, so it costs nobody's group commit.
        sqlx::query!("notify mq").execute(pool).await?;
        Ok(())
    }
}

async fn runner(pool: &PgPool, workers: &Workers) -> sqlx::Result<JobRunnerHandle> {
    let mut registry =
        JobRegistry::new(&[drain_deliveries, replay_webhooks, seal_logs, send_letters]);
    registry.set_context(workers.deliverer.clone());
    registry.set_context(workers.replayer.clone());
    registry.set_context(workers.sealer.clone());
    if let Some(mailer) = &workers.mailer {
        registry.set_context(mailer.clone());
    }
    registry.set_error_handler(|name, error| tracing::error!(job = name, %error, "a job failed"));
    let mut options = registry.runner(pool);
    // The jobs stretch their own leases: the crate would double them each time.
    options.set_concurrency(CONCURRENCY.0, CONCURRENCY.1).set_keep_alive(false);
    options.run().await
}
