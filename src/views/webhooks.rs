//! Webhook endpoints: where to call, what was called, and each try at it.

use maud::{Markup, html};
use time::OffsetDateTime;

use super::layout::{Frame, Section};
use super::{Form, Page, form, icon, paths, times};
use crate::events::KINDS;
use crate::values::id::{DeliveryId, EndpointId};
use crate::values::{Color, Slug};

/// An endpoint as the pages show it.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// Where it is called.
    pub url: String,
    /// The names of the events it is sent.
    pub events: Vec<String>,
    /// Whether it is called at all.
    pub active: bool,
}

/// One event owed to one endpoint.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// The event's name.
    pub event: String,
    /// How it stands.
    pub status: Status,
    /// When it was owed.
    pub created_at: OffsetDateTime,
    /// The tries, the first one first.
    pub attempts: Vec<Attempt>,
    /// When the next try is due.
    pub next_at: Option<OffsetDateTime>,
}

/// One try.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// When it was made.
    pub at: OffsetDateTime,
    /// The code of the answer, if there was one.
    pub response_code: Option<i32>,
    /// What went wrong, if something did.
    pub error_message: Option<String>,
    /// How long it took.
    pub milliseconds: i64,
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It will be tried, or tried again.
    Pending,
    /// It was answered with a 2xx.
    Delivered,
    /// It was given up.
    Failed,
    /// It waits, because its endpoint is switched off.
    Held,
}

/// The endpoints, and the form for a new one.
pub fn index(page: &Page, endpoints: &[Endpoint], form: &Form) -> Markup {
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
                (new(slug, &page.csrf_token, form))
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
            div.row.row--apart { h3 { a href=(paths::endpoint(slug, endpoint.id)) { (host(&endpoint.url)) } } (state(endpoint.active)) }
            p.endpoint__url { (endpoint.url) }
            p.row { @for event in &endpoint.events { span.tag.mono { (event) } } }
        }
    }
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

fn state(active: bool) -> Markup {
    let (color, name, words) =
        if active { (Color::Moss, "check", "Active") } else { (Color::Stone, "pause", "Off") };
    html! { span.state data-color=(color) { (icon::icon(name)) (words) } }
}

fn new(slug: &Slug, csrf_token: &str, form: &Form) -> Markup {
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
                fieldset.field {
                    legend { "Events" }
                    (choice("*", "Everything, also what is still to come"))
                    @for kind in KINDS.iter().filter(|kind| kind.shows.webhooks) { (choice(&kind.wire_name(), kind.label)) }
                    (form::notes("events", form.error("events"), None))
                }
                (form.other_errors(&["url", "events"]))
                p { button.button.button--ink type="submit" { (icon::icon("plus")) "Add it" } }
            }
        }
    }
}

fn choice(name: &str, label: &str) -> Markup {
    html! { label.check { input type="checkbox" name="events" value=(name); (label) " " code.faint { (name) } } }
}

/// An endpoint with its deliveries, newest first. `secret` is shown once, right after it was made.
pub fn show(
    page: &Page,
    endpoint: &Endpoint,
    secret: Option<&str>,
    deliveries: &[Delivery],
) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
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
                div.page-head__tools { (state(endpoint.active)) (remove(&paths::endpoint(slug, endpoint.id), &page.csrf_token)) }
            }
            div.stack.stack--loose {
                @if let Some(secret) = secret {
                    section.panel.stack role="status" {
                        h2 { "Its secret" }
                        p.soft { "It is shown this once. The receiver checks signatures with it." }
                        p.copy { span { (secret) } }
                    }
                }
                section.panel { header.panel__head { h2 { "Hears of" } } p.row { @for event in &endpoint.events { span.tag.mono { (event) } } } }
                section.panel aria-labelledby="deliveries_name" {
                    header.panel__head { h2 id="deliveries_name" { "Deliveries" } }
                    @if deliveries.is_empty() { p.soft { "Nothing was owed to it yet." } }
                    ol id="deliveries" { @for delivery in deliveries { (self::delivery(delivery)) } }
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

fn delivery(delivery: &Delivery) -> Markup {
    html! {
        li.delivery id={ "delivery_" (delivery.id) } {
            details {
                summary {
                    (icon::icon("chevron-right"))
                    span { (status(delivery.status)) }
                    span.delivery__event { b { (delivery.event) } }
                    span.delivery__answer { (answer(delivery)) }
                    (times::at(delivery.created_at))
                }
                div.delivery__body {
                    ol.attempts aria-label="Attempts" { @for attempt in &delivery.attempts { (self::attempt(attempt)) } }
                    @if let Some(next) = delivery.next_at { p.small.soft { "The next try is due at " (times::fixed(next)) "." } }
                }
            }
        }
    }
}

fn status(status: Status) -> Markup {
    let (color, name, words) = match status {
        Status::Pending => (Color::Ochre, "clock", "Pending"),
        Status::Delivered => (Color::Moss, "check", "Delivered"),
        Status::Failed => (Color::Rowan, "x", "Failed"),
        Status::Held => (Color::Stone, "pause", "Held"),
    };
    html! { span.state data-color=(color) { (icon::icon(name)) (words) } }
}

fn answer(delivery: &Delivery) -> String {
    let Some(last) = delivery.attempts.last() else { return "not tried yet".to_owned() };
    let tries = delivery.attempts.len();
    match (last.response_code, tries) {
        (Some(code), 1) => format!("{code} in {} ms", last.milliseconds),
        (Some(code), tries) => format!("{code} after {tries} tries"),
        (None, 1) => "no answer, 1 try".to_owned(),
        (None, tries) => format!("no answer, {tries} tries"),
    }
}

fn attempt(attempt: &Attempt) -> Markup {
    let fine = attempt.response_code.is_some_and(|code| (200..300).contains(&code));
    let (color, name) = if fine { (Color::Moss, "check") } else { (Color::Rowan, "x") };
    html! {
        li.attempt data-color=(color) {
            (icon::icon(name))
            (times::at(attempt.at))
            span {
                @if let Some(code) = attempt.response_code { "answered " b { (code) } }
                @if let Some(error) = &attempt.error_message { " " (error) }
            }
            span {}
            span { (attempt.milliseconds) " ms" }
        }
    }
}
