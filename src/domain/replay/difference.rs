//! Where two accounts of one thing part: what its events come to, and what else says how it is.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};

use crate::events::board_as_it_was::Stamp;
use crate::events::snapshot::ERASED;

/// The first thing that events do not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is of: the account, a board, a card.
    pub of: String,
    /// What of it: itself, a column, a member, a comment.
    pub thing: String,
    /// The attribute.
    pub attribute: &'static str,
    /// What its events come to.
    pub events: String,
    /// What was found.
    pub found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { of, thing, attribute, events, found } = self;
        write!(f, "{of}, {thing}, {attribute}: the log says {events}, found {found}")
    }
}

/// Compares one thing with the other, attribute by attribute, until two differ.
pub(super) struct Comparing {
    of: String,
    thing: String,
}

pub(super) type Compared = Result<(), Box<Difference>>;

impl Comparing {
    /// Compares something as a whole.
    pub(super) fn of(of: impl fmt::Display) -> Self {
        Self { of: of.to_string(), thing: "itself".to_owned() }
    }

    pub(super) fn same<T: PartialEq + Debug>(
        &self,
        attribute: &'static str,
        log: &T,
        found: &T,
    ) -> Compared {
        if log == found {
            return Ok(());
        }
        Err(Box::new(Difference {
            of: self.of.clone(),
            thing: self.thing.clone(),
            attribute,
            events: format!("{log:?}"),
            found: format!("{found:?}"),
        }))
    }

    /// A text that was erased from the log may have been anything.
    pub(super) fn text(&self, attribute: &'static str, log: &str, found: &str) -> Compared {
        if log == ERASED { Ok(()) } else { self.same(attribute, &log, &found) }
    }

    /// Whether it was done, and by whom. When, the log knows a moment later than the tables.
    pub(super) fn done(
        &self,
        attribute: &'static str,
        log: Option<Stamp>,
        found: Option<Stamp>,
    ) -> Compared {
        self.same(attribute, &log.is_some(), &found.is_some())?;
        match log.and_then(|log| log.by) {
            // The system may have done it, in somebody’s name.
            None => Ok(()),
            by => self.same(attribute, &by, &found.and_then(|found| found.by)),
        }
    }

    pub(super) fn each<K: Ord + fmt::Display, V>(
        &self,
        noun: &str,
        log: &BTreeMap<K, V>,
        found: &BTreeMap<K, V>,
        compare: impl Fn(&Self, &V, &V) -> Compared,
    ) -> Compared {
        for key in log.keys().chain(found.keys()) {
            let comparing = Self { of: self.of.clone(), thing: format!("{noun} {key}") };
            let (log, found) = (log.get(key), found.get(key));
            comparing.same("whether it is there", &log.is_some(), &found.is_some())?;
            if let (Some(log), Some(found)) = (log, found) {
                compare(&comparing, log, found)?;
            }
        }
        Ok(())
    }
}
