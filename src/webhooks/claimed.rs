//! A delivery that somebody holds the lease of.

use time::OffsetDateTime;
use uuid::Uuid;

use super::signature::Scheme;
use crate::values::id::{AccountId, DeliveryId, EndpointId, EventId};

/// A delivery that is to be tried now, by whoever holds its lease.
#[derive(Debug)]
pub(super) struct Claimed {
    pub(super) account: AccountId,
    pub(super) endpoint: EndpointId,
    pub(super) id: DeliveryId,
    pub(super) lease: Uuid,
    /// When it was due before somebody held its lease.
    pub(super) due_at: OffsetDateTime,
    /// Whether somebody held a lease before that ran out, and nobody knows what came of it.
    pub(super) is_uncertain: bool,
    /// When it was owed.
    pub(super) created_at: OffsetDateTime,
    /// When somebody else may claim it.
    pub(super) leased_until: OffsetDateTime,
    pub(super) number: i64,
    pub(super) sequence: i64,
    pub(super) event_id: EventId,
    pub(super) attempts: i32,
    pub(super) postponements: i32,
    /// Whether it is tried to see if its endpoint, which is switched off, has recovered.
    pub(super) is_probe: bool,
    /// Whether it belongs to a replay, or sends another delivery again.
    pub(super) is_again: bool,
    /// Whether it happened on a board that has become private and that its endpoint does not name.
    pub(super) is_withheld: bool,
    pub(super) url: String,
    pub(super) sealed_secret: Vec<u8>,
    /// The secret before that, while it still signs too.
    pub(super) older_sealed_secret: Option<Vec<u8>>,
    /// How `webhook-signature` is made.
    pub(super) signature: Scheme,
    /// Whether it is made the other way too, as before it was switched.
    pub(super) other_too: bool,
    pub(super) sealed_key: Option<Vec<u8>>,
    /// The key before that, while it still signs too.
    pub(super) older_sealed_key: Option<Vec<u8>>,
    pub(super) sealed_headers: Option<Vec<u8>>,
    pub(super) body: Vec<u8>,
}
