//! What the figures are about, as a sentence whose words open menus, and the spans to choose from.

use maud::{Markup, html};
use url::form_urlencoded::Serializer;

use super::shown::Shown;
use crate::domain::Actor;
use crate::tracking::insights::{Filter, Span};
use crate::values::{Day, Slug, clock};
use crate::views::menu::{self, menu};
use crate::views::paths;

/// The spans that end today.
const SPANS: [(i32, &str); 4] = [(1, "Today"), (7, "7 days"), (30, "30 days"), (90, "90 days")];

/// The address of a page with figures about this.
pub fn address(slug: &Slug, page: &str, filter: &Filter) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("since", &filter.span.first.to_string());
    query.append_pair("until", &filter.span.last.to_string());
    narrowed(&mut query, filter);
    format!("{}?{}", paths::within(slug, page), query.finish())
}

/// The address of the page with the figures of the last so many days.
fn latest(slug: &Slug, days: i32, filter: &Filter) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("days", &days.to_string());
    narrowed(&mut query, filter);
    format!("{}?{}", paths::within(slug, "insights"), query.finish())
}

fn narrowed(query: &mut Serializer<'_, String>, filter: &Filter) {
    query.extend_pairs(filter.board.map(|board| ("board_id", board.to_string())));
    query.extend_pairs(filter.person.map(|person| ("person_id", person.to_string())));
}

/// How many days a span has, if it ends today.
fn days_until_today(span: Span, viewer: &Actor) -> Option<i32> {
    let today = Day::of(clock::now(), &viewer.account.zone);
    (span.last == today).then(|| span.days())
}

/// The sentence.
pub(super) fn sentence(viewer: &Actor, shown: &Shown<'_>) -> Markup {
    html! {
        div.sentence {
            "What " (people(viewer, shown)) " opened on " (boards(viewer, shown)) " " (span(viewer, shown)) "."
        }
    }
}

/// The address with the same span: by its days if it ends today, so that it goes on with the calendar.
fn same_span(viewer: &Actor, filter: &Filter) -> String {
    let slug = &viewer.account.slug;
    match days_until_today(filter.span, viewer) {
        Some(days) => latest(slug, days, filter),
        None => address(slug, "insights", filter),
    }
}

fn people(viewer: &Actor, shown: &Shown<'_>) -> Markup {
    let chosen = shown.filter.person;
    let span = shown.filter.span;
    let to = |person| same_span(viewer, &Filter { span, person, board: None });
    let found = shown.people.iter().find(|user| Some(user.id) == chosen);
    let words = match (chosen, found) {
        (None, _) => "everybody",
        (Some(_), Some(user)) => &user.name,
        (Some(_), None) => "somebody",
    };
    menu(
        words,
        &html! {
            li { (menu::choice(&to(None), "Everybody", "users", None, chosen.is_none())) }
            @for user in shown.people {
                li { (menu::choice(&to(Some(user.id)), &user.name, "user", Some(user.color), chosen == Some(user.id))) }
            }
        },
    )
}

fn boards(viewer: &Actor, shown: &Shown<'_>) -> Markup {
    let chosen = shown.filter.board;
    let span = shown.filter.span;
    let to = |board| same_span(viewer, &Filter { span, board, person: None });
    let found = shown.boards.iter().find(|board| Some(board.id) == chosen);
    let words = found.map_or("all boards", |board| &board.name);
    menu(
        words,
        &html! {
            li { (menu::choice(&to(None), "All boards", "layout-grid", None, chosen.is_none())) }
            @for board in shown.boards {
                li { (menu::choice(&to(Some(board.id)), &board.name, "square-kanban", Some(board.color), chosen == Some(board.id))) }
            }
        },
    )
}

fn span(viewer: &Actor, shown: &Shown<'_>) -> Markup {
    let (filter, slug) = (shown.filter, &viewer.account.slug);
    let days = days_until_today(filter.span, viewer);
    let words = match days {
        Some(1) => "today".to_owned(),
        Some(days) => format!("in the last {days} days"),
        None => between(filter.span),
    };
    menu(
        &words,
        &html! {
            @for (count, words) in SPANS {
                li { (menu::choice(&latest(slug, count, filter), words, "calendar", None, days == Some(count))) }
            }
            li { (other_span(slug, filter)) }
        },
    )
}

fn between(span: Span) -> String {
    match span.days() {
        1 => format!("on {}", span.first.in_words()),
        _ => format!("from {} to {}", span.first.in_words(), span.last.in_words()),
    }
}

fn other_span(slug: &Slug, filter: &Filter) -> Markup {
    html! {
        form.menu__form method="get" action=(paths::within(slug, "insights")) {
            @if let Some(board) = filter.board { input type="hidden" name="board_id" value=(board); }
            @if let Some(person) = filter.person { input type="hidden" name="person_id" value=(person); }
            label.sr-only for="since" { "From the day" }
            input.input id="since" type="date" name="since" required min="1970-01-01" value=(filter.span.first);
            label.sr-only for="until" { "To the day" }
            input.input id="until" type="date" name="until" required min="1970-01-01" value=(filter.span.last);
            button.button.button--small type="submit" { "Show" }
        }
    }
}

/// The spans, as buttons.
pub(super) fn spans(slug: &Slug, filter: &Filter) -> Markup {
    html! {
        nav.choice aria-label="Span" {
            @for (days, words) in SPANS {
                a href=(latest(slug, days, filter)) aria-current=[(filter.span.days() == days).then_some("true")] { (words) }
            }
        }
    }
}
