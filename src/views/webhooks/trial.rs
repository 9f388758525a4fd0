//! The page on which an endpoint is tried out, and what came of it.

use maud::{Markup, html};

use super::{frame, host};
use crate::events::history::Activity;
use crate::events::nouns;
use crate::events::sentence::People;
use crate::values::{Color, Slug};
use crate::views::{Form, Page, form, icon, paths};
use crate::webhooks::Endpoint;
use crate::webhooks::trial::Trial;

/// The form, with the events it can be tried with, and above it what came of the last one.
pub fn trial(
    page: &Page,
    endpoint: &Endpoint,
    offered: &[Activity],
    people: &People,
    form: &Form,
    trial: Option<&Trial>,
) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    page.show(frame("Try a webhook endpoint"), &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                (trail(slug, endpoint))
                h1 { "Try it out" }
                p { "One call, now, signed as every other and with " code { "Cairn-Test: true" } ". It is no delivery: it has no number, is made once, and says nothing about the endpoint’s health." }
            } }
            div.stack.stack--loose {
                @if let Some(trial) = trial { (outcome(trial)) }
                form.panel.stack action={ (paths::endpoint(slug, endpoint.id)) "/tests" } method="post" data-turbo="false" {
                    (form::token(&page.csrf_token))
                    (choice(offered, people, form))
                    p { button.button.button--ink type="submit" { (icon::icon("send")) "Call it now" } }
                }
            }
        }
    })
}

fn trail(slug: &Slug, endpoint: &Endpoint) -> Markup {
    html! {
        ol.trail {
            li { a href=(paths::within(slug, "webhooks")) { "Webhooks" } }
            li { a href=(paths::endpoint(slug, endpoint.id)) { (host(&endpoint.url)) } }
            li { "Try it out" }
        }
    }
}

fn choice(offered: &[Activity], people: &People, form: &Form) -> Markup {
    let (error, chosen) = (form.error("event"), form.value("event"));
    let help = "What really happened keeps its id, which a receiver may have seen; each example has a new one.";
    html! {
        div.field {
            label for="event" { "What is sent" }
            select.input id="event" name="event" aria-describedby=[form::described_by("event", error, Some(help))] {
                @if !offered.is_empty() {
                    optgroup label="What happened lately" {
                        @for activity in offered { (happened(activity, people, chosen)) }
                    }
                }
                @for (noun, kinds) in nouns() {
                    optgroup label={ "Examples about " (noun) "s" } {
                        @for kind in kinds {
                            option value=(kind.wire_name()) selected[chosen == kind.wire_name()] { (kind.wire_name()) }
                        }
                    }
                }
            }
            (form::notes("event", error, Some(help)))
        }
    }
}

fn happened(activity: &Activity, people: &People, chosen: &str) -> Markup {
    let (number, name) = (activity.sequence.to_string(), activity.event.kind().wire_name());
    let words = activity.sentence.plain_text(activity.header.creator_id, people);
    let words: String = words.chars().take(100).collect();
    html! { option value=(number) selected[chosen == number] { (number) " · " (name) " · " (words) } }
}

fn outcome(trial: &Trial) -> Markup {
    let fine = trial.error_message.is_none();
    let (color, name) = if fine { (Color::Moss, "check") } else { (Color::Rowan, "x") };
    html! {
        section.panel.stack role="status" aria-labelledby="outcome_name" {
            h2 id="outcome_name" { "What came of it" }
            p.row {
                span.state data-color=(color) { (icon::icon(name)) @if fine { "It was taken" } @else { "It was not taken" } }
                span {
                    @if let Some(code) = trial.response_code { "Answered " b { (code) } " in " } @else { "No answer within " }
                    (trial.milliseconds) " ms."
                }
            }
            @if let Some(error) = &trial.error_message { p { (error) } }
            @if !trial.response_body.is_empty() {
                p.small.soft { "Its answer" }
                pre.code tabindex="0" role="region" aria-label="Its answer" { (trial.response_body) }
            }
            p.small.soft { code { (trial.event) } ", " code { "webhook-id " (trial.event_id) } }
            pre.code tabindex="0" role="region" aria-label="What was sent" { (trial.request_body) }
        }
    }
}
