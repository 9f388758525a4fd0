//! What this process has heard of the log, until it has looked there.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::events::Committed;
use crate::values::id::AccountId;

/// The promise: however the hints fare, the whole log is looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The hints that came since the last look.
#[derive(Default)]
pub(super) struct Hints {
    heard: Mutex<Heard>,
    bell: Notify,
}

#[derive(Default)]
struct Heard {
    heads: HashMap<AccountId, i64>,
    everything: bool,
}

/// Where to look.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// At the log of every account that is followed.
    Everywhere,
    /// At the logs of these accounts, which go up to there.
    At(HashMap<AccountId, i64>),
}

impl Hints {
    /// Something was committed.
    pub(super) fn hear(&self, commit: Committed) {
        let mut heard = self.heard();
        let head = heard.heads.entry(commit.account_id).or_default();
        *head = commit.sequence.max(*head);
        self.bell.notify_one();
    }

    /// Something may have been committed anywhere.
    pub(super) fn look_everywhere(&self) {
        self.heard().everything = true;
        self.bell.notify_one();
    }

    /// Something is to be told that stands in no log.
    pub(super) fn look(&self) {
        self.bell.notify_one();
    }

    /// Where to look next: as soon as there is a hint, and everywhere a second after that was done
    /// last.
    pub(super) async fn next(&self, everywhere: Instant) -> Look {
        let due = everywhere + LOOK_EVERY;
        let _ = timeout_at(due, self.bell.notified()).await;
        let Heard { heads, everything } = std::mem::take(&mut *self.heard());
        match everything || Instant::now() >= due {
            true => Look::Everywhere,
            false => Look::At(heads),
        }
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_was_heard_is_looked_at_once_and_everything_within_a_second() {
        let (hints, account_id, start) = (Hints::default(), AccountId::new(), Instant::now());
        for sequence in [7, 9, 8] {
            hints.hear(Committed { account_id, sequence });
        }
        assert_eq!(hints.next(start).await, Look::At(HashMap::from([(account_id, 9)])));
        assert_eq!(hints.next(start).await, Look::Everywhere);
        assert!(start.elapsed() >= LOOK_EVERY);
        hints.hear(Committed { account_id, sequence: 10 });
        assert_eq!(hints.next(start).await, Look::Everywhere, "hints do not put it off");
    }

    #[tokio::test(start_paused = true)]
    async fn a_lost_connection_is_reason_to_look_everywhere() {
        let (hints, start) = (Hints::default(), Instant::now());
        hints.look_everywhere();
        assert_eq!(hints.next(start).await, Look::Everywhere);
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}
