//! Where two accounts of one board part: what its events come to, and what else says how it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Debug};

use crate::events::BoardAsItWas;
use crate::events::board_as_it_was::{CardAsItWas, ColumnAsItWas, Stamp, TagAsItWas};
use crate::events::snapshot::ERASED;
use crate::values::id::{BoardId, CardId, TagId};

/// The first thing about a board that its events do not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The board.
    pub board_id: BoardId,
    /// What of it: the board itself, a column, a card, a tag.
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
        let Self { board_id, thing, attribute, events, found } = self;
        write!(f, "board {board_id}, {thing}, {attribute}: the log says {events}, found {found}")
    }
}

/// Compares one thing with the other, attribute by attribute, until two differ.
struct Comparing {
    board_id: BoardId,
    thing: String,
}

type Compared = Result<(), Box<Difference>>;

impl Comparing {
    fn same<T: PartialEq + Debug>(&self, attribute: &'static str, log: &T, found: &T) -> Compared {
        if log == found {
            return Ok(());
        }
        Err(Box::new(Difference {
            board_id: self.board_id,
            thing: self.thing.clone(),
            attribute,
            events: format!("{log:?}"),
            found: format!("{found:?}"),
        }))
    }

    /// A text that was erased from the log may have been anything.
    fn text(&self, attribute: &'static str, log: &str, found: &str) -> Compared {
        if log == ERASED { Ok(()) } else { self.same(attribute, &log, &found) }
    }

    /// Whether it was done, and by whom. When, the log knows a moment later than the tables.
    fn done(&self, attribute: &'static str, log: Option<Stamp>, found: Option<Stamp>) -> Compared {
        self.same(attribute, &log.is_some(), &found.is_some())?;
        match log.and_then(|log| log.by) {
            // The system may have done it, in somebody’s name.
            None => Ok(()),
            by => self.same(attribute, &by, &found.and_then(|found| found.by)),
        }
    }

    fn each<K: Ord + fmt::Display, V>(
        &self,
        noun: &str,
        log: &BTreeMap<K, V>,
        found: &BTreeMap<K, V>,
        compare: impl Fn(&Self, &V, &V) -> Compared,
    ) -> Compared {
        for key in log.keys().chain(found.keys()) {
            let comparing = Self { board_id: self.board_id, thing: format!("{noun} {key}") };
            let (log, found) = (log.get(key), found.get(key));
            comparing.same("whether it is there", &log.is_some(), &found.is_some())?;
            if let (Some(log), Some(found)) = (log, found) {
                compare(&comparing, log, found)?;
            }
        }
        Ok(())
    }
}

/// The first difference between what a board's events come to and what was found.
pub fn difference(
    board_id: BoardId,
    log: &BoardAsItWas,
    found: &BoardAsItWas,
) -> Option<Difference> {
    let comparing = Comparing { board_id, thing: "itself".to_owned() };
    compare(&comparing, log, found).err().map(|difference| *difference)
}

fn compare(comparing: &Comparing, log: &BoardAsItWas, found: &BoardAsItWas) -> Compared {
    comparing.done("creator", log.made, found.made)?;
    comparing.text("name", &log.name, &found.name)?;
    comparing.same("color", &log.color, &found.color)?;
    comparing.same("access", &log.access, &found.access)?;
    comparing.same("chosen", &log.chosen, &found.chosen)?;
    comparing.done("archived", log.archived, found.archived)?;
    comparing.each("column", &log.columns, &found.columns, column)?;
    comparing.each("card", &by_number(log), &by_number(found), card)?;
    comparing.each("tag", &used(log), &used(found), tag)
}

fn column(comparing: &Comparing, log: &ColumnAsItWas, found: &ColumnAsItWas) -> Compared {
    comparing.text("name", &log.name, &found.name)?;
    comparing.same("color", &log.color, &found.color)?;
    comparing.same("rank", &log.rank, &found.rank)
}

fn card(
    comparing: &Comparing,
    (log_id, log): &(CardId, &CardAsItWas),
    (found_id, found): &(CardId, &CardAsItWas),
) -> Compared {
    comparing.same("id", log_id, found_id)?;
    comparing.text("title", &log.title, &found.title)?;
    comparing.text("description", &log.description, &found.description)?;
    comparing.same("column", &log.column_id, &found.column_id)?;
    comparing.same("rank", &log.rank, &found.rank)?;
    comparing.same("comments", &log.comments, &found.comments)?;
    comparing.done("closed", log.closed, found.closed)?;
    // Two people may be put to a card at once, and in whichever order.
    let people = |card: &CardAsItWas| card.assignees.iter().copied().collect::<BTreeSet<_>>();
    comparing.same("assignees", &people(log), &people(found))?;
    comparing.same("how many assignees", &log.assignees.len(), &found.assignees.len())?;
    comparing.same("tags", &log.tags, &found.tags)
}

fn tag(comparing: &Comparing, log: &&TagAsItWas, found: &&TagAsItWas) -> Compared {
    comparing.text("name", &log.name, &found.name)?;
    comparing.same("color", &log.color, &found.color)
}

/// The cards by their numbers, as people know them.
fn by_number(board: &BoardAsItWas) -> BTreeMap<i64, (CardId, &CardAsItWas)> {
    board.cards.iter().map(|(id, card)| (card.number, (*id, card))).collect()
}

/// The tags that cards are marked with.
fn used(board: &BoardAsItWas) -> BTreeMap<TagId, &TagAsItWas> {
    let used: BTreeSet<_> = board.cards.values().flat_map(|card| &card.tags).collect();
    let tags = board.tags.iter().filter(|(id, _)| used.contains(id));
    tags.map(|(id, tag)| (*id, tag)).collect()
}
