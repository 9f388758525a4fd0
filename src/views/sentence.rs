//! What happened, in words, as HTML: the renderer of `Sentence` for pages.

use maud::{Markup, html};

use super::paths;
use crate::domain::feed::Gone;
use crate::events::sentence::{People, SYSTEM, name};
use crate::events::{Activity, Part};
use crate::values::Slug;
use crate::values::id::{CardId, UserId};

/// The sentence with its creator in front. Names of people carry their ids, so that the browser
/// can say "you".
/// What is gone is named without leading anywhere.
pub fn sentence(slug: &Slug, activity: &Activity, people: &People, gone: &Gone) -> Markup {
    html! {
        (creator(activity.header.creator_id, people))
        @for part in &activity.sentence.parts { " " (self::part(slug, activity.header.card_id, part, people, gone)) }
    }
}

/// What was quoted, if anything was.
pub fn quote(activity: &Activity) -> Markup {
    html! {
        @if let Some(quote) = &activity.sentence.quote { blockquote.activity__quote { (quote) } }
    }
}

/// What changed, in one line each: the attribute, what it was, what it became.
pub fn changes(activity: &Activity) -> Markup {
    html! {
        @for change in &activity.sentence.changes {
            div.activity__quote.activity__change {
                (change.attribute) ": " del { (beginning(&change.old)) } " → " ins { (beginning(&change.new)) }
            }
        }
    }
}

fn creator(id: Option<UserId>, people: &People) -> Markup {
    match id {
        Some(id) => person(id, people),
        None => html! { b { (SYSTEM) } },
    }
}

fn person(id: UserId, people: &People) -> Markup {
    html! { b data-person=(id) { (name(id, people)) } }
}

fn part(slug: &Slug, card: Option<CardId>, part: &Part, people: &People, gone: &Gone) -> Markup {
    match part {
        Part::Words(words) => html! { (words) },
        Part::Text(text) => html! { b { (text) } },
        Part::Card { number, title } if gone.cards.contains(number) => self::gone(title),
        Part::Card { number, title } => html! {
            a href=(paths::card(slug, *number))
                data-tracking-event-type-value="link_click"
                data-tracking-trackable-type-value=[card.map(|_| "Card")]
                data-tracking-trackable-id-value=[card] { (title) }
        },
        Part::Column { name, color } => html! { span.place data-color=(color) { (name) } },
        Part::Board { id, name } if gone.boards.contains(id) => self::gone(name),
        Part::Tag { name, color } => html! { span.tag data-color=(color) { (name) } },
        Part::Board { id, name } => html! {
            a href=(paths::board(slug, *id))
                data-tracking-event-type-value="link_click"
                data-tracking-trackable-type-value="Board"
                data-tracking-trackable-id-value=(id) { (name) }
        },
        Part::Person(id) => person(*id, people),
    }
}

fn gone(name: &str) -> Markup {
    html! { b.gone { (name) } span.gone__note { " (gone)" } }
}

/// The most characters of a value in a feed's line.
const MOST_IN_A_LINE: usize = 140;

fn beginning(text: &str) -> String {
    let text = or_nothing(text);
    if text.chars().count() <= MOST_IN_A_LINE {
        return text.to_owned();
    }
    text.chars().take(MOST_IN_A_LINE).chain(['…']).collect()
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "nothing" } else { text }
}
