//! What one value was and another became: short ones beside each other, texts word by word.

mod stretches;

use maud::{Markup, html};

use self::stretches::{Stretch, stretches};
use super::icon;
use crate::events::sentence::Change;
use crate::events::snapshot::ERASED;

/// So many characters are short.
const SHORT: usize = 80;

/// How much of what stayed is shown around what changed, in characters.
const AROUND: usize = 60;

/// How much is shown of what came or went, unless all of it is.
const MOST: usize = 400;

/// How much of a text is shown.
#[derive(Debug, Clone, Copy)]
pub(super) enum Extent<'a> {
    /// What changed and some of what is around it; here is where all of it is shown.
    Parts(&'a str),
    /// All of it.
    Whole,
}

/// What changed, an attribute after the other.
pub(super) fn changes(changes: &[Change], extent: Extent<'_>) -> Markup {
    html! {
        @if !changes.is_empty() {
            div.diff { @for change in changes { (self::change(change, extent)) } }
        }
    }
}

fn change(change: &Change, extent: Extent<'_>) -> Markup {
    let (old, new) = (change.old.as_str(), change.new.as_str());
    let is_lost = |text: &str| text.is_empty() || text == ERASED;
    let is_short = |text: &str| text.chars().count() <= SHORT && !text.contains('\n');
    let stretches = match is_lost(old) || is_lost(new) {
        true => vec![Stretch::Removed(old), Stretch::Added(new)],
        false => stretches(old, new),
    };
    let has_common = stretches.iter().any(|it| matches!(it, Stretch::Kept(text) if is_said(text)));
    match is_short(old) && is_short(new) && !has_common {
        true => swap(change),
        false => text(&change.attribute, &stretches, extent),
    }
}

fn is_said(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// One value for another.
fn swap(change: &Change) -> Markup {
    html! {
        dl.swap {
            dt { (change.attribute) }
            dd {
                del { (value(&change.old)) }
                (icon::icon("arrow-right")) span.sr-only { " became " }
                ins { (value(&change.new)) }
            }
        }
    }
}

/// A text word by word.
fn text(attribute: &str, stretches: &[Stretch<'_>], extent: Extent<'_>) -> Markup {
    let shown: Vec<Shown> = (0..stretches.len()).map(|at| shown(stretches, at, extent)).collect();
    html! {
        p.diff__name { (attribute) }
        div.diff__text {
            @for (stretch, Shown { parts, .. }) in stretches.iter().zip(&shown) {
                @match stretch {
                    Stretch::Kept(_) => (written(parts)),
                    Stretch::Removed(_) => { span.sr-only { " taken out: " } del { (written(parts)) } },
                    Stretch::Added(_) => { span.sr-only { " put in: " } ins { (written(parts)) } span.sr-only { ". " } },
                }
            }
        }
        @if let Extent::Parts(whole) = extent {
            @if shown.iter().any(|shown| shown.parts.len() > 1) {
                p.diff__more { a href=(whole) { "The whole text" } }
            }
        }
    }
}

/// What is shown of a stretch: parts of it, between which something is left out.
struct Shown {
    parts: Vec<String>,
}

fn shown(stretches: &[Stretch<'_>], at: usize, extent: Extent<'_>) -> Shown {
    let text = stretches[at].text();
    let whole = || Shown { parts: vec![value(text).to_owned()] };
    let Extent::Parts(_) = extent else { return whole() };
    let length = text.chars().count();
    let begin = |count: usize| whole_words(&text.chars().take(count).collect::<String>(), true);
    let end =
        |count: usize| whole_words(&text.chars().skip(length - count).collect::<String>(), false);
    let (is_first, is_last) = (at == 0, at + 1 == stretches.len());
    let parts = match stretches[at] {
        Stretch::Kept(_) if length > AROUND * 3 && is_first => vec![String::new(), end(AROUND)],
        Stretch::Kept(_) if length > AROUND * 3 && is_last => vec![begin(AROUND), String::new()],
        Stretch::Kept(_) if length > AROUND * 3 => vec![begin(AROUND), end(AROUND)],
        Stretch::Removed(_) | Stretch::Added(_) if length > MOST + AROUND => {
            vec![begin(MOST), String::new()]
        }
        _ => return whole(),
    };
    Shown { parts }
}

/// A text that was cut at its end or its beginning, without the word that the cut went through.
fn whole_words(text: &str, is_beginning: bool) -> String {
    let space = |c: char| c.is_whitespace();
    let whole = match is_beginning {
        true => text.rfind(space).map(|at| &text[..at]),
        false => text.find(space).map(|at| &text[at..]),
    };
    whole.unwrap_or(text).to_owned()
}

fn written(parts: &[String]) -> Markup {
    html! {
        @for (at, part) in parts.iter().enumerate() {
            @if at > 0 { span.diff__gap aria-label="and so on" role="img" { "…" } }
            @if part == ERASED { span.soft { (part) } } @else { (part) }
        }
    }
}

fn value(text: &str) -> &str {
    if text.is_empty() { "nothing" } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(old: &str, new: &str, extent: Extent<'_>) -> String {
        let change = Change::between("description", old, new).expect("a change");
        changes(&[change], extent).into_string()
    }

    #[test]
    fn what_changed_is_marked_and_said() {
        let html = told("Two <b>pages", "Three <b>pages", Extent::Whole);
        assert!(html.contains("<del>Two</del>") && html.contains("<ins>Three</ins>"), "{html}");
        assert!(html.contains(" taken out: ") && html.contains(" put in: "), "{html}");
        assert!(html.contains("&lt;b&gt;pages") && !html.contains("<b>"), "{html}");
    }

    #[test]
    fn values_that_share_nothing_stand_beside_each_other() {
        let html = told("member", "admin", Extent::Whole);
        assert!(
            html.contains("<dl class=\"swap\">") && html.contains("<del>member</del>"),
            "{html}"
        );
        assert!(told("", "Four", Extent::Whole).contains("<del>nothing</del>"));
        assert!(told("(erased)", "Four", Extent::Whole).contains("<del>(erased)</del>"));
    }

    #[test]
    fn of_a_long_text_the_parts_that_changed_are_shown_and_all_of_it_is_a_step_away() {
        let long = |word: &str| format!("{}{word} {}", "before ".repeat(900), "after ".repeat(900));
        let html = told(&long("one"), &long("two"), Extent::Parts("/whole"));
        assert!(html.contains("<del>one</del>") && html.contains("<ins>two</ins>"), "{html}");
        assert!(html.len() < 1_500 && html.contains("href=\"/whole\""), "{html}");
        let whole = told(&long("one"), &long("two"), Extent::Whole);
        assert!(whole.len() > 10_000 && !whole.contains("The whole text"));
        let new = told("", &"word ".repeat(9_000), Extent::Parts("/whole"));
        assert!(new.len() < 1_500 && new.contains("The whole text"), "{new}");
    }
}
