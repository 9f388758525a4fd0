//! The members of an account, inviting one, and what becomes of one.

use maud::{Markup, html};

use super::layout::{Frame, Section};
use super::{Form, Page, avatar, erasures, form, icon, paths, times};
use crate::domain::Actor;
use crate::domain::invitations::Waiting;
use crate::domain::users::User;
use crate::values::Role;

/// What stands on the page besides the page itself.
#[derive(Debug, Clone, Copy)]
pub struct Members<'a> {
    /// Who is there.
    pub users: &'a [User],
    /// The invitations that wait, for admins.
    pub waiting: &'a [Waiting],
    /// Former members whose data is kept still, for owners.
    pub former: &'a [User],
    /// The form for an invitation, for admins.
    pub invite: &'a Form,
    /// What was refused in the form of a member.
    pub change: &'a Form,
    /// The link of an invitation just made, which is shown this once.
    pub link: Option<&'a str>,
}

/// The page.
pub fn show(page: &Page, members: &Members<'_>) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    page.show(frame("Members"), &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words { h1 { "Members" } p { "Who works in " (viewer.account.name) "." } }
                @if viewer.administers() {
                    p.page-head__tools { a.button.button--bare href=(paths::within(&viewer.account.slug, "outbox")) { (icon::icon("mail")) "Outbox" } }
                }
            }
            div.stack.stack--loose {
                @if let Some(link) = members.link { (invitation_link(link)) }
                section.panel aria-label="Members" {
                    (members.change.other_errors(&[]))
                    ul.people { @for user in members.users { (person(page, viewer, user)) } }
                }
                @if viewer.administers() {
                    (invite(page, viewer, members.invite))
                    (unanswered(page, viewer, members.waiting))
                    (erasures::former(viewer, members.former))
                }
            }
        }
    })
}

fn frame(title: &str) -> Frame<'_> {
    Frame { title, section: Section::Members, ..Frame::default() }
}

/// Somebody, with what the viewer may do about them.
fn person(page: &Page, viewer: &Actor, user: &User) -> Markup {
    let own = user.id == viewer.user_id;
    let looked_after = viewer.may_look_after(user.role).is_ok();
    html! {
        li.person.person--wraps {
            (avatar::large(&user.name, user.color))
            span.clip { (user.name) }
            div.person__tools.push {
                @if looked_after { (role(page, viewer, user)) } @else { span.person__note { (user.role) } }
                @if own || looked_after { (way_out(viewer, user)) }
            }
        }
    }
}

fn role(page: &Page, viewer: &Actor, user: &User) -> Markup {
    html! {
        form.row action=(paths::member(&viewer.account.slug, user.id)) method="post" {
            (form::token(&page.csrf_token)) (form::method("patch"))
            select.input.input--small name="role" aria-label={ "Role of " (user.name) } autocomplete="off" {
                (roles(viewer, user.role.as_str()))
            }
            button.button.button--small type="submit" { "Change" span.sr-only { " the role of " (user.name) } }
        }
    }
}

/// The roles that somebody may give.
fn roles(viewer: &Actor, chosen: &str) -> Markup {
    let roles = [Role::Member, Role::Admin, Role::Owner];
    html! {
        @for role in roles.into_iter().filter(|role| viewer.may_appoint(*role).is_ok()) {
            option value=(role) selected[chosen == role.as_str()] { (role) }
        }
    }
}

fn way_out(viewer: &Actor, user: &User) -> Markup {
    let path = format!("{}/removal", paths::member(&viewer.account.slug, user.id));
    html! {
        a.button.button--small.button--danger href=(path) {
            @if user.id == viewer.user_id { "Leave" } @else { "Remove" span.sr-only { " " (user.name) } }
        }
    }
}

/// Asks whether somebody is to be removed, or whether one means to leave.
pub fn confirm_removal(page: &Page, user: &User) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let leaves = user.id == viewer.user_id;
    let title = match leaves {
        true => format!("Leave {}?", viewer.account.name),
        false => format!("Remove {}?", user.name),
    };
    page.show(frame(&title), &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                ol.trail { li { a href=(paths::within(slug, "members")) { "Members" } } li { (user.name) } }
                h1 { (title) }
            } }
            section.panel.stack aria-label="What happens" {
                ul.consequences {
                    @if leaves { (leaving()) } @else { (removing(user)) }
                }
                form.row action=(paths::member(slug, user.id)) method="post" {
                    (form::token(&page.csrf_token)) (form::method("delete"))
                    button.button.button--danger type="submit" { (icon::icon("user-minus")) @if leaves { "Leave" } @else { "Remove" } }
                    a.button href=(paths::within(slug, "members")) { "Back" }
                }
            }
        }
    })
}

fn leaving() -> Markup {
    html! {
        li { "What you did stays, under your name." }
        li { "Your tokens stop working at once, and nobody is told of your cards any more." }
        li { "A private board that only you see passes on to an owner." }
        li { "To come back you have to be invited again." }
    }
}

fn removing(user: &User) -> Markup {
    html! {
        li { "What " (user.name) " did stays, under their name." }
        li { "They are out at once, on every device, and their tokens stop working." }
        li { "A private board that only they see passes on to you." }
        li { "They can be invited again." }
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
    html! {
        section.panel aria-labelledby="invite_name" {
            header.panel__head { h2 id="invite_name" { "Invite somebody" } }
            form.stack action=(paths::within(&viewer.account.slug, "invitations")) method="post" data-turbo="false" {
                (form::token(&page.csrf_token))
                (email.show(form))
                div.field {
                    label for="role" { "Role" }
                    select.input id="role" name="role" { (roles(viewer, form.value("role"))) }
                    (form::notes("role", form.error("role"), None))
                }
                (form.other_errors(&["email", "role"]))
                p { button.button.button--ink type="submit" { (icon::icon("user-plus")) "Make an invitation" } }
            }
        }
    }
}

fn unanswered(page: &Page, viewer: &Actor, waiting: &[Waiting]) -> Markup {
    html! {
        @if !waiting.is_empty() {
            section.panel aria-labelledby="waiting_name" {
                header.panel__head { h2 id="waiting_name" { "Invited" } }
                ul.people { @for invitation in waiting { (invited(page, viewer, invitation)) } }
            }
        }
    }
}

fn invited(page: &Page, viewer: &Actor, invitation: &Waiting) -> Markup {
    html! {
        li.person.person--wraps {
            (icon::icon("mail"))
            div.person__words {
                p.clip { (invitation.email) }
                p.soft { "as " (invitation.role.with_article()) ", invited " (times::at(invitation.created_at)) }
            }
            form.push action=(paths::waiting_invitation(&viewer.account.slug, invitation.id)) method="post" {
                (form::token(&page.csrf_token)) (form::method("delete"))
                button.button.button--small.button--danger type="submit" { "Take back" span.sr-only { " the invitation of " (invitation.email) } }
            }
        }
    }
}
