//! The names of events that an endpoint asks for: one, all of a noun, or all.

use std::collections::BTreeSet;

use crate::events::{KINDS, Kind};
use crate::values::Invalid;

/// Reads the names that an endpoint asks for, each once.
///
/// # Errors
/// A sentence when there is none, or one that no kind bears.
pub fn parse(names: &[String]) -> Result<Vec<String>, Invalid> {
    let names: BTreeSet<&str> = names.iter().map(|name| name.trim()).collect();
    if names.is_empty() {
        return Err(Invalid::because("Choose at least one event."));
    }
    if let Some(unknown) = names.iter().find(|name| !offered().any(|kind| kind.matches(name))) {
        return Err(Invalid::because(format!("There is no event called “{unknown}”.")));
    }
    Ok(names.into_iter().map(str::to_owned).collect())
}

/// The kinds that webhooks may carry.
fn offered() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().copied().filter(|kind| kind.shows.webhooks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(names: &[&str]) -> bool {
        parse(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).is_ok()
    }

    #[test]
    fn names_nouns_and_everything_are_taken() {
        assert!(taken(&["card.moved"]) && taken(&["card.*", "comment.added"]) && taken(&["*"]));
    }

    #[test]
    fn what_no_kind_bears_is_refused() {
        for name in ["", "card", "card.", "card.**", "*.moved", "**", "card.flown", "car.*", ".*"] {
            assert!(!taken(&[name]), "{name:?} was taken");
        }
        assert!(!taken(&[]));
    }
}
