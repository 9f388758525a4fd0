//! What happened in words, for any medium, and as plain text.

use std::collections::HashMap;

use pulldown_cmark::{Parser, TagEnd};

use super::snapshot::{BoardSnapshot, CardSnapshot, ColumnSnapshot, EndpointSnapshot, TagSnapshot};
use crate::values::Color;
use crate::values::id::{BoardId, UserId};

/// The most characters of a text that are quoted.
const MOST_QUOTED: usize = 140;

/// What stands for the creator when the system did it.
pub const SYSTEM: &str = "Cairn";

/// What stands for a person who was erased.
pub const FORMER_MEMBER: &str = "A former member";

/// The names of people by their ids, as they are called now.
pub type People = HashMap<UserId, String>;

/// What the creator did: words and the names of things in order, perhaps with a text that is
/// quoted and with attributes that changed. It knows neither viewer nor medium.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sentence {
    /// The words after the creator.
    pub parts: Vec<Part>,
    /// The beginning of a text that was written.
    pub quote: Option<String>,
    /// The attributes that changed.
    pub changes: Vec<Change>,
}

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words as they are.
    Words(&'static str),
    /// A name or a term that stands out.
    Text(String),
    /// A card by the title it had.
    Card {
        /// Its number.
        number: i64,
        /// Its title then.
        title: String,
    },
    /// A column by the name it had.
    Column {
        /// Its name then.
        name: String,
        /// Its colour then.
        color: Color,
    },
    /// A board by the name it had.
    Board {
        /// Its id.
        id: BoardId,
        /// Its name then.
        name: String,
    },
    /// A tag by the name it had.
    Tag {
        /// Its name then.
        name: String,
        /// Its colour then.
        color: Color,
    },
    /// Somebody, named as they are called now.
    Person(UserId),
}

/// An attribute that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is called.
    pub attribute: String,
    /// What it was.
    pub old: String,
    /// What it became.
    pub new: String,
}

impl Sentence {
    /// A sentence of these parts.
    pub fn of(parts: impl IntoIterator<Item = Part>) -> Self {
        Self { parts: parts.into_iter().collect(), ..Self::default() }
    }

    /// The same with the beginning of a text in Markdown quoted, without its marks.
    #[must_use]
    pub fn quoting(mut self, markdown: &str) -> Self {
        self.quote = Some(beginning(&unmarked(markdown)));
        self
    }

    /// The same with attributes that changed.
    #[must_use]
    pub fn with_changes(mut self, changes: Vec<Change>) -> Self {
        self.changes = changes;
        self
    }

    /// The people it names, besides the creator.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        self.parts.iter().filter_map(|part| match part {
            Part::Person(id) => Some(*id),
            _ => None,
        })
    }

    /// The sentence as plain text, with its creator in front.
    pub fn plain_text(&self, creator: Option<UserId>, people: &People) -> String {
        let mut words = vec![creator.map_or(SYSTEM, |id| name(id, people))];
        words.extend(self.parts.iter().map(|part| match part {
            Part::Words(words) => words,
            Part::Text(text) => text.as_str(),
            Part::Card { title, .. } => title,
            Part::Column { name, .. } | Part::Board { name, .. } | Part::Tag { name, .. } => name,
            Part::Person(id) => name(*id, people),
        }));
        let mut text = words.join(" ");
        if let Some(quote) = &self.quote {
            text += &format!(": “{quote}”");
        }
        if !self.changes.is_empty() {
            let changes: Vec<String> = self.changes.iter().map(Change::to_string).collect();
            text += &format!(": {}", changes.join(", "));
        }
        text
    }
}

/// What somebody is called now.
pub fn name(id: UserId, people: &People) -> &str {
    people.get(&id).map_or(FORMER_MEMBER, String::as_str)
}

impl Change {
    /// That an attribute became another; none if it stayed what it was.
    pub fn between(
        attribute: &str,
        old: &(impl ToString + ?Sized),
        new: &(impl ToString + ?Sized),
    ) -> Option<Self> {
        let (old, new) = (old.to_string(), new.to_string());
        (old != new).then(|| Self { attribute: attribute.to_owned(), old, new })
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} → {}", self.attribute, beginning(&self.old), beginning(&self.new))
    }
}

impl From<&CardSnapshot> for Part {
    fn from(card: &CardSnapshot) -> Self {
        Self::Card { number: card.number, title: card.title.clone() }
    }
}

impl From<&ColumnSnapshot> for Part {
    fn from(column: &ColumnSnapshot) -> Self {
        Self::Column { name: column.name.clone(), color: column.color }
    }
}

impl From<&BoardSnapshot> for Part {
    fn from(board: &BoardSnapshot) -> Self {
        Self::Board { id: board.id, name: board.name.clone() }
    }
}

impl From<&TagSnapshot> for Part {
    fn from(tag: &TagSnapshot) -> Self {
        Self::Tag { name: tag.name.clone(), color: tag.color }
    }
}

impl From<&EndpointSnapshot> for Part {
    fn from(endpoint: &EndpointSnapshot) -> Self {
        Self::Text(endpoint.url.clone())
    }
}

/// The words of a text in Markdown: a sentence knows no medium that could show its marks.
pub fn unmarked(markdown: &str) -> String {
    use pulldown_cmark::Event::{Code, End, HardBreak, Html, InlineHtml, SoftBreak, Text};
    let words = Parser::new(markdown).filter_map(|event| match event {
        Text(text) | Code(text) | Html(text) | InlineHtml(text) => Some(text.into_string()),
        End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image) => None,
        SoftBreak | HardBreak | End(_) => Some(" ".to_owned()),
        _ => None,
    });
    words.collect()
}

fn beginning(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= MOST_QUOTED {
        return flat;
    }
    flat.chars().take(MOST_QUOTED).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_reads_as_one() {
        let olive = UserId::new();
        let people = People::from([(olive, "Olive".to_owned())]);
        let sentence = Sentence::of([Part::Words("met"), Part::Person(UserId::new())]);
        assert_eq!(sentence.plain_text(Some(olive), &people), "Olive met A former member");
        assert_eq!(sentence.plain_text(None, &people), "Cairn met A former member");
    }

    #[test]
    fn what_is_quoted_has_no_marks() {
        let quote = |text: &str| Sentence::default().quoting(text).quote.unwrap_or_default();
        assert_eq!(
            quote("Then **one _letter_**: `a*b`\nor [two](https://x.example)."),
            "Then one letter: a*b or two."
        );
        assert_eq!(
            quote("# Before\n\n- Collect\n- Agree\n\n<b>raw</b> 2 * 3"),
            "Before Collect Agree <b>raw</b> 2 * 3"
        );
    }

    #[test]
    fn the_first_140_characters_are_quoted() {
        let sentence = Sentence::default().quoting(&"é ".repeat(200));
        assert_eq!(sentence.quote.map(|quote| quote.chars().count()), Some(141));
    }
}
