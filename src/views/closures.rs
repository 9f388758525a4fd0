//! Closing a card and reopening it, and the closed cards of a board.

use maud::{Markup, html};

use super::layout::{Frame, Section};
use super::{Page, assignments, form, icon, paths, tags, times};
use crate::domain::boards::Board;
use crate::domain::cards::{Card, Closure, Marks};
use crate::values::id::CardId;
use crate::values::{Color, Slug};

/// The button that closes a card.
pub fn close(slug: &Slug, csrf_token: &str, card: &Card) -> Markup {
    html! {
        form.push action={ (paths::card(slug, card.number)) "/closure" } method="post" {
            (form::token(csrf_token))
            button.button.button--bare.button--small type="submit" data-controller="hotkey" data-hotkey="c" {
                (icon::icon("circle-check")) "Close" kbd { "C" }
            }
        }
    }
}

/// Who closed a card and when, and the button that reopens it.
pub fn closed(slug: &Slug, csrf_token: &str, card: &Card, closure: &Closure) -> Markup {
    html! {
        div.row {
            span.state data-color=(Color::Moss) { (icon::icon("circle-check")) "Closed" }
            p.small.soft { "by " (closure.closer_name) ", " (times::at(closure.created_at)) }
            form.push action={ (paths::card(slug, card.number)) "/closure" } method="post" {
                (form::token(csrf_token)) (form::method("delete"))
                button.button.button--small type="submit" data-controller="hotkey" data-hotkey="c" {
                    (icon::icon("rotate-ccw")) "Reopen" kbd { "C" }
                }
            }
        }
    }
}

/// The closed cards of a board, the newest card first. `next` is where the next page begins.
pub fn index(page: &Page, board: &Board, cards: &[(Card, Marks)], next: Option<CardId>) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let title = format!("Closed cards on {}", board.name);
    page.show(Frame { title: &title, section: Section::Boards, ..Frame::default() }, &html! {
        main.page.page--narrow id="main" data-color=(board.color) {
            header.page-head { div.page-head__words {
                ol.trail { li { a href=(paths::board(slug, board.id)) { (board.name) } } li { "Closed cards" } }
                h1 { "Closed cards" }
            } }
            @if cards.is_empty() {
                div.empty { (icon::icon("circle-check")) h2 { "Nothing is closed here" }
                    p { "A card that is done with can be closed on its page: it leaves its column and is kept here, to be read and reopened." } }
            } @else {
                ul.panel.closed { @for (card, marks) in cards { (line(slug, &page.csrf_token, card, marks)) } }
            }
            @if let Some(after) = next {
                nav.row aria-label="Pages" {
                    a.button href={ (paths::closed_cards(slug, board.id)) "?after=" (after) } rel="next" { (icon::icon("chevron-down")) "Older" }
                }
            }
        }
    })
}

fn line(slug: &Slug, csrf_token: &str, card: &Card, marks: &Marks) -> Markup {
    html! {
        li.closed__card {
            p { span.faint { (card.number) } " " a href=(paths::card(slug, card.number)) { (card.title) } }
            (tags::chips(&marks.tags))
            (assignments::pebbles(&marks.assignees))
            form.push action={ (paths::card(slug, card.number)) "/closure" } method="post" {
                (form::token(csrf_token)) (form::method("delete"))
                button.button.button--small type="submit" aria-label={ "Reopen " (card.title) } { "Reopen" }
            }
            @if let Some(closure) = &marks.closure {
                p.tiny.faint { "Closed by " (closure.closer_name) ", " (times::at(closure.created_at)) }
            }
        }
    }
}
