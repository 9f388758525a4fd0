//! The choice among the accounts of somebody who has several.

use maud::{Markup, html};

use super::{Page, brand, icon, paths};
use crate::domain::Account;

/// One's accounts, each a way in; a word for whoever has none left.
pub fn index(page: &Page, accounts: &[Account]) -> Markup {
    page.door(
        "Your accounts",
        &html! {
            div.stack.stack--tight {
                p.brand { (brand::mark()) span { "Cairn" } }
                h1 { "Where to?" }
            }
            @if accounts.is_empty() {
                p { "You are not a member of any account. Ask somebody to invite you." }
            }
            div.stack {
                @for account in accounts {
                    a.button.button--wide href=(paths::account(&account.slug)) {
                        (account.name) (icon::icon("arrow-right"))
                    }
                }
            }
            form action="/session" method="post" {
                (super::form::token(&page.csrf_token)) (super::form::method("delete"))
                button.button.button--bare type="submit" { "Sign out" }
            }
        },
    )
}
