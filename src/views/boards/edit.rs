//! The settings of a board: its name, who sees it, and the archive.

use maud::{Markup, html};

use super::super::layout::{Frame, Section};
use super::super::{Form, Page, avatar, form, icon, paths};
use super::{counted, restore};
use crate::domain::Actor;
use crate::domain::boards::Board;
use crate::domain::users::User;
use crate::values::{BoardAccess, Grantee};

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// The board.
    pub board: &'a Board,
    /// The people who were chosen to see it.
    pub chosen: &'a [User],
    /// The people of the account.
    pub members: &'a [User],
    /// What was typed, if it was refused.
    pub form: &'a Form,
}

/// The page; whoever may not change anything reads who sees the board.
pub fn show(page: &Page, settings: &Settings<'_>) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let board = settings.board;
    let title = format!("Settings of {}", board.name);
    let frame = Frame { title: &title, section: Section::Boards, ..Frame::default() };
    let manages = board.may_be_managed_by(viewer).is_ok();
    let changes = manages && board.archived_at.is_none();
    page.show(frame, &html! {
        main.page.page--narrow id="main" data-color=(board.color) {
            header.page-head { div.page-head__words {
                ol.trail { li { a href=(paths::board(&viewer.account.slug, board.id)) { (board.name) } } li { "Settings" } }
                h1 { "Settings of the board" }
            } }
            div.stack.stack--loose {
                @if changes { (name(page, viewer, settings)) }
                (sight(page, viewer, settings, changes))
                @if manages { (archive(page, viewer, board)) }
                @else { p.small.soft { "Whoever made this board, and admins, may change its settings." } }
            }
        }
    })
}

/// The form that renames a board, filled with its name.
pub fn filled(board: &Board) -> Form {
    Form::default().with("name", board.name.as_str())
}

fn name(page: &Page, viewer: &Actor, settings: &Settings<'_>) -> Markup {
    let field = form::Input {
        name: "name",
        label: "Name",
        maxlength: Some(100),
        autocomplete: Some("off"),
        ..form::Input::default()
    };
    html! {
        form.panel.stack action=(paths::board(&viewer.account.slug, settings.board.id)) method="post" {
            (form::token(&page.csrf_token)) (form::method("patch"))
            (field.show(settings.form))
            p { button.button.button--ink type="submit" { "Rename" } }
        }
    }
}

/// Who sees the board, and the forms that change it.
fn sight(page: &Page, viewer: &Actor, settings: &Settings<'_>, changes: bool) -> Markup {
    let Settings { board, chosen, form, .. } = settings;
    let private = board.access == BoardAccess::Chosen;
    html! {
        section.panel.stack aria-labelledby="sight_name" {
            h2 id="sight_name" { "Who sees it" }
            p.row {
                @if private { (icon::icon("lock")) "Only " (counted(board.viewers.unwrap_or(0), "person", "people")) ", who were chosen." }
                @else { (icon::icon("users")) "Everyone in " (viewer.account.name) "." }
            }
            @if changes && !private { p.small.soft { "Make it private, and only those who are chosen see it: you, and whom you add." } }
            @if !chosen.is_empty() && (private || changes) {
                ul.people aria-label="Chosen" { @for user in *chosen { (person(page, viewer, board, user, changes)) } }
            }
            @if changes {
                (add(page, viewer, settings))
                (form.other_errors(&["name", "user_id"]))
                (everyone(page, viewer, board))
            }
        }
    }
}

fn access_path(viewer: &Actor, board: &Board, grantee: Grantee) -> String {
    format!("{}/accesses/{grantee}", paths::board(&viewer.account.slug, board.id))
}

fn person(page: &Page, viewer: &Actor, board: &Board, user: &User, changes: bool) -> Markup {
    html! {
        li.person {
            (avatar::large(&user.name, user.color)) span.clip { (user.name) }
            @if changes {
                form.push action=(access_path(viewer, board, Grantee::User(user.id))) method="post" {
                    (form::token(&page.csrf_token)) (form::method("delete"))
                    button.button.button--small type="submit" { (icon::icon("user-minus")) "Remove" span.sr-only { " " (user.name) } }
                }
            }
        }
    }
}

/// The members who were not chosen yet, one of whom can be.
fn add(page: &Page, viewer: &Actor, settings: &Settings<'_>) -> Markup {
    let Settings { board, chosen, members, form } = settings;
    let others: Vec<&User> = members
        .iter()
        .filter(|member| chosen.iter().all(|chosen| chosen.id != member.id))
        .collect();
    let error = form.error("user_id");
    html! {
        @if !others.is_empty() || error.is_some() {
            form.place-choice__form action={ (paths::board(&viewer.account.slug, board.id)) "/accesses" } method="post" {
                (form::token(&page.csrf_token))
                div.field {
                    label for="user_id" { "Somebody more" }
                    select.input id="user_id" name="user_id" aria-invalid=[error.map(|_| "true")]
                        aria-describedby=[form::described_by("user_id", error, None)] {
                        @for member in others { option value=(member.id) { (member.name) } }
                    }
                    (form::notes("user_id", error, None))
                }
                button.button type="submit" { (icon::icon("user-plus")) "Add" }
            }
        }
    }
}

/// The button that makes a board private, or opens it.
fn everyone(page: &Page, viewer: &Actor, board: &Board) -> Markup {
    let slug = &viewer.account.slug;
    html! {
        @match board.access {
            BoardAccess::Everyone => form action=(access_path(viewer, board, Grantee::Everyone)) method="post" {
                (form::token(&page.csrf_token)) (form::method("delete"))
                button.button type="submit" { (icon::icon("lock")) "Make it private" }
            },
            BoardAccess::Chosen => form action={ (paths::board(slug, board.id)) "/accesses" } method="post" {
                (form::token(&page.csrf_token))
                button.button type="submit" name="user_id" value=(Grantee::Everyone) { (icon::icon("lock-open")) "Open it to everyone" }
            },
        }
    }
}

fn archive(page: &Page, viewer: &Actor, board: &Board) -> Markup {
    html! {
        section.panel.stack aria-labelledby="archive_name" {
            h2 id="archive_name" { "Archive" }
            @if board.archived_at.is_some() {
                p.soft { "This board is archived: it can be read, and nothing on it changes." }
                (restore(page, viewer, board))
            } @else {
                p.soft { "An archived board leaves the list of boards. It can be read as before, nothing on it changes, and it can be restored." }
                form action={ (paths::board(&viewer.account.slug, board.id)) "/archival" } method="post" {
                    (form::token(&page.csrf_token))
                    button.button type="submit" { (icon::icon("archive")) "Archive the board" }
                }
            }
        }
    }
}
