//! The audit of an account: all that happened in it, narrowed, and as files.

mod by_mail;
mod filter;
mod narrowed;
mod shown;

use maud::{Markup, html};

pub use self::by_mail::ByMail;
pub use self::narrowed::Narrowed;
pub use self::shown::Shown;
use super::history::{self, Known};
use super::layout::{Frame, Section};
use super::{Page, icon, paths};
use crate::domain::Actor;
use crate::domain::audit::{Audited, PAGE};
use crate::values::Slug;

/// The page.
pub fn show(page: &Page, shown: &Shown<'_>) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let frame = Frame { title: "Audit", section: Section::Audit, ..Frame::default() };
    page.show(
        frame,
        &html! {
            main.page.page--narrow id="main" {
                header.page-head {
                    div.page-head__words { h1 { "Audit" } (filter::sentence(viewer, shown)) }
                    div.page-head__tools { (exports(slug, shown)) }
                }
                (filter::fields(viewer, shown))
                @if let Some(audited) = shown.audited { (entries(viewer, shown, audited)) }
                div.stack {
                    @if let Some(audited) = shown.audited { (pages(slug, shown, audited)) }
                    p.small.soft { "Days are those of " (viewer.account.zone) "." }
                    (sealed(slug))
                    @if let Some(by_mail) = shown.by_mail { (by_mail.show(slug, &page.csrf_token)) }
                }
            }
        },
    )
}

/// Why all this can be believed.
fn sealed(slug: &Slug) -> Markup {
    html! {
        p.small.soft {
            "None of this can be changed: each entry is bound to all before it. "
            a href=(paths::within(slug, "audit/head")) download data-turbo="false" { "Keep the head elsewhere" }
            ", and whoever has it can tell whether the log is still this one. "
            a href="/docs/audit" { "How that is verified" }
        }
    }
}

/// The same as files, as far as nothing is wrong with what is asked for.
fn exports(slug: &Slug, shown: &Shown<'_>) -> Markup {
    let file =
        |form: &str| shown.narrowed.address(&paths::within(slug, &format!("audit.{form}")), None);
    html! {
        @if !shown.form.is_refused() {
            a.button.button--small href=(file("csv")) download data-turbo="false" { (icon::icon("download")) "CSV" }
            a.button.button--small href=(file("ndjson")) download data-turbo="false" { (icon::icon("download")) "NDJSON" }
        }
    }
}

fn entries(viewer: &Actor, shown: &Shown<'_>, audited: &Audited) -> Markup {
    let slug = &viewer.account.slug;
    let known = Known::audited(audited, viewer);
    html! {
        ol.feed.feed--page id="audit" data-controller="feed" data-days {
            @for entry in &audited.entries {
                @match &entry.activity {
                    Some(activity) => (history::entry(slug, activity, known)),
                    None => (history::hidden(entry, slug, known)),
                }
            }
        }
        @if audited.entries.is_empty() && audited.next.is_none() { (nothing(slug, shown)) }
    }
}

fn nothing(slug: &Slug, shown: &Shown<'_>) -> Markup {
    html! {
        div.panel.empty {
            (icon::icon("scroll-text"))
            @if shown.before.is_some() { h2 { "Nothing older" } p { "This is where the log begins." } }
            @else {
                h2 { "Nothing of that sort" }
                p { "Nothing in the log is what you ask for." }
                a.button href=(paths::within(slug, "audit")) { "Show everything" }
            }
        }
    }
}

/// The way to older entries. A page that looks for what is rare looks at a part of the log only, and
/// says so.
fn pages(slug: &Slug, shown: &Shown<'_>, audited: &Audited) -> Markup {
    let path = paths::within(slug, "audit");
    let is_short = i64::try_from(audited.entries.len()).is_ok_and(|length| length < PAGE);
    html! {
        @if let Some(before) = audited.next.filter(|_| is_short) {
            p.soft role="status" {
                @if audited.entries.is_empty() { "Nothing of that sort so far. " }
                "The log was looked through back to entry " (before) "; what is older was not."
            }
        }
        nav.row aria-label="Pages" {
            @if shown.before.is_some() {
                a.button href=(shown.narrowed.address(&path, None)) { (icon::icon("chevron-up")) "Newest" }
            }
            @if let Some(before) = audited.next {
                a.button href=(shown.narrowed.address(&path, Some(before))) rel="next" {
                    (icon::icon("chevron-down")) @if is_short { "Look further back" } @else { "Older" }
                }
            }
        }
    }
}
