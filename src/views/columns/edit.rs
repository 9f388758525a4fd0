//! Changing a column: its name and colour, its place, and removing it.

use maud::{Markup, html};

use super::super::layout::{Frame, Section};
use super::super::{Form, Page, form, icon, paths};
use crate::domain::boards::Board;
use crate::domain::columns::Column;
use crate::values::{Color, Slug};

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// The board.
    pub board: &'a Board,
    /// Its columns in order.
    pub columns: &'a [Column],
    /// The one that is changed.
    pub column: &'a Column,
    /// How many cards it has, closed ones too.
    pub cards: i64,
    /// What was typed, if it was refused.
    pub form: &'a Form,
}

/// The page.
pub fn show(page: &Page, settings: &Settings<'_>) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let (slug, board, column) = (&viewer.account.slug, settings.board, settings.column);
    let title = format!("{} on {}", column.name, board.name);
    let frame = Frame { title: &title, section: Section::Boards, ..Frame::default() };
    page.show(frame, &html! {
        main.page.page--narrow id="main" data-color=(column.color) {
            header.page-head { div.page-head__words {
                ol.trail { li { a href=(paths::board(slug, board.id)) { (board.name) } } li { (column.name) } }
                h1 { "Change the column" }
            } }
            div.stack.stack--loose {
                (name_and_color(slug, &page.csrf_token, settings))
                @if settings.columns.len() > 1 { (place(slug, &page.csrf_token, settings)) }
                (remove(slug, &page.csrf_token, settings))
            }
        }
    })
}

/// The form that changes name and colour, filled with what they are.
pub fn filled(column: &Column) -> Form {
    Form::default().with("name", column.name.as_str()).with("color", column.color.as_str())
}

fn path(slug: &Slug, column: &Column) -> String {
    paths::column(slug, column.board_id, column.id)
}

fn name_and_color(slug: &Slug, csrf_token: &str, settings: &Settings<'_>) -> Markup {
    let Settings { column, form, .. } = settings;
    let name = form::Input {
        name: "name",
        label: "Name",
        maxlength: Some(100),
        autocomplete: Some("off"),
        ..form::Input::default()
    };
    html! {
        form.panel.stack action=(path(slug, column)) method="post" {
            (form::token(csrf_token)) (form::method("patch"))
            (name.show(form))
            fieldset.field {
                legend { "Colour" }
                div.swatches { @for color in Color::ALL {
                    label.swatch data-color=(color) {
                        input type="radio" name="color" value=(color) checked[form.value("color") == color.as_str()];
                        span { (color) }
                    }
                } }
                (form::notes("color", form.error("color"), None))
            }
            p.row {
                button.button.button--ink type="submit" { "Save" }
                a.button.button--bare href=(paths::board(slug, column.board_id)) { "Cancel" }
            }
        }
    }
}

/// The columns in their order, and a step to either side.
fn place(slug: &Slug, csrf_token: &str, settings: &Settings<'_>) -> Markup {
    let Settings { columns, column, .. } = settings;
    let here = columns.iter().position(|other| other.id == column.id).unwrap_or(0);
    let left = here.checked_sub(1);
    let right = Some(here + 1).filter(|right| *right < columns.len());
    html! {
        section.panel.stack aria-labelledby="place_name" {
            h2 id="place_name" { "Place" }
            ol.trail { @for other in *columns {
                li aria-current=[(other.id == column.id).then_some("true")] { span.place data-color=(other.color) { (other.name) } }
            } }
            form.row action={ (path(slug, column)) "/moves" } method="post" {
                (form::token(csrf_token))
                (step(left, "arrow-left", "Move left"))
                (step(right, "arrow-right", "Move right"))
            }
        }
    }
}

fn step(position: Option<usize>, name: &str, words: &str) -> Markup {
    html! {
        button.button type="submit" name="position" value=[position] disabled[position.is_none()] {
            (icon::icon(name)) (words)
        }
    }
}

/// Removing the column; where it has cards, another one must take them.
fn remove(slug: &Slug, csrf_token: &str, settings: &Settings<'_>) -> Markup {
    let Settings { columns, column, cards, form, .. } = settings;
    let others: Vec<&Column> = columns.iter().filter(|other| other.id != column.id).collect();
    let stuck = *cards > 0 && others.is_empty();
    html! {
        section.panel.stack aria-labelledby="remove_name" {
            h2 id="remove_name" { "Remove" }
            @if stuck {
                p.soft { "This column has cards, and there is no other one to take them. Add a column first." }
            }
            form.stack action=(path(slug, column)) method="post" {
                (form::token(csrf_token)) (form::method("delete"))
                @if *cards > 0 && !stuck { (taker(&others, *cards, form)) }
                @else { (form::notes("to_column_id", form.error("to_column_id"), None)) }
                p { button.button.button--danger type="submit" disabled[stuck] { (icon::icon("trash")) "Remove the column" } }
            }
        }
    }
}

fn taker(others: &[&Column], cards: i64, form: &Form) -> Markup {
    let error = form.error("to_column_id");
    let words = if cards == 1 { "Its card goes to" } else { "Its cards go to" };
    html! {
        div.field {
            label for="to_column_id" { (words) }
            select.input id="to_column_id" name="to_column_id" required aria-invalid=[error.map(|_| "true")]
                aria-describedby=[form::described_by("to_column_id", error, None)] {
                option value="" { "Choose a column" }
                @for other in others {
                    option value=(other.id) selected[form.value("to_column_id") == other.id.to_string()] { (other.name) }
                }
            }
            (form::notes("to_column_id", error, None))
        }
    }
}
