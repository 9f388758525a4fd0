//! Two texts, word by word: what stayed, what went, what came.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_normalization::char::is_combining_mark;

use crate::values::words::is_spaceless;

/// How much two texts are compared: pieces of the one times pieces of the other. Beyond it, they are
/// compared by lines, and what is left after that is one text for another.
const COMPARED: usize = 1_000_000;

/// What makes one sign of several.
const JOINER: char = '\u{200d}';

/// A stretch of two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stretch<'a> {
    /// It stayed.
    Kept(&'a str),
    /// It went.
    Removed(&'a str),
    /// It came.
    Added(&'a str),
}

/// A range of one text that became a range of another, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Became {
    old: Range<usize>,
    new: Range<usize>,
}

/// What stayed, went and came from one text to another, in their order.
pub(super) fn stretches<'a>(old: &'a str, new: &'a str) -> Vec<Stretch<'a>> {
    let mut stretches = Vec::new();
    let (mut at, end) = (0, new.len());
    for Became { old: went, new: came } in joined(changed(old, new), new) {
        stretches.push(Stretch::Kept(&new[at..came.start]));
        at = came.end;
        stretches.extend([Stretch::Removed(&old[went]), Stretch::Added(&new[came])]);
    }
    stretches.push(Stretch::Kept(&new[at..end]));
    stretches.retain(|stretch| !stretch.text().is_empty());
    stretches
}

impl<'a> Stretch<'a> {
    pub(super) fn text(self) -> &'a str {
        match self {
            Self::Kept(text) | Self::Removed(text) | Self::Added(text) => text,
        }
    }
}

/// What became what, by words if that is not too much, else by lines and by the words of each.
fn changed(old: &str, new: &str) -> Vec<Became> {
    let mut left = COMPARED;
    if let Some(changed) = compared(old, new, pieces, &mut left) {
        return changed;
    }
    let whole = || vec![Became { old: 0..old.len(), new: 0..new.len() }];
    let lines = compared(old, new, lines, &mut left).unwrap_or_else(whole);
    let words = lines.into_iter().flat_map(|Became { old: went, new: came }| {
        match compared(&old[went.clone()], &new[came.clone()], pieces, &mut left) {
            Some(within) => within.iter().map(|part| part.from(went.start, came.start)).collect(),
            None => vec![Became { old: went, new: came }],
        }
    });
    words.collect()
}

impl Became {
    /// The same, counted from elsewhere.
    fn from(&self, old: usize, new: usize) -> Self {
        let moved = |range: &Range<usize>, by: usize| range.start + by..range.end + by;
        Self { old: moved(&self.old, old), new: moved(&self.new, new) }
    }
}

/// What became what, piece by piece; none if that is more than is left to be compared.
fn compared(
    old: &str,
    new: &str,
    pieces: fn(&str) -> Vec<&str>,
    left: &mut usize,
) -> Option<Vec<Became>> {
    let (old, new) = (pieces(old), pieces(new));
    *left = left.checked_sub(differing(&old, &new))?;
    let (starts_of_old, starts_of_new) = (starts(&old), starts(&new));
    let changes = capture_diff_slices(Algorithm::Myers, &old, &new);
    let changes = changes.iter().filter(|change| !matches!(change, DiffOp::Equal { .. }));
    let changes = changes.map(|change| {
        let (went, came) = (change.old_range(), change.new_range());
        let bytes = |starts: &[usize], of: Range<usize>| starts[of.start]..starts[of.end];
        Became { old: bytes(&starts_of_old, went), new: bytes(&starts_of_new, came) }
    });
    Some(changes.collect())
}

/// How much is to be compared once the same beginning and end are left out.
fn differing(old: &[&str], new: &[&str]) -> usize {
    let begin = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[begin..], &new[begin..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    (old.len() - end).saturating_mul(new.len() - end)
}

/// Where each piece begins, and where the last one ends.
fn starts(pieces: &[&str]) -> Vec<usize> {
    let ends = pieces.iter().scan(0, |end, piece| {
        *end += piece.len();
        Some(*end)
    });
    [0].into_iter().chain(ends).collect()
}

/// Changes with nothing but spaces between them are one: so they read as people write.
fn joined(changes: Vec<Became>, new: &str) -> Vec<Became> {
    let mut joined: Vec<Became> = Vec::new();
    for change in changes {
        match joined.last_mut() {
            Some(last) if new[last.new.end..change.new.start].trim().is_empty() => {
                last.old.end = change.old.end;
                last.new.end = change.new.end;
            }
            _ => joined.push(change),
        }
    }
    joined
}

/// Words, spaces between them, and whatever else stands there, one by one.
fn pieces(text: &str) -> Vec<&str> {
    let is_of_word =
        |c: char| (c.is_alphanumeric() || is_combining_mark(c)) && !is_spaceless(c) || c == JOINER;
    split(text, |before, after| {
        let space = before.is_whitespace() && after.is_whitespace() && before != '\n';
        let joined = is_combining_mark(after) || before == JOINER || after == JOINER;
        space || joined || is_of_word(before) && is_of_word(after)
    })
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// The text in pieces: two characters that belong together stay so.
fn split(text: &str, together: impl Fn(char, char) -> bool) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut begin = 0;
    let characters = text.char_indices().zip(text.chars().skip(1));
    for ((at, before), after) in characters {
        if !together(before, after) {
            let end = at + before.len_utf8();
            pieces.push(&text[begin..end]);
            begin = end;
        }
    }
    if begin < text.len() {
        pieces.push(&text[begin..]);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::Stretch::{Added, Kept, Removed};
    use super::*;

    #[test]
    fn a_word_for_another_is_told_in_its_place() {
        assert_eq!(
            stretches("Write the letter today.", "Write the long letter tomorrow."),
            [
                Kept("Write the "),
                Added("long "),
                Kept("letter "),
                Removed("today"),
                Added("tomorrow"),
                Kept(".")
            ]
        );
    }

    #[test]
    fn words_that_changed_side_by_side_are_one_change() {
        let found = stretches("See the old cat", "See a young dog");
        assert_eq!(found, [Kept("See "), Removed("the old cat"), Added("a young dog")]);
    }

    #[test]
    fn what_came_and_what_went_has_no_other_side() {
        assert_eq!(stretches("", "New"), [Added("New")]);
        assert_eq!(stretches("Old", ""), [Removed("Old")]);
        assert_eq!(stretches("Same", "Same"), [Kept("Same")]);
    }

    #[test]
    fn scripts_without_spaces_are_compared_by_character() {
        assert_eq!(
            stretches("春のカタログ", "秋のカタログ"),
            [Removed("春"), Added("秋"), Kept("のカタログ")]
        );
    }

    #[test]
    fn whatever_is_compared_both_texts_can_be_put_together_again() {
        let long = |word: &str| format!("{word} and more. ").repeat(4_000);
        let lines: String = (0..4_000).map(|line| format!("Line {line} of many\n")).collect();
        let texts = [
            ("Ein e\u{301}te\u{301} — “so”", "Ein été – 'so'\n\n"),
            (long("old").as_str(), long("new").as_str()),
            (lines.as_str(), &lines.replace("Line 7 of", "Line seven of")),
            ("", "\u{1f469}\u{200d}\u{1f4bb} code"),
        ]
        .map(|(old, new)| (old.to_owned(), new.to_owned()));
        for (old, new) in &texts {
            let found = stretches(old, new);
            let text = |left_out: fn(&Stretch<'_>) -> bool| -> String {
                found.iter().filter(|it| !left_out(it)).map(|it| it.text()).collect()
            };
            assert_eq!(text(|it| matches!(it, Removed(_))), *new);
            assert_eq!(text(|it| matches!(it, Added(_))), *old);
        }
        let of_lines = stretches(&texts[2].0, &texts[2].1);
        assert!(of_lines.contains(&Removed("7")) && of_lines.contains(&Added("seven")));
    }
}
