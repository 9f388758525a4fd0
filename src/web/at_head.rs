//! What follows from an account's log alone, kept until the log has moved.
//!
//! Every change is an event, so the head of the log is the version of all that an account has: what
//! was made when the head was known to be there is good for whoever finds it still there.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use crate::live::Cursor;
use crate::values::id::AccountId;

/// Values by account and key, each with the cursor that was read before it was made.
pub(super) struct AtHead<K, V> {
    kept: Mutex<HashMap<(AccountId, K), (Cursor, V)>>,
    most: usize,
}

impl<K: Eq + Hash, V: Clone> AtHead<K, V> {
    /// None yet. Beyond so many it is emptied rather than searched for old ones.
    pub(super) fn new(most: usize) -> Self {
        Self { kept: Mutex::default(), most }
    }

    /// The value, if it was made when the log stood where it stands now.
    pub(super) fn get(&self, account: AccountId, now: &Cursor, key: K) -> Option<V> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (cursor, value) = kept.get(&(account, key))?;
        (cursor == now).then(|| value.clone())
    }

    /// Keeps a value that was made after this cursor was read.
    pub(super) fn put(&self, account: AccountId, cursor: Cursor, key: K, value: V) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= self.most {
            kept.clear();
        }
        kept.insert((account, key), (cursor, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_good_until_the_log_moves() {
        let at = |sequence| Cursor { epoch: "0a1b2c3d".to_owned(), sequence };
        let (account, values) = (AccountId::new(), AtHead::new(2));
        values.put(account, at(7), "boards", 1);
        assert_eq!(values.get(account, &at(7), "boards"), Some(1));
        assert_eq!(values.get(account, &at(8), "boards"), None);
        assert_eq!(values.get(AccountId::new(), &at(7), "boards"), None);
        let restored = Cursor { epoch: "another".to_owned(), sequence: 7 };
        assert_eq!(values.get(account, &restored, "boards"), None);
    }
}
