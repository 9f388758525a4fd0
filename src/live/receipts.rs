//! Telling the pages that show who has seen a board or a card that somebody else has.
//!
//! What was seen stands in no log of events: the process that stores it says so, and hints it to others
//! only while somebody there looks at the same. The people are read as they are then, at most twice a
//! second however many look, so nothing depends on a hint: whoever begins to look is told of all of them,
//! and from then on of those who have changed, or one view would cost all pages the names of all people.
//! What was seen here just before somebody was known to look elsewhere is hinted then.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::presence::Place;
use super::stale::Changes;
use super::{Frame, Hub, Stream, fragments};
use crate::domain::{Account, Result};
use crate::tracking::{Noted, Thing};

/// So often pages are told, and other processes hinted, at most.
const PAUSE: Duration = Duration::from_millis(500);

/// So long it may take until it is known here who looks elsewhere.
const UNKNOWN: Duration = Duration::from_secs(3);

/// Hears what is stored here.
async fn hear(hub: Hub, mut noted: Receiver<Noted>) {
    loop {
        match noted.recv().await {
            Ok(noted) => hub.was_seen_here(noted),
            Err(RecvError::Lagged(_)) => hub.anything_may_have_been_seen(),
            Err(RecvError::Closed) => return,
        }
    }
}

/// Tells and hints, for as long as the task is not aborted.
pub(super) async fn keep(hub: Hub) {
    loop {
        let Changes { here, elsewhere } = hub.0.receipts.next().await;
        for noted in here {
            if let Err(error) = hub.tell_receipts(noted).await {
                tracing::debug!(%error, "who has seen something was not told");
                hub.was_seen(noted);
            }
        }
        hub.hint_receipts(elsewhere.into_iter().collect()).await;
        sleep(PAUSE).await;
    }
}

impl Hub {
    /// Begins to follow what this process stores, for as long as the task is not aborted.
    pub fn follow_receipts(&self, noted: Receiver<Noted>) -> JoinHandle<()> {
        tokio::spawn(hear(self.clone(), noted))
    }

    /// Somebody has seen something; pages here may show it.
    pub(super) fn was_seen(&self, noted: Noted) {
        let (account, stream) = place(noted);
        let accounts = self.accounts();
        if accounts.get(&account).is_some_and(|watched| watched.streams.contains_key(&stream)) {
            self.0.receipts.note(|changes| changes.here.extend([noted]));
        }
    }

    /// Hints may have been lost.
    pub(super) fn anything_may_have_been_seen(&self) {
        let accounts = self.accounts();
        let places = accounts
            .iter()
            .flat_map(|(id, watched)| watched.streams.keys().map(|stream| (*id, *stream)));
        let shown: Vec<Noted> = places.filter_map(noted).collect();
        if !shown.is_empty() {
            self.0.receipts.note(|changes| changes.here.extend(shown));
        }
    }

    /// Who has seen what somebody follows from now on, whose page may be older than what was told last;
    /// empty where that is not shown.
    pub(super) async fn receipts(&self, account: &Account, stream: Stream) -> Result<String> {
        let noted = noted((account.id, stream)).filter(|_| account.shows_receipts);
        let Some(noted) = noted else { return Ok(String::new()) };
        let mut connection = self.log().pool().acquire().await?;
        Ok(fragments::all_readers(&fragments::readers(&mut connection, noted).await?))
    }

    /// Somebody begins to look in another process, which was not told what was seen here just before.
    pub(super) fn is_shown_elsewhere(&self, noted: Noted) {
        if self.lately().remove(&noted).is_some() {
            self.0.receipts.note(|changes| changes.elsewhere.extend([noted]));
        }
    }

    fn was_seen_here(&self, noted: Noted) {
        self.was_seen(noted);
        // Noted first: whoever is heard of from now on finds it.
        let now = Instant::now();
        let mut lately = self.lately();
        lately.retain(|_, at| now.duration_since(*at) < UNKNOWN);
        lately.insert(noted, now);
        drop(lately);
        if !self.presence().elsewhere(&place(noted)).is_empty() {
            self.is_shown_elsewhere(noted);
        }
    }

    async fn tell_receipts(&self, noted: Noted) -> Result<()> {
        let mut connection = self.log().pool().acquire().await?;
        let readers = fragments::readers(&mut connection, noted).await?;
        drop(connection);
        let (account, stream) = place(noted);
        let accounts = self.accounts();
        if let Some(watched) = accounts.get(&account)
            && let Some(ring) = watched.streams.get(&stream)
        {
            let now = readers.iter().map(|reader| (reader.user.id, reader.sequence)).collect();
            let html = fragments::changed_readers(&readers, &ring.show(now));
            if !html.is_empty() {
                ring.tell(Frame::new(watched.told, &html));
            }
        }
        Ok(())
    }

    async fn hint_receipts(&self, some: Vec<Noted>) {
        if let Err(error) = Noted::hint(&some, self.log().pool()).await {
            tracing::debug!(%error, "what was seen was not said to other processes");
            self.0.receipts.note(|changes| changes.elsewhere.extend(some));
        }
    }

    fn lately(&self) -> MutexGuard<'_, HashMap<Noted, Instant>> {
        self.0.lately.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn place(Noted { account_id, thing }: Noted) -> Place {
    match thing {
        Thing::Board(id) => (account_id, Stream::Board(id)),
        Thing::Card(id) => (account_id, Stream::Card(id)),
    }
}

/// What a place shows to be seen, if it does.
pub(super) fn noted((account_id, stream): Place) -> Option<Noted> {
    let thing = match stream {
        Stream::Board(id) => Thing::Board(id),
        Stream::Card(id) => Thing::Card(id),
        _ => return None,
    };
    Some(Noted { account_id, thing })
}
