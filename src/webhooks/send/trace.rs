//! What is told of a try while it goes on, also by those whom the client calls for us.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

tokio::task_local! {
    static TRACE: Trace;
}

/// How long each part of a try took. A part that was not needed, such as connecting when a
/// connection was open already, or that did not end, has no time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timings {
    /// Finding the host's addresses.
    pub lookup: Option<Duration>,
    /// Connecting to one of them.
    pub connect: Option<Duration>,
    /// Agreeing on a secure connection.
    pub tls: Option<Duration>,
    /// From the beginning to the head of the answer.
    pub first_byte: Option<Duration>,
}

/// What was told of a try.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    /// The address that was dialled last.
    pub(super) address: Option<IpAddr>,
    pub(super) timings: Timings,
}

/// Where it is told. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Trace(Arc<Mutex<Told>>);

impl Trace {
    /// Runs a try; whatever it calls may tell of it.
    pub(super) async fn follow<F: Future>(&self, attempt: F) -> F::Output {
        TRACE.scope(self.clone(), attempt).await
    }

    /// What was told so far.
    pub(super) fn told(&self) -> Told {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells of the try.
    pub(super) fn note(&self, note: impl FnOnce(&mut Told)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Tells of the try that goes on here. A connection that is still made after its try found another
/// one belongs to none, and nothing is told of it.
pub(super) fn note(note: impl FnOnce(&mut Told)) {
    let _ = TRACE.try_with(|trace| trace.note(note));
}
