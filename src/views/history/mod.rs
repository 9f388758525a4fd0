//! Histories of cards and boards: every entry, with what was and what became of it.

mod entry;
mod origin;

use maud::{Markup, html};

pub use self::entry::{entry, hidden, show};
pub use self::origin::Known;
use super::layout::{Frame, Section};
use super::{Page, icon, paths};
use crate::domain::Origins;
use crate::domain::boards::Board;
use crate::domain::feed::Feed;
use crate::domain::restorations::Undone;
use crate::values::Slug;
use crate::values::id::CardId;

/// What a history is of.
#[derive(Debug, Clone, Copy)]
pub enum Told<'a> {
    /// A card.
    Card {
        /// Its id; none when it was deleted.
        id: Option<CardId>,
        /// Its number.
        number: i64,
        /// Its title, the last one it had.
        title: &'a str,
    },
    /// A board.
    Board(&'a Board),
}

/// The page of a history, the newest first; on an older page `before` says where it begins.
pub fn page(
    page: &Page,
    told: &Told<'_>,
    (feed, origins, undone): (&Feed, &Origins, &Undone),
    before: Option<i64>,
) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let (name, path) = (told.name(), told.path(slug));
    let title = format!("History of {name}");
    let trackable = match told {
        Told::Card { id, .. } => id.map(|id| ("Card", id.uuid())),
        Told::Board(board) => Some(("Board", board.id.uuid())),
    };
    let frame = Frame { title: &title, section: Section::Boards, trackable };
    let known = Known::of(feed, (origins, undone), viewer);
    page.show(
        frame,
        &html! {
            main.page.page--narrow id="main" {
                header.page-head {
                    div.page-head__words {
                        ol.trail { li { a href=(path) { (name) } } li { "History" } }
                        h1 { "History" }
                        p { (told.introduction()) }
                    }
                }
                ol.feed.feed--page id="history" data-controller="feed" data-days {
                    @for activity in &feed.activities { (entry(slug, activity, known)) }
                }
                p.feed__empty { "Nothing older." }
                nav.row aria-label="Pages" {
                    @if before.is_some() {
                        a.button href={ (path) "/history" } { (icon::icon("chevron-up")) "Newest" }
                    }
                    @if let Some(before) = feed.next {
                        a.button href={ (path) "/history?before=" (before) } rel="next" {
                            (icon::icon("chevron-down")) "Older"
                        }
                    }
                }
            }
        },
    )
}

impl Told<'_> {
    fn name(&self) -> String {
        match self {
            Self::Card { number, title, .. } => format!("{number} {title}"),
            Self::Board(board) => board.name.clone(),
        }
    }

    fn path(&self, slug: &Slug) -> String {
        match self {
            Self::Card { number, .. } => paths::card(slug, *number),
            Self::Board(board) => paths::board(slug, board.id),
        }
    }

    fn introduction(&self) -> &'static str {
        match self {
            Self::Card { id: None, .. } => "This card is gone. What happened to it stays.",
            Self::Card { .. } => {
                "Every change to this card, as it was then. None of it can be changed, but much can be undone."
            }
            Self::Board(_) => {
                "Every change on this board, the small ones too, as it was then. None of it can be changed."
            }
        }
    }
}
