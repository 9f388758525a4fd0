//! Whose work a card is: their pebbles on its face, and the list with its form beside its sheet.

use maud::{Markup, html};

use super::{Form, avatar, form, icon, paths};
use crate::domain::cards::Assignee;
use crate::values::Slug;

/// Their pebbles in a row; of many the first few, and how many more there are.
pub fn pebbles(assignees: &[Assignee]) -> Markup {
    const SHOWN: usize = 4;
    html! {
        @if !assignees.is_empty() {
            span.avatars {
                @for person in assignees.iter().take(SHOWN) { (avatar::named(&person.name, person.color)) }
                @if assignees.len() > SHOWN {
                    span.avatars__more { "+" (assignees.len() - SHOWN) span.sr-only { " more people" } }
                }
            }
        }
    }
}

/// The people with a button each that takes the card off them, and the form that adds one. `form`
/// is what was refused, if something was.
pub fn section(
    slug: &Slug,
    csrf_token: &str,
    number: i64,
    assignees: &[Assignee],
    candidates: &[Assignee],
    form: &Form,
) -> Markup {
    let path = format!("{}/assignments", paths::card(slug, number));
    html! {
        section aria-labelledby="assigned_name" {
            h2 id="assigned_name" { "Assigned" }
            @if assignees.is_empty() { p.small.soft { "Nobody yet." } }
            ul { @for person in assignees { (self::person(&path, csrf_token, person)) } }
            (new(&path, csrf_token, assignees, candidates, form))
        }
    }
}

fn person(path: &str, csrf_token: &str, person: &Assignee) -> Markup {
    html! {
        li.person {
            (avatar::small(&person.name, person.color)) span.clip { (person.name) }
            form.person__note action={ (path) "/" (person.id) } method="post" {
                (form::token(csrf_token)) (form::method("delete"))
                button.button.button--bare.button--icon.button--small type="submit" aria-label={ "Take the card off " (person.name) } { (icon::icon("x")) }
            }
        }
    }
}

fn new(
    path: &str,
    csrf_token: &str,
    assignees: &[Assignee],
    candidates: &[Assignee],
    form: &Form,
) -> Markup {
    let error = form.error("user_id");
    let is_free = |person: &&Assignee| assignees.iter().all(|one| one.id != person.id);
    html! {
        @if candidates.iter().any(|person| is_free(&person)) { details.fact id="new_assignment" open[error.is_some()] {
            summary.button.button--bare.button--small data-controller="hotkey" data-hotkey="a" {
                (icon::icon("user-plus")) "Assign" kbd { "A" }
            }
            form.fact__form action=(path) method="post" {
                (form::token(csrf_token))
                label.sr-only for="user_id" { "Whose work this is to be" }
                select.input id="user_id" name="user_id" aria-invalid=[error.map(|_| "true")]
                    aria-describedby=[form::described_by("user_id", error, None)] {
                    @for person in candidates.iter().filter(is_free) { option value=(person.id) { (person.name) } }
                }
                button.button type="submit" { "Assign" }
                (form::notes("user_id", error, None))
            }
        } }
    }
}
