//! What somebody looks for: words that must all be there, or the number of a card.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::Invalid;
use super::words::{self, Word};

/// The most characters of a query.
pub const MOST: usize = 200;

/// A query with at least one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    text: String,
    words: BTreeSet<String>,
}

impl SearchQuery {
    /// Takes what somebody typed; only letters and digits of it matter.
    ///
    /// # Errors
    /// [`Invalid`] for a text without any, and for one of more than 200 characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let length = text.chars().count();
        if length > MOST {
            return Err(Invalid::because(format!(
                "This is {length} characters long; a few words do, and {MOST} characters are the most."
            )));
        }
        let words = words::to_find(text);
        if words.is_empty() {
            return Err(Invalid::because("Type a word, or the number of a card."));
        }
        Ok(Self { text: text.trim().replace('\0', ""), words })
    }

    /// The query as it was typed.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its words, each of which must begin a word of what is found.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// The card that is meant, if the query is a number, with `#` in front or without.
    pub fn card_number(&self) -> Option<i64> {
        let digits = self.text.strip_prefix('#').unwrap_or(&self.text);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| is_number)
    }

    /// Whether a word of a text is one that was looked for.
    pub fn meets(&self, word: &Word) -> bool {
        let (folded, is_spaceless) = (&word.folded, word.is_spaceless);
        self.words().any(|wanted| match is_spaceless {
            // What was looked for is a character or a pair of which this may be one.
            true => wanted.contains(folded.as_str()),
            false => folded.starts_with(wanted),
        })
    }
}

impl FromStr for SearchQuery {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

impl fmt::Display for SearchQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_needs_a_word_and_is_short() {
        for text in ["", "   ", "&|!:*()'\\\"", "\0", "#", "🗻", &"a".repeat(10_240)] {
            assert!(SearchQuery::parse(text).is_err(), "{text:?} was taken");
        }
        let query = SearchQuery::parse(" hüt & 'warden:*\0 ").expect("a query");
        assert_eq!(query.words().collect::<Vec<_>>(), ["hut", "warden"]);
        assert!(SearchQuery::parse(&"字".repeat(MOST)).is_ok());
    }

    #[test]
    fn a_number_means_a_card() {
        let number = |text| SearchQuery::parse(text).expect("a query").card_number();
        assert_eq!(number("142"), Some(142));
        assert_eq!(number(" #142 "), Some(142));
        for text in ["142 letters", "+142", "##142", "99999999999999999999", "١٤٢"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
