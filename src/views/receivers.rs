//! Receivers of webhooks in a few lines: the very files that the tests run.

use maud::{Markup, html};

use super::Page;
use super::layout::Frame;

/// A receiver: its language, its file, and what is in it.
const RECEIVERS: &[(&str, &str, &str)] = &[
    ("Node", "receiver.mjs", include_str!("../../assets/receivers/receiver.mjs")),
    ("Python", "receiver.py", include_str!("../../assets/receivers/receiver.py")),
    ("Rust", "receiver.rs", include_str!("../../assets/receivers/receiver.rs")),
];

/// The page.
pub fn show(page: &Page) -> Markup {
    page.show(Frame { title: "Receivers", ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                ol.trail { li { a href="/docs" { "Events and webhooks" } } li { "Receivers" } }
                h1 { "Receivers in a few lines" }
                p { "Each checks the signature twice, with the library of Standard Webhooks and by hand, answers within moments, and takes an event once however often it comes. Cairn’s own tests run these very files." }
                p { "Check the bytes as they came: a body that was parsed and written again has another signature. If a check fails and you cannot see why, an endpoint’s page has “Check a signature”, and " code { "cairn listen" } " brings events to a receiver on your own machine." }
            } }
            div.stack.stack--loose {
                @for (language, file, text) in RECEIVERS { (receiver(language, file, text)) }
            }
        }
    })
}

fn receiver(language: &str, file: &str, text: &str) -> Markup {
    html! {
        section.panel.stack id=(file) aria-labelledby={ (file) "_name" } {
            h2 id={ (file) "_name" } { (language) " " code.faint { (file) } }
            pre.code tabindex="0" role="region" aria-label={ "Receiver in " (language) } { (text) }
        }
    }
}
