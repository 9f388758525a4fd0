//! Following the log: whoever follows a stream is told once a second at the latest.

use std::collections::HashMap;
use std::time::Duration;

use sqlx::postgres::PgListener;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::concern::Concern;
use super::doubt::Doubt;
use super::{Credential, Frame, Hub, Stream, fragments, here};
use crate::db::{self, notify};
use crate::domain::{self, Account};
use crate::events::{Activity, Committed};
use crate::values::clock;
use crate::values::id::AccountId;

/// The promise: however the hints fare, the log is looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long to wait before listening is tried again.
const LISTEN_AGAIN: Duration = Duration::from_millis(500);

impl Hub {
    /// Begins to follow the log, for as long as the tasks are not aborted.
    pub fn follow(&self) -> Vec<JoinHandle<()>> {
        let own_commits = self.0.log.committed();
        vec![
            tokio::spawn(tail(self.clone())),
            tokio::spawn(listen(self.clone())),
            tokio::spawn(hear_ourselves(self.clone(), own_commits)),
            tokio::spawn(here::keep(self.clone())),
        ]
    }

    /// One after the other, so that whoever is told something is told nothing older after it.
    async fn tell_all(&self) -> domain::Result<()> {
        self.tell().await?;
        self.tell_readers().await
    }

    /// Tells the followers what was committed since they were last told.
    async fn tell(&self) -> domain::Result<()> {
        for (account, told, head) in self.behind().await? {
            let activities = self.0.activities(account.id, told, head).await?;
            self.doubt(account.id, &activities);
            let concern = Concern::of(self.0.log.pool(), account.id, &activities).await?;
            let mut frames = Frames::new();
            // A stream that somebody joined meanwhile was promised what comes after `told` too.
            while let Err(streams) = self.send(account.id, (told, head), &concern, &frames) {
                for stream in streams {
                    let html =
                        fragments::render(&self.0.log, &account, stream, &activities).await?;
                    frames.insert(stream, (!html.is_empty()).then(|| Frame::new(head, &html)));
                }
            }
            note_delay(&activities);
        }
        Ok(())
    }

    /// Whoever may see less after these activities is asked again before they are told of them, or
    /// of anything after.
    fn doubt(&self, account: AccountId, activities: &[Activity]) {
        let doubts: Vec<Doubt> = activities.iter().flat_map(Doubt::of).collect();
        let accounts = self.accounts();
        let Some(watched) = accounts.get(&account).filter(|_| !doubts.is_empty()) else { return };
        for (stream, ring) in &watched.streams {
            ring.doubt(|user| doubts.iter().any(|doubt| doubt.concerns(*stream, user)));
        }
    }

    /// The accounts that are followed here and have moved on: what was told, and the head.
    async fn behind(&self) -> domain::Result<Vec<(Account, i64, i64)>> {
        let ids = self.sweep();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let heads = sqlx::query!(
            r#"select account_id as "account_id: AccountId", sequence
               from account_heads where account_id = any($1)"#,
            &ids as _,
        )
        .fetch_all(self.0.log.pool())
        .await
        .map_err(domain::Error::from)?;
        let mut accounts = self.accounts();
        // A log that has become shorter is another one: its followers come back and learn so.
        for head in &heads {
            let shorter = accounts
                .extract_if(|id, watched| *id == head.account_id && head.sequence < watched.told);
            shorter.for_each(|(_, watched)| {
                self.0.catch_ups.forget();
                watched.doubt_all();
            });
        }
        let behind = heads.into_iter().filter_map(|head| {
            let watched = accounts.get(&head.account_id)?;
            let moved = head.sequence > watched.told;
            moved.then(|| (watched.account.clone(), watched.told, head.sequence))
        });
        Ok(behind.collect())
    }

    /// Forgets the streams that nobody follows any more; the accounts that remain.
    fn sweep(&self) -> Vec<AccountId> {
        let mut accounts = self.accounts();
        for watched in accounts.values_mut() {
            watched.streams.retain(|_, ring| ring.followers() > 0);
        }
        accounts.retain(|_, watched| !watched.streams.is_empty());
        accounts.keys().copied().collect()
    }

    /// Sends the frames and notes that all is told up to the head; or, when there are streams that
    /// nothing was rendered for, says which, and sends nothing.
    fn send(
        &self,
        account: AccountId,
        (told, head): (i64, i64),
        concern: &Concern,
        frames: &Frames,
    ) -> Result<(), Vec<Stream>> {
        let mut accounts = self.accounts();
        // Followers who came after the log was exchanged for another were promised another part.
        let Some(watched) = accounts.get_mut(&account).filter(|watched| watched.told == told)
        else {
            return Ok(());
        };
        let unrendered =
            |stream: &&Stream| concern.includes(**stream) && !frames.contains_key(*stream);
        let unrendered: Vec<Stream> = watched.streams.keys().filter(unrendered).copied().collect();
        if !unrendered.is_empty() {
            return Err(unrendered);
        }
        for (stream, frame) in frames {
            if let (Some(frame), Some(ring)) = (frame, watched.streams.get(stream)) {
                let followers = ring.tell(frame.clone());
                metrics::counter!("cairn_live_fragments").increment(followers as u64);
            }
        }
        watched.told = head;
        Ok(())
    }
}

/// What was rendered for each stream; none where it is nothing.
type Frames = HashMap<Stream, Option<Frame>>;

async fn tail(hub: Hub) {
    loop {
        let _ = timeout(LOOK_EVERY, hub.0.hint.notified()).await;
        if let Err(error) = hub.tell_all().await {
            tracing::warn!(%error, "the log could not be read; trying again");
            sleep(LISTEN_AGAIN).await;
        }
    }
}

/// What this process commits need not go by Postgres to be known here.
async fn hear_ourselves(hub: Hub, mut commits: Receiver<Committed>) {
    while !matches!(commits.recv().await, Err(RecvError::Closed)) {
        hub.look();
    }
}

/// Listens for hints, over one connection of its own.
async fn listen(hub: Hub) {
    loop {
        if let Err(error) = hear(&hub).await {
            tracing::info!(%error, "not listening for commits of other processes; trying again");
        }
        sleep(LISTEN_AGAIN).await;
    }
}

async fn hear(hub: &Hub) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(hub.0.log.pool()).await?;
    let channels = [notify::CHANNEL, notify::PRESENCE, notify::READINGS, notify::REVOCATIONS];
    listener.listen_all(channels).await?;
    hub.set_epoch(db::epoch(hub.0.log.pool()).await?);
    hub.everybody_may_have_read();
    hub.look();
    // None: the connection was lost. What comes after is another database, for all we know.
    while let Some(hint) = listener.try_recv().await? {
        match hint.channel() {
            notify::READINGS => {
                if let Ok(reading) = hint.payload().parse() {
                    hub.has_read(reading);
                }
            }
            notify::REVOCATIONS => {
                if let Ok(sign_in) = hint.payload().parse() {
                    hub.sockets().revoke(&Credential::SignIn(sign_in));
                }
            }
            notify::PRESENCE => {
                // Nothing was committed that there would be to look for.
                hub.hear_presence(hint.payload());
                continue;
            }
            _ => {}
        }
        hub.look();
    }
    Ok(())
}

/// How long after their commit the activities were told.
fn note_delay(activities: &[Activity]) {
    let now = clock::now();
    for activity in activities {
        let delay = now - activity.header.created_at;
        metrics::histogram!("cairn_live_delay_seconds").record(delay.as_seconds_f64());
    }
}
