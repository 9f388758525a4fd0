//! The catalogue of events, made from the kinds themselves: when each happens, its schema, an example.

use maud::{Markup, html};
use serde::Serialize;

use super::layout::Frame;
use super::{Page, icon};
use crate::events::{Envelope, Kind, nouns};

/// The page.
pub fn show(page: &Page) -> Markup {
    page.show(Frame { title: "Every event", ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                ol.trail { li { a href="/docs" { "Events and webhooks" } } li { "Every event" } }
                h1 { "Every event" }
                p { "What endpoints are sent, and what " code { "GET /api/v1/{account}/events" } " gives: one body for each thing that happens. An endpoint asks for names, for all of a noun (" code { "card.*" } ") or for everything (" code { "*" } ")." }
                p { "Members are only ever added to a body, never taken away or given another meaning; take those you do not know as they come. " a href="/api/v1/openapi.json" { "The OpenAPI document" } " has the same under " code { "webhooks" } ", for programs." }
            } }
            (contents())
            @for (_, kinds) in nouns() { @for kind in kinds { (entry(kind)) } }
        }
    })
}

/// Every name, by its noun, as a way to its entry.
fn contents() -> Markup {
    html! {
        nav.panel.stack aria-labelledby="contents_name" {
            h2 id="contents_name" { "Names" }
            @for (noun, kinds) in nouns() {
                ul.row role="list" aria-label={ "About " (noun) "s" } {
                    @for kind in kinds { li { a.tag.mono href={ "#" (kind.wire_name()) } { (kind.wire_name()) } } }
                }
            }
        }
    }
}

fn entry(kind: &Kind) -> Markup {
    let name = kind.wire_name();
    html! {
        section.kind id=(name) data-color=(kind.color) aria-labelledby={ (name) "_name" } {
            h2 id={ (name) "_name" } { (icon::icon(kind.icon)) code { (name) } span.soft { (kind.label) } }
            p { (kind.happens()) }
            (json(&format!("Body of {name}"), &Envelope::documented(kind)))
            details {
                summary { "JSON Schema" }
                (json(&format!("JSON Schema of {name}"), &kind.payload_schema()))
            }
        }
    }
}

fn json(name: &str, value: &impl Serialize) -> Markup {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    html! { pre.code tabindex="0" role="region" aria-label=(name) { (text) } }
}
