//! Cards: on a board, on a page of their own, being edited, and edited by two at once.

use maud::{Markup, html};

use super::layout::{Frame, Section, live_status};
use super::{
    Form, Page, activities, assignments, closures, comments, dom, form, icon, markdown, moves,
    paths, presence, seen, tags, times,
};
use crate::domain::boards::Board;
use crate::domain::cards::{self, Assignee, Card, CardFace, Marks};
use crate::domain::columns::Column;
use crate::domain::comments::Comment;
use crate::domain::feed::Feed;
use crate::domain::tags::Tag;
use crate::tracking::receipts::Seen;
use crate::values::{Color, Slug};

/// A card as it lies on a board.
pub fn on_board(slug: &Slug, face: &CardFace) -> Markup {
    let path = paths::card(slug, face.number);
    html! {
        li.card id=(dom::card(face.number)) data-moves-url={ (path) "/moves" } {
            p.card__top { span { (face.number) } (seen::mark(&face.number.to_string(), face.changed)) }
            h3.card__title {
                a.card__link href=(path) aria-keyshortcuts="M" data-tracking-event-type-value="link_click"
                    data-tracking-trackable-type-value="Card" data-tracking-trackable-id-value=(face.id) { (face.title) }
            }
            (tags::chips(&face.tags))
            @if face.comments > 0 || !face.assignees.is_empty() {
                div.card__foot {
                    @if face.comments > 0 {
                        span.count { (icon::icon("message-square")) (face.comments) span.sr-only { @if face.comments == 1 { " comment" } @else { " comments" } } }
                    }
                    (assignments::pebbles(&face.assignees))
                }
            }
        }
    }
}

/// What the page of a card shows.
#[derive(Debug, Clone, Copy)]
pub struct CardPage<'a> {
    /// The card.
    pub card: &'a Card,
    /// The board it is on.
    pub board: &'a Board,
    /// That board's columns.
    pub columns: &'a [Column],
    /// Whether it is closed, whose work it is, its tags.
    pub marks: &'a Marks,
    /// Whose work it could be.
    pub candidates: &'a [Assignee],
    /// The tags that are offered.
    pub tags: &'a [Tag],
    /// What was said about it, the oldest first.
    pub comments: &'a [Comment],
    /// What happened to it, the newest first.
    pub feed: &'a Feed,
    /// Who has seen it, if that is shown.
    pub seen: Option<&'a Seen>,
    /// What was refused, if something was: a comment, an assignment, a tag.
    pub form: &'a Form,
}

/// The page of a card.
pub fn show(page: &Page, shown: &CardPage<'_>) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let (slug, card) = (&viewer.account.slug, shown.card);
    let title = title(card);
    let frame = Frame {
        title: &title,
        section: Section::Boards,
        trackable: Some(("Card", card.id.uuid())),
    };
    let open = shown.board.archived_at.is_none();
    page.show(frame, &html! {
        main.page id="main" {
            div.beside {
                div.stack.stack--loose {
                    (sheet(slug, &page.csrf_token, card, shown.marks, shown.board, shown.columns))
                    (comments::section(page, viewer, card, shown.comments, open.then_some(shown.form)))
                }
                aside.facts aria-label="About this card" {
                    div.row { (live_status()) (presence::present(&page.present)) }
                    @if open { (facts(slug, &page.csrf_token, card.number, shown.marks, shown.candidates, shown.tags, shown.form)) }
                    section {
                        h2 { "Lately" }
                        (activities::list(slug, shown.feed, shown.seen.and_then(|seen| seen.own)))
                        p.small { a.soft href={ (paths::card(slug, card.number)) "/history" } { "The whole history, old and new" } }
                    }
                    @if let Some(seen) = shown.seen {
                        section aria-labelledby="seen_name" {
                            h2 id="seen_name" { "Seen" }
                            (seen::people(viewer, &seen.readers, shown.feed))
                        }
                    }
                    section {
                        h2 { "Kept" }
                        p.small.soft { "Added " (times::at(card.created_at)) "." }
                        @if open { p.row {
                            a.button.button--bare.button--small href={ (paths::card(slug, card.number)) "/board_moves/new" } { (icon::icon("log-out")) "Another board" }
                            @if cards::may_delete(viewer, card).is_ok() {
                                a.button.button--bare.button--small.button--danger href={ (paths::card(slug, card.number)) "/deletion" } { (icon::icon("trash")) "Delete" }
                            }
                        } }
                    }
                }
            }
        }
    })
}

/// What the page of a card is called.
pub(super) fn title(card: &Card) -> String {
    format!("{} {}", card.number, card.title)
}

/// The sheet of a card: where it stands, its title, its text.
pub fn sheet(
    slug: &Slug,
    csrf_token: &str,
    card: &Card,
    marks: &Marks,
    board: &Board,
    columns: &[Column],
) -> Markup {
    let path = paths::card(slug, card.number);
    let open = board.archived_at.is_none();
    html! {
        article.sheet id=(dom::sheet(card.number)) data-color=(color_of(card, columns)) aria-labelledby="card_title" {
            (seen::open(&card.number.to_string(), marks.changed))
            div.sheet__top {
                nav aria-label="Where this card is" { ol.trail { li { a href=(paths::board(slug, board.id)) { (board.name) } } li { (card.number) } } }
                @if open {
                    a.button.button--bare.button--small.push href={ (path) "/edit" } data-controller="hotkey" data-hotkey="e" {
                        (icon::icon("pencil")) "Edit" kbd { "E" }
                    }
                }
            }
            h1 id="card_title" { (card.title) }
            @if !open {
                p.small.soft { "The board of this card is archived: it can be read, and nothing on it changes." }
            } @else if let Some(closure) = &marks.closure {
                (closures::closed(slug, csrf_token, card, closure))
            } @else {
                div.row { (moves::stands(slug, csrf_token, card, columns)) (closures::close(slug, csrf_token, card)) }
                details.place-choice {
                    summary.small.soft { "Choose a place" }
                    (moves::form(slug, csrf_token, card, columns))
                }
            }
            @if !marks.tags.is_empty() || !marks.assignees.is_empty() {
                div.sheet__marks { (tags::chips(&marks.tags)) (assignments::pebbles(&marks.assignees)) }
            }
            @if card.description.is_empty() {
                p.soft { "Nothing more is written here yet." @if open { " " a href={ (path) "/edit" } { "Add a description" } "." } }
            } @else {
                div.prose { (markdown::render(&card.description, 1)) }
            }
        }
    }
}

/// Whose work a card is and its tags, with the forms that change them, beside its sheet.
pub fn facts(
    slug: &Slug,
    csrf_token: &str,
    number: i64,
    marks: &Marks,
    candidates: &[Assignee],
    known: &[Tag],
    form: &Form,
) -> Markup {
    html! {
        div.facts id=(dom::facts(number)) {
            (assignments::section(slug, csrf_token, number, &marks.assignees, candidates, form))
            (tags::section(slug, csrf_token, number, &marks.tags, known, form))
        }
    }
}

fn color_of(card: &Card, columns: &[Column]) -> Color {
    let column = columns.iter().find(|column| column.id == card.column_id);
    column.map_or(Color::Stone, |column| column.color)
}

/// The form that edits a card; it carries the version that is edited.
pub fn edit(page: &Page, card: &Card, form: &Form) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let title = format!("Edit {} {}", card.number, card.title);
    let frame = Frame { title: &title, section: Section::Boards, ..Frame::default() };
    page.show(frame, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                ol.trail { li { a href=(paths::card(slug, card.number)) { (card.number) " " (card.title) } } li { "Edit" } }
                h1 { "Edit the card" }
            } }
            (fields(slug, &page.csrf_token, card.number, card.version, form))
        }
    })
}

/// The form that edits a card, filled with what it says.
pub fn filled(card: &Card) -> Form {
    Form::default()
        .with("title", card.title.as_str())
        .with("description", card.description.as_str())
}

/// Two edited at once: both texts, and the form with the viewer's own, ready to be saved over
/// the other.
pub fn conflict(page: &Page, now: &Card, form: &Form) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let frame = Frame { title: "Two edits at once", section: Section::Boards, ..Frame::default() };
    page.show(frame, &html! {
        main.page id="main" {
            header.page-head { div.page-head__words {
                h1 { "Two edits at once" }
                p role="alert" { "Somebody saved this card while you were editing it. Nothing of yours is lost: take from both what is right, and save." }
            } }
            div.beside.beside--even {
                section.stack aria-labelledby="yours_name" {
                    h2 id="yours_name" { "Yours" }
                    (fields(slug, &page.csrf_token, now.number, now.version, form))
                }
                section.stack aria-labelledby="theirs_name" {
                    h2 id="theirs_name" { "As it is now" }
                    div.panel.stack { h3 { (now.title) } pre.code tabindex="0" { (now.description) } }
                }
            }
        }
    })
}

fn fields(slug: &Slug, csrf_token: &str, number: i64, version: i64, form: &Form) -> Markup {
    let path = paths::card(slug, number);
    let title = form::Input {
        name: "title",
        label: "Title",
        maxlength: Some(250),
        ..form::Input::default()
    };
    html! {
        form.panel.stack action=(path) method="post" data-controller="submit" data-action="keydown->submit#press" {
            (form::token(csrf_token)) (form::method("patch"))
            input type="hidden" name="version" value=(version);
            (title.show(form))
            (form::text_area(form, "description", "Description", Some("Markdown: *emphasis*, `code`, lists, links.")))
            (form.other_errors(&["title", "description"]))
            p.row {
                button.button.button--ink type="submit" { "Save" }
                a.button.button--bare href=(path) { "Cancel" }
                span.tiny.faint.push.wide-only { kbd { "Ctrl" } " " kbd { "Enter" } " saves" }
            }
        }
    }
}
