//! The activity feed: a flat list of lines, the same for whoever looks, and the page around it.

mod feed_page;
mod filter;

use maud::{Markup, html};

pub use self::feed_page::{FeedPage, Lines, Of};
use super::layout::{Frame, Section, live_status};
use super::{Page, avatar, dom, icon, paths, sentence, times};
use crate::domain::feed::{Feed, Gone};
use crate::events::Activity;
use crate::events::sentence::People;
use crate::values::Slug;

/// A line of a feed.
pub fn line(slug: &Slug, activity: &Activity, people: &People, gone: &Gone) -> Markup {
    let (header, kind) = (&activity.header, activity.event.kind());
    html! {
        li.activity id=(dom::activity(header.id)) data-kind=(kind.wire_name()) data-color=(kind.color)
            data-sequence=(activity.sequence) data-creator=[header.creator_id] data-card=[header.card_id]
            data-folds[kind.folds] {
            (icon::icon(kind.icon))
            p { (sentence::sentence(slug, activity, people, gone)) }
            (sentence::quote(activity))
            (sentence::changes(activity))
            @if let Some(undone) = header.undoes_id {
                p.source { "This undoes " a href=(paths::activity(slug, undone)) { "an earlier change" } "." }
            }
            div.activity__when { (moment(slug, activity)) }
        }
    }
}

/// When it was, and for admins the way to what webhook endpoints were sent of it.
pub(super) fn moment(slug: &Slug, activity: &Activity) -> Markup {
    let header = &activity.header;
    html! {
        (times::at(header.created_at))
        @if activity.event.kind().shows.webhooks {
            a.activity__deliveries href=(paths::deliveries_of(slug, header.id)) data-controller="own" data-own-author-value="" hidden { "Deliveries" }
        }
    }
}

/// The list of a feed that begins with what happened last, so that live lines belong on top. `seen` is
/// up to where the viewer has seen what it is about, if that is marked.
pub fn list(slug: &Slug, feed: &Feed, seen: Option<i64>) -> Markup {
    html! {
        div role="log" aria-live="polite" aria-label="Activity" {
            ol.feed id=(dom::ACTIVITIES) data-controller="feed" data-newest
                data-feed-seen-value=[seen] { (lines(slug, feed).html) }
            p.feed__empty { "Nothing has happened yet. What does leaves a line here, and the line stays." }
        }
    }
}

/// The lines of a page of activities, those that feeds show.
pub fn lines(slug: &Slug, feed: &Feed) -> Lines {
    let shown = feed.activities.iter().filter(|activity| activity.event.kind().shows.feed);
    let html =
        html! { @for activity in shown { (line(slug, activity, &feed.people, &feed.gone)) } };
    Lines { html, next: feed.next }
}

/// The page of a feed.
pub fn show(page: &Page, shown: &FeedPage<'_>) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let (title, trackable) = match shown.of {
        Of::Account => ("Activity".to_owned(), None),
        Of::Board(board) => {
            (format!("Activity on {}", board.name), Some(("Board", board.id.uuid())))
        }
        Of::Person(user) => (format!("What {} did", user.name), None),
    };
    let frame = Frame { title: &title, section: Section::Activity, trackable };
    page.show(
        frame,
        &html! {
            main.page.page--narrow id="main" {
                header.page-head {
                    div.page-head__words {
                        (heading(slug, shown.of))
                        (filter::sentence(viewer, shown))
                    }
                    div.page-head__tools {
                        @if let Of::Board(board) = shown.of {
                            a.button.button--small href={ (paths::board(slug, board.id)) "/history" } { (icon::icon("rotate-ccw-clock")) "History" }
                        }
                        @if shown.before.is_none() { (live_status()) }
                    }
                }
                (trail(slug, shown))
                (pages(slug, shown))
            }
        },
    )
}

fn heading(slug: &Slug, of: Of<'_>) -> Markup {
    html! {
        @match of {
            Of::Account => h1 { "Activity" },
            Of::Board(board) => {
                ol.trail { li { a href=(paths::board(slug, board.id)) { (board.name) } } li { "Activity" } }
                h1 { "Activity" }
            }
            Of::Person(user) => {
                ol.trail { li { a href=(paths::within(slug, "members")) { "Members" } } li { (user.name) } }
                h1.row { (avatar::large(&user.name, user.color)) (user.name) }
            }
        }
    }
}

/// The lines with the headings of days. The first page of the account’s own feed knows up to where
/// it was read, and says where it is noted.
fn trail(slug: &Slug, shown: &FeedPage<'_>) -> Markup {
    let whole = matches!(shown.of, Of::Account) && shown.filter.is_empty();
    let newest = shown.before.is_none();
    let reading = (whole && newest).then(|| paths::within(slug, "activity/readings"));
    html! {
        div role="log" aria-live="polite" aria-label="Activity" {
            ol.feed.feed--page id=(dom::ACTIVITIES) data-controller="feed" data-days data-newest[newest]
                data-feed-reading-url-value=[reading] data-feed-seen-value=[shown.seen.filter(|_| whole)] {
                (shown.lines.html)
            }
            p.feed__empty {
                @if shown.filter.is_empty() { "Nothing has happened yet. What does leaves a line here, and the line stays." }
                @else { "Nothing of that sort. " a href=(shown.of.path(slug)) { "Show everything" } "." }
            }
        }
    }
}

fn pages(slug: &Slug, shown: &FeedPage<'_>) -> Markup {
    html! {
        nav.row id="pages" aria-label="Pages" {
            @if shown.before.is_some() {
                a.button href=(filter::address(slug, shown.of, shown.filter, None)) { (icon::icon("chevron-up")) "Newest" }
            }
            @if let Some(before) = shown.lines.next {
                a.button href=(filter::address(slug, shown.of, shown.filter, Some(before))) rel="next"
                    data-controller="older" data-older-list-value={ "#" (dom::ACTIVITIES) } {
                    (icon::icon("chevron-down")) "Older"
                }
            }
        }
    }
}
