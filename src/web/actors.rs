//! Members resolved within the last second, so that a page's requests ask the database once.

use std::sync::{Mutex, PoisonError};

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;

use super::fresh::Fresh;
use crate::domain::Actor;
use crate::events::{Committed, Log};
use crate::values::Slug;
use crate::values::id::SignInId;

/// Members resolved within the last second, unless their account's log has moved since.
pub struct Actors {
    fresh: Fresh<(SignInId, Slug), Actor>,
    committed: Mutex<Receiver<Committed>>,
}

impl Actors {
    /// Nobody yet; what the log commits makes this forget.
    pub fn new(log: &Log) -> Self {
        Self { fresh: Fresh::default(), committed: Mutex::new(log.committed()) }
    }

    /// Forgets everybody, so that what this process has just revoked is over at once.
    pub fn clear(&self) {
        self.fresh.clear();
    }

    /// The member with this sign-in in this account, if they were resolved just now.
    pub fn get(&self, key: &(SignInId, Slug)) -> Option<Actor> {
        self.forget_the_moved();
        self.fresh.get(key)
    }

    /// Keeps a member who was resolved just now.
    pub fn put(&self, key: (SignInId, Slug), actor: Actor) {
        self.fresh.put(key, actor);
    }

    fn forget_the_moved(&self) {
        let mut committed = self.committed.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match committed.try_recv() {
                Ok(Committed { account_id, .. }) => {
                    self.fresh.retain(|actor| actor.account.id != account_id);
                }
                Err(TryRecvError::Lagged(_)) => self.fresh.clear(),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
    }
}
