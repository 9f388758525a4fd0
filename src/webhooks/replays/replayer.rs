//! The job that carries replays out, step by step, for as long as the process lives.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::step::{Open, Step, step};
use crate::events::Log;
use crate::values::id::{AccountId, EndpointId, ReplayId};
use crate::webhooks::Deliverer;
use crate::webhooks::changes::Changed;

/// The promise: however the wake-ups fare, it is looked this often whether something is to be done.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long to wait until some of what is owed may have been sent.
const WAIT: Duration = Duration::from_millis(50);

/// Carries replays out. Cheap to clone.
#[derive(Clone)]
pub struct Replayer(Arc<Inner>);

struct Inner {
    log: Log,
    /// Where Cairn is, for the links in messages.
    origin: String,
    deliverer: Deliverer,
    wake: Notify,
    replaying: AtomicBool,
    stop: CancellationToken,
}

/// Says that nobody replays any more, however it ended.
struct Replaying<'a>(&'a AtomicBool);

impl Drop for Replaying<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Replayer {
    /// A replayer that works until it is stopped; what it owes the deliverer sends.
    pub fn new(log: Log, origin: String, deliverer: Deliverer, stop: CancellationToken) -> Self {
        let (wake, replaying) = (Notify::new(), AtomicBool::new(false));
        Self(Arc::new(Inner { log, origin, deliverer, wake, replaying, stop }))
    }

    /// Says that there is something to be done now.
    pub fn wake(&self) {
        self.0.wake.notify_one();
    }

    /// Whether this process replays.
    pub fn is_replaying(&self) -> bool {
        self.0.replaying.load(Ordering::Acquire)
    }

    /// Replays until stopped. A second one in the same process returns at once.
    pub async fn replay(&self) {
        if self.0.replaying.swap(true, Ordering::AcqRel) {
            return;
        }
        let _replaying = Replaying(&self.0.replaying);
        let mut fails = false;
        while !self.0.stop.is_cancelled() {
            let wait = match self.round().await {
                Ok(wait) => {
                    fails = false;
                    wait
                }
                Err(error) => {
                    if !std::mem::replace(&mut fails, true) {
                        tracing::warn!(%error, "replays wait for the database");
                    }
                    LOOK_EVERY
                }
            };
            tokio::select! {
                () = sleep(wait) => {}
                () = self.0.wake.notified() => {}
                () = self.0.stop.cancelled() => {}
            }
        }
    }

    /// One step of each replay that is open; how long to wait for the next round.
    async fn round(&self) -> sqlx::Result<Duration> {
        let open = sqlx::query_as!(
            Open,
            r#"select account_id as "account: AccountId", id as "id: ReplayId",
                   endpoint_id as "endpoint: EndpointId" from webhook_replays
               where ended_at is null order by created_at"#
        );
        let mut wait = LOOK_EVERY;
        for open in open.fetch_all(self.0.log.pool()).await? {
            let step = step(&self.0.log, &self.0.origin, &open).await?;
            wait = wait.min(match step {
                Step::Went => Duration::ZERO,
                Step::Waits => WAIT,
                Step::Ended => LOOK_EVERY,
            });
            if step != Step::Waits {
                self.0.deliverer.wake();
                let (account_id, endpoint_id) = (open.account, open.endpoint);
                Changed { account_id, endpoint_id }.hint_of_what_is_done(self.0.log.pool()).await;
            }
        }
        Ok(wait)
    }
}
