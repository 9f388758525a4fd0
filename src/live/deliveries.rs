//! Telling the pages that show the log of an endpoint that something in it has changed.
//!
//! Each shows another part of it, so they are told to load that part anew, at most a few times a
//! second however much is delivered. Deliveries are owed with a commit, which is heard of anyway;
//! tries stand in no log of events, so the process that records them says so, and hints it to others
//! only while somebody there looks. Whoever begins to look is told at once, and a process that hears
//! of them hints once: so nothing of the time before is missed.

use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::stale::Changes;
use super::{Frame, Hub, Stream, fragments};
use crate::values::id::AccountId;
use crate::webhooks::changes::Changed;

/// So often pages are told, and other processes hinted, at most.
const PAUSE: Duration = Duration::from_millis(500);

/// Hears what is recorded here.
async fn hear(hub: Hub, mut changes: Receiver<Changed>) {
    loop {
        match changes.recv().await {
            Ok(changed) => hub.recorded(changed),
            Err(RecvError::Lagged(_)) => hub.anything_may_be_recorded(),
            Err(RecvError::Closed) => return,
        }
    }
}

/// Tells and hints, for as long as the task is not aborted.
pub(super) async fn keep(hub: Hub) {
    loop {
        let Changes { here, elsewhere } = hub.0.stale.next().await;
        here.into_iter().for_each(|changed| hub.tell_log(changed));
        for changed in elsewhere {
            hub.hint_log(changed).await;
        }
        sleep(PAUSE).await;
    }
}

impl Hub {
    /// Begins to follow what this process delivers, for as long as the task is not aborted.
    pub fn follow_deliveries(&self, changes: Receiver<Changed>) -> JoinHandle<()> {
        tokio::spawn(hear(self.clone(), changes))
    }

    /// Another process says that a log has changed.
    pub(super) fn log_has_changed(&self, changed: Changed) {
        if self.is_watched(changed) {
            self.0.stale.note(|logs| logs.here.extend([changed]));
        }
    }

    /// Something was committed in an account: its endpoints may be owed it.
    pub(super) fn logs_may_have_grown(&self, account: AccountId) {
        let watched = self.watched_logs(|of| of == account);
        if !watched.is_empty() {
            self.0.stale.note(|logs| logs.here.extend(watched));
        }
    }

    /// Hints may have been lost.
    pub(super) fn every_log_may_have_changed(&self) {
        let watched = self.watched_logs(|_| true);
        self.0.stale.note(|logs| logs.here.extend(watched));
    }

    /// Somebody looks at a log in another process, which may have missed what was recorded before.
    pub(super) fn log_is_watched_elsewhere(&self, changed: Changed) {
        self.0.stale.note(|logs| logs.elsewhere.extend([changed]));
    }

    /// Tries were recorded here.
    fn recorded(&self, changed: Changed) {
        self.log_has_changed(changed);
        if !self.presence().elsewhere(&place(changed)).is_empty() {
            self.log_is_watched_elsewhere(changed);
        }
    }

    /// There were too many to hear all.
    fn anything_may_be_recorded(&self) {
        self.every_log_may_have_changed();
        let places = self.presence().places_elsewhere();
        let logs = places.into_iter().filter_map(changed);
        self.0.stale.note(|stale| stale.elsewhere.extend(logs));
    }

    fn tell_log(&self, changed: Changed) {
        let accounts = self.accounts();
        let (account, stream) = place(changed);
        if let Some(watched) = accounts.get(&account)
            && let Some(ring) = watched.streams.get(&stream)
        {
            ring.tell(Frame::new(watched.told, &fragments::reload_log()));
        }
    }

    async fn hint_log(&self, changed: Changed) {
        if let Err(error) = changed.hint(self.log().pool()).await {
            tracing::debug!(%error, "a change of deliveries was not said to other processes");
            self.log_is_watched_elsewhere(changed);
        }
    }

    fn is_watched(&self, changed: Changed) -> bool {
        let (account, stream) = place(changed);
        self.accounts().get(&account).is_some_and(|watched| watched.streams.contains_key(&stream))
    }

    /// The logs that somebody follows here, of some accounts.
    fn watched_logs(&self, of: impl Fn(AccountId) -> bool) -> Vec<Changed> {
        let accounts = self.accounts();
        let accounts = accounts.iter().filter(|(id, _)| of(**id));
        let places =
            accounts.flat_map(|(id, watched)| watched.streams.keys().map(|stream| (*id, *stream)));
        places.filter_map(changed).collect()
    }
}

fn place(changed: Changed) -> (AccountId, Stream) {
    (changed.account_id, Stream::Deliveries(changed.endpoint_id))
}

/// The log that a place is, if it is one.
pub(super) fn changed((account_id, stream): (AccountId, Stream)) -> Option<Changed> {
    match stream {
        Stream::Deliveries(endpoint_id) => Some(Changed { account_id, endpoint_id }),
        _ => None,
    }
}
