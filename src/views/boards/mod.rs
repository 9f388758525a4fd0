//! Boards: all of them, a new one, and one with its columns and its feed beside them.

use maud::{Markup, html};

use super::layout::{Frame, Section, live_status};
use super::{Form, Page, activities, brand, columns, dom, form, icon, paths, presence, seen};
use crate::domain::Actor;
use crate::domain::boards::{Board, BoardSummary, BoardView};
use crate::domain::feed::Feed;
use crate::tracking::receipts::Seen;
use crate::values::{BoardAccess, NEWEST, Slug};

pub mod edit;
pub mod past;

/// The boards of an account, those that were put away at the foot; where there is none yet, the first
/// one's name is asked for.
pub fn index(page: &Page, boards: &[BoardSummary]) -> Markup {
    let (open, archived): (Vec<_>, Vec<_>) =
        boards.iter().partition(|summary| summary.board.archived_at.is_none());
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let frame = Frame { title: "Boards", section: Section::Boards, ..Frame::default() };
    page.show(frame, &html! {
        main.page id="main" {
            @if boards.is_empty() {
                (welcome(page, viewer))
            } @else {
                header.page-head {
                    div.page-head__words { h1 { "Boards" } }
                    div.page-head__tools {
                        a.button.button--ink href=(paths::within(slug, "boards/new")) data-controller="hotkey" data-hotkey="n" {
                            (icon::icon("plus")) "New board" kbd { "N" }
                        }
                    }
                }
                @if open.is_empty() {
                    div.panel.empty { (icon::icon("archive")) h2 { "All boards are in the archive" } p { "Make a new one, or open one below and restore it." } }
                }
                ul.boards { @for board in open { (tile(slug, board)) } }
                @if !archived.is_empty() { (archive(slug, &archived)) }
            }
        }
    })
}

fn tile(slug: &Slug, summary: &BoardSummary) -> Markup {
    let board = &summary.board;
    html! {
        li.board-tile data-color=(board.color) {
            h2 { (link(slug, board)) " " (seen::mark(&board.id.to_string(), summary.changed)) }
            (private(board))
            p { (counted(summary.cards, "card", "cards")) " in " (counted(summary.columns, "column", "columns")) }
        }
    }
}

fn link(slug: &Slug, board: &Board) -> Markup {
    html! {
        a href=(paths::board(slug, board.id)) data-tracking-event-type-value="link_click"
            data-tracking-trackable-type-value="Board" data-tracking-trackable-id-value=(board.id) { (board.name) }
    }
}

/// The boards that were put away, one a line.
fn archive(slug: &Slug, boards: &[&BoardSummary]) -> Markup {
    html! {
        section.archive aria-labelledby="archive_name" {
            h2 id="archive_name" { (icon::icon("archive")) "Archived" }
            ul { @for summary in boards {
                li data-color=(summary.board.color) {
                    (link(slug, &summary.board))
                    span.small.faint { (counted(summary.cards, "card", "cards")) }
                }
            } }
        }
    }
}

/// Says of a private board how many people see it.
pub(super) fn private(board: &Board) -> Markup {
    html! {
        @if let Some(viewers) = board.viewers {
            p.private { (icon::small("lock")) "Only " (counted(viewers, "person", "people")) }
        }
    }
}

fn counted(count: i64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn welcome(page: &Page, viewer: &Actor) -> Markup {
    let first_name = viewer.name.split_whitespace().next().unwrap_or(&viewer.name);
    html! {
        div.welcome {
            div.stack {
                h1 { "Lay the first stone, " (first_name) }
                p.welcome__lead {
                    "A board is a piece of work with columns to walk through. Name one, and from then on Cairn \
                     keeps the whole trail: who moved what, when, and what it said before."
                }
                form.first-board action=(paths::within(&viewer.account.slug, "boards")) method="post" {
                    (form::token(&page.csrf_token))
                    label.sr-only for="board_name" { "Name of the board" }
                    input.input id="board_name" name="name" placeholder="What are you working on?" maxlength="100" required;
                    button.button.button--ink type="submit" { "Make the board" }
                }
            }
            (brand::cairn(brand::Top::Missing))
        }
        (lessons(viewer))
    }
}

fn lessons(viewer: &Actor) -> Markup {
    let slug = &viewer.account.slug;
    html! {
        section aria-labelledby="lessons_name" {
            h2.sr-only id="lessons_name" { "What happens next" }
            ol.lessons {
                li.lesson data-color="lake" { (icon::icon("plus")) h3 { "Write a card" }
                    p { "Press " kbd { "N" } " on a board. A line is enough; the rest can come later, in Markdown." } }
                li.lesson data-color="clay" { (icon::icon("arrow-right")) h3 { "Move it along" }
                    p { "Drag it, or press " kbd { "M" } " and use the arrows. Everybody who looks sees it move." } }
                li.lesson data-color="moss" { (icon::icon("user-plus")) h3 { "Bring somebody" }
                    p { a href=(paths::within(slug, "members")) { "Invite a colleague" } ". They start with the whole history, not with a summary of it." } }
                @if viewer.administers() {
                    li.lesson data-color="heather" { (icon::icon("webhook")) h3 { "Tell your tools" }
                        p { a href=(paths::within(slug, "webhooks")) { "Add a webhook" } " and each of these steps is called out, signed and retried." } }
                }
            }
        }
    }
}

/// The form for a new board.
pub fn new(page: &Page, form: &Form) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let frame = Frame { title: "New board", section: Section::Boards, ..Frame::default() };
    let name = form::Input {
        name: "name",
        label: "Name",
        maxlength: Some(100),
        autofocus: true,
        help: Some("What the work is called, such as Spring catalogue."),
        ..form::Input::default()
    };
    page.show(frame, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words { h1 { "New board" } } }
            form.panel.stack action=(paths::within(&viewer.account.slug, "boards")) method="post" {
                (form::token(&page.csrf_token))
                (name.show(form))
                label.check {
                    input type="checkbox" name="access" value=(BoardAccess::Chosen.as_str())
                        checked[form.has("access", BoardAccess::Chosen.as_str())];
                    (icon::icon("lock")) "Only people I choose"
                }
                (form.other_errors(&["name"]))
                p.row {
                    button.button.button--ink type="submit" { "Make the board" }
                    a.button.button--bare href=(paths::account(&viewer.account.slug)) { "Cancel" }
                }
            }
        }
    })
}

/// A board. `form` is a card or a column that was refused, if one was.
pub fn show(
    page: &Page,
    view: &BoardView,
    feed: &Feed,
    seen: Option<&Seen>,
    form: &Form,
) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let (slug, board) = (&viewer.account.slug, &view.board);
    let frame = Frame {
        title: &board.name,
        section: Section::Boards,
        trackable: Some(("Board", board.id.uuid())),
    };
    page.show(frame, &html! {
        main.page.page--full id="main" data-color=(board.color) {
            header.page-head {
                (head(slug, board))
                div.page-head__tools {
                    (presence::present(&page.present))
                    (live_status())
                    a.button.button--bare href=(paths::at(&paths::board(slug, board.id), NEWEST)) { (icon::icon("hourglass")) "As it was" }
                    a.button.button--bare href=(paths::closed_cards(slug, board.id)) { (icon::icon("circle-check")) "Closed cards" }
                    a.button href={ (paths::board(slug, board.id)) "/edit" } { (icon::icon("settings-2")) "Settings" }
                }
            }
            @if board.archived_at.is_some() { (archived(page, viewer, board)) }
            @let open = board.archived_at.is_none();
            div.board data-controller=[open.then_some("drag keyboard-move")] data-action=[open.then_some(MOVING)] {
                (columns::all(slug, &page.csrf_token, board, &view.columns, form))
                aside.board__feed.feed-panel aria-labelledby="feed_name" {
                    header.feed-panel__head {
                        h2 id="feed_name" { "Lately" }
                        a.small.soft href={ (paths::board(slug, board.id)) "/activity" } { "All activity" }
                    }
                    @if let Some(seen) = seen { (readers(viewer, seen, feed)) }
                    (activities::list(slug, feed, seen.and_then(|seen| seen.own)))
                }
                (hint())
            }
        }
    })
}

/// Who has seen the board, folded: it is looked for now and then.
fn readers(viewer: &Actor, seen: &Seen, feed: &Feed) -> Markup {
    html! {
        details.seen-by {
            summary.small.soft { (icon::small("eye")) "Who has seen it" }
            (seen::people(viewer, &seen.readers, feed))
        }
    }
}

/// What carries cards by pointer and by keys.
const MOVING: &str = "keydown->keyboard-move#press focusout->keyboard-move#leave turbo:before-cache@document->keyboard-move#rest";

/// The name of a board, and who sees it.
pub fn head(slug: &Slug, board: &Board) -> Markup {
    html! {
        div.page-head__words id=(dom::BOARD_HEAD) {
            h1.board__name { (board.name) }
            @if board.viewers.is_some() { a href={ (paths::board(slug, board.id)) "/edit" } { (private(board)) } }
        }
    }
}

/// Says that a board was put away, and lets those who may restore it.
fn archived(page: &Page, viewer: &Actor, board: &Board) -> Markup {
    html! {
        div.notice role="status" {
            (icon::icon("archive"))
            p { "This board is archived: it can be read, and nothing on it changes." }
            @if board.may_be_managed_by(viewer).is_ok() { (restore(page, viewer, board)) }
        }
    }
}

/// The button that takes a board out of the archive.
fn restore(page: &Page, viewer: &Actor, board: &Board) -> Markup {
    html! {
        form action={ (paths::board(&viewer.account.slug, board.id)) "/archival" } method="post" {
            (form::token(&page.csrf_token)) (form::method("delete"))
            button.button type="submit" { (icon::icon("archive-restore")) "Restore the board" }
        }
    }
}

/// How to carry a card by keys, shown while one is carried.
fn hint() -> Markup {
    html! {
        p.hint data-keyboard-move-target="hint" hidden {
            span data-keyboard-move-target="words" {}
            span.hint__keys { kbd { "←" } " " kbd { "→" } " column" }
            span.hint__keys { kbd { "↑" } " " kbd { "↓" } " place" }
            span.hint__keys { kbd { "Enter" } " drop" }
            span.hint__keys { kbd { "Esc" } " put back" }
        }
    }
}
