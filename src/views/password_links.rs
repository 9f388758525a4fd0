//! Asking for a one-time link, and setting a password by it.

use maud::{Markup, html};

use super::sessions::{email, password};
use super::{Form, Page, brand, form};
use crate::values::Email;

/// How a link reaches whoever asks for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By mail.
    Letter,
    /// Into the outbox of the machine, whose address stands in the log.
    Outbox,
    /// Not by itself: the operator makes one.
    Operator,
}

/// What the operator types to make a link.
const COMMAND: &str = "cairn user link --email …";

/// The form that asks for the address.
pub fn new(page: &Page, way: Way, form: &Form) -> Markup {
    page.door("Forgotten password", &html! {
        div.stack.stack--tight {
            p.brand { (brand::mark()) span { "Cairn" } }
            h1 { "Forgotten your password?" }
            @if way == Way::Operator { p.soft { "This server sends no mail. Ask whoever runs it for a link: " code { (COMMAND) } " prints one." } }
            @else { p.soft { "Say your address, and a link to choose a new one is on its way." } }
        }
        @if way != Way::Operator {
            form.stack action="/password_links" method="post" data-turbo="false" {
                (form::token(&page.csrf_token))
                (email().show(form))
                (form.other_errors(&["email"]))
                button.button.button--ink.button--wide type="submit" { "Send me a link" }
            }
        }
        p.tiny { a href="/session" { "Back to signing in" } }
    })
}

/// Says what happens now, the same whether anybody has the address or not.
pub fn asked(page: &Page, way: Way, email: &Email) -> Markup {
    page.door("Forgotten password", &html! {
        div.stack.stack--tight {
            p.brand { (brand::mark()) span { "Cairn" } }
            @match way {
                Way::Operator => {
                    h1 { "No mail from here" }
                    p.soft { "This server sends none. Ask whoever runs it for a link: " code { (COMMAND) } " prints one." }
                }
                Way::Letter => {
                    h1 { "Look into your mail" }
                    p.soft { "If somebody here has the address " b { (email) } ", a link is on its way to it. It is good for a day." }
                }
                Way::Outbox => {
                    h1 { "Look into the outbox" }
                    p.soft { "If somebody here has the address " b { (email) } ", a link is in the outbox of this machine. The server’s log says where that is." }
                }
            }
        }
        p.tiny { a href="/session" { "Back to signing in" } }
    })
}

/// The form for a new password. `email` is whose it is, `token` the link's.
pub fn show(page: &Page, email: &str, token: &str, form: &Form) -> Markup {
    page.door(
        "Choose a password",
        &html! {
            div.stack.stack--tight {
                p.brand { (brand::mark()) span { "Cairn" } }
                h1 { "Choose a password" }
                p.soft { "For " b { (email) } ". The link works this once." }
            }
            form.stack action={ "/password_links/" (token) } method="post" {
                (form::token(&page.csrf_token))
                input type="hidden" name="email" value=(email) autocomplete="username";
                (password("new-password").show(form))
                (form.other_errors(&["password"]))
                button.button.button--ink.button--wide type="submit" { "Save and sign in" }
            }
        },
    )
}
