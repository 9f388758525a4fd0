//! Which logs of endpoints have changed, until those who show them are told.

use std::collections::HashSet;
use std::mem::take;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::webhooks::changes::Changed;

/// The logs that have changed since it was told last.
#[derive(Default)]
pub(super) struct Stale {
    logs: Mutex<Logs>,
    bell: Notify,
}

/// Some of them.
#[derive(Default)]
pub(super) struct Logs {
    /// Those that pages here show.
    pub(super) here: HashSet<Changed>,
    /// Those that pages of other processes show.
    pub(super) elsewhere: HashSet<Changed>,
}

impl Stale {
    /// Notes some more.
    pub(super) fn note(&self, note: impl FnOnce(&mut Logs)) {
        note(&mut self.logs());
        self.bell.notify_one();
    }

    /// Those that were noted since the last time, as soon as there are any.
    pub(super) async fn next(&self) -> Logs {
        self.bell.notified().await;
        take(&mut *self.logs())
    }

    fn logs(&self) -> MutexGuard<'_, Logs> {
        self.logs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
