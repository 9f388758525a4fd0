//! What follows from an event in its own transaction, declared here and implemented above.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use super::{AccountRef, Event, Header};
use crate::values::id::EventId;

/// An event that is about to be recorded.
#[derive(Debug)]
pub struct Pending {
    /// What is known of it, whatever its kind.
    pub header: Header,
    /// The typed event.
    pub event: Arc<dyn Event>,
}

/// An event that has been given its place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The event's id.
    pub id: EventId,
    /// Its number in the account's log.
    pub sequence: i64,
}

/// Something that follows from events: deliveries owed, people told.
pub trait Consequence: Send + Sync {
    /// Prepares what follows, before the account's head is taken. Slow work belongs here: the
    /// head is the hottest lock of the account.
    fn prepare<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        account: &'a AccountRef,
        events: &'a [Pending],
    ) -> BoxFuture<'a, sqlx::Result<Option<Box<dyn Owed>>>>;
}

/// What a consequence owes once the sequence is known.
pub trait Owed: Send {
    /// Writes it, in one statement, with the head taken; entries stand in the order of the events.
    fn owe<'a>(
        self: Box<Self>,
        connection: &'a mut PgConnection,
        entries: &'a [Entry],
    ) -> BoxFuture<'a, sqlx::Result<()>>;
}
