//! What browsers report: page views, link clicks and form submits.
//!
//! A request brings up to twenty items. Each is checked by itself: the good ones are stored, the
//! others are named. One writer stores what many requests bring in one statement, so that a
//! report costs little and is answered only once it is safe.

mod check;
mod item;
mod writer;

use sqlx::PgPool;

pub use check::check;
pub use item::{EventType, MOST_ITEMS, Refused, Report, Trackable, TrackableType};
pub use writer::{Row, Tracker, Unstored};

use crate::db::partitions;
use crate::domain::Actor;
use crate::values::clock;
use crate::values::id::TrackingEventId;

/// Makes the partitions of the days to come.
///
/// # Errors
/// A database that fails.
pub async fn make_partitions(pool: &PgPool) -> sqlx::Result<()> {
    partitions::make(pool, "tracking_events", clock::now()).await
}

/// Reports something from within the program, in a member's name.
///
/// # Errors
/// [`Unstored`] when the queue is full or the database fails.
pub async fn track(
    tracker: &Tracker,
    actor: &Actor,
    event_type: EventType,
    trackable: Option<Trackable>,
    url: &str,
) -> Result<(), Unstored> {
    let (id, now) = (TrackingEventId::new(), clock::now());
    let report = Report { id, event_type, trackable, url: url.to_owned(), occurred_at: now };
    tracker.store(vec![Row::new(actor, report)]).await
}
