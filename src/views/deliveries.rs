//! What was owed to a webhook endpoint, and each try at it.

use maud::{Markup, html};
use time::OffsetDateTime;

use super::{dom, icon, times};
use crate::values::Color;
use crate::webhooks::attempts::Attempt;
use crate::webhooks::deliveries::{Entry, Status};

/// The deliveries of an endpoint, the newest first; `path` is where the endpoint is.
pub fn list(path: &str, entries: &[Entry]) -> Markup {
    html! {
        @if entries.is_empty() { p.soft { "Nothing was owed to it yet." } }
        ol id=(dom::DELIVERIES) { @for entry in entries { (delivery(path, entry)) } }
    }
}

fn delivery(path: &str, Entry { delivery, attempts }: &Entry) -> Markup {
    html! {
        li.delivery id=(dom::delivery(delivery.id)) {
            details {
                summary {
                    (icon::icon("chevron-right"))
                    span { (status(delivery.status)) }
                    span.delivery__event { (event(delivery.event.as_deref())) span.soft { "number " (delivery.number) } }
                    span.delivery__answer { (answer(attempts)) }
                    (times::at(delivery.created_at))
                }
                div.delivery__body {
                    ol.attempts aria-label="Attempts" { @for attempt in attempts { (self::attempt(attempt, delivery.next_at)) } }
                    @if let Some(next) = delivery.next_at { p.small.soft { "The next try is due at " (times::fixed(next)) "." } }
                    @if attempts.is_empty() { @if let Some(error) = &delivery.error_message { p.small.soft { (error) } } }
                    p.row {
                        @if delivery.event.is_some() {
                            a.button.button--bare.button--small href={ (path) "/deliveries/" (delivery.id) "/curl" } { (icon::icon("copy")) "As curl" }
                        }
                        span.tiny.faint.mono.clip { "webhook-id " (delivery.event_id) }
                    }
                }
            }
        }
    }
}

fn event(name: Option<&str>) -> Markup {
    html! {
        @match name {
            Some(name) => b { (name) },
            None => span.soft { "On a board that you don’t see" },
        }
    }
}

fn status(status: Status) -> Markup {
    let (color, name, words) = match status {
        Status::Pending => (Color::Ochre, "clock", "Pending"),
        Status::Delivered => (Color::Moss, "check", "Delivered"),
        Status::Failed => (Color::Rowan, "x", "Failed"),
        Status::Held => (Color::Stone, "pause", "Held"),
        Status::Skipped => (Color::Stone, "x", "Skipped"),
    };
    html! { span.state data-color=(color) { (icon::icon(name)) (words) } }
}

fn answer(attempts: &[Attempt]) -> String {
    let Some(last) = attempts.last() else { return "not tried yet".to_owned() };
    let tries = attempts.len();
    match (last.response_code, tries) {
        (Some(code), 1) => format!("{code} in {} ms", last.milliseconds),
        (Some(code), tries) => format!("{code} after {tries} tries"),
        (None, 1) => "no answer, 1 try".to_owned(),
        (None, tries) => format!("no answer, {tries} tries"),
    }
}

/// A try; when the next one was due is said unless it is still to come, which is said below all.
fn attempt(attempt: &Attempt, to_come: Option<OffsetDateTime>) -> Markup {
    let fine = attempt.error_message.is_none();
    let (color, name) = if fine { (Color::Moss, "check") } else { (Color::Rowan, "x") };
    html! {
        li.attempt data-color=(color) {
            (icon::icon(name))
            (times::at(attempt.started_at))
            span {
                @if let Some(error) = &attempt.error_message { (error) }
                @else if let Some(code) = attempt.response_code { "Answered " b { (code) } "." }
            }
            span { (attempt.milliseconds) " ms" }
            div.attempt__details {
                p.tiny.soft { (course(attempt)) @if let Some(next) = attempt.next_at.filter(|next| to_come != Some(*next)) { " The next try was due at " (times::fixed(next)) "." } }
                (headers("Sent", &attempt.request_headers))
                (headers("Answered", &attempt.response_headers))
            }
        }
    }
}

/// Where a try went, and what took how long.
fn course(attempt: &Attempt) -> Markup {
    let parts = [
        ("found in", attempt.lookup_milliseconds),
        ("connected in", attempt.connect_milliseconds),
        ("secured in", attempt.tls_milliseconds),
        ("answered after", attempt.first_byte_milliseconds),
    ];
    let told = parts.into_iter().filter_map(|(words, time)| Some((words, time?)));
    html! {
        @if let Some(address) = &attempt.address { "Dialled " span.mono { (address) } }
        @else { "Dialled nobody" }
        @if attempt.connect_milliseconds.is_none() && attempt.response_code.is_some() { ", over a connection that was open" }
        @for (words, time) in told { ", " (words) " " (time) " ms" }
        "."
    }
}

fn headers(name: &str, lines: &str) -> Markup {
    html! {
        @if !lines.is_empty() { details { summary.tiny { (icon::small("chevron-right")) (name) " headers" } pre.code { (lines) } } }
    }
}
