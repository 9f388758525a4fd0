//! Typed events kept in the process: they never change, so a warm page of a feed is one query.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use super::Event;
use crate::values::id::{AccountId, EventId};

type Key = (AccountId, EventId);

/// A bounded cache in two generations: when the young one is full it becomes the old one, and
/// what nobody asked for since then is forgotten.
#[derive(Debug)]
pub struct Cache {
    generations: Mutex<Generations>,
    most: usize,
}

#[derive(Debug, Default)]
struct Generations {
    /// How often something was forgotten.
    forgotten: u64,
    young: HashMap<Key, Arc<dyn Event>>,
    old: HashMap<Key, Arc<dyn Event>>,
}

impl Cache {
    /// A cache whose generations hold at most so many events each.
    pub fn new(most: usize) -> Self {
        Self { generations: Mutex::default(), most }
    }

    /// The event, if it is here.
    pub fn get(&self, account: AccountId, id: EventId) -> Option<Arc<dyn Event>> {
        let key = (account, id);
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(event) = generations.young.get(&key) {
            return Some(Arc::clone(event));
        }
        let event = generations.old.remove(&key)?;
        generations.keep(key, Arc::clone(&event), self.most);
        Some(event)
    }

    /// Forgets the events of an account, or all: words of theirs were erased.
    pub fn forget(&self, account: Option<AccountId>) {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let stays = |(of, _): &Key| account.is_some_and(|account| *of != account);
        generations.forgotten += 1;
        generations.young.retain(|key, _| stays(key));
        generations.old.retain(|key, _| stays(key));
    }

    /// How often something was forgotten. Ask before events are read, to keep them after.
    pub fn forgotten(&self) -> u64 {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner).forgotten
    }

    /// Keeps an event that was read, unless something was forgotten since: it may be that.
    pub fn put_read(&self, forgotten: u64, account: AccountId, id: EventId, event: Arc<dyn Event>) {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if generations.forgotten == forgotten {
            generations.keep((account, id), event, self.most);
        }
    }

    /// Keeps an event that was committed just now.
    pub fn put(&self, account: AccountId, id: EventId, event: Arc<dyn Event>) {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        generations.keep((account, id), event, self.most);
    }
}

impl Generations {
    fn keep(&mut self, key: Key, event: Arc<dyn Event>, most: usize) {
        if self.young.len() >= most {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(key, event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::KINDS;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let (cache, account) = (Cache::new(2), AccountId::new());
        let ids: Vec<EventId> = (0..5).map(|_| EventId::new()).collect();
        for id in &ids {
            cache.put(account, *id, (KINDS[0].example)());
            assert!(cache.get(account, ids[0]).is_some(), "asked for each time, so it stays");
        }
        assert!(cache.get(account, ids[1]).is_none());
        assert!(cache.get(AccountId::new(), ids[4]).is_none(), "of another account");
        let before = cache.forgotten();
        cache.forget(Some(account));
        assert!(cache.get(account, ids[0]).is_none(), "erased");
        cache.put_read(before, account, ids[0], (KINDS[0].example)());
        assert!(cache.get(account, ids[0]).is_none(), "read before it was erased");
        cache.put_read(cache.forgotten(), account, ids[0], (KINDS[0].example)());
        cache.forget(Some(AccountId::new()));
        assert!(cache.get(account, ids[0]).is_some(), "of another account");
        cache.forget(None);
        assert!(cache.get(account, ids[0]).is_none(), "everything");
    }
}
