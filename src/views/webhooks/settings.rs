//! The forms of webhook endpoints: where to call, and about what.

use maud::{Markup, html};

use super::{frame, host};
use crate::domain::boards::Board;
use crate::events::nouns;
use crate::values::Slug;
use crate::views::{Form, Page, form, icon, paths};
use crate::webhooks::Endpoint;
use crate::webhooks::endpoints::DryRun;
use crate::webhooks::format::Format;
use crate::webhooks::headers::KEPT;
use crate::webhooks::signature::Scheme;

/// The form for a new endpoint.
pub(super) fn new(
    slug: &Slug,
    csrf_token: &str,
    boards: &[Board],
    form: &Form,
    dry_run: Option<&DryRun>,
) -> Markup {
    html! {
        section.panel aria-labelledby="new_name" {
            header.panel__head { h2 id="new_name" { "Add an endpoint" } }
            form.stack action=(paths::within(slug, "webhooks")) method="post" data-turbo="false" {
                (form::token(csrf_token))
                (fields(boards, form))
                (counted(dry_run))
                p.row {
                    button.button.button--ink type="submit" { (icon::icon("plus")) "Add it" }
                    (count(&paths::within(slug, "webhooks")))
                }
            }
        }
    }
}

/// The form that edits an endpoint.
pub fn edit(
    page: &Page,
    endpoint: &Endpoint,
    boards: &[Board],
    form: &Form,
    dry_run: Option<&DryRun>,
) -> Markup {
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
                    (counted(dry_run))
                    p.row {
                        button.button.button--ink type="submit" { "Save" }
                        (count(&path))
                        a.button.button--bare href=(path) { "Cancel" }
                    }
                }
            }
        },
    )
}

/// The form that edits an endpoint, filled with what it is.
pub fn filled(endpoint: &Endpoint) -> Form {
    let headers: Vec<String> =
        endpoint.header_names.iter().map(|name| format!("{name}: {KEPT}")).collect();
    let form = Form::default()
        .with("url", endpoint.url.as_str())
        .with("format", endpoint.format.as_str())
        .with("signature", endpoint.signature.name())
        .with("headers", headers.join("\n"))
        .with("rate_limit", endpoint.rate_limit.map_or(String::new(), |limit| limit.to_string()));
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
        (format(form))
        (events(form))
        @if !boards.is_empty() { (of_boards(boards, form)) }
        (signature(form))
        (headers(form))
        (rate_limit(form))
        (form.other_errors(&["url", "format", "events", "board_ids", "signature", "headers", "rate_limit"]))
    }
}

fn format(form: &Form) -> Markup {
    let error = form.error("format");
    let help = "A chat is told in a sentence with a link; give it the address that its incoming webhook has.";
    html! {
        div.field {
            label for="format" { "What it is sent" }
            select.input id="format" name="format" aria-invalid=[error.map(|_| "true")]
                aria-describedby=[form::described_by("format", error, Some(help))] {
                @for format in Format::ALL {
                    option value=(format) selected[form.value("format") == format.as_str()] { (format.label()) }
                }
            }
            (form::notes("format", error, Some(help)))
        }
    }
}

/// Sends the form to be counted only, and comes back to the answer.
fn count(path: &str) -> Markup {
    html! {
        button.button type="submit" name="dry_run" value="yes" formnovalidate data-turbo="false"
            formaction={ (path) "#dry_run" } { "How many would it hear of?" }
    }
}

fn counted(dry_run: Option<&DryRun>) -> Markup {
    let Some(DryRun { days, total, events }) = dry_run else { return html! {} };
    html! {
        div.stack id="dry_run" role="status" {
            p { "In the last " (days) " days it would have been called " b { (total) } @if *total == 1 { " time." } @else { " times." } }
            @if !events.is_empty() {
                p.row { @for of in events { span.tag.mono { (of.event) " " (of.count) } } }
            }
        }
    }
}

fn signature(form: &Form) -> Markup {
    let chosen = if form.has("signature", "ed25519") { Scheme::Ed25519 } else { Scheme::Hmac };
    let choice = |scheme: Scheme, words: &str| {
        html! {
            label.check {
                input type="radio" name="signature" value=(scheme.name()) checked[scheme == chosen];
                span { (words) " " code.faint { (scheme.name()) } }
            }
        }
    };
    html! {
        fieldset.field {
            legend { "Signature" }
            div.choices {
                (choice(Scheme::Hmac, "With a secret that both know"))
                (choice(Scheme::Ed25519, "With a private key; the receiver has the public one"))
            }
            (form::notes("signature", form.error("signature"), None))
        }
    }
}

/// Not for browsers to remember: values are secrets.
fn headers(form: &Form) -> Markup {
    let (name, error) = ("headers", form.error("headers"));
    let help = "Sent with each call, a line each, as in “Authorization: Bearer …”. Values are shown to nobody afterwards; an ellipsis keeps the value that is there.";
    html! {
        div.field {
            label for=(name) { "Headers" }
            textarea.input id=(name) name=(name) rows="3" spellcheck="false" autocomplete="off"
                aria-invalid=[error.map(|_| "true")]
                aria-describedby=[form::described_by(name, error, Some(help))] { (form.value(name)) }
            (form::notes(name, error, Some(help)))
        }
    }
}

fn rate_limit(form: &Form) -> Markup {
    let (name, error) = ("rate_limit", form.error("rate_limit"));
    let help = "From 1 to 500; with none it is called as fast as it answers.";
    html! {
        div.field {
            label for=(name) { "Calls a second at most" }
            input.input id=(name) name=(name) type="number" inputmode="numeric" min="1" max="500"
                value=(form.value(name)) aria-invalid=[error.map(|_| "true")]
                aria-describedby=[form::described_by(name, error, Some(help))];
            (form::notes(name, error, Some(help)))
        }
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
