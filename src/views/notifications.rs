//! Notices: how many are unread, and the tray of them.

use maud::{Markup, html};
use time::OffsetDateTime;
use uuid::Uuid;

use super::layout::Frame;
pub use super::notice_count::count;
use super::{Page, form, icon, paths, times};

/// What happened to something that concerns somebody: one notice for a card or an endpoint.
#[derive(Debug, Clone)]
pub struct Notice {
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub path: String,
    /// What it is, for what is reported of following it; none when it is gone.
    pub trackable: Option<(&'static str, Uuid)>,
    /// What happened last, as a sentence.
    pub sentence: String,
    /// When it did.
    pub at: OffsetDateTime,
    /// Whether it is still unread.
    pub unread: bool,
}

/// The tray, newest first.
pub fn show(page: &Page, notices: &[Notice]) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    page.show(Frame { title: "Notices", ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            header.page-head {
                div.page-head__words { h1 { "Notices" } p { "What others did on the cards you follow." } }
                @if notices.iter().any(|notice| notice.unread) {
                    form.page-head__tools action=(paths::within(slug, "notifications/readings")) method="post" {
                        (form::token(&page.csrf_token))
                        button.button type="submit" { (icon::icon("check-check")) "Mark all as read" }
                    }
                }
            }
            @if notices.is_empty() {
                div.empty { (icon::icon("bell")) h2 { "All quiet" } p { "When somebody moves or comments on a card you follow, it stands here until you have opened it." } }
            } @else {
                ul.panel { @for notice in notices {
                    li.notice data-unread[notice.unread] {
                        (link(notice))
                        span { (notice.sentence) }
                        span.tiny.faint { (times::at(notice.at)) @if notice.unread { span.sr-only { ", unread" } } }
                    }
                } }
            }
        }
    })
}

fn link(notice: &Notice) -> Markup {
    let (trackable_type, trackable_id) = notice.trackable.unzip();
    html! {
        a href=(notice.path) data-tracking-event-type-value=[trackable_id.map(|_| "link_click")]
            data-tracking-trackable-type-value=[trackable_type]
            data-tracking-trackable-id-value=[trackable_id] { b { (notice.title) } }
    }
}
