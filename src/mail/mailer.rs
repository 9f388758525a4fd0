//! Sending: claim, hand over, record, until it is told to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use super::claim::{self, Claimed, Outcome};
use super::message::message;
use super::relay::Relay;
use super::retry;
use super::words::Words;
use crate::values::clock;
use crate::values::secret::KeyRing;

/// How many letters are sent at once.
const AT_ONCE: i64 = 8;

/// How often it is looked whether a letter is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Sends the letters that are due. Cheap to clone.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    pool: PgPool,
    keys: KeyRing,
    relay: Relay,
    sending: AtomicBool,
    stop: CancellationToken,
}

/// Says that nobody sends any more, however the sending ended.
struct Sending<'a>(&'a AtomicBool);

impl Drop for Sending<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Mailer {
    /// A mailer that works until it is stopped.
    pub fn new(pool: PgPool, keys: KeyRing, relay: Relay, stop: CancellationToken) -> Self {
        Self(Arc::new(Inner { pool, keys, relay, sending: AtomicBool::new(false), stop }))
    }

    /// Whether this process is sending.
    pub fn is_sending(&self) -> bool {
        self.0.sending.load(Ordering::Acquire)
    }

    /// Sends what is due until stopped. A second one in the same process returns at once.
    pub async fn send(&self) {
        if self.0.sending.swap(true, Ordering::AcqRel) {
            return;
        }
        let _sending = Sending(&self.0.sending);
        while !self.0.stop.is_cancelled() {
            match self.round().await {
                Ok(0) => self.rest().await,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "letters wait for the database");
                    self.rest().await;
                }
            }
        }
    }

    async fn rest(&self) {
        let _ = self.0.stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await;
    }

    /// Sends some of what is due; how many that were.
    ///
    /// # Errors
    /// A database that fails. A letter that was sent and not recorded is sent again, under the
    /// same Message-ID.
    pub async fn round(&self) -> sqlx::Result<usize> {
        let claimed = claim::claim(&self.0.pool, clock::now(), AT_ONCE).await?;
        let tries = claimed.iter().map(|claimed| self.attempt(claimed));
        join_all(tries).await.into_iter().collect::<sqlx::Result<Vec<()>>>()?;
        Ok(claimed.len())
    }

    async fn attempt(&self, claimed: &Claimed) -> sqlx::Result<()> {
        let outcome = self.hand_over(claimed).await;
        if let Outcome::Later(why) | Outcome::Never(why) = &outcome {
            tracing::warn!(letter = %claimed.id, why, "a letter was not sent");
        }
        claim::record(&self.0.pool, claimed, &outcome, clock::now()).await
    }

    async fn hand_over(&self, claimed: &Claimed) -> Outcome {
        if clock::now() > claimed.created_at + retry::OLDEST {
            return Outcome::Never("It could not be sent within three days.".to_owned());
        }
        let Some(words) = Words::open(&self.0.keys, &claimed.sealed_words) else {
            let why = "It cannot be read with the server’s present key.";
            return Outcome::Never(why.to_owned());
        };
        match message(claimed, words, self.0.relay.sender()) {
            Some(message) => self.0.relay.send(message).await,
            None => Outcome::Never("No letter can be sent to this address.".to_owned()),
        }
    }
}
