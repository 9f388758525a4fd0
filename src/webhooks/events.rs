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
    let unknown: Vec<&str> = names.iter().copied().filter(|name| !is_known(name)).collect();
    match unknown.is_empty() {
        true => Ok(names.into_iter().map(str::to_owned).collect()),
        false => Err(refused(&unknown)),
    }
}

/// Whether anything that webhooks may carry is called so: one event, or all of a noun.
pub fn is_known(name: &str) -> bool {
    offered().any(|kind| kind.matches(name))
}

/// Every name that no kind bears, and how stars are used if there was one.
fn refused(unknown: &[&str]) -> Invalid {
    let named = unknown.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
    let hint = match unknown.iter().any(|name| name.contains('*')) {
        true => " A star stands for all of a noun, as in card.*, or alone for everything.",
        false => "",
    };
    Invalid::because(format!("There is no event called {named}.{hint}"))
}

/// The kinds that webhooks may carry.
pub fn offered() -> impl Iterator<Item = &'static Kind> {
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
    fn every_unknown_name_is_told_and_how_a_star_is_used() {
        let told = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            parse(&names).expect_err("unknown names").to_string()
        };
        assert_eq!(
            told(&["card.moved", "car.*", "card.flown"]),
            "There is no event called “car.*”, “card.flown”. A star stands for all of a noun, as in \
             card.*, or alone for everything."
        );
        assert_eq!(told(&["card.flown"]), "There is no event called “card.flown”.");
    }
}
