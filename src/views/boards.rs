//! Boards: all of them, a new one, and one with its columns and its feed beside them.

use maud::{Markup, html};

use super::layout::{Frame, Section, live_status};
use super::{Form, Page, activities, brand, columns, form, icon, paths};
use crate::domain::Actor;
use crate::domain::boards::{BoardSummary, BoardView};
use crate::domain::feed::Feed;
use crate::values::Slug;

/// The boards of an account; where there is none yet, the first one's name is asked for.
pub fn index(page: &Page, boards: &[BoardSummary]) -> Markup {
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
                ul.boards { @for board in boards { (tile(slug, board)) } }
            }
        }
    })
}

fn tile(slug: &Slug, summary: &BoardSummary) -> Markup {
    let board = &summary.board;
    html! {
        li.board-tile data-color=(board.color) {
            h2 { a href=(paths::board(slug, board.id)) { (board.name) } }
            p { (counted(summary.cards, "card", "cards")) " in " (counted(summary.columns, "column", "columns")) }
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
pub fn show(page: &Page, view: &BoardView, feed: &Feed, form: &Form) -> Markup {
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
                div.page-head__words { h1.board__name { (board.name) } }
                div.page-head__tools {
                    (live_status())
                    a.button.button--bare href=(paths::closed_cards(slug, board.id)) { (icon::icon("circle-check")) "Closed cards" }
                }
            }
            div.board data-controller="drag keyboard-move" data-action="keydown->keyboard-move#press focusout->keyboard-move#leave turbo:before-cache@document->keyboard-move#rest" {
                (columns::all(slug, &page.csrf_token, board.id, &view.columns, form))
                aside.board__feed.feed-panel aria-labelledby="feed_name" {
                    header.feed-panel__head {
                        h2 id="feed_name" { "Lately" }
                        a.small.soft href={ (paths::board(slug, board.id)) "/activity" } { "All activity" }
                    }
                    (activities::list(slug, feed, true, false))
                }
                (hint())
            }
        }
    })
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
