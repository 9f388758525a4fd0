//! Taking oneself off letters that come by themselves.

use maud::{Markup, html};

use super::{Page, brand, form};
use crate::notifications::off::About;

/// Asks whether that is what the reader of a letter wants; the form goes to the page's own address,
/// where the address itself is the proof.
pub fn new(page: &Page, about: About) -> Markup {
    let words = match about {
        About::Notices => {
            "Then nothing is sent to you about cards that you follow. The bell still counts."
        }
        About::Heads => {
            "Then the head of the log is not sent to you any more. Keep those that you have: they stay good."
        }
    };
    page.door(
        "No more letters",
        &html! {
            div.stack.stack--tight {
                p.brand { (brand::mark()) span { "Cairn" } }
                h1 { "No more letters?" }
                p.soft { (words) }
            }
            form method="post" data-turbo="false" {
                (form::token(&page.csrf_token))
                button.button.button--ink.button--wide type="submit" { "Send me no more letters" }
            }
        },
    )
}

/// Says that it is done; `slug` is the account's.
pub fn done(page: &Page, about: About, slug: &str) -> Markup {
    let (words, place, name) = match about {
        About::Notices => {
            let words = "You get none about notices from now on. Your profile turns them on again.";
            (words, "profile", "Your profile")
        }
        About::Heads => {
            let words = "The head of the log is not sent to you from now on. The audit page turns that on again.";
            (words, "audit", "The audit")
        }
    };
    page.door(
        "No more letters",
        &html! {
            div.stack.stack--tight {
                p.brand { (brand::mark()) span { "Cairn" } }
                h1 { "No more letters" }
                p.soft { (words) }
            }
            a.button.button--wide href={ "/" (slug) "/" (place) } { (name) }
        },
    )
}
