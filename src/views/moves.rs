//! Moving a card by form: to the end of a column with one press, or to a chosen place.

use maud::{Markup, html};

use super::{form, icon, paths};
use crate::domain::cards::Card;
use crate::domain::columns::Column;
use crate::values::Slug;

/// The columns in a row; pressing one moves the card to its end.
pub fn stands(slug: &Slug, csrf_token: &str, card: &Card, columns: &[Column]) -> Markup {
    html! {
        form.stands action={ (paths::card(slug, card.number)) "/moves" } method="post" aria-label="Move to a column" {
            (form::token(csrf_token))
            @for column in columns {
                @let here = column.id == card.column_id;
                @if here {
                    span data-color=(column.color) aria-current="true" { (icon::icon("check")) (column.name) }
                } @else {
                    button type="submit" name="column_id" value=(column.id) data-color=(column.color) { (column.name) }
                }
            }
        }
    }
}

/// Column and place, for whoever neither drags nor has JavaScript.
pub fn form(slug: &Slug, csrf_token: &str, card: &Card, columns: &[Column]) -> Markup {
    html! {
        form.place-choice__form action={ (paths::card(slug, card.number)) "/moves" } method="post" {
            (form::token(csrf_token))
            div.field {
                label for="move_column_id" { "Column" }
                select.input id="move_column_id" name="column_id" {
                    @for column in columns {
                        option value=(column.id) selected[column.id == card.column_id] { (column.name) }
                    }
                }
            }
            div.field {
                label for="move_position" { "Place" }
                select.input id="move_position" name="position" {
                    option value="0" { "First" }
                    option value="" selected { "Last" }
                }
            }
            button.button type="submit" { "Move" }
        }
    }
}
