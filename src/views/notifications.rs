//! Notices: how many are unread, and the tray of them.

use maud::{Markup, html};
use time::OffsetDateTime;

use super::layout::Frame;
pub use super::notice_count::count;
use super::{Page, form, icon, paths, times};

/// What happened on a card that concerns somebody: one notice a card.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The card's number.
    pub card_number: i64,
    /// The card's title; none when it was deleted.
    pub card_title: Option<String>,
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
                        a href=(paths::card(slug, notice.card_number)) { b { (notice.card_number) " " (notice.card_title.as_deref().unwrap_or("(deleted)")) } }
                        span { (notice.sentence) }
                        span.tiny.faint { (times::at(notice.at)) @if notice.unread { span.sr-only { ", unread" } } }
                    }
                } }
            }
        }
    })
}
