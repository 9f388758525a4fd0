//! What was read from the database within the last second, and is believed that long.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a value may stand in the process: a revocation elsewhere acts that late.
const FRESH: Duration = Duration::from_secs(1);

/// Beyond so many entries a cache is emptied rather than searched for old ones.
const REMEMBERED: usize = 20_000;

/// Values that are good for a second.
pub struct Fresh<K, V>(Mutex<HashMap<K, (Instant, V)>>);

impl<K, V> Default for Fresh<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Fresh<K, V> {
    /// The value, if it was put here within the last second.
    pub fn get(&self, key: &K) -> Option<V> {
        let values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        values.get(key).filter(|(at, _)| at.elapsed() < FRESH).map(|(_, value)| value.clone())
    }

    /// Keeps a value that was read just now.
    pub fn put(&self, key: K, value: V) {
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if values.len() >= REMEMBERED {
            values.clear();
        }
        values.insert(key, (Instant::now(), value));
    }

    /// Forgets the values that do not pass.
    pub fn retain(&self, passes: impl Fn(&V) -> bool) {
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        values.retain(|_, (_, value)| passes(value));
    }

    /// Forgets every value.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_revoked_is_forgotten() {
        let fresh = Fresh::default();
        fresh.put(1, "olive");
        assert_eq!(fresh.get(&1), Some("olive"));
        fresh.clear();
        assert_eq!(fresh.get(&1), None);
    }
}
