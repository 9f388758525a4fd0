//! What the page of a log of deliveries is narrowed to, and the address that says so.

use url::form_urlencoded::Serializer;

use crate::values::{Day, Zone};
use crate::webhooks::deliveries::{Filter, Status};
use crate::webhooks::send::Fault;

/// What a person narrows a log to: as a [`Filter`], but in days of theirs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// Only those that stand in one of these ways.
    pub statuses: Vec<Status>,
    /// Only those of events that one of these names asks for.
    pub events: Vec<String>,
    /// Only those whose last try had one of these faults.
    pub faults: Vec<Fault>,
    /// Only what was owed from the beginning of this day on.
    pub since: Option<Day>,
    /// Only what was owed up to the end of this day.
    pub until: Option<Day>,
}

impl Narrowed {
    /// What it means where somebody lives.
    pub fn filter(&self, zone: &Zone) -> Filter {
        Filter {
            statuses: self.statuses.clone(),
            events: self.events.clone(),
            faults: self.faults.clone(),
            since: self.since.map(|day| day.within(zone).0),
            until: self.until.map(|day| day.within(zone).1),
        }
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The address of a log that is narrowed so, or of an older page of it.
    pub fn address(&self, path: &str, before: Option<i64>) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        query.extend_pairs(before.map(|before| ("before", before.to_string())));
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// What stands behind the question mark.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let statuses = self.statuses.iter().map(|status| ("status", status.as_str().to_owned()));
        let events = self.events.iter().map(|event| ("event", event.clone()));
        let faults = self.faults.iter().map(|fault| ("fault", fault.as_str().to_owned()));
        let since = self.since.map(|day| ("since", day.to_string()));
        let until = self.until.map(|day| ("until", day.to_string()));
        statuses.chain(events).chain(faults).chain(since).chain(until).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_all_that_was_chosen() {
        let narrowed = Narrowed {
            statuses: vec![Status::Failed, Status::Pending],
            events: vec!["card.*".to_owned()],
            faults: vec![Fault::Tls],
            since: Some(Day::parse("2026-11-25").expect("a day")),
            until: None,
        };
        let query = "status=failed&status=pending&event=card.*&fault=tls&since=2026-11-25";
        assert_eq!(narrowed.address("/log", None), format!("/log?{query}"));
        assert_eq!(narrowed.address("/log", Some(7)), format!("/log?{query}&before=7"));
        assert_eq!(Narrowed::default().address("/log", None), "/log");
    }

    #[test]
    fn a_day_is_taken_whole() {
        let day = Day::parse("2026-11-25").expect("a day");
        let narrowed = Narrowed { since: Some(day), until: Some(day), ..Narrowed::default() };
        let Filter { since, until, .. } = narrowed.filter(&Zone::utc());
        assert_eq!(until.zip(since).map(|(until, since)| (until - since).whole_hours()), Some(24));
    }
}
