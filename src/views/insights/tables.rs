//! The figures that are tables: people, cards, and the cards that nobody opened.

use maud::{Markup, html};

use super::figures::{change, grouped};
use super::shown::Shown;
use crate::tracking::insights::{CardCounts, Counts};
use crate::values::Slug;
use crate::views::{avatar, paths, times};

fn panel(name: &str, id: &str, csv: &str, about: &str, table: &Markup) -> Markup {
    html! {
        section.panel aria-labelledby=(id) {
            header.panel__head { h2 id=(id) { (name) } a.small href=(csv) data-turbo="false" { "As CSV" } }
            div.table-wrap tabindex="0" role="region" aria-label={ (name) ", as a table" } { (table) }
            p.small.soft { (about) }
        }
    }
}

/// People who look and people who do.
pub(super) fn people(shown: &Shown<'_>, csv: &str) -> Markup {
    let people = &shown.insights.people;
    let others = people.others;
    let has_others = others.page_views + people.changes_of_others > 0;
    let of_board = shown.filter.board.is_some();
    let looked = |counts: Counts| {
        html! {
            @if !of_board {
                td.figure { (grouped(counts.page_views)) }
                td.figure { (grouped(counts.link_clicks)) }
                td.figure { (grouped(counts.form_submits)) }
            }
        }
    };
    let table = html! {
        table.table {
            thead { tr {
                th scope="col" { "Person" }
                @if !of_board { th.figure scope="col" { "Seen" } th.figure scope="col" { "Links" } th.figure scope="col" { "Forms" } }
                th.figure scope="col" { "Days" } th.figure scope="col" { "Changes" }
            } }
            tbody {
                @for person in &people.shown {
                    tr {
                        th scope="row" { span.row { (avatar::small(&person.user.name, person.user.color)) (person.user.name) } }
                        (looked(person.counts))
                        td.figure { (grouped(person.days)) }
                        td.figure { (grouped(person.changes)) }
                    }
                }
                @if has_others {
                    tr {
                        th.soft scope="row" { "All others" }
                        (looked(others))
                        td.figure { "–" }
                        td.figure { (grouped(people.changes_of_others)) }
                    }
                }
            }
        }
    };
    let about = "Who looks, and who does: days are those on which they opened a page, changes what they did that stands in the history. All others are those who keep out of being shown, and former members.";
    panel("By person", "people_name", csv, about, &table)
}

/// The cards that were opened most.
pub(super) fn cards(slug: &Slug, shown: &Shown<'_>, csv: &str) -> Markup {
    let cards = &shown.insights.cards;
    let of_person = shown.filter.person.is_some();
    let table = html! {
        @if cards.is_empty() { p.soft { "No card was opened in this span." } }
        @else {
            table.table {
                thead { tr { th scope="col" { "Card" } @if !of_person { th scope="col" { "Opened by" } } th.figure scope="col" { "Times" } @if !of_person { th.figure scope="col" { "Against before" } } } }
                tbody { @for card in cards { (row(slug, card, of_person)) } }
            }
        }
    };
    let about = match of_person {
        true => "Cards that they opened since the span began, with how often they ever did.",
        false => {
            "How often each card’s page was opened. Opened by: some of those who did, as far as they are shown."
        }
    };
    panel("Most opened cards", "cards_name", csv, about, &table)
}

fn row(slug: &Slug, card: &CardCounts, of_person: bool) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(paths::card(slug, card.number)) { (card.title) } }
            @if !of_person { td { span.readers { @for reader in &card.readers { (avatar::named(&reader.name, reader.color)) } } } }
            td.figure { (grouped(card.page_views)) }
            @if !of_person { td.figure { (change(card.page_views, Some(card.before))) } }
        }
    }
}

/// The cards that nobody opened.
pub(super) fn unopened(slug: &Slug, shown: &Shown<'_>, csv: &str) -> Markup {
    let unopened = &shown.insights.unopened;
    let table = html! {
        @if unopened.cards.is_empty() { p.soft { "Every open card was opened." } }
        @else {
            table.table {
                caption { b { (grouped(unopened.count)) } " of " (grouped(unopened.open)) " open cards; the oldest are these." }
                thead { tr { th scope="col" { "Card" } th.figure scope="col" { "Added" } th.figure scope="col" { "Last opened" } } }
                tbody {
                    @for card in &unopened.cards {
                        tr {
                            th scope="row" { a href=(paths::card(slug, card.number)) { (card.title) } }
                            td.figure { (times::at(card.created_at)) }
                            td.figure { @match card.last_seen_at { Some(at) => (times::at(at)), None => "never" } }
                        }
                    }
                }
            }
        }
    };
    let about = "Open cards whose page nobody opened in this span.";
    panel("What nobody opened", "unopened_name", csv, about, &table)
}
