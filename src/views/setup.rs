//! The first run on a database without accounts: the first account and its owner.

use maud::{Markup, html};

use super::form::Input;
use super::sessions::{email, password};
use super::{Form, Page, brand, form};

/// The form; `code` stands in the server's log and shows that whoever fills it in may.
pub fn new(page: &Page, form: &Form) -> Markup {
    let line = |name, label, help| Input {
        name,
        label,
        help: Some(help),
        maxlength: Some(100),
        ..Input::default()
    };
    page.door("Set up Cairn", &html! {
        div.stack.stack--tight {
            p.brand { (brand::mark()) span { "Cairn" } }
            h1 { "Lay the ground" }
            p.soft { "This Cairn has no account yet. Make the first one, and yourself its owner." }
        }
        form.stack action="/setup" method="post" {
            (form::token(&page.csrf_token))
            (line("code", "Code", "It stands in the server's log.").show(form))
            (line("account_name", "Account", "What your team is called.").show(form))
            (line("slug", "Short name", "For addresses: small letters, digits and hyphens.").show(form))
            (line("name", "Your name", "As the others will read it.").show(form))
            (email().show(form))
            (password("new-password").show(form))
            (form.other_errors(&["code", "account_name", "slug", "name", "email", "password"]))
            button.button.button--ink.button--wide type="submit" { "Set up" }
        }
    })
}
