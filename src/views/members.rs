//! The members of an account, and inviting one.

use maud::{Markup, html};

use super::layout::{Frame, Section};
use super::{Form, Page, avatar, form, icon, paths, times};
use crate::domain::Actor;
use crate::domain::invitations::Waiting;
use crate::domain::users::User;
use crate::values::Role;

/// The page. `waiting` and `form` are for admins; `link` is the one of an invitation just made,
/// which is shown this once.
pub fn show(
    page: &Page,
    users: &[User],
    waiting: &[Waiting],
    form: &Form,
    link: Option<&str>,
) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let frame = Frame { title: "Members", section: Section::Members, ..Frame::default() };
    page.show(frame, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words { h1 { "Members" } p { "Who works in " (viewer.account.name) "." } }
                @if viewer.administers() {
                    p.page-head__tools { a.button.button--bare href=(paths::within(&viewer.account.slug, "outbox")) { (icon::icon("mail")) "Outbox" } }
                }
            }
            div.stack.stack--loose {
                @if let Some(link) = link { (invitation_link(link)) }
                ul.panel.people { @for user in users { (person(user)) } }
                @if viewer.administers() { (invite(page, viewer, form)) (unanswered(waiting)) }
            }
        }
    })
}

fn person(user: &User) -> Markup {
    html! {
        li.person { (avatar::large(&user.name, user.color)) span.clip { (user.name) } span.person__note { (user.role) } }
    }
}

/// A role as part of a sentence: “an owner”.
pub(super) fn with_article(role: Role) -> &'static str {
    match role {
        Role::Member => "a member",
        Role::Admin => "an admin",
        Role::Owner => "an owner",
    }
}

fn invitation_link(link: &str) -> Markup {
    html! {
        section.panel.stack role="status" data-color="moss" {
            h2 { "Invited" }
            p.soft { "The letter stands in the outbox. This is its link, should you want to hand it over yourself: it is shown this once, works once and is good for fourteen days." }
            p.copy { span { (link) } }
        }
    }
}

fn invite(page: &Page, viewer: &Actor, form: &Form) -> Markup {
    let email = form::Input {
        name: "email",
        label: "E-mail",
        kind: Some("email"),
        autocomplete: Some("off"),
        ..form::Input::default()
    };
    let roles = [Role::Member, Role::Admin, Role::Owner];
    html! {
        section.panel aria-labelledby="invite_name" {
            header.panel__head { h2 id="invite_name" { "Invite somebody" } }
            form.stack action=(paths::within(&viewer.account.slug, "invitations")) method="post" data-turbo="false" {
                (form::token(&page.csrf_token))
                (email.show(form))
                div.field {
                    label for="role" { "Role" }
                    select.input id="role" name="role" {
                        @for role in roles.into_iter().filter(|role| *role <= viewer.role) {
                            option value=(role) selected[form.value("role") == role.as_str()] { (role) }
                        }
                    }
                    (form::notes("role", form.error("role"), None))
                }
                (form.other_errors(&["email", "role"]))
                p { button.button.button--ink type="submit" { (icon::icon("user-plus")) "Make an invitation" } }
            }
        }
    }
}

fn unanswered(waiting: &[Waiting]) -> Markup {
    html! {
        @if !waiting.is_empty() {
            section.panel aria-labelledby="waiting_name" {
                header.panel__head { h2 id="waiting_name" { "Invited" } }
                ul.people { @for invitation in waiting {
                    li.person { (icon::icon("mail")) span.clip { (invitation.email) }
                        span.person__note { (invitation.role) ", invited " (times::at(invitation.created_at)) } }
                } }
            }
        }
    }
}
