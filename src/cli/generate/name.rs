//! The name of a kind: the noun, then what happened to it.

use std::fmt;

use crate::values::Invalid;

/// Words that the language keeps for itself, as far as they could be the only doubt about a name.
const KEYWORDS: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern",
    "false", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut",
    "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "type", "unsafe",
    "use", "where", "while", "yield", "abstract", "become", "box", "do", "final", "macro",
    "override", "priv", "try", "typeof", "unsized", "virtual",
];

/// The longest name that is a name of Postgres too, with room for what is put behind it.
const LONGEST: usize = 40;

/// A name such as `card_pinned`: small letters in two words or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(String);

impl Name {
    /// Reads a name as it was typed.
    pub(super) fn parse(text: &str) -> Result<Self, Invalid> {
        let text = identifier(text)?;
        if text.split('_').count() < 2 {
            return Err(Invalid::because(
                "A kind is called by its noun and what happened to it, such as card_pinned.",
            ));
        }
        Ok(Self(text))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of its type, `CardPinned`.
    pub(super) fn type_name(&self) -> String {
        self.0.split('_').map(capitalized).collect()
    }

    /// What it is called in settings, `Card pinned`.
    pub(super) fn label(&self) -> String {
        capitalized(&self.0.replace('_', " "))
    }

    /// What happened, without the noun: `pinned`.
    pub(super) fn verb(&self) -> String {
        self.0.split_once('_').map_or(&*self.0, |(_, verb)| verb).replace('_', " ")
    }
}

/// Reads a word that can name a file, a table and a column: nothing that leads elsewhere.
pub(super) fn identifier(text: &str) -> Result<String, Invalid> {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    if !text.split('_').all(is_word) {
        return Err(Invalid::because("A name is of small letters, in words joined by _."));
    }
    if KEYWORDS.contains(&text) {
        return Err(Invalid::because("This word is one of Rust’s own."));
    }
    if text.len() > LONGEST {
        return Err(Invalid::because("A name is at most 40 letters long."));
    }
    Ok(text.to_owned())
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_file_a_type_and_words() {
        let name = Name::parse("card_moved_away").unwrap();
        assert_eq!(name.type_name(), "CardMovedAway");
        assert_eq!((name.label(), name.verb()), ("Card moved away".into(), "moved away".into()));
    }

    #[test]
    fn what_is_no_name_or_leads_elsewhere_is_refused() {
        for text in [
            "",
            "card",
            "_pinned",
            "card_",
            "card__pinned",
            "Card_pinned",
            "card-pinned",
            "../card_x",
            "card_pinned/..",
            "card pinned",
            "1card_pinned",
            "card_1",
            "cárd_pinned",
            "card_pinned_and_so_much_more_that_nobody_reads",
        ] {
            assert!(Name::parse(text).is_err(), "{text:?} was taken");
        }
        assert!(identifier("type").is_err() && identifier("note").is_ok());
    }
}
