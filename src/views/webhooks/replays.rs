//! The page on which a part of the log is sent to an endpoint again: the form with its count, and the
//! replays so far.

use maud::{Markup, html};

use super::{frame, host};
use crate::domain::boards::Board;
use crate::events::nouns;
use crate::values::{Color, Slug};
use crate::views::{Form, Page, form, icon, paths, times};
use crate::webhooks::Endpoint;
use crate::webhooks::replays::{MOST_COUNTED, Preview, Replay, Which};

/// The form, what it would send if that was counted, and the replays so far, the newest first.
pub fn replays(
    page: &Page,
    endpoint: &Endpoint,
    boards: &[Board],
    replays: &[Replay],
    form: &Form,
    preview: Option<&Preview>,
) -> Markup {
    let Some(viewer) = &page.viewer else { return html! {} };
    let slug = &viewer.account.slug;
    let path = paths::endpoint(slug, endpoint.id);
    page.show(frame("Send again"), &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                (trail(slug, endpoint))
                h1 { "Send again" }
                p { "What happened keeps its id, so a receiver that remembers ids takes nothing twice. Each call carries " code { "Cairn-Replay: true" } ", and what happens meanwhile goes on arriving." }
            } }
            div.stack.stack--loose {
                (form.other_errors(&["which", "since", "until", "events", "board_ids"]))
                form.panel.stack action={ (path) "/replays" } method="post" data-turbo="false" {
                    (form::token(&page.csrf_token))
                    (which(form))
                    (span(form))
                    (narrowed(endpoint, boards, form))
                    (counted(preview))
                    (buttons(preview))
                }
                (past(&path, &page.csrf_token, replays))
            }
        }
    })
}

fn trail(slug: &Slug, endpoint: &Endpoint) -> Markup {
    html! {
        ol.trail {
            li { a href=(paths::within(slug, "webhooks")) { "Webhooks" } }
            li { a href=(paths::endpoint(slug, endpoint.id)) { (host(&endpoint.url)) } }
            li { "Send again" }
        }
    }
}

fn which(form: &Form) -> Markup {
    let chosen = form.value("which").parse().unwrap_or_default();
    let choice = |which: Which, words: &str| {
        html! {
            label.check {
                input type="radio" name="which" value=(which.as_str()) checked[which == chosen];
                span { (words) }
            }
        }
    };
    html! {
        fieldset.field {
            legend { "What is sent" }
            div.choices {
                (choice(Which::Missing, "What never arrived: it was given up or skipped, or happened before the endpoint was there"))
                (choice(Which::Failed, "What was given up"))
                (choice(Which::All, "Everything, whatever arrived"))
            }
            (form::notes("which", form.error("which"), None))
        }
    }
}

fn span(form: &Form) -> Markup {
    let day = |name, label, help| form::Input {
        name,
        label,
        kind: Some("date"),
        help: Some(help),
        optional: true,
        ..form::Input::default()
    };
    html! {
        div.pair {
            (day("since", "From the day", "Empty: from the beginning.").show(form))
            (day("until", "To the day", "Empty: up to now.").show(form))
        }
    }
}

fn narrowed(endpoint: &Endpoint, boards: &[Board], form: &Form) -> Markup {
    let boards = || {
        let named = |board: &&Board| endpoint.board_ids.contains(&board.id);
        boards.iter().filter(move |board| endpoint.board_ids.is_empty() || named(board))
    };
    html! {
        div.pair {
            (select(form, "events", "Events", "All that it hears of", &html! {
                @for (noun, kinds) in nouns() {
                    optgroup label={ "About " (noun) "s" } {
                        (option(form, "events", &format!("{noun}.*"), &format!("{noun}.*")))
                        @for kind in kinds { (option(form, "events", &kind.wire_name(), &kind.wire_name())) }
                    }
                }
            }))
            (select(form, "board_ids", "Board", "All that it hears of", &html! {
                @for board in boards() { (option(form, "board_ids", &board.id.to_string(), &board.name)) }
            }))
        }
    }
}

fn select(form: &Form, name: &str, label: &str, all: &str, options: &Markup) -> Markup {
    let error = form.error(name);
    html! {
        div.field {
            label for=(name) { (label) }
            select.input id=(name) name=(name) aria-invalid=[error.map(|_| "true")]
                aria-describedby=[form::described_by(name, error, None)] {
                option value="" { (all) }
                (options)
            }
            (form::notes(name, error, None))
        }
    }
}

fn option(form: &Form, name: &str, value: &str, words: &str) -> Markup {
    html! { option value=(value) selected[form.has(name, value)] { (words) } }
}

fn counted(preview: Option<&Preview>) -> Markup {
    let Some(Preview { total, .. }) = preview else { return html! {} };
    html! {
        p id="count" role="status" {
            @match *total {
                0 => "There is nothing of this to send.",
                1 => { "That is " b { "one event" } "." },
                total if total >= MOST_COUNTED => { "These are " b { "100,000 events or more" } "." },
                total => { "These are " b { (total) " events" } "." },
            }
        }
    }
}

/// It is counted first; what was counted can be sent.
fn buttons(preview: Option<&Preview>) -> Markup {
    let found = preview.is_some_and(|preview| preview.total > 0);
    html! {
        p.row {
            @if found { button.button.button--ink type="submit" { (icon::icon("send")) "Send them" } }
            button.button type="submit" name="count" value="yes" { (icon::icon("search")) @if preview.is_some() { "Count again" } @else { "Count them" } }
        }
    }
}

fn past(path: &str, csrf_token: &str, replays: &[Replay]) -> Markup {
    html! {
        @if !replays.is_empty() {
            section.panel.stack aria-labelledby="replays_name" {
                header.panel__head { h2 id="replays_name" { "Sent again so far" } }
                ol.stack { @for replay in replays { (one(path, csrf_token, replay)) } }
            }
        }
    }
}

fn one(path: &str, csrf_token: &str, replay: &Replay) -> Markup {
    let running = replay.ended_at.is_none() && replay.canceled_at.is_none();
    html! {
        li.replay data-color=(if running { Color::Lake } else { Color::Stone }) {
            p.row { (state(replay)) span { (what(replay)) } (times::at(replay.created_at)) }
            @if replay.delivery_id.is_none() {
                @if running {
                    progress max="1" value=(format!("{:.3}", replay.progress)) aria-label="How far it has come" {}
                }
                p.small.soft { (course(replay)) }
            }
            @if running && replay.delivery_id.is_none() {
                form action={ (path) "/replays/" (replay.id) } method="post" data-turbo-confirm="Cancel this replay? What was not sent yet is skipped." {
                    (form::token(csrf_token)) (form::method("delete"))
                    button.button.button--small type="submit" { (icon::icon("x")) "Cancel" }
                }
            }
        }
    }
}

fn course(replay: &Replay) -> String {
    let Replay { total, owed, delivered, waiting, .. } = replay;
    let others = [(*waiting, "on the way"), (owed - delivered - waiting, "given up or skipped")];
    let others = others.iter().filter(|(count, _)| *count > 0);
    let others: String = others.map(|(count, words)| format!(", {count} {words}")).collect();
    format!("{delivered} of {total} arrived{others}.")
}

fn state(replay: &Replay) -> Markup {
    let (color, name, words) = match (replay.canceled_at, replay.ended_at) {
        (Some(_), _) => (Color::Stone, "x", "Canceled"),
        (None, Some(_)) => (Color::Moss, "check", "All on its way"),
        (None, None) => (Color::Lake, "rotate-cw", "Under way"),
    };
    html! { span.state data-color=(color) { (icon::icon(name)) (words) } }
}

fn what(replay: &Replay) -> Markup {
    let words = match (replay.delivery_id, replay.which) {
        (Some(_), _) => "One delivery",
        (None, Which::All) => "Everything",
        (None, Which::Missing) => "What never arrived",
        (None, Which::Failed) => "What was given up",
    };
    html! {
        (words)
        @for name in &replay.events { " " span.tag.mono { (name) } }
        @if let Some(since) = replay.since { " since " (times::fixed(since)) }
        @if let Some(until) = replay.until { " until " (times::fixed(until)) }
    }
}
