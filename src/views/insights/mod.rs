//! The insights page: what is read, by whom and when; every chart has its figures beside it as a table.

use maud::{Markup, html};

mod chart;
mod figures;
mod filter;
mod shown;
mod tables;

use super::layout::{Frame, Section};
use super::{Page, icon, paths};
use crate::domain::Actor;
use crate::tracking::insights::Now;
use crate::values::Slug;

pub use filter::address;
pub use shown::Shown;

/// The page.
pub fn show(page: &Page, shown: &Shown<'_>) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let frame = Frame { title: "Insights", section: Section::Insights, ..Frame::default() };
    page.show(
        frame,
        &html! {
            main.page id="main" {
                header.page-head {
                    div.page-head__words { h1 { "Insights" } (filter::sentence(viewer, shown)) }
                    div.page-head__tools { (filter::spans(slug, shown.filter)) }
                }
                @if shown.insights.any { (all(viewer, shown)) } @else { (nothing()) }
            }
        },
    )
}

/// What stands there before anything was reported.
fn nothing() -> Markup {
    html! {
        div.panel.empty {
            (icon::icon("chart-line"))
            h2 { "Nothing was opened yet" }
            p { "From now on each page that a member opens is counted here, by board, by person and by hour, with the links and forms that are used. Come back when somebody has looked around." }
            a.button href="/docs/privacy" { "What is recorded" }
        }
    }
}

fn all(viewer: &Actor, shown: &Shown<'_>) -> Markup {
    let slug = &viewer.account.slug;
    let csv =
        |table: &str| format!("{}&table={table}", address(slug, "insights/csv", shown.filter));
    html! {
        (figures::sums(&shown.insights.days, shown.filter))
        (now(slug, shown.now))
        div.stack {
            div.beside.beside--even {
                (chart::days(shown, &csv("days")))
                (chart::boards(shown, &csv("boards")))
            }
            div.beside.beside--even {
                (chart::hours(viewer, shown, &csv("hours")))
                (tables::people(shown, &csv("people")))
            }
            (tables::cards(slug, shown, &csv("cards")))
            div.beside.beside--even {
                (tables::unopened(slug, shown, &csv("unopened")))
                (figures::first_views(&shown.insights.first_views))
            }
            p.small.soft {
                "Only members who are signed in are counted, each as they allow; " a href="/docs/privacy" { "what is recorded" } ". Days are those of " (viewer.account.zone) "."
            }
        }
    }
}

/// What is looked at just now; the frame is fetched anew while somebody looks at it.
pub fn now(slug: &Slug, now: &Now) -> Markup {
    html! {
        turbo-frame id="insights_now" data-controller="refresh" data-refresh-seconds-value="10"
            data-refresh-address-value=(paths::within(slug, "insights/now")) {
            p.now.row role="status" {
                (icon::icon("eye"))
                span {
                    @match now.people {
                        0 => "Nobody opened anything in the last five minutes.",
                        1 => { b { "One person" } " opened " (pages(now.page_views)) " in the last five minutes." },
                        people => { b { (people) " people" } " opened " (pages(now.page_views)) " in the last five minutes." },
                    }
                }
                @for (_, name, color, people) in &now.boards { span.tag data-color=(color) { (name) " " (people) } }
            }
        }
    }
}

fn pages(count: i64) -> String {
    if count == 1 { "one page".to_owned() } else { format!("{count} pages") }
}
