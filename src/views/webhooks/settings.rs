//! The forms of webhook endpoints: where to call, and about what.

use maud::{Markup, html};

use super::{frame, host};
use crate::domain::boards::Board;
use crate::events::nouns;
use crate::values::Slug;
use crate::views::{Form, Page, form, icon, paths};
use crate::webhooks::Endpoint;

/// The form for a new endpoint.
pub(super) fn new(slug: &Slug, csrf_token: &str, boards: &[Board], form: &Form) -> Markup {
    html! {
        section.panel aria-labelledby="new_name" {
            header.panel__head { h2 id="new_name" { "Add an endpoint" } }
            form.stack action=(paths::within(slug, "webhooks")) method="post" data-turbo="false" {
                (form::token(csrf_token))
                (fields(boards, form))
                p { button.button.button--ink type="submit" { (icon::icon("plus")) "Add it" } }
            }
        }
    }
}

/// The form that edits an endpoint.
pub fn edit(page: &Page, endpoint: &Endpoint, boards: &[Board], form: &Form) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let path = paths::endpoint(slug, endpoint.id);
    page.show(
        frame("Edit a webhook endpoint"),
        &html! {
            main.page.page--narrow id="main" {
                header.page-head { div.page-head__words {
                    ol.trail {
                        li { a href=(paths::within(slug, "webhooks")) { "Webhooks" } }
                        li { a href=(path) { (host(&endpoint.url)) } }
                        li { "Edit" }
                    }
                    h1 { "Edit the endpoint" }
                    p { "What is owed to it already goes to its new address. Its secret stays." }
                } }
                form.panel.stack action=(path) method="post" {
                    (form::token(&page.csrf_token)) (form::method("patch"))
                    (fields(boards, form))
                    p.row {
                        button.button.button--ink type="submit" { "Save" }
                        a.button.button--bare href=(path) { "Cancel" }
                    }
                }
            }
        },
    )
}

/// The form that edits an endpoint, filled with what it is.
pub fn filled(endpoint: &Endpoint) -> Form {
    let form = Form::default().with("url", endpoint.url.as_str());
    let form = endpoint.events.iter().fold(form, |form, name| form.with("events", name.as_str()));
    endpoint.board_ids.iter().fold(form, |form, id| form.with("board_ids", id.to_string()))
}

fn fields(boards: &[Board], form: &Form) -> Markup {
    let url = form::Input {
        name: "url",
        label: "Address",
        kind: Some("url"),
        help: Some("An https address that answers with a 2xx."),
        autocomplete: Some("off"),
        ..form::Input::default()
    };
    html! {
        (url.show(form))
        (events(form))
        @if !boards.is_empty() { (of_boards(boards, form)) }
        (form.other_errors(&["url", "events", "board_ids"]))
    }
}

fn events(form: &Form) -> Markup {
    html! {
        fieldset.field {
            legend { "Events" }
            (event(form, "*", "Everything, also what is still to come"))
            @for (noun, kinds) in nouns() {
                div.choices role="group" aria-label={ "About " (noun) "s" } {
                    (event(form, &format!("{noun}.*"), &format!("Everything about {noun}s")))
                    @for kind in kinds { (event(form, &kind.wire_name(), kind.label)) }
                }
            }
            (form::notes("events", form.error("events"), None))
        }
    }
}

fn of_boards(boards: &[Board], form: &Form) -> Markup {
    html! {
        fieldset.field {
            legend { "Boards" }
            p.field__help { "With none chosen it hears of all boards, and of what happens on none." }
            div.choices { @for board in boards {
                (choice(form, "board_ids", &board.id.to_string(), &html! { (board.name) }))
            } }
            (form::notes("board_ids", form.error("board_ids"), None))
        }
    }
}

fn event(form: &Form, name: &str, label: &str) -> Markup {
    choice(form, "events", name, &html! { (label) " " code.faint { (name) } })
}

fn choice(form: &Form, field: &str, value: &str, label: &Markup) -> Markup {
    html! {
        label.check {
            input type="checkbox" name=(field) value=(value) checked[form.has(field, value)];
            span { (label) }
        }
    }
}
