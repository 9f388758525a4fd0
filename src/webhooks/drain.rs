//! Draining: claim, send, record, until it is told to stop.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::claim::{self, Claimed};
use super::outcome::{self, Outcome};
use super::send::{Failure, Fault, Message, Sender, Try};
use super::unseal::unseal;
use super::{health, held};
use crate::db::partitions;
use crate::events::Log;
use crate::values::clock;
use crate::values::id::EndpointId;
use crate::values::secret::KeyRing;

/// How many tries one endpoint has under way at most, so that one that hangs takes no places of
/// others.
const IN_FLIGHT_EACH: usize = 8;

/// How many tries are under way before no more are claimed.
const IN_FLIGHT: usize = 512;

/// How many endpoints are asked in one round.
const ENDPOINTS_A_ROUND: i64 = 32;

/// How long to wait for a wake-up before looking by oneself.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How many results are recorded together.
const BATCH: usize = 64;

/// Makes the partitions of the days to come.
///
/// # Errors
/// A database that fails.
pub async fn make_partitions(pool: &PgPool) -> sqlx::Result<()> {
    partitions::make(pool, "webhook_attempts", clock::now()).await
}

/// Delivers what is due. Cheap to clone.
#[derive(Clone)]
pub struct Deliverer(Arc<Inner>);

struct Inner {
    log: Log,
    keys: KeyRing,
    sender: Sender,
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
        Self(Arc::new(Inner { log, keys, sender, wake, draining, stop }))
    }

    fn pool(&self) -> &PgPool {
        self.0.log.pool()
    }

    /// Says that something may be due now.
    pub fn wake(&self) {
        self.0.wake.notify_one();
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
        if let Err(error) = held::release_forgotten(self.pool()).await {
            tracing::warn!(%error, "what is held stays so until the next start");
        }
        let mut round = Round::default();
        while !self.0.stop.is_cancelled() || !round.under_way.is_empty() {
            if let Err(error) = self.step(&mut round).await {
                tracing::warn!(%error, "webhooks wait for the database");
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
        if let Err(error) = self.record(&mut round).await {
            tracing::warn!(%error, "some tries are not recorded and will be made again");
        }
    }

    /// Records, claims, and waits for results when there was nothing to claim.
    async fn step(&self, round: &mut Round) -> sqlx::Result<()> {
        self.record(round).await?;
        if self.0.stop.is_cancelled() || self.claim(round).await? == 0 {
            tokio::select! {
                Some(ended) = round.under_way.join_next() => round.ended(ended),
                () = self.0.wake.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        while let Some(ended) = round.under_way.try_join_next() {
            round.ended(ended);
        }
        Ok(())
    }

    /// Claims what there is place for, endpoint by endpoint, and begins to send it.
    async fn claim(&self, round: &mut Round) -> sqlx::Result<usize> {
        let mut begun = 0;
        if round.under_way.len() >= IN_FLIGHT {
            return Ok(begun);
        }
        let full = round.full();
        let due = claim::due(self.pool(), clock::now(), &full, ENDPOINTS_A_ROUND).await?;
        for due in due {
            let free = IN_FLIGHT_EACH - round.places.get(&due.endpoint).copied().unwrap_or(0);
            let limit = i64::try_from(free).unwrap_or(1);
            for claimed in claim::claim(self.pool(), due, clock::now(), limit).await? {
                begun += 1;
                *round.places.entry(claimed.endpoint).or_default() += 1;
                let deliverer = self.clone();
                round.under_way.spawn(async move { deliverer.attempt(claimed).await });
            }
        }
        Ok(begun)
    }

    /// Tries one delivery and decides what follows.
    async fn attempt(self, claimed: Claimed) -> (EndpointId, Outcome) {
        let (endpoint, started_at) = (claimed.endpoint, clock::now());
        let attempt = match unseal(&self.0.keys, &claimed) {
            Some((signing, headers)) => {
                let message = Message {
                    url: &claimed.url,
                    signing: &signing,
                    headers: &headers,
                    event_id: claimed.event_id.to_string(),
                    number: claimed.number,
                    sequence: claimed.sequence,
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
        (endpoint, Outcome::new(claimed, attempt, started_at, clock::now(), luck))
    }

    /// Records what has ended, and says what follows for its endpoints. It is kept until the
    /// database has taken it.
    async fn record(&self, round: &mut Round) -> sqlx::Result<()> {
        while !round.ended.is_empty() {
            let batch = round.ended.len().min(BATCH);
            let ailing = outcome::record(self.pool(), &round.ended[..batch]).await?;
            round.ended.drain(..batch);
            for ailing in ailing {
                // Should it fail, the endpoint's next failure says it.
                health::judge(&self.0.log, &ailing).await?;
            }
        }
        Ok(())
    }
}

/// What is under way, and what has ended and is not recorded yet.
#[derive(Default)]
struct Round {
    under_way: JoinSet<(EndpointId, Outcome)>,
    places: HashMap<EndpointId, usize>,
    ended: Vec<Outcome>,
}

impl Round {
    fn full(&self) -> Vec<Uuid> {
        let full = self.places.iter().filter(|(_, places)| **places >= IN_FLIGHT_EACH);
        full.map(|(endpoint, _)| endpoint.uuid()).collect()
    }

    fn ended(&mut self, ended: Result<(EndpointId, Outcome), JoinError>) {
        let Ok((endpoint, outcome)) = ended else {
            // It comes back when its lease has ended.
            tracing::error!("a try at a delivery broke down");
            return;
        };
        if let Some(places) = self.places.get_mut(&endpoint) {
            *places = places.saturating_sub(1);
        }
        self.ended.push(outcome);
    }
}
