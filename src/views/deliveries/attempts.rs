//! A try at a delivery: where it went, how long it took, what was sent and answered.

use maud::{Markup, html};
use time::OffsetDateTime;

use crate::values::Color;
use crate::views::{dom, icon, times};
use crate::webhooks::attempts::Attempt;

/// A try; when the next one was due is said unless it is still to come, which is said below all.
pub(super) fn attempt(attempt: &Attempt, to_come: Option<OffsetDateTime>) -> Markup {
    let fine = attempt.error_message.is_none();
    let (color, name) = if fine { (Color::Moss, "check") } else { (Color::Rowan, "x") };
    html! {
        li.attempt id=(dom::attempt(attempt.id)) data-color=(color) {
            (icon::icon(name))
            (times::at(attempt.started_at))
            span {
                @if let Some(error) = &attempt.error_message { (error) }
                @else if let Some(code) = attempt.response_code { "Answered " b { (code) } "." }
            }
            span { (attempt.milliseconds) " ms" }
            div.attempt__details {
                p.tiny.soft { (course(attempt)) @if let Some(next) = attempt.next_at.filter(|next| to_come != Some(*next)) { " The next try was due at " (times::fixed(next)) "." } }
                (text("Sent headers", &attempt.request_headers))
                (text("Answered headers", &attempt.response_headers))
                (text("What was answered", attempt.response_body.as_deref().unwrap_or_default()))
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

/// Text that a receiver may have written: characters that steer, and are not seen, are shown as what
/// they are.
fn text(name: &str, lines: &str) -> Markup {
    let steers = |character: char| character.is_control() && !matches!(character, '\n' | '\t');
    let shown = lines.replace("\r\n", "\n").replace(steers, "\u{fffd}");
    html! {
        @if !shown.is_empty() { details { summary.tiny { (icon::small("chevron-right")) (name) } pre.code tabindex="0" { (shown) } } }
    }
}
