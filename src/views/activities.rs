//! The activity feed: a flat list of lines, the same for whoever looks.

use maud::{Markup, html};

use super::layout::{Frame, Section, live_status};
use super::{Page, dom, icon, paths, sentence, times};
use crate::domain::boards::Board;
use crate::domain::feed::Feed;
use crate::events::Activity;
use crate::events::sentence::People;
use crate::values::Slug;

/// A line of a feed.
pub fn line(slug: &Slug, activity: &Activity, people: &People) -> Markup {
    let kind = activity.event.kind();
    html! {
        li.activity id=(dom::activity(activity.header.id)) data-kind=(kind.wire_name()) data-color=(kind.color) {
            (icon::icon(kind.icon))
            p { (sentence::sentence(slug, activity, people)) }
            (sentence::quote(activity))
            (sentence::changes(activity))
            (times::at(activity.header.created_at))
        }
    }
}

/// The feed's list. `newest` says that it begins with what happened last, so that live lines
/// belong on top; `days` asks for headings.
pub fn list(slug: &Slug, feed: &Feed, newest: bool, days: bool) -> Markup {
    let class = if days { "feed feed--page" } else { "feed" };
    html! {
        div role="log" aria-live="polite" aria-label="Activity" {
            ol class=(class) id=(dom::ACTIVITIES) data-controller="feed" data-newest[newest] data-days[days] {
                @for activity in feed.activities.iter().filter(|activity| activity.event.kind().shows.feed) {
                    (line(slug, activity, &feed.people))
                }
            }
            p.feed__empty { "Nothing has happened yet. What does leaves a line here, and the line stays." }
        }
    }
}

/// The page of a feed: of the account, or of one board. `newest` is false on older pages.
pub fn show(page: &Page, board: Option<&Board>, feed: &Feed, newest: bool) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let title =
        board.map_or_else(|| "Activity".to_owned(), |board| format!("Activity on {}", board.name));
    let frame = Frame {
        title: &title,
        section: Section::Activity,
        trackable: board.map(|board| ("Board", board.id.uuid())),
    };
    page.show(frame, &html! {
        main.page.page--narrow id="main" {
            header.page-head {
                div.page-head__words {
                    @if let Some(board) = board {
                        ol.trail { li { a href=(paths::board(slug, board.id)) { (board.name) } } li { "Activity" } }
                    }
                    h1 { "Activity" }
                }
                div.page-head__tools { @if newest { (live_status()) } }
            }
            (list(slug, feed, newest, true))
            (pages(slug, board, feed, newest))
        }
    })
}

fn pages(slug: &Slug, board: Option<&Board>, feed: &Feed, newest: bool) -> Markup {
    let path = board.map_or_else(
        || paths::within(slug, "activity"),
        |board| format!("{}/activity", paths::board(slug, board.id)),
    );
    html! {
        nav.row aria-label="Pages" {
            @if !newest { a.button href=(path) { (icon::icon("chevron-up")) "Newest" } }
            @if let Some(before) = feed.next {
                a.button href={ (path) "?before=" (before) } rel="next" { (icon::icon("chevron-down")) "Older" }
            }
        }
    }
}
