//! The search page: the box, what was found with the words marked, or what can be found.

use maud::{Markup, html};

use super::layout::{Frame, Section};
use super::{Form, Page, form, icon, paths, times};
use crate::domain::search::{Found, Hit};
use crate::values::search_query::MOST;
use crate::values::{Excerpt, SearchQuery, Slug};

/// What was looked for, and what was found.
#[derive(Debug, Clone, Copy)]
pub struct Searched<'a> {
    /// What was looked for.
    pub query: &'a SearchQuery,
    /// What was found.
    pub found: &'a Found,
    /// Whether this is the first page of it.
    pub is_first: bool,
}

/// The search page; `form` has what stands in the box and what is wrong with it.
pub fn show(page: &Page, form: &Form, searched: Option<Searched<'_>>) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let title = match searched {
        Some(Searched { query, .. }) => format!("Search: {query}"),
        None => "Search".to_owned(),
    };
    let frame = Frame { title: &title, section: Section::Search, ..Frame::default() };
    page.show(
        frame,
        &html! {
            main.page.page--narrow id="main" {
                header.page-head { div.page-head__words { h1 { "Search" } } }
                div.stack.stack--loose {
                    (search_box(slug, form))
                    @match searched {
                        Some(searched) => (results(slug, &searched)),
                        None => @if !form.is_refused() { (hints()) },
                    }
                }
            }
        },
    )
}

fn search_box(slug: &Slug, form: &Form) -> Markup {
    let error = form.error("q");
    html! {
        form.search action=(paths::within(slug, "search")) role="search" {
            label.sr-only for="q" { "Words, or the number of a card" }
            input.input id="q" name="q" type="search" value=(form.value("q")) placeholder="Words, or the number of a card"
                maxlength=(MOST) autocomplete="off" autofocus data-controller="hotkey" data-hotkey="/"
                aria-invalid=[error.map(|_| "true")] aria-describedby=[form::described_by("q", error, None)];
            button.button.button--ink type="submit" { (icon::icon("search")) "Search" }
            (form::notes("q", error, None))
        }
    }
}

fn hints() -> Markup {
    html! {
        div.panel.empty {
            (icon::icon("search"))
            h2 { "Every card and every comment" }
            p { "Type words of any language, or their beginnings: " q { "let war" } " finds " q { "a letter to the wardens" } ". All of them must be there; capitals and accents do not matter. A number leads to its card." }
        }
    }
}

fn results(slug: &Slug, searched: &Searched<'_>) -> Markup {
    let Searched { query, found, is_first } = searched;
    html! {
        section.stack aria-labelledby="found_name" {
            h2.sr-only id="found_name" { "What was found" }
            @if found.hits.is_empty() {
                div.panel.empty role="status" {
                    (icon::icon("search"))
                    h2 { "Nothing has all of these words" }
                    p { "Try fewer words, or only their beginnings. On boards that you do not see nothing is looked for." }
                }
            } @else {
                ol.hits { @for hit in &found.hits { (self::hit(slug, hit)) } }
            }
            p.row {
                @if !is_first { a.button.button--small href=(paths::search(slug, query.as_str(), None)) { "Back to the first" } }
                @if let Some(next) = found.next {
                    a.button.button--small href=(paths::search(slug, query.as_str(), Some(next))) rel="next" { "More" }
                }
            }
        }
    }
}

fn hit(slug: &Slug, hit: &Hit) -> Markup {
    let (path, kind) = match hit.comment_id {
        Some(id) => (paths::comment_on_page(slug, hit.card_number, id), "Comment"),
        None => (paths::card(slug, hit.card_number), "Card"),
    };
    html! {
        li.hit data-color=(hit.board_color) {
            p.hit__top {
                span.hit__board { (hit.board_name) }
                span { (hit.card_number) }
                @if let Some(author) = &hit.author { span { (icon::small("message-square")) (author) } }
                (times::at(hit.created_at))
            }
            h3 {
                a href=(path) data-tracking-event-type-value="link_click" data-tracking-trackable-type-value=(kind)
                    data-tracking-trackable-id-value=(hit.id) { (marked(&hit.title)) }
            }
            @if !hit.excerpt.pieces().is_empty() { p.hit__excerpt { (marked(&hit.excerpt)) } }
        }
    }
}

fn marked(excerpt: &Excerpt) -> Markup {
    html! {
        @for piece in excerpt.pieces() {
            @if piece.is_match { mark { (piece.text) } } @else { (piece.text) }
        }
    }
}
