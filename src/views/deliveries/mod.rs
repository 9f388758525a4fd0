//! What was owed to webhook endpoints, and each try at it.

mod attempts;
mod filter;
mod narrowed;

use maud::{Markup, html};

use self::attempts::attempt;
pub use self::filter::sentence;
pub use self::narrowed::Narrowed;
use super::{dom, form, icon, paths, times};
use crate::values::Slug;
use crate::webhooks::attempts::Attempt;
use crate::webhooks::deliveries::{Entry, Log, Status};

/// A page of the log of an endpoint.
#[derive(Debug, Clone, Copy)]
pub struct LogPage<'a> {
    /// What it is narrowed to.
    pub narrowed: &'a Narrowed,
    /// Where an older page begins; none on the newest one.
    pub before: Option<i64>,
    /// The deliveries.
    pub log: &'a Log,
}

/// The log of an endpoint, the newest first, which loads itself anew when it is told that something
/// in it has changed; `path` is where the endpoint is.
pub fn log(slug: &Slug, csrf_token: &str, path: &str, shown: &LogPage<'_>) -> Markup {
    let LogPage { narrowed, before, log } = *shown;
    html! {
        div.stack id=(dom::LOG) data-address=(narrowed.address(&format!("{path}/log"), before)) {
            @if log.entries.is_empty() { (nothing(path, narrowed, before)) }
            div id=(dom::DELIVERIES) { (list(slug, csrf_token, &log.entries)) }
            nav.row aria-label="Pages" {
                @if before.is_some() {
                    a.button.button--small href=(narrowed.address(path, None)) { (icon::icon("chevron-up")) "Newest" }
                }
                @if let Some(before) = log.next {
                    a.button.button--small href=(narrowed.address(path, Some(before))) rel="next" { (icon::icon("chevron-down")) "Older" }
                }
            }
        }
    }
}

fn nothing(path: &str, narrowed: &Narrowed, before: Option<i64>) -> Markup {
    html! {
        p.soft {
            @if !narrowed.is_empty() { "Nothing of that sort. " a href=(path) { "Show everything" } "." }
            @else if before.is_some() { "Nothing older." }
            @else { "Nothing was owed to it yet." }
        }
    }
}

/// Some deliveries.
pub fn list(slug: &Slug, csrf_token: &str, entries: &[Entry]) -> Markup {
    html! { ol { @for entry in entries { (delivery(slug, csrf_token, entry)) } } }
}

fn delivery(slug: &Slug, csrf_token: &str, Entry { delivery, attempts }: &Entry) -> Markup {
    let path =
        format!("{}/deliveries/{}", paths::endpoint(slug, delivery.endpoint_id), delivery.id);
    html! {
        li.delivery id=(dom::delivery(delivery.id)) {
            details {
                summary {
                    (icon::icon("chevron-right"))
                    span { (status(delivery.status)) }
                    span.delivery__event { (event(delivery.event.as_deref())) span.soft { "number " (delivery.number) @if delivery.replayed { ", sent again" } } }
                    span.delivery__answer { (answer(attempts)) }
                    (times::at(delivery.created_at))
                }
                div.delivery__body {
                    ol.attempts aria-label="Attempts" { @for attempt in attempts { (self::attempt(attempt, delivery.next_at)) } }
                    @if let Some(next) = delivery.next_at { p.small.soft { "The next try is due at " (times::fixed(next)) "." } }
                    @if attempts.is_empty() { @if let Some(error) = &delivery.error_message { p.small.soft { (error) } } }
                    div.row {
                        (resend(&path, csrf_token, delivery.status))
                        @if delivery.event.is_some() {
                            a.button.button--bare.button--small href=(paths::deliveries_of(slug, delivery.event_id)) { (icon::icon("activity")) "What happened" }
                            a.button.button--bare.button--small href={ (path) "/curl" } { (icon::icon("copy")) "As curl" }
                        }
                        span.tiny.faint.mono.clip { "webhook-id " (delivery.event_id) }
                    }
                }
            }
        }
    }
}

/// A button that has it sent again; of what has arrived already it asks first.
fn resend(path: &str, csrf_token: &str, status: Status) -> Markup {
    let words = match status {
        Status::Pending => "Try it now",
        Status::Delivered | Status::Failed | Status::Skipped => "Send again",
        Status::Held => return html! {},
    };
    let arrived = (status == Status::Delivered).then_some("It has arrived. Send it once more?");
    html! {
        form action={ (path) "/resends" } method="post" data-turbo-confirm=[arrived] {
            (form::token(csrf_token))
            button.button.button--bare.button--small type="submit" { (icon::icon("rotate-cw")) (words) }
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
    let (color, name, words) = filter::face(status);
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
