//! Deleting a card: asking first, and what is told of it afterwards.

use maud::{Markup, html};

use super::layout::{Frame, Section};
use super::{Page, form, icon, paths, times};
use crate::domain::cards::{Card, Deleted};
use crate::domain::restorations::may_undo;

/// The page that asks whether a card is really to be deleted.
pub fn new(page: &Page, card: &Card, comments: usize) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let path = paths::card(slug, card.number);
    page.show(Frame { title: "Delete the card", section: Section::Boards, ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                ol.trail { li { a href=(path) { (card.number) " " (card.title) } } li { "Delete" } }
                h1 { "Delete this card?" }
            } }
            form.panel.stack action=(path) method="post" {
                (form::token(&page.csrf_token)) (form::method("delete"))
                p {
                    "“" (card.title) "” goes"
                    @match comments { 0 => "", 1 => " with its one comment", _ => { " with its " (comments) " comments" } }
                    ". That it was here, and what happened to it, stays in its history, and from there it can be restored."
                }
                p.soft { "If it is only done with, close it: then it can still be read and reopened." }
                p.row {
                    button.button.button--danger type="submit" { (icon::icon("trash")) "Delete the card" }
                    a.button.button--bare href=(path) { "Keep it" }
                }
            }
        }
    })
}

/// What stands where a card was.
pub fn gone(page: &Page, gone: &Deleted, by: &str) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let title = format!("{} {}", gone.number, gone.title);
    page.show(Frame { title: &title, section: Section::Boards, ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            div.empty {
                (icon::icon("trash"))
                h1 { "This card is gone" }
                p { "“" (gone.title) "” was deleted by " (by) ", " (times::at(gone.deletion.header.created_at)) "." }
                p.row {
                    a.button href={ (paths::card(slug, gone.number)) "/history" } { (icon::icon("activity")) "What happened to it" }
                    @if may_undo(viewer, &gone.deletion).is_ok() {
                        a.button href=(paths::restoration(slug, gone.deletion.header.id)) { (icon::icon("undo-2")) "Restore…" }
                    }
                }
            }
        }
    })
}
