//! Who has seen a board or a card since it last changed, and the marks on what is new to the viewer.

use maud::{Markup, html};

use super::{avatar, dom, paths};
use crate::domain::feed::Feed;
use crate::domain::{Actor, Changed};
use crate::tracking::receipts::Reader;
use crate::values::Tracked;

/// The mark of something that has changed since the viewer had it open. It is the same for everybody:
/// the browser shows it to those whom it concerns.
pub fn mark(thing: &str, changed: Option<Changed>) -> Markup {
    html! {
        @if let Some(Changed { sequence, creator_id }) = changed {
            span.unread data-controller="unread" data-unread-thing-value=(thing)
                data-unread-sequence-value=(sequence) data-unread-by-value=[creator_id] hidden { "New" }
        }
    }
}

/// Says that the viewer has this very thing open: its mark elsewhere goes.
pub fn open(thing: &str, changed: Option<Changed>) -> Markup {
    html! {
        @if let Some(Changed { sequence, .. }) = changed {
            span data-controller="unread" data-unread-thing-value=(thing)
                data-unread-sequence-value=(sequence) data-unread-open-value="true" hidden {}
        }
    }
}

/// Those who have seen it since it last changed, as the viewer does now, and those who have not. The
/// browser sorts them anew when something happens, or somebody looks, while the page is open, and tells
/// where the viewer lets that be recorded what came while they looked.
pub fn people(viewer: &Actor, readers: &[Reader], feed: &Feed) -> Markup {
    let newest = feed.activities.iter().find(|activity| activity.event.kind().shows.feed);
    let changed = newest
        .map(|newest| Changed { sequence: newest.sequence, creator_id: newest.header.creator_id });
    let has_seen = |reader: &&Reader| {
        let is_own = |it: Changed| it.creator_id == Some(reader.user.id);
        let looks = reader.user.id == viewer.user_id;
        looks || changed.is_none_or(|it| reader.sequence >= it.sequence || is_own(it))
    };
    let (seen, unseen): (Vec<&Reader>, Vec<&Reader>) = readers.iter().partition(has_seen);
    let is_told = viewer.tracked != Tracked::Off;
    let url = is_told.then(|| paths::within(&viewer.account.slug, "receipts"));
    html! {
        div.seen id=(dom::SEEN) data-controller="seen" data-seen-url-value=[url]
            data-action="feed:arranged@document->seen#arrange visibilitychange@document->seen#look" {
            (lists(&seen, &unseen))
        }
    }
}

/// Those who have seen it and those who have not.
pub fn lists(seen: &[&Reader], unseen: &[&Reader]) -> Markup {
    html! {
        p.small.soft { "Seen since the last change" }
        ul.seen__people data-seen-target="seen" { @for reader in seen { (person(reader)) } }
        p.small.soft { "Not seen since" }
        ul.seen__people data-seen-target="unseen" { @for reader in unseen { (person(reader)) } }
    }
}

/// Up to where some of those who are shown have seen it now, for the browser to take over.
pub fn news(readers: &[&Reader]) -> Markup {
    html! {
        ul hidden data-seen-target="news" {
            @for reader in readers { li data-user=(reader.user.id) data-sequence=(reader.sequence) {} }
        }
    }
}

fn person(reader: &Reader) -> Markup {
    let user = &reader.user;
    html! {
        li.person data-user=(user.id) data-sequence=(reader.sequence) {
            (avatar::small(&user.name, user.color)) span.clip { (user.name) }
        }
    }
}
