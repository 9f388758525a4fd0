//! What kinds of events are called where one chooses among them.

use crate::events::Kind;
use crate::values::Color;

/// What some kinds are about, each once, in the order of the list.
pub(super) fn nouns(kinds: &[&'static Kind]) -> Vec<&'static str> {
    let mut nouns: Vec<&str> = kinds.iter().map(|kind| kind.noun()).collect();
    nouns.dedup();
    nouns
}

/// What a name of kinds is called: “Cards” for `card.*`, the kind’s own label otherwise.
pub(super) fn label(name: &str) -> String {
    let Some(noun) = name.strip_suffix(".*") else {
        return Kind::by_wire_name(name)
            .map_or_else(|| name.to_owned(), |kind| kind.label.to_owned());
    };
    let (first, rest) = noun.split_at(noun.len().min(1));
    format!("{}{rest}s", first.to_uppercase())
}

/// The icon and the colour of the first of some kinds that a name asks for.
pub(super) fn badge(kinds: &[&'static Kind], name: &str) -> (&'static str, Color) {
    let kind = kinds.iter().find(|kind| kind.matches(name));
    kind.map_or(("activity", Color::Stone), |kind| (kind.icon, kind.color))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_and_kinds_have_names() {
        assert_eq!(label("card.*"), "Cards");
        assert_eq!(label("card.moved"), "Card moved");
    }
}
