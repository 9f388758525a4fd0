//! How much more may be claimed.

use std::collections::HashMap;

use uuid::Uuid;

use crate::values::id::EndpointId;

/// How many deliveries more may be claimed, of each endpoint and in all.
#[derive(Debug, Clone)]
pub(super) struct Room {
    /// Of those that something was claimed of, or that fail.
    pub(super) of: HashMap<EndpointId, usize>,
    /// Of any other.
    pub(super) otherwise: usize,
    /// In all.
    pub(super) whole: usize,
}

impl Room {
    /// The endpoints of which nothing more may be claimed.
    pub(super) fn full(&self) -> Vec<Uuid> {
        let full = self.of.iter().filter(|(_, room)| **room == 0);
        full.map(|(endpoint, _)| endpoint.uuid()).collect()
    }

    /// How many may be claimed of each of these endpoints, in their order; in all no more than there
    /// is room for.
    pub(super) fn share(&self, endpoints: impl ExactSizeIterator<Item = EndpointId>) -> Vec<i64> {
        let each = (self.whole / endpoints.len().max(1)).max(1);
        let mut left = self.whole;
        let share = |endpoint| {
            let room = self.of.get(&endpoint).copied().unwrap_or(self.otherwise);
            let share = room.min(each).min(left);
            left -= share;
            i64::try_from(share).unwrap_or(i64::MAX)
        };
        endpoints.map(share).collect()
    }
}
