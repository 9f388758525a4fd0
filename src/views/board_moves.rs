//! Moving a card to another board by form.

use maud::{Markup, html};

use super::layout::{Frame, Section};
use super::{Form, Page, form, paths};
use crate::domain::boards::BoardSummary;
use crate::domain::cards::Card;

/// The page that asks where a card is to go.
pub fn new(page: &Page, card: &Card, boards: &[BoardSummary], form: &Form) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let path = paths::card(slug, card.number);
    let others: Vec<_> = boards.iter().filter(|other| other.board.id != card.board_id).collect();
    let error = form.error("board_id");
    let frame =
        Frame { title: "Move to another board", section: Section::Boards, ..Frame::default() };
    page.show(frame, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                ol.trail { li { a href=(path) { (card.number) " " (card.title) } } li { "Another board" } }
                h1 { "Move to another board" }
                p { "Its comments, tags and history go with it. Whoever does not see the other board no longer follows the card." }
            } }
            @if others.is_empty() {
                div.panel.stack { p { "There is no other board that you see." } p { a.button href=(path) { "Back to the card" } } }
            } @else {
                form.panel.stack action={ (path) "/board_moves" } method="post" {
                    (form::token(&page.csrf_token))
                    div.field {
                        label for="board_id" { "Board" }
                        select.input id="board_id" name="board_id" aria-invalid=[error.map(|_| "true")]
                            aria-describedby=[form::described_by("board_id", error, Some(FIRST_COLUMN))] {
                            @for other in others {
                                option value=(other.board.id) selected[form.has("board_id", &other.board.id.to_string())] { (other.board.name) }
                            }
                        }
                        (form::notes("board_id", error, Some(FIRST_COLUMN)))
                    }
                    (form.other_errors(&["board_id"]))
                    p.row {
                        button.button.button--ink type="submit" { "Move the card" }
                        a.button.button--bare href=(path) { "Cancel" }
                    }
                }
            }
        }
    })
}

const FIRST_COLUMN: &str = "It comes to the end of that board’s first column.";
