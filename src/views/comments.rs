//! Comments on a card, and the field for the next one.

use maud::{Markup, html};

use super::layout::{Frame, Section};
use super::{Form, Page, avatar, dom, form, icon, markdown, paths, times};
use crate::domain::Actor;
use crate::domain::cards::Card;
use crate::domain::comments::{self, Comment};
use crate::values::Slug;

/// A comment. Every link in it is declared to be one of the comment’s. The way to its form is there for everybody, and hidden by the browser from whoever
/// may do nothing there.
pub fn comment(slug: &Slug, number: i64, comment: &Comment) -> Markup {
    html! {
        li.comment id=(dom::comment(comment.id)) data-tracking-event-type-value="link_click"
            data-tracking-trackable-type-value="Comment" data-tracking-trackable-id-value=(comment.id) {
            (avatar::large(&comment.author_name, comment.author_color))
            p.comment__head {
                b { (comment.author_name) } (times::at(comment.created_at))
                @if let Some(edited_at) = comment.edited_at { span { "edited " (times::at(edited_at)) } }
                a.button.button--bare.button--icon.button--small.comment__tools href={ (paths::comment(slug, number, comment.id)) "/edit" }
                    data-controller="own" data-own-author-value=(comment.author_id)
                    aria-label={ "Edit or delete this comment by " (comment.author_name) } { (icon::icon("ellipsis")) }
            }
            div.prose.prose--small { (markdown::render(&comment.body, 2)) }
        }
    }
}

/// All comments of a card and the form for one more.
pub fn section(
    page: &Page,
    viewer: &Actor,
    card: &Card,
    comments: &[Comment],
    form: Option<&Form>,
) -> Markup {
    html! {
        section.stack aria-labelledby="comments_name" {
            h2 id="comments_name" { "Comments" }
            div role="log" aria-live="polite" aria-label="Comments" {
                ol.comments id=(dom::COMMENTS) { @for said in comments { (comment(&viewer.account.slug, card.number, said)) } }
            }
            @if let Some(form) = form { (new(page, viewer, card, form)) }
        }
    }
}

fn new(page: &Page, viewer: &Actor, card: &Card, form: &Form) -> Markup {
    let error = form.error("body");
    html! {
        form.comment id="new_comment" action={ (paths::card(&viewer.account.slug, card.number)) "/comments" } method="post"
            data-tracking-event-type-value="form_submit" data-tracking-trackable-type-value="Card"
            data-tracking-trackable-id-value=(card.id) data-controller="submit" data-action="keydown->submit#press turbo:submit-end->submit#clear" {
            (avatar::large(&viewer.name, viewer.color))
            div.stack.stack--tight {
                (form::token(&page.csrf_token))
                label.sr-only for="body" { "Your comment" }
                textarea.input.input--area id="body" name="body" required placeholder="Add a comment. Markdown works."
                    aria-invalid=[error.map(|_| "true")] aria-describedby=[form::described_by("body", error, None)] { (form.value("body")) }
                (form::notes("body", error, None))
                p.row.row--apart {
                    span.tiny.faint { span.wide-only { kbd { "Ctrl" } " " kbd { "Enter" } " sends" } }
                    button.button.button--ink type="submit" { "Comment" }
                }
            }
        }
    }
}

/// The page on which a comment is edited by its author, and deleted by them or by an admin.
pub fn edit(page: &Page, card: &Card, comment: &Comment, form: &Form) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let (path, back) =
        (paths::comment(slug, card.number, comment.id), paths::card(slug, card.number));
    let trackable = Some(("Comment", comment.id.uuid()));
    let frame = Frame { title: "Edit a comment", section: Section::Boards, trackable };
    page.show(frame, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                ol.trail { li { a href=(back) { (card.number) " " (card.title) } } li { "A comment" } }
                h1 { "Comment by " (comment.author_name) }
            } }
            div.stack {
                @if comments::may_edit(viewer, comment).is_ok() {
                    (fields(&page.csrf_token, &path, &back, comment, form))
                } @else {
                    div.panel.prose { (markdown::render(&comment.body, 1)) }
                }
                @if comments::may_delete(viewer, comment).is_ok() { (deletion(&page.csrf_token, &path)) }
            }
        }
    })
}

/// The form that edits a comment, filled with what it says.
pub fn filled(comment: &Comment) -> Form {
    Form::default().with("body", comment.body.as_str())
}

/// Two edited at once: both texts, and the form with the viewer's own, ready to be saved over the
/// other.
pub fn conflict(page: &Page, card: &Card, now: &Comment, form: &Form) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let (path, back) = (paths::comment(slug, card.number, now.id), paths::card(slug, card.number));
    let trackable = Some(("Comment", now.id.uuid()));
    let frame = Frame { title: "Two edits at once", section: Section::Boards, trackable };
    page.show(frame, &html! {
        main.page id="main" {
            header.page-head { div.page-head__words {
                h1 { "Two edits at once" }
                p role="alert" { "This comment was saved elsewhere while you were editing it. Nothing of yours is lost: take from both what is right, and save." }
            } }
            div.beside.beside--even {
                section.stack aria-labelledby="yours_name" {
                    h2 id="yours_name" { "Yours" }
                    (fields(&page.csrf_token, &path, &back, now, form))
                }
                section.stack aria-labelledby="theirs_name" {
                    h2 id="theirs_name" { "As it is now" }
                    div.panel { pre.code tabindex="0" { (now.body) } }
                }
            }
        }
    })
}

fn fields(csrf_token: &str, path: &str, back: &str, now: &Comment, form: &Form) -> Markup {
    html! {
        form.panel.stack action=(path) method="post" data-controller="submit" data-action="keydown->submit#press"
            data-tracking-event-type-value="form_submit" data-tracking-trackable-type-value="Comment"
            data-tracking-trackable-id-value=(now.id) {
            (form::token(csrf_token)) (form::method("patch"))
            input type="hidden" name="version" value=(now.version);
            (form::text_area(form, "body", "Comment", Some("Markdown: *emphasis*, `code`, lists, links.")))
            (form.other_errors(&["body"]))
            p.row {
                button.button.button--ink type="submit" { "Save" }
                a.button.button--bare href=(back) { "Cancel" }
            }
        }
    }
}

/// Asks first: the button stands behind a line that is opened.
fn deletion(csrf_token: &str, path: &str) -> Markup {
    html! {
        details.panel.panel--tight {
            summary.small.soft { "Delete this comment" }
            form.stack action=(path) method="post" {
                (form::token(csrf_token)) (form::method("delete"))
                p { "Nobody can bring it back. That it was written stays in the history." }
                p { button.button.button--danger type="submit" { (icon::icon("trash")) "Delete the comment" } }
            }
        }
    }
}
