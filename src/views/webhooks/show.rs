//! A webhook endpoint: how it is, what it hears of, its secret, and what was called.

use maud::{Markup, html};
use time::OffsetDateTime;

use super::{frame, host, state};
use crate::domain::boards::Board;
use crate::events::kinds::webhook_endpoint_disabled::Reason;
use crate::views::deliveries::LogPage;
use crate::views::layout::{Frame, live_status};
use crate::views::{Form, Page, deliveries, form, icon, paths, times};
use crate::webhooks::Endpoint;
use crate::webhooks::endpoints::Overlap;
use crate::webhooks::format::Format;
use crate::webhooks::health::{Health, PROBES, RULE, Status};
use crate::webhooks::signature::Scheme;

/// An endpoint with its deliveries, newest first. `secret` is shown once, right after it was made.
pub fn show(
    page: &Page,
    endpoint: &Endpoint,
    boards: &[Board],
    secret: Option<&str>,
    log: &LogPage<'_>,
    form: &Form,
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
                    @if endpoint.removed_at.is_none() {
                        a.button href={ (path) "/tests" } { (icon::icon("send")) "Try it" }
                        a.button href={ (path) "/replays" } { (icon::icon("rotate-cw")) "Send again" }
                        a.button href={ (path) "/edit" } { (icon::icon("pencil")) "Edit" }
                        (remove(&path, &page.csrf_token))
                    }
                }
            }
            div.stack.stack--loose {
                @if let Some(secret) = secret { (shown_once(secret)) }
                @if endpoint.removed_at.is_none() { (health(&path, &page.csrf_token, &endpoint.health, form)) }
                (hears_of(endpoint, boards))
                @if endpoint.removed_at.is_none() { (called(endpoint)) (rotation(&path, &page.csrf_token, endpoint.older_secret_until)) }
                section.panel.stack aria-labelledby="deliveries_name" {
                    header.panel__head {
                        h2 id="deliveries_name" { "Deliveries" }
                        (live_status())
                        a.button.button--small href=(log.narrowed.address(&format!("{path}/deliveries.ndjson"), None)) download="deliveries.ndjson" data-turbo="false" {
                            (icon::icon("download")) "Export as NDJSON"
                        }
                    }
                    (deliveries::sentence(&path, log.narrowed, &viewer.zone))
                    (deliveries::log(slug, &page.csrf_token, &path, log))
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

/// The numbers of now, and beside them the rule that judges them.
fn health(path: &str, csrf_token: &str, health: &Health, typed: &Form) -> Markup {
    html! {
        section.panel.stack aria-labelledby="health_name" {
            h2 id="health_name" { "Health" }
            p { (in_a_row(health)) }
            @if let (Some(at), Some(reason)) = (health.disabled_at, health.disabled_because) {
                div.rotation data-color="rowan" {
                    p.rotation__head { (icon::icon("pause")) b { "Switched off " (times::at(at)) } span { (because(reason)) } }
                    p.small { (if reason == Reason::Failing { PROBES } else { "What it is owed is held." }) }
                    (resume(path, csrf_token, typed))
                }
            }
            p.small.soft { (RULE) }
        }
    }
}

/// Switches it on again, and asks what becomes of what was held.
fn resume(path: &str, csrf_token: &str, typed: &Form) -> Markup {
    let chosen = match typed.value("held") {
        "" => "all",
        chosen => chosen,
    };
    let choice = |value: &str, words: &str| {
        html! {
            label.check { input type="radio" name="held" value=(value) checked[chosen == value]; (words) }
        }
    };
    html! {
        form.stack.stack--tight action={ (path) "/disablement" } method="post" {
            (form::token(csrf_token)) (form::method("delete"))
            fieldset.stack.stack--tight {
                legend { "What was held meanwhile" }
                (choice("all", "Send all of it, the oldest first"))
                (choice("since", "Send what was owed since"))
                (form::Input { name: "since", label: "Since the day", kind: Some("date"), optional: true, ..form::Input::default() }.show(typed))
                (choice("nothing", "Send nothing of it"))
            }
            button.button.button--ink type="submit" { (icon::icon("play")) "Switch it on" }
        }
    }
}

fn in_a_row(health: &Health) -> Markup {
    html! {
        @match (health.failures, health.failing_since) {
            (0, _) | (_, None) => "No try has failed since the last that succeeded.",
            (1, Some(since)) => { "The last try failed, " (times::at(since)) "." }
            (failures, Some(since)) => {
                "The last " b { (failures) } " tries failed, the first of them " (times::at(since)) "."
                @if health.status == Status::Well { " That is not long enough to worry." }
            }
        }
    }
}

fn because(reason: Reason) -> &'static str {
    match reason {
        Reason::Failing => "after it had failed for days",
        Reason::Gone => "because it answered 410 (Gone)",
    }
}

fn hears_of(endpoint: &Endpoint, boards: &[Board]) -> Markup {
    let named = boards.iter().filter(|board| endpoint.board_ids.contains(&board.id));
    html! {
        section.panel aria-labelledby="hears_name" {
            header.panel__head { h2 id="hears_name" { "Hears of" } }
            @if endpoint.format != Format::Cairn { p.soft { (endpoint.format.label()) } }
            p.row { @for event in &endpoint.events { span.tag.mono { (event) } } }
            @if !endpoint.board_ids.is_empty() {
                p.row { "on" @for board in named { span.tag data-color=(board.color) { (board.name) } } }
            }
        }
    }
}

/// What is sent with each call besides the body, and how often.
fn called(endpoint: &Endpoint) -> Markup {
    html! {
        section.panel.stack aria-labelledby="called_name" {
            h2 id="called_name" { "How it is called" }
            @match endpoint.signature {
                Scheme::Hmac => p { "Signed with its secret." },
                Scheme::Ed25519 => p { "Signed with a private key." },
            }
            @if let Some(until) = endpoint.other_signature_until {
                p.small.soft { "Until " (times::fixed(until)) " it is signed the other way too." }
            }
            @if let Some(key) = &endpoint.public_key {
                p.small.soft { "This public key checks the signature:" }
                p.copy { span id="public_key" { (key) } }
            }
            @if let Some(key) = &endpoint.older_public_key {
                p.small.soft { "So does, until the rotation is over, the one before it:" }
                p.copy { span { (key) } }
            }
            @if !endpoint.header_names.is_empty() {
                p.row { "Headers" @for name in &endpoint.header_names { span.tag.mono { (name) } } }
            }
            @if let Some(limit) = endpoint.rate_limit { p { "At most " b { (limit) } " calls a second." } }
        }
    }
}

fn rotation(path: &str, csrf_token: &str, older_until: Option<OffsetDateTime>) -> Markup {
    html! {
        section.panel.stack aria-labelledby="rotation_name" {
            h2 id="rotation_name" { "Secret" }
            @if let Some(until) = older_until {
                div.rotation data-color="ochre" {
                    p.rotation__head { (icon::icon("key-round")) b { "Two secrets sign until " (times::fixed(until)) } }
                    p.small { code { "webhook-signature" } " carries both signatures. " code { "X-Webhook-Signature" } " is made with the older secret, " code { "X-Webhook-Signature-Next" } " with the newer one." }
                }
            }
            p.soft { "A new secret is shown once. For a while the present one signs too, so that the receiver can change over without missing a call." }
            form.stack action={ (path) "/secret_rotations" } method="post" data-turbo="false" {
                (form::token(csrf_token))
                fieldset.field {
                    legend { "The present secret stays good for" }
                    div.row { @for overlap in Overlap::ALL { (choice(overlap)) } }
                }
                @if older_until.is_some() { p.small { "The older of the two secrets is no good any more then." } }
                p.row {
                    button.button type="submit" { (icon::icon("rotate-cw")) "Rotate the secret" }
                    a.button.button--bare href={ (path) "/signature_checks" } { (icon::icon("search")) "Check a signature" }
                }
            }
        }
    }
}

fn choice(overlap: Overlap) -> Markup {
    let words = match overlap {
        Overlap::None => "no time: it is known to a stranger",
        Overlap::Day => "24 hours",
        Overlap::Week => "7 days",
    };
    html! {
        label.check {
            input type="radio" name="overlap_hours" value=(overlap.hours()) checked[overlap == Overlap::default()];
            span { (words) }
        }
    }
}
