//! The catalogue of events, made from the kinds themselves.

use maud::{Markup, html};

use super::layout::Frame;
use super::{Page, icon};
use crate::events::{KINDS, Kind};
use crate::webhooks::health::RULE;

/// The page.
pub fn show(page: &Page) -> Markup {
    page.show(Frame { title: "Events and webhooks", ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                h1 { "Events and webhooks" }
                p { "Every change is one event. Endpoints are sent each event they choose, signed, and again until they answer." }
                p { a href="/docs/api" { "The API" } " has a page of its own." }
            } }
            section.panel.stack aria-labelledby="verify_name" {
                h2 id="verify_name" { "How to verify a call" }
                p { "Calls follow Standard Webhooks: " code { "webhook-id" } ", " code { "webhook-timestamp" } " and " code { "webhook-signature" } ", so that any of its libraries checks them. " code { "X-Webhook-Signature" } " holds the HMAC-SHA256 of the body in lower-case hex, keyed with the secret as it is shown." }
                p { "While a secret is being rotated, " code { "webhook-signature" } " holds a signature of each of the two, " code { "X-Webhook-Signature" } " is made with the older one and " code { "X-Webhook-Signature-Next" } " with the newer." }
                p { (RULE) " An admin switches it on again, and it is sent what was held." }
                p { "The id is the same for every try. Answer with any 2xx within fifteen seconds; otherwise the call is made again after 5 seconds, 5 minutes, 30 minutes, 2, 5, 10, 14, 20 and 24 hours." }
            }
            @for kind in KINDS.iter().filter(|kind| kind.shows.webhooks) { (entry(kind)) }
        }
    })
}

fn entry(kind: &Kind) -> Markup {
    let name = kind.wire_name();
    let data = serde_json::to_string_pretty(&(kind.example)().data()).unwrap_or_default();
    html! {
        section.kind id=(name) data-color=(kind.color) {
            h2 { (icon::icon(kind.icon)) code { (name) } span.soft { (kind.label) } }
            pre.code tabindex="0" role="region" aria-label={ "Data of " (name) } { (data) }
        }
    }
}
