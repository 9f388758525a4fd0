//! A board as it was: what stood on it then, nothing that could be pressed to change it, and the way
//! through time.

use maud::{Markup, html};

use super::super::layout::{Frame, Section};
use super::super::{
    Form, Page, assignments, columns, dom, form, icon, paths, sentence, tags, times,
};
use super::private;
use crate::domain::Actor;
use crate::domain::boards::{Past, PastColumn};
use crate::domain::cards::CardFace;
use crate::events::Activity;
use crate::events::board_as_it_was::Stamp;
use crate::values::At;

/// The page. `form` holds the point that was asked for, if it was refused; the board is then shown at
/// the nearest one there is.
pub fn show(page: &Page, past: &Past, form: &Form) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let (slug, board) = (&viewer.account.slug, &past.board);
    let title = format!("{} as it was", board.name);
    let frame = Frame { title: &title, section: Section::Boards, ..Frame::default() };
    page.show(frame, &html! {
        main.page.page--full.past id="main" data-color=(board.color) {
            header.page-head {
                div.page-head__words { h1.board__name { (board.name) } (private(board)) }
                div.page-head__tools {
                    a.button.button--ink href=(paths::board(slug, board.id)) { (icon::icon("arrow-right")) "Back to now" }
                }
            }
            (travel(viewer, past, form))
            div.board.board--past {
                div.board__columns id=(dom::BOARD_COLUMNS) role="region" aria-label="Columns" tabindex="0" {
                    @for column in &past.columns { (self::column(past, column)) }
                    @if past.columns.is_empty() { p.soft { "The board had no columns then." } }
                }
            }
        }
    })
}

/// When it was, what happened last, and the ways to another time.
fn travel(viewer: &Actor, past: &Past, form: &Form) -> Markup {
    let (slug, last) = (&viewer.account.slug, past.last.activities.first());
    let shown = last.map(|last| At::in_field(last.header.created_at, &viewer.zone));
    html! {
        section.travel id="travel" aria-label="The past" data-controller="time-travel"
            data-action="turbo:load@document->time-travel#arrive turbo:fetch-request-error@document->time-travel#arrive"
            data-time-travel-sequence-value=(on_slider(past)) data-time-travel-time-value=[&shown] {
            div.travel__words role="status" {
                p { (icon::icon("hourglass")) b { "This is the past." } " The board as it was " (when(past, last)) }
                @if let Some(last) = last {
                    p.small.soft { (sentence::sentence(slug, last, &past.last.people, &past.last.gone)) "." }
                }
            }
            (steps(viewer, past, last))
            (field(viewer, past, form, shown.as_deref()))
        }
    }
}

fn when(past: &Past, last: Option<&Activity>) -> Markup {
    html! {
        @match last {
            Some(last) if last.sequence == past.sequence => {
                "on " (times::fixed(last.header.created_at)) ", at number " (past.sequence) " of the log. The last change:"
            }
            Some(last) => {
                "at number " (past.sequence) " of the log. Its last change by then was number " (last.sequence)
                ", on " (times::fixed(last.header.created_at)) ":"
            }
            None => { "at number " (past.sequence) " of the log." }
        }
    }
}

/// The slider, and a link to the change before and after. Its places are the numbers of the account's
/// log from the board's first event to its newest.
fn steps(viewer: &Actor, past: &Past, last: Option<&Activity>) -> Markup {
    let (path, steps) = (paths::board(&viewer.account.slug, past.board.id), &past.steps);
    let (first, newest) = (steps.first.unwrap_or(1), steps.newest.unwrap_or(1));
    let before = steps.last.get(1).copied();
    html! {
        div.travel__steps {
            (step(&path, before, "prev", "previous", "chevron-left", "Earlier"))
            form.travel__slider action=(path) data-turbo-action="replace" {
                label.sr-only for="travel_slider" { "Place in the log" }
                input id="travel_slider" type="range" name="at" min=(first) max=(newest) value=(on_slider(past))
                    aria-valuetext=[last.map(in_words)] autocomplete="off" data-time-travel-target="slider"
                    data-action="input->time-travel#slide keydown->time-travel#press";
                (scale(viewer, past))
                noscript { button.button.button--small type="submit" { "Show" } }
            }
            (step(&path, steps.next, "next", "next", "chevron-right", "Later"))
        }
    }
}

/// When it was along the slider, whose places are numbers: a quiet month is short there. Whoever does not
/// see it is told by the slider itself where it stands.
fn scale(viewer: &Actor, past: &Past) -> Markup {
    html! {
        ol.travel__scale id="travel_scale" aria-hidden="true" {
            @for time in &past.marks {
                @let [day, time_of_day] = At::on_scale(*time, &viewer.zone);
                li { span { (day) } " " span { (time_of_day) } }
            }
        }
    }
}

/// The place on the slider: where the board was asked for.
fn on_slider(past: &Past) -> i64 {
    past.sequence.clamp(past.steps.first.unwrap_or(1), past.steps.newest.unwrap_or(i64::MAX))
}

fn in_words(last: &Activity) -> String {
    format!("Number {}, {}", last.sequence, times::in_words(last.header.created_at))
}

fn step(path: &str, to: Option<i64>, rel: &str, target: &str, icon: &str, words: &str) -> Markup {
    html! {
        @match to {
            Some(to) => {
                a.button id={ "travel_" (rel) } href=(paths::at(path, to)) rel=(rel) data-turbo-action="replace"
                    data-time-travel-target=(target) data-action="time-travel#step" { (icon::icon(icon)) (words) }
            }
            None => span.button id={ "travel_no_" (rel) } aria-disabled="true" { (icon::icon(icon)) (words) },
        }
    }
}

/// The field for a time, in the viewer's zone; beside it what is wrong with the one that was asked for.
fn field(viewer: &Actor, past: &Past, form: &Form, shown: Option<&str>) -> Markup {
    let error = form.error("at");
    let help = format!("In the time zone {}.", viewer.zone);
    html! {
        form.travel__field action=(paths::board(&viewer.account.slug, past.board.id)) data-turbo-action="replace" {
            label for="at" { "Go to a time" }
            input.input id="at" type="datetime-local" name="at" step="1" required autocomplete="off" value=[shown]
                data-time-travel-target="field"
                aria-invalid=[error.map(|_| "true")] aria-describedby=[form::described_by("at", error, Some(&help))];
            button.button type="submit" { "Show" }
            (form::notes("at", error, Some(&help)))
            @if error.is_some() {
                p.field__help { "You asked for “" (form.value("at")) "”. This is the nearest there is." }
            }
        }
    }
}

fn column(past: &Past, shown: &PastColumn) -> Markup {
    let (column, id) = (&shown.column, dom::column(shown.column.id));
    let changed = past.changed_columns.contains(&column.id);
    html! {
        section.column id=(id) data-color=(column.color) data-changed[changed] aria-labelledby={ (id) "_name" } {
            header.column__head {
                h2 id={ (id) "_name" } { (column.name) }
                span.column__count { (columns::count(shown.open.len())) }
                (mark(changed))
            }
            ol.column__cards aria-label={ "Cards in " (column.name) } {
                @for face in &shown.open { (card(past, face, None)) }
                li.column__empty { "No cards here then" }
            }
            @if !shown.closed.is_empty() { (closed(past, &id, &shown.closed)) }
        }
    }
}

/// The cards that were closed, folded unless one of them has just been.
fn closed(past: &Past, column: &str, cards: &[(CardFace, Stamp)]) -> Markup {
    let changed = cards.iter().any(|(face, _)| past.changed_cards.contains(&face.id));
    // A list that opens by itself is another one: what somebody folded stays folded.
    let id = if changed { "closed_now" } else { "closed" };
    html! {
        details id={ (column) "_" (id) } open[changed] {
            summary.small.soft { (icon::small("circle-check")) (cards.len()) " closed" }
            ol.column__cards { @for (face, since) in cards { (card(past, face, Some(since))) } }
        }
    }
}

fn card(past: &Past, face: &CardFace, closed: Option<&Stamp>) -> Markup {
    let changed = past.changed_cards.contains(&face.id);
    html! {
        li.card.card--past.card--closed[closed.is_some()] id=(dom::card(face.number)) data-changed[changed] {
            p.card__top { span { (face.number) } (mark(changed)) }
            h3.card__title { (face.title) }
            (tags::chips(&face.tags))
            @if face.comments > 0 || !face.assignees.is_empty() {
                div.card__foot {
                    @if face.comments > 0 {
                        span.count { (icon::icon("message-square")) (face.comments) span.sr-only { @if face.comments == 1 { " comment" } @else { " comments" } } }
                    }
                    (assignments::pebbles(&face.assignees))
                }
            }
            @if let Some(closed) = closed {
                p.tiny.faint { (icon::small("circle-check")) "Closed " (times::fixed(closed.at)) }
            }
        }
    }
}

fn mark(changed: bool) -> Markup {
    html! { @if changed { span.changed { "Changed" } } }
}
