//! A piece of a text around what was looked for, with the words that met it.

use super::SearchQuery;
use super::words::words;

/// How many characters of a text are shown.
const LENGTH: usize = 160;

/// How many characters are shown before the first word that was looked for.
const BEFORE: usize = 40;

/// A text in pieces, some of which were looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt(Vec<Piece>);

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it says.
    pub text: String,
    /// Whether it was looked for.
    pub is_match: bool,
}

impl Excerpt {
    /// The whole of a text.
    pub fn whole(text: &str, query: &SearchQuery) -> Self {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut end = 0;
        for word in words(text).into_iter().filter(|word| query.meets(word)) {
            add(&mut pieces, &text[end..word.range.start], false);
            add(&mut pieces, &text[word.range.clone()], true);
            end = word.range.end;
        }
        add(&mut pieces, &text[end..], false);
        Self(pieces)
    }

    /// Some 160 characters of a text on one line, around the first word that was looked for.
    pub fn around(text: &str, query: &SearchQuery) -> Self {
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let met = words(&flat).into_iter().find(|word| query.meets(word));
        let from = met.map_or(0, |word| beginning(&flat, word.range.start));
        let shown = &flat[from..];
        let to = shown.char_indices().nth(LENGTH).map_or(shown.len(), |(at, _)| at);
        let mut excerpt = Self::whole(&shown[..to], query);
        if from > 0 {
            excerpt.0.insert(0, Piece { text: "…".to_owned(), is_match: false });
        }
        if to < shown.len() {
            add(&mut excerpt.0, "…", false);
        }
        excerpt
    }

    /// Its pieces in their order.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Its text, without telling what was looked for.
    pub fn text(&self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }
}

fn add(pieces: &mut Vec<Piece>, text: &str, is_match: bool) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.is_match == is_match => last.text.push_str(text),
        _ => pieces.push(Piece { text: text.to_owned(), is_match }),
    }
}

/// Where an excerpt begins whose first match stands at a byte: some characters before it, and at
/// the beginning of a word if there is one.
fn beginning(text: &str, at: usize) -> usize {
    let before = &text[..at];
    let Some((from, _)) = before.char_indices().rev().nth(BEFORE) else { return 0 };
    before[from..].find(' ').map_or(from, |space| from + space + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(excerpt: &Excerpt) -> String {
        let pieces = excerpt.pieces().iter();
        let pieces = pieces.map(|piece| match piece.is_match {
            true => format!("[{}]", piece.text),
            false => piece.text.clone(),
        });
        pieces.collect()
    }

    #[test]
    fn whole_words_are_marked_as_they_were_written() {
        let query = SearchQuery::parse("let hut").expect("a query");
        let title = Excerpt::whole("Write the LETTER to the Hütte, not Chalet", &query);
        assert_eq!(marked(&title), "Write the [LETTER] to the [Hütte], not Chalet");
        let query = SearchQuery::parse("カタ").expect("a query");
        assert_eq!(marked(&Excerpt::whole("春のカタログ", &query)), "春の[カタ]ログ");
    }

    #[test]
    fn an_excerpt_is_short_and_holds_the_match() {
        let query = SearchQuery::parse("needle").expect("a query");
        let text = format!("{} the needle {}", "hay ".repeat(500), "straw ".repeat(500));
        let excerpt = Excerpt::around(&text, &query);
        assert!(marked(&excerpt).starts_with("…hay "), "{}", marked(&excerpt));
        assert!(marked(&excerpt).contains("the [needle] straw"), "{}", marked(&excerpt));
        assert!(excerpt.text().chars().count() <= LENGTH + 2);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_made_up(text in "\\PC{0,300}", query in "\\PC{1,20}") {
            if let Ok(query) = SearchQuery::parse(&query) {
                prop_assert_eq!(Excerpt::whole(&text, &query).text(), text.clone());
                let excerpt = Excerpt::around(&text, &query).text();
                prop_assert!(excerpt.chars().count() <= LENGTH + 2);
            }
        }
    }
}
