//! Following the log: whoever follows a stream is told once a second at the latest.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::time::Duration;

use sqlx::{Connection as _, PgConnection};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::concern::Concern;
use super::doubt::Doubt;
use super::hints::Look;
use super::{Frame, Hub, Stream, deliveries, fragments, here, listen, receipts};
use crate::domain::{self, Account};
use crate::events::{Activity, Committed};
use crate::values::clock;
use crate::values::id::AccountId;

/// How long to wait after a failure.
const AGAIN: Duration = Duration::from_millis(500);

/// A database that says nothing for so long is asked over another connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// What was rendered for each stream; none where it is nothing.
type Frames = HashMap<Stream, Option<Frame>>;

impl Hub {
    /// Begins to follow the log, for as long as the tasks are not aborted.
    pub fn follow(&self) -> Vec<JoinHandle<()>> {
        let own_commits = self.0.log.committed();
        vec![
            tokio::spawn(tail(self.clone())),
            tokio::spawn(listen::keep(self.clone())),
            tokio::spawn(hear_ourselves(self.clone(), own_commits)),
            tokio::spawn(here::keep(self.clone())),
            tokio::spawn(deliveries::keep(self.clone())),
            tokio::spawn(receipts::keep(self.clone())),
        ]
    }

    /// One after the other, so that whoever is told something is told nothing older after it.
    async fn tell_all(&self, connection: &mut PgConnection, look: Look) -> domain::Result<()> {
        for (account, told, head) in self.behind(connection, look).await? {
            self.tell(connection, &account, told, head).await?;
        }
        self.tell_readers(connection).await
    }

    /// Tells the followers of an account what was committed after one sequence up to another.
    async fn tell(
        &self,
        connection: &mut PgConnection,
        account: &Account,
        told: i64,
        head: i64,
    ) -> domain::Result<()> {
        let activities = self.0.activities(connection, account.id, told, head).await?;
        self.doubt(account.id, &activities);
        let concern = Concern::of(connection, account.id, &activities).await?;
        let mut frames = Frames::new();
        // A stream that somebody joined meanwhile was promised what comes after `told` too.
        while let Err(streams) = self.send(account.id, (told, head), &concern, &frames) {
            for stream in streams {
                let html = fragments::render(connection, account, stream, &activities).await?;
                frames.insert(stream, (!html.is_empty()).then(|| Frame::new(head, &html)));
            }
        }
        self.logs_may_have_grown(account.id);
        note_delay(&activities);
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
    async fn behind(
        &self,
        connection: &mut PgConnection,
        look: Look,
    ) -> domain::Result<Vec<(Account, i64, i64)>> {
        let heads = match look {
            Look::At(heads) => heads,
            Look::Everywhere => {
                let heads = heads(connection, &self.sweep()).await?;
                self.let_go_of_shorter(&heads);
                heads
            }
        };
        let accounts = self.accounts();
        let behind = heads.into_iter().filter_map(|(account, head)| {
            let watched = accounts.get(&account)?;
            (head > watched.told).then(|| (watched.account.clone(), watched.told, head))
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

    /// A log that has become shorter is another one: its followers come back and learn so.
    fn let_go_of_shorter(&self, heads: &HashMap<AccountId, i64>) {
        let mut accounts = self.accounts();
        let is_shorter = |id: &AccountId, told| heads.get(id).is_some_and(|head| *head < told);
        for (_, watched) in accounts.extract_if(|id, watched| is_shorter(id, watched.told)) {
            self.0.catch_ups.forget();
            watched.doubt_all();
        }
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
        let mut unrendered = concern.among(&watched.streams);
        unrendered.retain(|stream| !frames.contains_key(stream));
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

/// Where the logs of some accounts stand.
async fn heads(
    connection: &mut PgConnection,
    accounts: &[AccountId],
) -> sqlx::Result<HashMap<AccountId, i64>> {
    if accounts.is_empty() {
        return Ok(HashMap::new());
    }
    let heads = sqlx::query!(
        r#"select account_id as "account_id: AccountId", sequence
           from account_heads where account_id = any($1)"#,
        accounts as _,
    );
    let heads = heads.fetch_all(connection).await?;
    Ok(heads.into_iter().map(|head| (head.account_id, head.sequence)).collect())
}

/// Over a connection of its own: what waits behind requests comes late.
async fn tail(hub: Hub) {
    let (mut connection, mut everywhere, mut fails) = (None, Instant::now(), false);
    loop {
        let look = hub.0.hints.next(everywhere).await;
        if look == Look::Everywhere {
            everywhere = Instant::now();
        }
        let looked = look_at(&hub, &mut connection, look).await;
        match &looked {
            Err(error) if !fails => tracing::warn!(%error, "the log cannot be read; trying again"),
            Ok(()) if fails => tracing::info!("the log can be read again"),
            _ => {}
        }
        fails = looked.is_err();
        if fails {
            sleep(AGAIN).await;
            hub.0.hints.look_everywhere();
        }
    }
}

/// Leaves the connection behind for the next time, unless it failed.
async fn look_at(
    hub: &Hub,
    connection: &mut Option<PgConnection>,
    look: Look,
) -> domain::Result<()> {
    let looked = timeout(PATIENCE, async {
        let mut own = match connection.take() {
            Some(own) => own,
            None => PgConnection::connect_with(&hub.log().pool().connect_options()).await?,
        };
        hub.tell_all(&mut own, look).await?;
        Ok::<_, domain::Error>(own)
    });
    let silent = |_| sqlx::Error::Io(ErrorKind::TimedOut.into());
    *connection = Some(looked.await.map_err(silent)??);
    Ok(())
}

/// What this process commits need not go by Postgres to be known here.
async fn hear_ourselves(hub: Hub, mut commits: Receiver<Committed>) {
    loop {
        match commits.recv().await {
            Ok(commit) => hub.0.hints.hear(commit),
            Err(RecvError::Lagged(_)) => hub.0.hints.look_everywhere(),
            Err(RecvError::Closed) => return,
        }
    }
}

/// How long after their commit the activities were told.
fn note_delay(activities: &[Activity]) {
    let now = clock::now();
    for activity in activities {
        let delay = now - activity.header.created_at;
        metrics::histogram!("cairn_live_delay_seconds").record(delay.as_seconds_f64());
    }
}
