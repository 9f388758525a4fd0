//! Refused sign-ins on their way to the log, after they were answered.
//!
//! A known address has something to be recorded and an unknown one has not, and nobody may learn
//! from an answer’s time which it was. So a request only hands over what was typed, the same for
//! both, and one task records one refusal after the other, each a moment after it was handed over.

use std::net::IpAddr;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::domain::sessions;
use crate::events::Log;
use crate::values::Email;

/// How many may wait; beyond that they are dropped, since somebody is guessing.
const WAITING: usize = 1_000;

/// How long a refusal waits, so that its answer has left before the database is asked.
const AFTERWARDS: Duration = Duration::from_millis(50);

/// The way to the log for refusals. Cheap to clone; when the last is gone, the task ends.
#[derive(Debug, Clone)]
pub struct Refusals(mpsc::Sender<Refusal>);

/// What somebody typed, and where.
#[derive(Debug)]
struct Refusal {
    email: Option<Email>,
    address: IpAddr,
}

impl Refusals {
    /// Starts the task that records them; it is over once nobody can hand over more.
    pub fn start(log: Log) -> (Self, JoinHandle<()>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self(sender), tokio::spawn(record_each(log, receiver)))
    }

    /// Hands over a refusal; none for what was no address at all.
    pub fn tell(&self, email: Option<Email>, address: IpAddr) {
        if self.0.try_send(Refusal { email, address }).is_err() {
            tracing::debug!("more refused sign-ins than can be recorded");
        }
    }
}

async fn record_each(log: Log, mut refusals: mpsc::Receiver<Refusal>) {
    while let Some(Refusal { email, address }) = refusals.recv().await {
        sleep(AFTERWARDS).await;
        let Some(email) = email else { continue };
        if let Err(error) = sessions::refused(&log, &email, Some(address)).await {
            tracing::warn!(%error, "a refused sign-in could not be recorded");
        }
    }
}
