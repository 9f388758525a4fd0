//! Telling pages, and other processes, who is here.

use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};

use super::presence::{Presence, Present};
use super::{Frame, Hub, Stream, deliveries, fragments, receipts};
use crate::db::notify;
use crate::domain::Result;
use crate::values::id::{AccountId, UserId};

/// How often it is looked who has come and gone: however many come at once, the pages of a place are
/// told once of them all.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Looks, says and tells, for as long as the task is not aborted.
pub(super) async fn keep(hub: Hub) {
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let here = hub.present_here();
        hub.say(&here).await;
        if let Err(error) = hub.tell_presence(&here).await {
            tracing::debug!(%error, "who is present was not told");
        }
    }
}

impl Hub {
    /// Who looks at a board or a card now, here and in other processes.
    pub fn present(&self, account: AccountId, stream: Stream) -> Vec<UserId> {
        let mut present = self.presence().elsewhere(&(account, stream));
        if let Some(watched) = self.accounts().get(&account)
            && let Some(ring) = watched.streams.get(&stream)
        {
            present.extend(ring.users());
        }
        present.into_iter().collect()
    }

    fn present_here(&self) -> Present {
        let accounts = self.accounts();
        let mut present = Present::new();
        for (account, watched) in accounts.iter() {
            for (stream, ring) in &watched.streams {
                if matches!(stream, Stream::Board(_) | Stream::Card(_) | Stream::Deliveries(_)) {
                    present.insert((*account, *stream), ring.users().into_iter().collect());
                }
            }
        }
        present.retain(|_, users| !users.is_empty());
        present
    }

    /// Hints to the other processes what they do not know.
    async fn say(&self, here: &Present) {
        let hints = self.presence().hints(here, Instant::now());
        for hint in hints {
            if let Err(error) = notify::hint(self.log().pool(), notify::PRESENCE, &hint).await {
                tracing::debug!(%error, "who is present was not said to other processes");
                self.presence().say_again();
                return;
            }
        }
    }

    /// What other processes said may not have been heard here.
    pub(super) fn ask_who_is_present(&self) {
        self.presence().ask();
    }

    /// Another process has said who is where.
    pub(super) fn hear_presence(&self, hint: &str) {
        let places = self.presence().hear(hint, Instant::now());
        for place in places {
            if let Some(changed) = deliveries::changed(place) {
                self.log_is_watched_elsewhere(changed);
            }
            if let Some(noted) = receipts::noted(place) {
                self.is_shown_elsewhere(noted);
            }
        }
    }

    /// Tells the pages here of which somebody has come or gone.
    async fn tell_presence(&self, here: &Present) -> Result<()> {
        let mut changes = self.presence().changes(here, Instant::now());
        // Nobody is named there.
        changes.retain(|(_, stream), _| !matches!(stream, Stream::Deliveries(_)));
        let mut outcome = Ok(());
        for ((account, stream), users) in changes {
            let users: Vec<UserId> = users.into_iter().collect();
            if let Err(error) = self.tell_present(account, stream, &users).await {
                self.tell_presence_again(account, stream);
                outcome = Err(error);
            }
        }
        outcome
    }

    async fn tell_present(
        &self,
        account: AccountId,
        stream: Stream,
        users: &[UserId],
    ) -> Result<()> {
        let mut connection = self.log().pool().acquire().await?;
        let html = fragments::presence(&mut connection, account, users).await?;
        drop(connection);
        let accounts = self.accounts();
        if let Some(watched) = accounts.get(&account)
            && let Some(ring) = watched.streams.get(&stream)
        {
            ring.tell(Frame::new(watched.told, &html));
        }
        Ok(())
    }

    /// Somebody joined whose page may be older than what was told last, or telling it failed.
    pub(super) fn tell_presence_again(&self, account: AccountId, stream: Stream) {
        self.presence().tell_again(&(account, stream));
    }

    pub(super) fn presence(&self) -> MutexGuard<'_, Presence> {
        self.0.presence.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
