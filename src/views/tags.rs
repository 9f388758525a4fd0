//! Tags: chips on a card, and the form that adds one.

use maud::{Markup, html};

use super::{Form, form, icon, paths};
use crate::domain::tags::Tag;
use crate::values::Slug;

/// The tags of a card as chips.
pub fn chips(tags: &[Tag]) -> Markup {
    html! {
        @if !tags.is_empty() {
            ul.card__tags aria-label="Tags" {
                @for tag in tags { li.tag data-color=(tag.color) { (tag.name) } }
            }
        }
    }
}

/// The tags of a card with a button each that takes it off, and the form that adds one. `known`
/// are offered while one types; `form` is what was refused, if something was.
pub fn section(
    slug: &Slug,
    csrf_token: &str,
    number: i64,
    tags: &[Tag],
    known: &[Tag],
    form: &Form,
) -> Markup {
    let path = format!("{}/tags", paths::card(slug, number));
    html! {
        section aria-labelledby="tags_name" {
            h2 id="tags_name" { "Tags" }
            @if tags.is_empty() { p.small.soft { "None yet." } }
            ul.tags { @for tag in tags { li.tag data-color=(tag.color) { (tag.name) (off(&path, csrf_token, tag)) } } }
            (new(&path, csrf_token, known, form))
        }
    }
}

fn off(path: &str, csrf_token: &str, tag: &Tag) -> Markup {
    html! {
        form action={ (path) "/" (tag.id) } method="post" {
            (form::token(csrf_token)) (form::method("delete"))
            button.tag__off type="submit" aria-label={ "Take the tag " (tag.name) " off" } { (icon::small("x")) }
        }
    }
}

fn new(path: &str, csrf_token: &str, known: &[Tag], form: &Form) -> Markup {
    let error = form.error("name");
    html! {
        details.fact id="new_tag" open[error.is_some()] {
            summary.button.button--bare.button--small data-controller="hotkey" data-hotkey="t" {
                (icon::icon("tag")) "Tag" kbd { "T" }
            }
            form.fact__form action=(path) method="post" data-controller="submit" data-action="turbo:submit-end->submit#clear" {
                (form::token(csrf_token))
                label.sr-only for="tag_name" { "Name of the tag" }
                input.input id="tag_name" name="name" maxlength="50" required placeholder="Such as print" list="known_tags"
                    autocomplete="off" value=(form.value("name")) aria-invalid=[error.map(|_| "true")]
                    aria-describedby=[form::described_by("tag_name", error, None)];
                datalist id="known_tags" { @for tag in known { option value=(tag.name) {} } }
                button.button type="submit" { "Add" }
                (form::notes("tag_name", error, None))
            }
        }
    }
}
