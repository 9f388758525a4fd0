//! Recording what came of tries: whatever has ended while the last were recorded is recorded together.

use std::collections::HashSet;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use super::changes::{Changed, Changes};
use super::health;
use super::outcome::{self, Outcome};
use crate::events::Log;

/// How many results are recorded together at most.
const MOST: usize = 256;

/// How long to wait before recording is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// Results on their way into the database. It takes all that come: no more are under way than were
/// claimed.
pub(super) struct Recorder {
    outcomes: UnboundedSender<Outcome>,
    recorded: UnboundedReceiver<usize>,
    writer: JoinHandle<()>,
}

impl Recorder {
    /// Begins to record, and to say what has changed.
    pub(super) fn start(log: Log, changes: Changes) -> Self {
        let (outcomes, ended) = unbounded_channel();
        let (said, recorded) = unbounded_channel();
        let writer = tokio::spawn(write(log, changes, ended, said));
        Self { outcomes, recorded, writer }
    }

    /// Has a result recorded, in a moment.
    pub(super) fn record(&self, outcome: Outcome) {
        // The writer ends only after this has.
        let _ = self.outcomes.send(outcome);
    }

    /// How many more were recorded.
    pub(super) async fn recorded(&mut self) -> Option<usize> {
        self.recorded.recv().await
    }

    /// Waits until all is recorded.
    pub(super) async fn finish(self) {
        drop(self.outcomes);
        if let Err(error) = self.writer.await {
            tracing::error!(%error, "some tries are not recorded and will be made again");
        }
    }
}

async fn write(
    log: Log,
    changes: Changes,
    mut ended: UnboundedReceiver<Outcome>,
    said: UnboundedSender<usize>,
) {
    let mut outcomes = Vec::new();
    while ended.recv_many(&mut outcomes, MOST).await > 0 {
        keep(&log, &outcomes).await;
        let changed: HashSet<Changed> = outcomes.iter().map(Outcome::changed).collect();
        changed.into_iter().for_each(|changed| changes.say(changed));
        // Nobody asks any more when the work is about to end.
        let _ = said.send(outcomes.len());
        outcomes.clear();
    }
}

/// Does not give up: what is not recorded would be sent again.
async fn keep(log: &Log, outcomes: &[Outcome]) {
    let mut fails = false;
    loop {
        match record(log, outcomes).await {
            Ok(()) if fails => return tracing::info!("tries at deliveries are recorded again"),
            Ok(()) => return,
            Err(error) if !fails => {
                tracing::warn!(%error, "tries at deliveries wait to be recorded");
            }
            Err(_) => {}
        }
        fails = true;
        tokio::time::sleep(AGAIN).await;
    }
}

async fn record(log: &Log, outcomes: &[Outcome]) -> sqlx::Result<()> {
    for ailing in outcome::record(log.pool(), outcomes).await? {
        // Should it fail, the endpoint's next failure says it.
        if let Err(error) = health::judge(log, &ailing).await {
            tracing::warn!(%error, "how an endpoint is was not said");
        }
    }
    for (account, endpoint) in outcomes.iter().filter_map(Outcome::recovered) {
        // Should it fail, the next probe does it.
        if let Err(error) = health::recover(log, account, endpoint).await {
            tracing::warn!(%error, "an endpoint that has recovered was not switched on");
        }
    }
    Ok(())
}
