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
    if let Some(unknown) = names.iter().find(|name| !offered().any(|kind| matches(name, kind))) {
        return Err(Invalid::because(format!("There is no event called “{unknown}”.")));
    }
    Ok(names.into_iter().map(str::to_owned).collect())
}

/// Whether a name asks for a kind: `card.moved`, `card.*` or `*`.
pub fn matches(name: &str, kind: &Kind) -> bool {
    match name.strip_suffix(".*") {
        Some(noun) => kind.noun() == noun,
        None => name == "*" || name == kind.wire_name(),
    }
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

    #[test]
    fn a_noun_asks_for_its_own_kinds_only() {
        let kind = Kind::by_wire_name("card.moved").expect("a kind");
        assert!(matches("card.*", kind) && matches("*", kind) && matches("card.moved", kind));
        assert!(!matches("comment.*", kind) && !matches("card.added", kind));
    }
}
