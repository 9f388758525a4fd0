//! The page that says why a signature does not check, and a delivery as a command of curl.

use maud::{Markup, html};

use super::{frame, host};
use crate::values::{Color, Slug};
use crate::views::{Form, Page, form, icon, paths};
use crate::webhooks::Endpoint;
use crate::webhooks::diagnosis::Finding;

/// The form for what a receiver has in hand, and above it what was found.
pub fn signature_check(
    page: &Page,
    endpoint: &Endpoint,
    form: &Form,
    findings: Option<&[Finding]>,
) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    page.show(frame("Check a signature"), &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                (trail(slug, endpoint, "Check a signature"))
                h1 { "Check a signature" }
                p { "Paste what your receiver got, as it got it, and be told what is wrong. Nothing of it is kept or logged." }
            } }
            div.stack.stack--loose {
                @if let Some(findings) = findings { (found(findings)) }
                form.panel.stack action={ (paths::endpoint(slug, endpoint.id)) "/signature_checks" } method="post" data-turbo="false" autocomplete="off" {
                    (form::token(&page.csrf_token))
                    (form::text_area(form, "headers", "Headers", Some("A line each, such as webhook-id: 0192d2f0-…; others may stand among them.")))
                    (form::text_area(form, "body", "Body", Some("The bytes as they came, before anything parsed them.")))
                    (optional("secret", "password", "", "The secret it checks with", "May be left out. It is compared with the secrets that sign, and forgotten."))
                    (optional("computed", "text", form.value("computed"), "The signature that your own code computes", "May be left out. It often tells by itself what the code does otherwise."))
                    p { button.button.button--ink type="submit" { (icon::icon("search")) "Check it" } }
                }
            }
        }
    })
}

/// A delivery as a command of curl.
pub fn curl(page: &Page, endpoint: &Endpoint, command: &str) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    page.show(frame("A delivery as curl"), &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                (trail(slug, endpoint, "As curl"))
                h1 { "A delivery as curl" }
                p { "The very bytes and headers. It was signed just now, so a receiver takes it for the next five minutes; the id is the event’s, which it may know already. The secret does not stand in it." }
            } }
            div.panel.stack data-controller="copy" {
                pre.code tabindex="0" role="region" aria-label="The command" data-copy-target="text" { (command) }
                p { button.button type="button" hidden data-copy-target="button" data-action="copy#copy" { (icon::icon("copy")) "Copy" } }
            }
        }
    })
}

fn trail(slug: &Slug, endpoint: &Endpoint, here: &str) -> Markup {
    html! {
        ol.trail {
            li { a href=(paths::within(slug, "webhooks")) { "Webhooks" } }
            li { a href=(paths::endpoint(slug, endpoint.id)) { (host(&endpoint.url)) } }
            li { (here) }
        }
    }
}

fn optional(name: &str, kind: &str, value: &str, label: &str, help: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            input.input id=(name) name=(name) type=(kind) value=(value) autocomplete="off" aria-describedby=[form::described_by(name, None, Some(help))];
            (form::notes(name, None, Some(help)))
        }
    }
}

fn found(findings: &[Finding]) -> Markup {
    let wrong = findings.iter().filter(|finding| !finding.is_well).count();
    html! {
        section.panel.stack role="status" aria-labelledby="found_name" {
            h2 id="found_name" { @if wrong == 0 { "All is well" } @else { "What is wrong" } }
            ul.stack role="list" {
                @for finding in findings { (line(finding)) }
            }
        }
    }
}

fn line(finding: &Finding) -> Markup {
    let (color, name, word) = match finding.is_well {
        true => (Color::Moss, "check", "Right"),
        false => (Color::Rowan, "x", "Wrong"),
    };
    html! {
        li.finding { span.state data-color=(color) { (icon::icon(name)) (word) } span { (finding.words) } }
    }
}
