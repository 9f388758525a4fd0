//! Pages for what went wrong, in words a person understands.

use maud::{Markup, html};

use super::{Page, brand};

/// A refusal or a fault: its name, what is wrong and what to do. `typed` are texts that would
/// otherwise be lost, handed back to be copied.
pub fn show(page: &Page, title: &str, message: &str, typed: &[String]) -> Markup {
    page.door(title, &html! {
        div.stack.stack--tight {
            a.brand href="/" { (brand::mark()) span { "Cairn" } }
            h1 { (title) }
            p role="alert" { (message) }
        }
        @if !typed.is_empty() {
            div.stack {
                p.soft { "This is what you wrote; copy it before you go." }
                @for text in typed { textarea.input.input--area readonly aria-label="What you wrote" { (text) } }
            }
        }
        p { a.button.button--wide href="/" { "To the boards" } }
    })
}
