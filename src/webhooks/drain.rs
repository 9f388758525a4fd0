//! Draining: claim, send, record, until it is told to stop.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt as _;
use sqlx::PgPool;
use time::OffsetDateTime;
use tokio::sync::Notify;
use tokio::sync::broadcast::Receiver;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::changes::{Changed, Changes};
use super::claim::{self, Looked};
use super::claimed::Claimed;
use super::held;
use super::lanes::Lanes;
use super::measures::{self, UnderWay};
use super::outcome::Outcome;
use super::recorder::Recorder;
use super::room::Room;
use super::send::{Failure, Fault, Message, Sender, Try};
use super::unseal::unseal;
use crate::events::Log;
use crate::values::clock;
use crate::values::id::EndpointId;
use crate::values::secret::KeyRing;

/// The promise: however the wake-ups fare, it is looked this often what is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long to wait after a look that found something, so that the next one finds more.
const GATHER: Duration = Duration::from_millis(5);

/// How long to wait after a failure.
const AGAIN: Duration = Duration::from_millis(500);

/// Delivers what is due. Cheap to clone.
#[derive(Clone)]
pub struct Deliverer(Arc<Inner>);

struct Inner {
    log: Log,
    keys: KeyRing,
    sender: Sender,
    changes: Changes,
    wake: Notify,
    draining: AtomicBool,
    stop: CancellationToken,
}

/// Says that nobody drains any more, however the draining ended.
struct Draining<'a>(&'a AtomicBool);

impl Drop for Draining<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Deliverer {
    /// A deliverer that works until it is stopped.
    pub fn new(log: Log, keys: KeyRing, sender: Sender, stop: CancellationToken) -> Self {
        let (wake, draining) = (Notify::new(), AtomicBool::new(false));
        let changes = Changes::default();
        Self(Arc::new(Inner { log, keys, sender, changes, wake, draining, stop }))
    }

    fn pool(&self) -> &PgPool {
        self.0.log.pool()
    }

    /// Says that something may be due now.
    pub fn wake(&self) {
        self.0.wake.notify_one();
    }

    /// Which logs change by what is done here from now on.
    pub fn changes(&self) -> Receiver<Changed> {
        self.0.changes.listen()
    }

    /// Whether this process is draining.
    pub fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Acquire)
    }

    /// Drains until stopped, and then until what is under way has ended. A second one in the same
    /// process returns at once.
    pub async fn drain(&self) {
        if self.0.draining.swap(true, Ordering::AcqRel) {
            return;
        }
        let _draining = Draining(&self.0.draining);
        measures::begin();
        if let Err(error) = held::release_forgotten(self.pool()).await {
            tracing::warn!(%error, "what is held stays so until the next start");
        }
        let mut work = Work::new(self.clone());
        while !self.0.stop.is_cancelled() {
            work.step().await;
        }
        work.finish().await;
    }

    /// Tries one delivery and decides what follows.
    async fn attempt(self, claimed: Claimed) -> Outcome {
        let started_at = clock::now();
        if claimed.is_withheld {
            return Outcome::withheld(claimed, started_at);
        }
        let _under_way = UnderWay::begin(claimed.is_uncertain);
        let attempt = match unseal(&self.0.keys, &claimed) {
            Some((signing, headers)) => {
                let message = Message {
                    url: &claimed.url,
                    signing: &signing,
                    headers: &headers,
                    event_id: claimed.event_id.to_string(),
                    number: Some(claimed.number),
                    is_again: claimed.is_again,
                    sequence: Some(claimed.sequence),
                    body: &claimed.body,
                };
                self.0.sender.send(&message, started_at).await
            }
            None => {
                let sentence = "The secret cannot be read with the server’s present key.";
                Try::failed(Failure::new(Fault::Secret, sentence))
            }
        };
        let luck = rand::random();
        let outcome = Outcome::new(claimed, attempt, started_at, clock::now(), luck);
        outcome.measure();
        outcome
    }
}

/// The looks, the tries and the results of one draining; none of them waits for another.
struct Work {
    deliverer: Deliverer,
    lanes: Lanes,
    looks: JoinSet<sqlx::Result<Found>>,
    tries: JoinSet<(EndpointId, Option<Outcome>)>,
    /// What is given back to whoever claims it next.
    returns: JoinSet<()>,
    recorder: Recorder,
    look_at: Instant,
    /// When it was looked last, if something was found.
    found_at: Option<Instant>,
    fails: bool,
}

/// What a look has found: what was claimed, or when there is something to claim.
enum Found {
    Claimed(Vec<Claimed>),
    Nothing(Option<OffsetDateTime>),
}

impl Work {
    fn new(deliverer: Deliverer) -> Self {
        let recorder = Recorder::start(deliverer.0.log.clone(), deliverer.0.changes.clone());
        Self {
            deliverer,
            lanes: Lanes::default(),
            looks: JoinSet::new(),
            tries: JoinSet::new(),
            returns: JoinSet::new(),
            recorder,
            look_at: Instant::now(),
            found_at: None,
            fails: false,
        }
    }

    /// Waits for whatever comes next, and does what follows from it.
    async fn step(&mut self) {
        let deliverer = self.deliverer.clone();
        let may_look = self.looks.is_empty() && self.lanes.room().is_some();
        tokio::select! {
            Some(Ok((endpoint, outcome))) = self.tries.join_next() => self.ended(endpoint, outcome),
            Some(looked) = self.looks.join_next() => self.looked(looked),
            Some(_) = self.returns.join_next() => {}
            Some(count) = self.recorder.recorded() => self.lanes.recorded(count),
            () = deliverer.0.wake.notified() => self.look_soon(),
            () = sleep_until(self.look_at), if may_look => self.look(),
            () = deliverer.0.stop.cancelled() => {}
        }
    }

    fn look_soon(&mut self) {
        let earliest = self.found_at.map_or_else(Instant::now, |at| at + GATHER);
        self.look_at = self.look_at.min(earliest);
    }

    fn look(&mut self) {
        if let Some(room) = self.lanes.room() {
            let deliverer = self.deliverer.clone();
            self.looks.spawn(async move { find(&deliverer, &room).await });
            self.look_at = Instant::now() + LOOK_EVERY;
        }
    }

    fn looked(&mut self, looked: Result<sqlx::Result<Found>, JoinError>) {
        let now = Instant::now();
        match looked.unwrap_or(Ok(Found::Nothing(None))) {
            Ok(Found::Claimed(claimed)) => {
                self.found_at = Some(now);
                self.look_soon();
                self.begin(claimed);
            }
            Ok(Found::Nothing(due_at)) => {
                self.found_at = None;
                let wait = due_at.map_or(LOOK_EVERY, |at| {
                    // What is due already is claimed by another process at this moment.
                    let wait = Duration::try_from(at - clock::now()).unwrap_or(GATHER);
                    wait.min(LOOK_EVERY)
                });
                self.look_at = self.look_at.min(now + wait);
            }
            Err(error) => {
                if !self.fails {
                    tracing::warn!(%error, "webhooks wait for the database");
                }
                self.fails = true;
                self.look_at = now + AGAIN;
                return;
            }
        }
        if std::mem::take(&mut self.fails) {
            tracing::info!("webhooks go on");
        }
    }

    fn begin(&mut self, claimed: Vec<Claimed>) {
        let mut endpoints: Vec<EndpointId> = claimed.iter().map(|it| it.endpoint).collect();
        endpoints.dedup();
        self.lanes.take(claimed);
        for endpoint in endpoints {
            self.start(endpoint);
        }
    }

    fn start(&mut self, endpoint: EndpointId) {
        let late = self.lanes.late(endpoint, clock::now());
        self.give_back(late);
        for claimed in self.lanes.start(endpoint) {
            let attempt = AssertUnwindSafe(self.deliverer.clone().attempt(claimed));
            self.tries.spawn(async move { (endpoint, attempt.catch_unwind().await.ok()) });
        }
    }

    fn ended(&mut self, endpoint: EndpointId, outcome: Option<Outcome>) {
        let well = outcome.as_ref().is_some_and(Outcome::is_well);
        let took = outcome.as_ref().map_or(Duration::ZERO, Outcome::took);
        if self.lanes.ended(endpoint, well, took) {
            self.look_soon();
        }
        match outcome {
            Some(outcome) => self.recorder.record(outcome),
            None => {
                tracing::error!("a try at a delivery broke down; it is due again in a while");
                self.lanes.recorded(1);
            }
        }
        self.start(endpoint);
    }

    /// Gives back what was claimed and not begun. Should that fail, it comes back when its leases have
    /// run out.
    fn give_back(&mut self, claimed: Vec<Claimed>) {
        if claimed.is_empty() {
            return;
        }
        let pool = self.deliverer.pool().clone();
        self.returns.spawn(async move {
            if let Err(error) = claim::give_back(&pool, &claimed).await {
                tracing::warn!(%error, "deliveries wait for their leases to run out");
            }
        });
    }

    /// Ends what is under way, and gives back what only waited here, so that others take it at once.
    async fn finish(mut self) {
        let mut waiting = self.lanes.clear();
        // A look that was cut off would leave its connection in an unknown state.
        while let Some(looked) = self.looks.join_next().await {
            if let Ok(Ok(Found::Claimed(claimed))) = looked {
                waiting.extend(claimed);
            }
        }
        self.give_back(waiting);
        let tries = self.tries.join_all().await;
        tries
            .into_iter()
            .filter_map(|(_, outcome)| outcome)
            .for_each(|it| self.recorder.record(it));
        self.recorder.finish().await;
        while self.returns.join_next().await.is_some() {}
    }
}

async fn find(deliverer: &Deliverer, room: &Room) -> sqlx::Result<Found> {
    let pool = deliverer.pool();
    let Looked { claimed, settled } = claim::claim(pool, clock::now(), room).await?;
    settled.into_iter().for_each(|changed| deliverer.0.changes.say(changed));
    if claimed.is_empty() {
        return Ok(Found::Nothing(claim::earliest(pool, room).await?));
    }
    Ok(Found::Claimed(claimed))
}
