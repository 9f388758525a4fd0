//! Comments on a card, and the field for the next one.

use maud::{Markup, html};

use super::{Form, Page, avatar, dom, form, markdown, paths, times};
use crate::domain::Actor;
use crate::domain::comments::Comment;

/// A comment.
pub fn comment(comment: &Comment) -> Markup {
    html! {
        li.comment id=(dom::comment(comment.id)) {
            (avatar::large(&comment.author_name, comment.author_color))
            p.comment__head { b { (comment.author_name) } (times::at(comment.created_at)) }
            div.prose.prose--small { (markdown::render(&comment.body, 2)) }
        }
    }
}

/// All comments of a card and the form for one more.
pub fn section(
    page: &Page,
    viewer: &Actor,
    number: i64,
    comments: &[Comment],
    form: &Form,
) -> Markup {
    html! {
        section.stack aria-labelledby="comments_name" {
            h2 id="comments_name" { "Comments" }
            div role="log" aria-live="polite" aria-label="Comments" {
                ol.comments id=(dom::COMMENTS) { @for said in comments { (comment(said)) } }
            }
            (new(page, viewer, number, form))
        }
    }
}

fn new(page: &Page, viewer: &Actor, number: i64, form: &Form) -> Markup {
    let error = form.error("body");
    html! {
        form.comment id="new_comment" action={ (paths::card(&viewer.account.slug, number)) "/comments" } method="post"
            data-controller="submit" data-action="keydown->submit#press turbo:submit-end->submit#clear" {
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
