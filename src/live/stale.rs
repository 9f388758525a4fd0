//! What has changed that stands in no log, until those who show it are told.

use std::collections::HashSet;
use std::mem::take;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// What has changed since it was told last.
pub(super) struct Stale<T> {
    changes: Mutex<Changes<T>>,
    bell: Notify,
}

/// Some of it.
pub(super) struct Changes<T> {
    /// What pages here show.
    pub(super) here: HashSet<T>,
    /// What pages of other processes show.
    pub(super) elsewhere: HashSet<T>,
}

impl<T> Default for Stale<T> {
    fn default() -> Self {
        Self { changes: Mutex::default(), bell: Notify::default() }
    }
}

impl<T> Default for Changes<T> {
    fn default() -> Self {
        Self { here: HashSet::new(), elsewhere: HashSet::new() }
    }
}

impl<T> Stale<T> {
    /// Notes some more.
    pub(super) fn note(&self, note: impl FnOnce(&mut Changes<T>)) {
        note(&mut self.changes());
        self.bell.notify_one();
    }

    /// Those that were noted since the last time, as soon as there are any.
    pub(super) async fn next(&self) -> Changes<T> {
        self.bell.notified().await;
        take(&mut *self.changes())
    }

    fn changes(&self) -> MutexGuard<'_, Changes<T>> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
