//! Taking oneself off the letters about notices.

use maud::{Markup, html};

use super::{Page, brand, form};

/// Asks whether that is what the reader of a letter wants; the form goes to the page's own address,
/// where the address itself is the proof.
pub fn new(page: &Page) -> Markup {
    page.door("No more letters", &html! {
        div.stack.stack--tight {
            p.brand { (brand::mark()) span { "Cairn" } }
            h1 { "No more letters?" }
            p.soft { "Then nothing is sent to you about cards that you follow. The bell still counts." }
        }
        form method="post" data-turbo="false" {
            (form::token(&page.csrf_token))
            button.button.button--ink.button--wide type="submit" { "Send me no more letters" }
        }
    })
}

/// Says that it is done; `slug` is the account's.
pub fn done(page: &Page, slug: &str) -> Markup {
    page.door("No more letters", &html! {
        div.stack.stack--tight {
            p.brand { (brand::mark()) span { "Cairn" } }
            h1 { "No more letters" }
            p.soft { "You get none about notices from now on. Your profile turns them on again." }
        }
        a.button.button--wide href={ "/" (slug) "/profile" } { "Your profile" }
    })
}
