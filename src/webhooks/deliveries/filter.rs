//! What a log of deliveries is narrowed to.

use time::OffsetDateTime;

use super::Status;
use crate::domain::{Error, Result};
use crate::events::KINDS;
use crate::webhooks::events;
use crate::webhooks::send::Fault;

/// What a log of deliveries is narrowed to; nothing named means all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those that stand in one of these ways.
    pub statuses: Vec<Status>,
    /// Only those of events that one of these names asks for: `card.moved`, `card.*`.
    pub events: Vec<String>,
    /// Only those whose last try had one of these faults.
    pub faults: Vec<Fault>,
    /// Only what was owed from this moment on.
    pub since: Option<OffsetDateTime>,
    /// Only what was owed before this moment.
    pub until: Option<OffsetDateTime>,
}

impl Filter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Refuses what lets nothing through, whatever there is.
    ///
    /// # Errors
    /// [`Error::Invalid`] names the field.
    pub fn check(&self) -> Result<()> {
        if !self.events.is_empty() {
            events::parse(&self.events).map_err(Error::in_field("event"))?;
        }
        match (self.since, self.until) {
            (Some(since), Some(until)) if until <= since => {
                Err(Error::invalid("until", "This is not after the time with which it begins."))
            }
            _ => Ok(()),
        }
    }

    /// The ways to stand that it lets through. What had a fault has not arrived.
    pub(in crate::webhooks) fn ways(&self) -> Vec<Status> {
        let asked = |status: &Status| self.statuses.is_empty() || self.statuses.contains(status);
        let possible = |status: &Status| self.faults.is_empty() || *status != Status::Delivered;
        Status::ALL.into_iter().filter(asked).filter(possible).collect()
    }

    /// The names of the events that it lets through; none: all.
    pub(in crate::webhooks) fn names(&self) -> Vec<String> {
        let asked = KINDS.iter().filter(|kind| self.events.iter().any(|name| kind.matches(name)));
        asked.map(|kind| kind.wire_name()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn of(events: &[&str]) -> Filter {
        let events = events.iter().map(|name| (*name).to_owned()).collect();
        Filter { events, ..Filter::default() }
    }

    #[test]
    fn patterns_ask_for_all_events_of_a_noun() {
        let names = of(&["comment.*", "card.moved"]).names();
        assert!(names.iter().any(|name| name == "comment.added"), "{names:?}");
        assert!(names.iter().any(|name| name == "card.moved"), "{names:?}");
        assert!(!names.iter().any(|name| name == "card.added"), "{names:?}");
        assert!(of(&[]).names().is_empty());
    }

    #[test]
    fn what_nobody_knows_and_spans_that_end_before_they_begin_are_refused() {
        assert!(Filter::default().check().is_ok() && of(&["card.*"]).check().is_ok());
        assert!(of(&["card.*", "card.flown"]).check().is_err());
        let (noon, later) = (datetime!(2026-11-25 12:00 UTC), datetime!(2026-11-25 13:00 UTC));
        let span =
            |since, until| Filter { since: Some(since), until: Some(until), ..Filter::default() };
        assert!(span(noon, later).check().is_ok());
        assert!(span(later, noon).check().is_err() && span(noon, noon).check().is_err());
    }

    #[test]
    fn what_had_a_fault_has_not_arrived() {
        let filter = Filter { faults: vec![Fault::Tls], ..Filter::default() };
        assert!(!filter.ways().contains(&Status::Delivered));
        assert_eq!(Filter::default().ways(), Status::ALL);
    }
}
