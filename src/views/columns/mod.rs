//! Columns of a board with their cards, and the field for the next card.

use maud::{Markup, html};

use super::{Form, cards, dom, form, icon, paths};
use crate::domain::boards::Board;
use crate::domain::cards::CardFace;
use crate::domain::columns::Column;
use crate::values::Slug;
use crate::values::id::BoardId;

pub mod edit;

/// All columns of a board; without forms when it was put away. `form` is a card or a column that was refused, if one was; an empty
/// `csrf_token` makes the fragment that is the same for everybody.
pub fn all(
    slug: &Slug,
    csrf_token: &str,
    board: &Board,
    with_cards: &[(Column, Vec<CardFace>)],
    form: &Form,
) -> Markup {
    let open = board.archived_at.is_none();
    html! {
        div.board__columns id=(dom::BOARD_COLUMNS) role="region" aria-label="Columns" tabindex="0" {
            @for (at, (column, faces)) in with_cards.iter().enumerate() {
                @let adder = html! { @if open { (quick_add(slug, csrf_token, column, form, at == 0)) } };
                (self::column(slug, column, faces, open, &adder))
            }
            @if open { (new(slug, csrf_token, board.id, form, with_cards.is_empty())) }
        }
    }
}

/// The cards of a column: what stands in its list.
pub fn cards(slug: &Slug, faces: &[CardFace]) -> Markup {
    html! {
        @for face in faces { (cards::on_board(slug, face)) }
        li.column__empty { "No cards here yet" }
    }
}

/// How many cards a column has.
pub fn count(cards: usize) -> Markup {
    html! { (cards) span.sr-only { @if cards == 1 { " card" } @else { " cards" } } }
}

fn column(slug: &Slug, column: &Column, faces: &[CardFace], open: bool, adder: &Markup) -> Markup {
    let id = dom::column(column.id);
    html! {
        section.column id=(id) data-color=(column.color) aria-labelledby={ (id) "_name" } {
            header.column__head {
                h2 id={ (id) "_name" } { (column.name) }
                span.column__count id=(dom::column_count(column.id)) { (count(faces.len())) }
                @if open {
                    a.button.button--bare.button--icon.button--small aria-label={ "Change the column " (column.name) }
                        href={ (paths::column(slug, column.board_id, column.id)) "/edit" } { (icon::icon("ellipsis")) }
                }
            }
            ol.column__cards id=(dom::column_cards(column.id)) aria-label={ "Cards in " (column.name) }
                data-column-id=(column.id) data-column-name=(column.name)
                data-drag-target="list" data-keyboard-move-target="list" {
                (cards(slug, faces))
            }
            (adder)
        }
    }
}

/// The field for the next card. The first column's opens by N.
fn quick_add(slug: &Slug, csrf_token: &str, column: &Column, form: &Form, first: bool) -> Markup {
    let refused = form.is_refused() && form.value("column_id") == column.id.to_string();
    let field = format!("{}_title", dom::column(column.id));
    let blank = Form::default();
    let form = if refused { form } else { &blank };
    let error = form.error("title");
    html! {
        details.adder id={ (dom::column(column.id)) "_adder" } open[refused]
            data-controller="quick-add" data-action="toggle->quick-add#toggle turbo:submit-end->quick-add#next" {
            summary.add-card data-controller=[first.then_some("hotkey")] data-hotkey=[first.then_some("n")] {
                (icon::icon("plus")) "Add a card" @if first { kbd { "N" } }
            }
            form.quick-add action={ (paths::board(slug, column.board_id)) "/cards" } method="post" {
                (form::token(csrf_token))
                input type="hidden" name="column_id" value=(column.id);
                label.sr-only for=(field) { "Title of the new card in " (column.name) }
                textarea id=(field) name="title" rows="2" maxlength="250" required placeholder="What is to be done?"
                    aria-invalid=[error.map(|_| "true")] aria-describedby=[form::described_by(&field, error, None)]
                    data-quick-add-target="field" data-action="keydown->quick-add#press" { (form.value("title")) }
                (form::notes(&field, error, None))
                p.quick-add__foot {
                    span { kbd { "Enter" } " adds" }
                    span.wide-only { kbd { "Esc" } " leaves" }
                    button.button.button--ink.button--small type="submit" { "Add" }
                }
            }
        }
    }
}

/// The field for the next column; open on a board that has none.
fn new(slug: &Slug, csrf_token: &str, board: BoardId, form: &Form, empty: bool) -> Markup {
    let refused = form.error("name").is_some();
    let error = form.error("name");
    html! {
        details.adder.adder--column id="new_column" open[refused || empty] {
            summary.add-card title="Add a column" { (icon::icon("plus")) span.adder__words { "Add a column" } }
            form.quick-add action={ (paths::board(slug, board)) "/columns" } method="post"
                data-controller="submit" data-action="turbo:submit-end->submit#clear" {
                (form::token(csrf_token))
                label.sr-only for="column_name" { "Name of the new column" }
                input.input id="column_name" name="name" maxlength="100" required placeholder="Such as Doing"
                    value=(form.value("name")) aria-invalid=[error.map(|_| "true")]
                    aria-describedby=[form::described_by("column_name", error, None)];
                (form::notes("column_name", error, None))
                p.quick-add__foot { button.button.button--ink.button--small type="submit" { "Add" } }
            }
        }
    }
}
