//! Webhook endpoints: where to call, what they hear of, and what was called.

use maud::{Markup, html};

use super::layout::{Frame, Section};
use super::{Form, Page, deliveries, form, icon, paths};
use crate::domain::boards::Board;
use crate::events::{KINDS, Kind};
use crate::values::{Color, Slug};
use crate::webhooks::Endpoint;
use crate::webhooks::deliveries::Log;

/// The endpoints, and the form for a new one; `boards` are those that it may be kept to.
pub fn index(page: &Page, endpoints: &[Endpoint], boards: &[Board], form: &Form) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    page.show(frame("Webhooks"), &html! {
        main.page id="main" {
            header.page-head {
                div.page-head__words { h1 { "Webhooks" } p { "Each change on your boards is called out to these addresses, signed, and called again until somebody answers." } }
                div.page-head__tools { a.button href="/docs" { (icon::icon("book-open")) "How to verify" } }
            }
            div.beside.beside--even {
                section.stack aria-labelledby="endpoints_name" {
                    h2.sr-only id="endpoints_name" { "Endpoints" }
                    @if endpoints.is_empty() {
                        div.panel.empty { (icon::icon("webhook")) h2 { "Nobody is called yet" } p { "Add an address, choose what it should hear of, and try it by moving a card." } }
                    } @else {
                        ul.endpoints { @for endpoint in endpoints { (listed(slug, endpoint)) } }
                    }
                }
                (new(slug, &page.csrf_token, boards, form))
            }
        }
    })
}

fn frame(title: &str) -> Frame<'_> {
    Frame { title, section: Section::Webhooks, ..Frame::default() }
}

fn listed(slug: &Slug, endpoint: &Endpoint) -> Markup {
    html! {
        li.endpoint.panel {
            div.row.row--apart { h3 { a href=(paths::endpoint(slug, endpoint.id)) { (host(&endpoint.url)) } } (state(endpoint)) }
            p.endpoint__url { (endpoint.url) }
            p.row { @for event in &endpoint.events { span.tag.mono { (event) } } }
        }
    }
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

fn state(endpoint: &Endpoint) -> Markup {
    let (color, name, words) = match endpoint {
        Endpoint { active: true, .. } => (Color::Moss, "check", "Active"),
        Endpoint { removed_at: Some(_), .. } => (Color::Stone, "trash", "Removed"),
        _ => (Color::Stone, "pause", "Off"),
    };
    html! { span.state data-color=(color) { (icon::icon(name)) (words) } }
}

fn new(slug: &Slug, csrf_token: &str, boards: &[Board], form: &Form) -> Markup {
    let url = form::Input {
        name: "url",
        label: "Address",
        kind: Some("url"),
        help: Some("An https address that answers with a 2xx."),
        autocomplete: Some("off"),
        ..form::Input::default()
    };
    html! {
        section.panel aria-labelledby="new_name" {
            header.panel__head { h2 id="new_name" { "Add an endpoint" } }
            form.stack action=(paths::within(slug, "webhooks")) method="post" data-turbo="false" {
                (form::token(csrf_token))
                (url.show(form))
                (events(form))
                @if !boards.is_empty() { (of_boards(boards, form)) }
                (form.other_errors(&["url", "events", "board_ids"]))
                p { button.button.button--ink type="submit" { (icon::icon("plus")) "Add it" } }
            }
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

/// The kinds that webhooks carry, by the noun that their names begin with.
fn nouns() -> Vec<(String, Vec<&'static Kind>)> {
    let mut nouns: Vec<(String, Vec<&'static Kind>)> = Vec::new();
    for kind in KINDS.iter().filter(|kind| kind.shows.webhooks) {
        let noun = kind.noun();
        match nouns.iter_mut().find(|(known, _)| known == noun) {
            Some((_, kinds)) => kinds.push(kind),
            None => nouns.push((noun.to_owned(), vec![kind])),
        }
    }
    nouns
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

/// An endpoint with its deliveries, newest first. `secret` is shown once, right after it was made.
pub fn show(
    page: &Page,
    endpoint: &Endpoint,
    boards: &[Board],
    secret: Option<&str>,
    log: &Log,
) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let path = paths::endpoint(slug, endpoint.id);
    let frame = Frame {
        trackable: Some(("WebhookEndpoint", endpoint.id.uuid())),
        ..frame("Webhook endpoint")
    };
    page.show(frame, &html! {
        main.page.page--narrow id="main" {
            header.page-head {
                div.page-head__words {
                    ol.trail { li { a href=(paths::within(slug, "webhooks")) { "Webhooks" } } li { (host(&endpoint.url)) } }
                    h1 { (host(&endpoint.url)) }
                    p.endpoint__url { (endpoint.url) }
                }
                div.page-head__tools {
                    (state(endpoint))
                    @if endpoint.removed_at.is_none() { (remove(&path, &page.csrf_token)) }
                }
            }
            div.stack.stack--loose {
                @if let Some(secret) = secret { (shown_once(secret)) }
                (hears_of(endpoint, boards))
                section.panel aria-labelledby="deliveries_name" {
                    header.panel__head { h2 id="deliveries_name" { "Deliveries" } }
                    (deliveries::list(&log.entries))
                    @if let Some(before) = log.next {
                        p { a.button.button--small href={ (path) "?before=" (before) } rel="next" { "Older" } }
                    }
                }
            }
        }
    })
}

fn remove(path: &str, csrf_token: &str) -> Markup {
    html! {
        form action=(path) method="post" data-turbo-confirm="Remove this endpoint? What is still owed to it is dropped." {
            (form::token(csrf_token)) (form::method("delete"))
            button.button.button--danger type="submit" { (icon::icon("trash")) "Remove" }
        }
    }
}

fn shown_once(secret: &str) -> Markup {
    html! {
        section.panel.stack role="status" data-color="moss" {
            h2 { "Its secret" }
            p.soft { "It is shown this once. The receiver checks signatures with it." }
            p.copy { span id="secret" { (secret) } }
        }
    }
}

fn hears_of(endpoint: &Endpoint, boards: &[Board]) -> Markup {
    let named = boards.iter().filter(|board| endpoint.board_ids.contains(&board.id));
    html! {
        section.panel aria-labelledby="hears_name" {
            header.panel__head { h2 id="hears_name" { "Hears of" } }
            p.row { @for event in &endpoint.events { span.tag.mono { (event) } } }
            @if !endpoint.board_ids.is_empty() {
                p.row { "on" @for board in named { span.tag data-color=(board.color) { (board.name) } } }
            }
        }
    }
}
