//! Undoing what happened: what it will do as things are now, and the button.

use maud::{Markup, html};

use super::diff::{self, Extent};
use super::layout::{Frame, Section};
use super::{Form, Page, form, icon, markdown, paths, sentence, times};
use crate::domain::feed::Feed;
use crate::domain::restorations::{Act, Offered, Plan, Target};
use crate::events::sentence::Change;
use crate::events::{Activity, Undoing};
use crate::values::Slug;
use crate::values::id::ColumnId;

/// What undoing something is called on its button: what was deleted is restored.
pub(super) fn verb(activity: &Activity) -> &'static str {
    match activity.event.undoing() {
        Some(Undoing::Card { .. } | Undoing::Comment { .. }) => "Restore",
        _ => "Undo",
    }
}

/// The page that says what undoing the first activity of a feed will do, and asks where a card goes
/// whose column is gone; without a plan, what is wrong stands in the form.
pub fn new(
    page: &Page,
    feed: &Feed,
    plan: Option<&Plan>,
    offered: &[Offered],
    form: &Form,
) -> Markup {
    let (Some(viewer), Some(activity)) = (&page.viewer, feed.activities.first()) else {
        return html! {};
    };
    let slug = &viewer.account.slug;
    let history = history(slug, activity);
    let title = verb(activity);
    let frame = Frame { title, section: Section::Boards, ..Frame::default() };
    page.show(frame, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                ol.trail { li { a href=(history) { "History" } } li { "Entry " (activity.sequence) } }
                h1 { (title) }
                p { (sentence::sentence(slug, activity, &feed.people, &feed.gone)) ", " (times::at(activity.header.created_at)) "." }
            } }
            @match plan {
                Some(plan) => {
                    form.panel.stack action=(paths::restoration(slug, activity.header.id)) method="post" {
                        (form::token(&page.csrf_token))
                        (form.other_errors(&["column_id"]))
                        (act(&plan.act))
                        (where_to(&plan.act, offered, form))
                        p.soft { "This is a change like any other: it stands in the history, and names the one that it undoes." }
                        p.row {
                            button.button.button--ink type="submit" { (icon::icon("undo-2")) (title) }
                            a.button.button--bare href=(history) { "Leave it" }
                        }
                    }
                }
                None => {
                    div.panel.stack {
                        (form.other_errors(&[]))
                        p.row { a.button href=(history) { "Back to the history" } }
                    }
                }
            }
        }
    })
}

fn history(slug: &Slug, activity: &Activity) -> String {
    match activity.event.place().card {
        Some((_, number)) => format!("{}/history", paths::card(slug, number)),
        None => paths::activity(slug, activity.header.id),
    }
}

fn act(act: &Act) -> Markup {
    match act {
        Act::Words { card, title, description } => {
            let pairs =
                [("title", &card.title, title), ("description", &card.description, description)];
            let changes = pairs
                .into_iter()
                .filter_map(|(attribute, now, then)| Some(change(attribute, now, then.as_ref()?)));
            html! {
                p { "The card will say again what it said before:" }
                (diff::changes(&changes.collect::<Vec<_>>(), Extent::Whole))
                input type="hidden" name="version" value=(card.version);
            }
        }
        Act::CommentWords { comment, body, .. } => html! {
            p { "The comment will say again what it said before:" }
            (diff::changes(&[change("text", &comment.body, body)], Extent::Whole))
            input type="hidden" name="version" value=(comment.version);
        },
        Act::Place { card, column, to, .. } => html! {
            p { "“" (card.title) "” " (going(to.as_ref(), &column.name)) }
        },
        Act::Reopening { card } => html! {
            p { "“" (card.title) "” will be open again, where it stood in its column." }
        },
        Act::Comment { card, comment, .. } => html! {
            p { "This will stand under “" (card.title) "” again, among the other comments:" }
            blockquote.prose { (markdown::render(&comment.body, 1)) }
        },
        Act::Card { lost, to } => html! {
            p {
                "“" (lost.card.title) "” " (going(to.as_ref(), &lost.column.name))
            }
            p {
                "It comes back with its number, its history and its tags"
                @match lost.story.comments.len() { 0 => "", 1 => ", with its one comment", many => { ", with its " (many) " comments" } }
                ", and with those of the people whose work it was who see the board."
            }
        },
    }
}

fn change(attribute: &str, old: &str, new: &str) -> Change {
    Change { attribute: attribute.to_owned(), old: old.to_owned(), new: new.to_owned() }
}

fn going(to: Option<&Target>, then: &str) -> Markup {
    html! {
        @match to {
            Some(Target { board, column }) => { "will stand in “" (column.name) "” on “" (board.name) "”." },
            None => { "stood in “" (then) "”, which is gone, or its board was put away." },
        }
    }
}

/// Where a card goes: asked when the column that it left is gone, or when what was chosen is wrong.
fn where_to(act: &Act, offered: &[Offered], form: &Form) -> Markup {
    let error = form.error("column_id");
    if !act.asks_where() && error.is_none() {
        return html! {};
    }
    html! {
        div.field {
            label for="column_id" { "Where it goes" }
            select.input id="column_id" name="column_id" required aria-invalid=[error.map(|_| "true")]
                aria-describedby=[form::described_by("column_id", error, None)] {
                option value="" { "Choose a column" }
                @for Offered { board, columns } in offered {
                    optgroup label=(board) {
                        @for column in columns { (option(column.id, &column.name, form)) }
                    }
                }
            }
            (form::notes("column_id", error, None))
        }
    }
}

fn option(id: ColumnId, name: &str, form: &Form) -> Markup {
    html! { option value=(id) selected[form.has("column_id", &id.to_string())] { (name) } }
}
