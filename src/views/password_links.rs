//! Setting a password by a one-time link.

use maud::{Markup, html};

use super::sessions::password;
use super::{Form, Page, brand, form};

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
