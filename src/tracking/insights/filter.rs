//! What the figures are about: a span of days, a board, a person.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::domain::boards::{Board, Sight};
use crate::values::id::{BoardId, UserId};
use crate::values::{Day, Invalid, Zone};

/// The longest span.
pub const MOST_DAYS: i32 = 366;

/// Some days in a row, both ends among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first one.
    pub first: Day,
    /// The last one.
    pub last: Day,
}

impl Span {
    /// The last so many days.
    ///
    /// # Errors
    /// [`Invalid`] for none, or too many.
    pub fn latest(days: i32, today: Day) -> Result<Self, Invalid> {
        match (1..=MOST_DAYS).contains(&days) {
            true => Ok(Self { first: today.plus(1 - days), last: today }),
            false => Err(Invalid::because("Ask for 1 to 366 days.")),
        }
    }

    /// From one day to another.
    ///
    /// # Errors
    /// [`Invalid`] when it ends before it starts, starts in the future, or is too long.
    pub fn between(first: Day, last: Day, today: Day) -> Result<Self, Invalid> {
        let last = last.min(today);
        if first > today {
            return Err(Invalid::because("That is still to come."));
        }
        if first > last {
            return Err(Invalid::because("The span ends before it starts."));
        }
        let span = Self { first, last };
        match span.days() <= MOST_DAYS {
            true => Ok(span),
            false => Err(Invalid::because("Ask for 1 to 366 days.")),
        }
    }

    /// How many days it has.
    pub fn days(self) -> i32 {
        self.last.days_after(self.first) + 1
    }

    /// As many days just before it.
    #[must_use]
    pub fn before(self) -> Self {
        Self { first: self.first.plus(-self.days()), last: self.first.plus(-1) }
    }

    /// When it begins somewhere, and when it is over.
    pub fn times(self, zone: &Zone) -> (OffsetDateTime, OffsetDateTime) {
        (self.first.within(zone).0, self.last.within(zone).1)
    }

    /// The months that it touches, each with those of its days that belong to it, a bit each from the
    /// first.
    pub(super) fn months(self) -> (Vec<Date>, Vec<i32>) {
        let mut months: Vec<(Date, i32)> = Vec::new();
        for day in self.each().map(Day::date) {
            let month = day.replace_day(1).unwrap_or(day);
            let bit = 1 << (day.day() - 1);
            match months.last_mut().filter(|(last, _)| *last == month) {
                Some((_, days)) => *days |= bit,
                None => months.push((month, bit)),
            }
        }
        months.into_iter().unzip()
    }

    /// Its days, in their order.
    pub fn each(self) -> impl Iterator<Item = Day> {
        (0..self.days()).map(move |days| self.first.plus(days))
    }
}

/// What the figures are about: a board or a person, or all of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    /// The days.
    pub span: Span,
    /// Only what is on this board.
    pub board: Option<BoardId>,
    /// Only what this person does.
    pub person: Option<UserId>,
}

impl Filter {
    /// The boards that it is about, of those that whoever asks sees.
    pub(super) fn boards<'a>(&self, sight: &'a Sight) -> impl Iterator<Item = &'a Board> {
        let only = self.board;
        sight.seen.iter().filter(move |board| only.is_none_or(|only| only == board.id))
    }

    /// Their ids.
    pub(super) fn board_ids(&self, sight: &Sight) -> Vec<Uuid> {
        self.boards(sight).map(|board| board.id.uuid()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    #[test]
    fn a_span_lies_beside_the_one_before() {
        let span = Span::latest(30, day("2026-11-28")).expect("a span");
        assert_eq!((span.first, span.days()), (day("2026-10-30"), 30));
        assert_eq!(span.before(), Span { first: day("2026-09-30"), last: day("2026-10-29") });
        assert_eq!(span.each().last(), Some(span.last));
    }

    #[test]
    fn its_days_are_bits_of_their_months() {
        let span = Span { first: day("2026-10-30"), last: day("2026-11-02") };
        let (months, days) = span.months();
        assert_eq!(months, [day("2026-10-01").date(), day("2026-11-01").date()]);
        assert_eq!(days, [1 << 29 | 1 << 30, 1 << 0 | 1 << 1]);
    }

    #[test]
    fn what_is_no_span_is_refused() {
        let today = day("2026-11-28");
        assert!(Span::latest(0, today).is_err() && Span::latest(367, today).is_err());
        let between = |first, last| Span::between(day(first), day(last), today);
        assert!(between("2026-11-02", "2026-11-01").is_err());
        assert!(between("2026-11-29", "2026-12-01").is_err());
        assert!(between("2020-01-01", "2026-11-01").is_err());
        assert_eq!(between("2026-11-28", "2027-01-01").map(Span::days), Ok(1));
    }
}
