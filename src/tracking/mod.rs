//! What browsers report: page views, link clicks and form submits.
//!
//! A request brings up to twenty items. Each is checked by itself: the good ones are stored, the
//! others are named. One writer stores what many requests bring in one statement, so that a
//! report costs little and is answered only once it is safe.

mod item;
pub mod own;
pub mod receipts;
pub mod retention;
mod row;
mod store;
mod trackable;
mod writer;

use serde_json::value::RawValue;

pub use item::{MOST_ITEMS, Refused, Report};
pub use row::Row;
pub use store::Unstored;
pub use trackable::{EventType, Trackable, TrackableType};
pub use writer::Tracker;

use crate::domain::Actor;
use crate::values::clock;
use crate::values::id::TrackingEventId;
use item::Item;

/// Stores what can be stored of some items as they were sent; those that cannot, each by its place.
///
/// # Errors
/// [`Unstored`] when the queue is full or the database fails.
pub async fn report(
    tracker: &Tracker,
    actor: &Actor,
    items: &[Box<RawValue>],
) -> Result<Vec<Refused>, Unstored> {
    let (mut rows, mut refused, now) = (Vec::new(), Vec::new(), clock::now());
    for (index, item) in items.iter().enumerate() {
        match Item::read(item, index, now) {
            Ok(report) => rows.push(Row::new(actor, report)),
            Err(refusal) => refused.push(refusal),
        }
    }
    refused.extend(tracker.store(rows).await?);
    refused.sort_by_key(|refusal| refusal.index);
    Ok(refused)
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
    let url = url.to_owned();
    let report = Report { index: 0, id, event_type, trackable, url, occurred_at: now };
    tracker.store(vec![Row::new(actor, report)]).await.map(drop)
}
