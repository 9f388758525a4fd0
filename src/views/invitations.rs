//! An invitation, opened by whoever was invited.

use maud::{Markup, html};

use super::sessions::password;
use super::{Form, Page, brand, form, paths};
use crate::domain::invitations::Invitation;
use crate::values::ReturnPath;

/// What the person who opens an invitation has to do to accept it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// They are signed in as the person invited: a press is enough.
    Join,
    /// They are new here: a name and a password.
    Register,
    /// Their address has a password: they sign in first.
    SignIn,
    /// The same, and somebody else is signed in: they sign out before.
    SignOut,
}

/// The page of an invitation; `token` is the link's.
pub fn show(page: &Page, invitation: &Invitation, token: &str, step: Step, form: &Form) -> Markup {
    let path = paths::invitation(&invitation.account.slug, token);
    let session = paths::session(ReturnPath::parse(&path).as_ref());
    let name = form::Input {
        name: "name",
        label: "Your name",
        autocomplete: Some("name"),
        maxlength: Some(100),
        help: Some("As the others will read it."),
        ..form::Input::default()
    };
    page.door("Invitation", &html! {
        div.stack.stack--tight {
            p.brand { (brand::mark()) span { "Cairn" } }
            h1 { "Join " (invitation.account_name) }
            p.soft { (invitation.inviter) " invited " b { (invitation.email.as_str()) } " as " (invitation.role.with_article()) "." }
        }
        @match step {
            Step::SignIn => {
                p { "There is a password for this address already. Sign in, and you are back here." }
                a.button.button--ink.button--wide href=(session) { "Sign in" }
            }
            Step::SignOut => {
                p { "There is a password for this address already, and you are signed in as somebody else." }
                form action=(session) method="post" {
                    (form::token(&page.csrf_token)) (form::method("delete"))
                    button.button.button--ink.button--wide type="submit" { "Sign in as " (invitation.email) }
                }
            }
            Step::Join | Step::Register => {
                form.stack action={ (path) "/acceptance" } method="post" {
                    (form::token(&page.csrf_token))
                    @if step == Step::Register { (name.show(form)) (password("new-password").show(form)) }
                    (form.other_errors(&["name", "password"]))
                    button.button.button--ink.button--wide type="submit" { "Join " (invitation.account_name) }
                }
            }
        }
    })
}
