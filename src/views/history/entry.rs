//! An entry of a history: what happened, from what to what, who did it, when and from where.

use maud::{Markup, html};

use super::origin::{Known, origin};
use crate::domain::audit::Entry;
use crate::domain::restorations::may_undo;
use crate::events::Activity;
use crate::events::sentence::{SYSTEM, name};
use crate::values::{Color, Slug};
use crate::views::diff::{self, Extent};
use crate::views::layout::{Frame, Section};
use crate::views::{Page, activities, dom, icon, paths, restorations, sentence, times};

/// An entry in a list.
pub fn entry(slug: &Slug, activity: &Activity, known: Known<'_>) -> Markup {
    let path = paths::activity(slug, activity.header.id);
    html! {
        li.activity id=(dom::entry(activity.sequence)) data-kind=(activity.event.kind().wire_name())
            data-color=(activity.event.kind().color) { (body(slug, activity, known, Extent::Parts(&path))) }
    }
}

/// The page of one entry, with all of its texts.
pub fn show(page: &Page, activity: &Activity, known: Known<'_>) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let kind = activity.event.kind();
    let title = format!("Entry {}", activity.sequence);
    let frame = Frame { title: &title, section: Section::Activity, trackable: None };
    page.show(frame, &html! {
        main.page.page--narrow id="main" {
            header.page-head {
                div.page-head__words {
                    ol.trail { li { a href=(paths::within(slug, "activity")) { "Activity" } } li { (kind.label) } }
                    h1 { "Entry " (activity.sequence) }
                }
            }
            ol.feed.feed--page {
                li.activity id=(dom::entry(activity.sequence)) data-kind=(kind.wire_name()) data-color=(kind.color) {
                    (body(slug, activity, known, Extent::Whole))
                }
            }
        }
    })
}

/// An entry of which whoever looks is told only that there is one.
pub fn hidden(entry: &Entry, slug: &Slug, known: Known<'_>) -> Markup {
    let header = &entry.header;
    html! {
        li.activity id=(dom::entry(entry.sequence)) data-color=(Color::Stone) {
            (icon::icon("lock"))
            p {
                b data-person=[header.creator_id] { (header.creator_id.map_or(SYSTEM, |id| name(id, known.people))) }
                " did something on a board that you don’t see"
            }
            p.source { (origin(slug, header, known)) " · entry " (entry.sequence) }
            div.activity__when { (times::at(header.created_at)) }
        }
    }
}

fn body(slug: &Slug, activity: &Activity, known: Known<'_>, extent: Extent<'_>) -> Markup {
    let header = &activity.header;
    let changes = activity.event.changes();
    html! {
        (icon::icon(activity.event.kind().icon))
        p { (sentence::sentence(slug, activity, known.people, known.gone)) }
        (sentence::quote(activity))
        @if !changes.is_empty() {
            turbo-frame.entry__changes id=(dom::changes(activity.sequence)) { (diff::changes(&changes, extent)) }
        }
        p.source {
            (origin(slug, header, known)) " · "
            a href=(paths::activity(slug, header.id)) { "entry " (activity.sequence) }
            @if let Some((id, number)) = header.undoes_id.and_then(|id| Some((id, known.undone.numbers.get(&id)?))) {
                " · undoes " a href=(paths::activity(slug, id)) { "entry " (number) }
            }
            @if let Some((number, id)) = known.undone.by.get(&header.id) {
                " · undone by " a href=(paths::activity(slug, *id)) { "entry " (number) }
            }
        }
        div.activity__when { (activities::moment(slug, activity)) }
        (undo(slug, activity, known))
    }
}

/// The way to undoing it, for whoever may, unless it was.
fn undo(slug: &Slug, activity: &Activity, known: Known<'_>) -> Markup {
    let was_undone = known.undone.by.contains_key(&activity.header.id);
    if was_undone || may_undo(known.actor, activity).is_err() {
        return html! {};
    }
    html! {
        p.entry__undo {
            a.button.button--bare.button--small href=(paths::restoration(slug, activity.header.id)) {
                (icon::small("undo-2")) (restorations::verb(activity)) "…"
            }
        }
    }
}
