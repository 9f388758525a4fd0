//! Turbo Stream elements: what a page does with a fragment when something happened.

use maud::{Markup, html};
use url::form_urlencoded::Serializer;

use super::{
    activities, boards, cards, columns, comments, dom, layout, notifications, presence, seen,
};
use crate::domain::boards::Board;
use crate::domain::cards::{Assignee, Card, CardFace, Marks};
use crate::domain::columns::Column;
use crate::domain::comments::Comment;
use crate::domain::feed::Gone;
use crate::domain::tags::Tag;
use crate::domain::users::User;
use crate::events::Activity;
use crate::events::sentence::People;
use crate::tracking::receipts::Reader;
use crate::values::Slug;
use crate::values::id::CommentId;

/// How many lines a live feed keeps: as many as a fresh page shows.
const KEPT_LINES: i64 = crate::domain::feed::PAGE;

/// A board's name as it is now, and who sees it.
pub fn board_head(slug: &Slug, board: &Board) -> Markup {
    html! {
        (title(&board.name))
        turbo-stream action="replace" method="morph" target=(dom::BOARD_HEAD) {
            template { (boards::head(slug, board)) }
        }
    }
}

/// What the page is called, in the browser's tabs and bookmarks too.
fn title(name: &str) -> Markup {
    html! {
        turbo-stream action="update" targets="head > title" { template { (layout::title(name)) } }
    }
}

/// Who looks at the page now.
pub fn presence(users: &[User]) -> Markup {
    html! {
        turbo-stream action="update" target=(dom::PRESENCE) { template { (presence::pebbles(users)) } }
    }
}

/// Up to where all people have seen what the page shows; the browser knows what it last shows, and sorts them.
pub fn readers(readers: &[Reader]) -> Markup {
    let readers: Vec<&Reader> = readers.iter().collect();
    html! {
        turbo-stream action="update" target=(dom::SEEN) { template { (seen::lists(&[], &readers)) } }
    }
}

/// The same of some of the people whom it shows: all others are as they were.
pub fn some_readers(readers: &[&Reader]) -> Markup {
    html! {
        turbo-stream action="append" target=(dom::SEEN) { template { (seen::news(readers)) } }
    }
}

/// A board's columns as they are now.
pub fn board_columns(slug: &Slug, board: &Board, with_cards: &[(Column, Vec<CardFace>)]) -> Markup {
    html! {
        turbo-stream action="replace" method="morph" target=(dom::BOARD_COLUMNS) {
            template { (columns::all(slug, "", board, with_cards, &super::Form::default())) }
        }
    }
}

/// A column's cards as they are now, and how many they are.
pub fn column(slug: &Slug, column: &Column, faces: &[CardFace]) -> Markup {
    html! {
        turbo-stream action="update" method="morph" target=(dom::column_cards(column.id)) {
            template { (columns::cards(slug, faces)) }
        }
        turbo-stream action="update" target=(dom::column_count(column.id)) {
            template { (columns::count(faces.len())) }
        }
    }
}

/// A card on a board as it is now.
pub fn card(slug: &Slug, face: &CardFace) -> Markup {
    html! {
        turbo-stream action="replace" method="morph" target=(dom::card(face.number)) {
            template { (cards::on_board(slug, face)) }
        }
    }
}

/// A card's own page: its sheet as it is now.
pub fn sheet(slug: &Slug, card: &Card, marks: &Marks, board: &Board, columns: &[Column]) -> Markup {
    html! {
        (title(&cards::title(card)))
        turbo-stream action="replace" method="morph" target=(dom::sheet(card.number)) {
            template { (cards::sheet(slug, "", card, marks, board, columns)) }
        }
    }
}

/// A card's own page: whose work it is now, and its tags.
pub fn facts(
    slug: &Slug,
    number: i64,
    marks: &Marks,
    candidates: &[Assignee],
    known: &[Tag],
) -> Markup {
    html! {
        turbo-stream action="replace" method="morph" target=(dom::facts(number)) {
            template { (cards::facts(slug, "", number, marks, candidates, known, &super::Form::default())) }
        }
    }
}

/// A new comment; one that is there already moves to the end instead of standing twice.
pub fn comment(slug: &Slug, number: i64, comment: &Comment) -> Markup {
    html! {
        turbo-stream action="append" target=(dom::COMMENTS) {
            template { (comments::comment(slug, number, comment)) }
        }
    }
}

/// A comment that says something else now.
pub fn comment_text(slug: &Slug, number: i64, comment: &Comment) -> Markup {
    html! {
        turbo-stream action="replace" target=(dom::comment(comment.id)) {
            template { (comments::comment(slug, number, comment)) }
        }
    }
}

/// A comment that is gone.
pub fn no_comment(id: CommentId) -> Markup {
    html! { turbo-stream action="remove" target=(dom::comment(id)) {} }
}

/// A new line of a feed, and the end of the line that a fresh page would no longer show.
pub fn activity(slug: &Slug, activity: &Activity, people: &People, gone: &Gone) -> Markup {
    let surplus = format!(
        "#{}[data-newest] > :nth-child(n+{} of .activity)",
        dom::ACTIVITIES,
        KEPT_LINES + 1
    );
    html! {
        turbo-stream action="prepend" target=(dom::ACTIVITIES) {
            template { (activities::line(slug, activity, people, gone)) }
        }
        turbo-stream action="remove" targets=(surplus) {}
    }
}

/// How many notices somebody has not read.
pub fn notice_count(unread: i64) -> Markup {
    html! {
        turbo-stream action="update" target=(dom::NOTICE_COUNT) {
            template { (notifications::count(unread)) }
        }
    }
}

/// Asks the page to load itself anew, in place.
pub fn refresh() -> Markup {
    html! { turbo-stream action="refresh" method="morph" scroll="preserve" {} }
}

/// Asks the page to load the log of an endpoint anew, and nothing else of it.
pub fn reload_log() -> Markup {
    html! { turbo-stream action="reload" target=(dom::LOG) {} }
}

/// A page's own source of Turbo's is exchanged for one that opens another socket. It is known by the
/// signature of one of its names, the part of an address that nothing escapes.
pub fn another_source<'a>(
    origin: &str,
    signed: &str,
    names: impl Iterator<Item = &'a str>,
) -> Markup {
    let signature = signed.rsplit("--").next().unwrap_or_default();
    let socket = origin.replacen("http", "ws", 1);
    let names = Serializer::new(String::new()).extend_pairs(names.map(|name| ("s", name))).finish();
    html! {
        turbo-stream action="replace" targets={ "turbo-stream-source[src*='" (signature) "']" } {
            template { turbo-stream-source src={ (socket) "/live?" (names) } {} }
        }
    }
}
