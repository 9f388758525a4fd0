//! The figures as comma-separated values (RFC 4180).

use std::fmt;
use std::str::FromStr;

use csv::{Terminator, WriterBuilder};
use sqlx::PgConnection;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Filter;
use super::boards::{self, BoardCounts};
use super::cards::{self, CardCounts};
use super::days::{self, Counts, DayCounts};
use super::hours::{self, Hours};
use super::people::{self, PersonCounts};
use super::unopened::{self, UnopenedCard};
use crate::domain::Actor;
use crate::domain::boards::Sight;
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

    /// The rows as a file, as RFC 4180 writes it, the names of their columns first; nothing else is read.
    pub(super) async fn read(
        self,
        connection: &mut PgConnection,
        actor: &Actor,
        sight: &Sight,
        filter: &Filter,
    ) -> sqlx::Result<String> {
        let (header, rows) = match self {
            Self::Days => of_days(&days::each(connection, actor, filter).await?.0),
            Self::Boards => of_boards(&boards::read(connection, actor, sight, filter).await?.seen),
            Self::People => of_people(&people::read(connection, actor, filter).await?.shown),
            Self::Hours => of_hours(hours::read(connection, actor, filter).await?.as_ref()),
            Self::Cards => of_cards(&cards::read(connection, actor, sight, filter).await?),
            Self::Unopened => {
                of_unopened(&unopened::read(connection, actor, sight, filter).await?.cards)
            }
        };
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
        let header = header.iter().map(|name| (*name).to_owned()).collect();
        for row in [header].into_iter().chain(rows) {
            // Writing into memory does not fail, and all rows are of one length.
            let _ = writer.write_record(row.iter().map(|value| harmless(value)));
        }
        Ok(String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default())
    }
}

type Rows = (&'static [&'static str], Vec<Vec<String>>);

fn of_days(days: &[DayCounts]) -> Rows {
    let row = |day: &DayCounts| {
        let visitors = day.visitors.map(|count| count.to_string()).unwrap_or_default();
        [vec![day.day.to_string(), visitors], counts(day.counts)].concat()
    };
    let header = &["day", "visitors", "page_views", "link_clicks", "form_submits"];
    (header, days.iter().map(row).collect())
}

fn counts(counts: Counts) -> Vec<String> {
    [counts.page_views, counts.link_clicks, counts.form_submits].map(|it| it.to_string()).into()
}

fn of_boards(boards: &[BoardCounts]) -> Rows {
    let row = |board: &BoardCounts| {
        let (id, name) = (board.id.to_string(), board.name.clone());
        vec![id, name, board.count.to_string(), board.before.to_string()]
    };
    let header = &["board_id", "name", "count", "count_before"];
    (header, boards.iter().map(row).collect())
}

fn of_people(people: &[PersonCounts]) -> Rows {
    let row = |person: &PersonCounts| {
        let who = vec![person.user.id.to_string(), person.user.name.clone()];
        let rest = vec![person.days.to_string(), person.changes.to_string()];
        [who, counts(person.counts), rest].concat()
    };
    let header =
        &["person_id", "name", "page_views", "link_clicks", "form_submits", "days", "changes"];
    (header, people.iter().map(row).collect())
}

/// ISO 8601 counts the days of a week from Monday, which is 1.
fn of_hours(hours: Option<&Hours>) -> Rows {
    let hours = hours.into_iter().flat_map(|hours| hours.0.iter().zip(1..));
    let rows = hours.flat_map(|(day, weekday)| {
        let row = move |(hour, count): (usize, &i64)| {
            vec![weekday.to_string(), hour.to_string(), count.to_string()]
        };
        day.iter().enumerate().map(row)
    });
    (&["weekday", "hour", "page_views"], rows.collect())
}

fn of_cards(cards: &[CardCounts]) -> Rows {
    let row = |card: &CardCounts| {
        let (number, title) = (card.number.to_string(), card.title.clone());
        vec![number, title, card.page_views.to_string(), card.before.to_string()]
    };
    let header = &["card_number", "title", "page_views", "page_views_before"];
    (header, cards.iter().map(row).collect())
}

fn of_unopened(cards: &[UnopenedCard]) -> Rows {
    let row = |card: &UnopenedCard| {
        let last = card.last_seen_at.map(written).unwrap_or_default();
        vec![card.number.to_string(), card.title.clone(), written(card.created_at), last]
    };
    let header = &["card_number", "title", "created_at", "last_seen_at"];
    (header, cards.iter().map(row).collect())
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
