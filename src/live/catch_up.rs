//! What a page has missed, made once for all who missed the same.
//!
//! After a restart nearly everybody comes back from the same place: what they missed is read and
//! written once, and shared.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::Stream;
use crate::values::id::AccountId;

/// How many parts are kept at the most.
const MOST_PARTS: usize = 128;

/// A part of the log that a stream told: after the first sequence up to the second.
pub(super) type Part = (AccountId, Stream, i64, i64);

/// The parts that were missed lately.
#[derive(Default)]
pub(super) struct CatchUps(Mutex<HashMap<Part, Arc<OnceCell<Arc<str>>>>>);

impl CatchUps {
    /// Forgets all of them: the log is another one, and its numbers mean something else.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// A part that somebody else may be making at this moment.
    pub(super) fn part(&self, part: Part) -> Arc<OnceCell<Arc<str>>> {
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if parts.len() >= MOST_PARTS {
            parts.clear();
        }
        Arc::clone(parts.entry(part).or_default())
    }
}
