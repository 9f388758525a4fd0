//! The history of a card: every entry, with what was and what became of it in full.

use maud::{Markup, html};

use super::layout::{Frame, Section};
use super::{Page, activities, icon, paths, sentence};
use crate::domain::feed::{Feed, Gone};
use crate::events::Activity;
use crate::events::sentence::People;
use crate::values::Slug;
use crate::values::id::CardId;

/// A card whose history is told.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// Its id; none when it was deleted.
    pub id: Option<CardId>,
    /// Its number.
    pub number: i64,
    /// Its title, the last one it had.
    pub title: &'a str,
}

/// The page of a card's history, newest first.
pub fn show(page: &Page, card: &Told<'_>, feed: &Feed) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let title = format!("History of {} {}", card.number, card.title);
    let frame = Frame {
        title: &title,
        section: Section::Boards,
        trackable: card.id.map(|id| ("Card", id.uuid())),
    };
    page.show(frame, &html! {
        main.page.page--narrow id="main" {
            header.page-head {
                div.page-head__words {
                    ol.trail { li { a href=(paths::card(slug, card.number)) { (card.number) " " (card.title) } } li { "History" } }
                    h1 { "History" }
                    @if card.id.is_none() { p { "This card is gone. What happened to it stays." } }
                    p { "Every change to this card, as it was then. None of it can be changed." }
                }
            }
            ol.feed.feed--page id="history" data-controller="feed" data-days {
                @for activity in &feed.activities { (entry(slug, activity, &feed.people, &feed.gone)) }
            }
            @if let Some(before) = feed.next {
                nav.row aria-label="Pages" {
                    a.button href={ (paths::card(slug, card.number)) "/history?before=" (before) } rel="next" {
                        (icon::icon("chevron-down")) "Older"
                    }
                }
            }
        }
    })
}

fn entry(slug: &Slug, activity: &Activity, people: &People, gone: &Gone) -> Markup {
    let kind = activity.event.kind();
    html! {
        li.activity id={ "entry_" (activity.sequence) } data-kind=(kind.wire_name()) data-color=(kind.color) {
            (icon::icon(kind.icon))
            p { (sentence::sentence(slug, activity, people, gone)) }
            (sentence::quote(activity))
            (sentence::changes_in_full(&activity.sentence.changes))
            (activities::when(slug, activity))
        }
    }
}
