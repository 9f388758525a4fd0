//! Signing in.

use maud::{Markup, html};

use super::{Form, Page, brand, form, icon};
use crate::values::ReturnPath;

/// The sign-in page. `return_to` is the page that was asked for, if one was; `demo` is the address
/// of the one-click sign-in, where there is one.
pub fn new(page: &Page, form: &Form, return_to: Option<&ReturnPath>, demo: Option<&str>) -> Markup {
    page.door("Sign in", &html! {
        div.stack.stack--tight {
            p.brand { (brand::mark()) span { "Cairn" } }
            h1 { "Come in" }
            p.soft { "Sign in with your e-mail and password." }
        }
        form.stack action="/session" method="post" {
            (form::token(&page.csrf_token))
            @if let Some(path) = return_to { input type="hidden" name="return_to" value=(path); }
            (email().show(form))
            (password("current-password").show(form))
            (form.other_errors(&["email", "password"]))
            button.button.button--ink.button--wide type="submit" { "Sign in" }
        }
        @if let Some(demo) = demo {
            p.or { "or, on this demo" }
            a.button.button--wide href=(demo) { "Look around" (icon::icon("arrow-right")) }
        }
        p.tiny { a href="/password_links/new" { "Forgotten your password, or none yet?" } }
    })
}

/// The field for an e-mail address.
pub(super) fn email() -> form::Input<'static> {
    form::Input {
        name: "email",
        label: "E-mail",
        kind: Some("email"),
        autocomplete: Some("username"),
        ..form::Input::default()
    }
}

/// The field for a password, known or new.
pub(super) fn password(autocomplete: &'static str) -> form::Input<'static> {
    let help =
        (autocomplete == "new-password").then_some("Ten characters or more; a few words do well.");
    form::Input {
        name: "password",
        label: "Password",
        kind: Some("password"),
        autocomplete: Some(autocomplete),
        help,
        ..form::Input::default()
    }
}
