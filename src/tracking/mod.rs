//! What browsers report: page views, link clicks and form submits.
//!
//! A request brings up to twenty items. Each is checked by itself: the good ones are stored, the
//! others are named. One writer stores what many requests bring in one statement, so that a
//! report costs little and is answered only once it is safe.

pub mod changes;
mod erasure;
pub mod insights;
mod item;
mod noted;
pub mod own;
pub mod receipts;
pub mod retention;
mod row;
mod store;
mod trackable;
mod writer;

use serde_json::value::RawValue;
use sqlx::PgPool;

pub use erasure::Forgetting;
pub use item::{MOST_ITEMS, Refused, Report};
pub use noted::{Noted, Thing};
pub use row::Row;
pub use store::Unstored;
pub use trackable::{EventType, Trackable, TrackableType};
pub use writer::Tracker;

use crate::domain::{self, Actor};
use crate::values::id::TrackingEventId;
use crate::values::{Tracked, clock};
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

/// Notes that somebody has seen what came live to a board or a card before them, up to an activity; those
/// who show who has seen it hear of it. Nothing of whoever is not recorded.
///
/// # Errors
/// A database that fails.
pub async fn has_seen(
    tracker: &Tracker,
    pool: &PgPool,
    actor: &Actor,
    thing: Thing,
    sequence: i64,
) -> domain::Result<()> {
    if actor.tracked != Tracked::Off && receipts::note(pool, actor, thing.into(), sequence).await? {
        Noted::by(actor, thing.into()).into_iter().for_each(|noted| tracker.say(noted));
    }
    Ok(())
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
