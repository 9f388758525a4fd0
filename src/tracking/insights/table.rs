//! The figures as comma-separated values (RFC 4180).

use std::fmt;
use std::str::FromStr;

use csv::{Terminator, WriterBuilder};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Counts, Insights};
use crate::values::Invalid;
use crate::values::cell::harmless;

/// A part of the figures that is had as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "they are called what they hold")]
pub enum Table {
    #[default]
    Days,
    Boards,
    People,
    Hours,
    Cards,
    Unopened,
}

impl Table {
    /// All there are.
    pub const ALL: [Self; 6] =
        [Self::Days, Self::Boards, Self::People, Self::Hours, Self::Cards, Self::Unopened];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Boards => "boards",
            Self::People => "people",
            Self::Hours => "hours",
            Self::Cards => "cards",
            Self::Unopened => "unopened",
        }
    }

    /// The rows as a file, as RFC 4180 writes it, the names of their columns first.
    pub fn csv(self, insights: &Insights) -> String {
        let (header, rows) = match self {
            Self::Days => days(insights),
            Self::Boards => boards(insights),
            Self::People => people(insights),
            Self::Hours => hours(insights),
            Self::Cards => cards(insights),
            Self::Unopened => unopened(insights),
        };
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
        let header = header.iter().map(|name| (*name).to_owned()).collect();
        for row in [header].into_iter().chain(rows) {
            // Writing into memory does not fail, and all rows are of one length.
            let _ = writer.write_record(row.iter().map(|value| harmless(value)));
        }
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}

type Rows = (&'static [&'static str], Vec<Vec<String>>);

fn days(insights: &Insights) -> Rows {
    let row = |day: &super::DayCounts| {
        let visitors = day.visitors.map(|count| count.to_string()).unwrap_or_default();
        [vec![day.day.to_string(), visitors], counts(day.counts)].concat()
    };
    let header = &["day", "visitors", "page_views", "link_clicks", "form_submits"];
    (header, insights.days.now.iter().map(row).collect())
}

fn counts(counts: Counts) -> Vec<String> {
    [counts.page_views, counts.link_clicks, counts.form_submits].map(|it| it.to_string()).into()
}

fn boards(insights: &Insights) -> Rows {
    let row = |board: &super::BoardCounts| {
        let (id, name) = (board.id.to_string(), board.name.clone());
        vec![id, name, board.count.to_string(), board.before.to_string()]
    };
    let header = &["board_id", "name", "count", "count_before"];
    (header, insights.boards.seen.iter().map(row).collect())
}

fn people(insights: &Insights) -> Rows {
    let row = |person: &super::PersonCounts| {
        let who = vec![person.user.id.to_string(), person.user.name.clone()];
        let rest = vec![person.days.to_string(), person.changes.to_string()];
        [who, counts(person.counts), rest].concat()
    };
    let header =
        &["person_id", "name", "page_views", "link_clicks", "form_submits", "days", "changes"];
    (header, insights.people.shown.iter().map(row).collect())
}

/// ISO 8601 counts the days of a week from Monday, which is 1.
fn hours(insights: &Insights) -> Rows {
    let hours = insights.hours.iter().flat_map(|hours| hours.0.iter().zip(1..));
    let rows = hours.flat_map(|(day, weekday)| {
        let row = move |(hour, count): (usize, &i64)| {
            vec![weekday.to_string(), hour.to_string(), count.to_string()]
        };
        day.iter().enumerate().map(row)
    });
    (&["weekday", "hour", "page_views"], rows.collect())
}

fn cards(insights: &Insights) -> Rows {
    let row = |card: &super::CardCounts| {
        let (number, title) = (card.number.to_string(), card.title.clone());
        vec![number, title, card.page_views.to_string(), card.before.to_string()]
    };
    let header = &["card_number", "title", "page_views", "page_views_before"];
    (header, insights.cards.iter().map(row).collect())
}

fn unopened(insights: &Insights) -> Rows {
    let row = |card: &super::UnopenedCard| {
        let last = card.last_seen_at.map(written).unwrap_or_default();
        vec![card.number.to_string(), card.title.clone(), written(card.created_at), last]
    };
    let header = &["card_number", "title", "created_at", "last_seen_at"];
    (header, insights.unopened.cards.iter().map(row).collect())
}

fn written(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Table {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|table| table.as_str() == text);
        found.ok_or_else(|| Invalid::because("There is no such table."))
    }
}
