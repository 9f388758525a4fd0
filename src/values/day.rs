//! A day of the calendar, which begins and ends where somebody lives.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use time::OffsetDateTime;

use super::{Invalid, Zone};

/// A day, such as 2026-11-25.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// Takes a day as ISO 8601 writes it, between the years 1970 and 9999.
    ///
    /// # Errors
    /// [`Invalid`] when it is no day of the calendar.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        let day = text.parse::<Date>().ok().filter(|day| day.year() >= 1970);
        // A moment is more than a day.
        let day = day.filter(|day| day.to_string() == text);
        day.map(Self).ok_or(Invalid::because("Write a day of the calendar as 2026-11-25."))
    }

    /// The day that it is somewhere at a moment.
    pub fn of(at: OffsetDateTime, zone: &Zone) -> Self {
        let at = jiff::Timestamp::from_second(at.unix_timestamp()).unwrap_or_default();
        Self(at.to_zoned(time_zone(zone)).date())
    }

    /// When it begins somewhere, and when the next one does: not always 24 hours later.
    pub fn within(self, zone: &Zone) -> (OffsetDateTime, OffsetDateTime) {
        let next = self.0.tomorrow().unwrap_or(self.0);
        (midnight(self.0, zone), midnight(next, zone))
    }

    /// The day before.
    #[must_use]
    pub fn before(self) -> Self {
        Self(self.0.yesterday().unwrap_or(self.0))
    }

    /// The day after.
    #[must_use]
    pub fn after(self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }

    /// The day so many days later, or earlier if that is less than none.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        let days = jiff::Span::new().days(days);
        Self(self.0.saturating_add(days))
    }

    /// How many days this is after another one.
    pub fn days_after(self, other: Self) -> i32 {
        self.0.duration_since(other.0).as_hours().div_euclid(24).try_into().unwrap_or(i32::MAX)
    }

    /// The day as the database writes it.
    pub fn date(self) -> time::Date {
        let month = u8::try_from(self.0.month()).ok().and_then(|month| month.try_into().ok());
        let day = u8::try_from(self.0.day()).unwrap_or(1);
        let date = month.and_then(|month| {
            time::Date::from_calendar_date(self.0.year().into(), month, day).ok()
        });
        date.unwrap_or(time::Date::MIN)
    }

    /// The day in a few words, such as “25 Nov”.
    pub fn in_short(self) -> String {
        self.0.strftime("%-d %b").to_string()
    }

    /// The day in words, such as “25 November 2026”.
    pub fn in_words(self) -> String {
        self.0.strftime("%-d %B %Y").to_string()
    }
}

impl From<time::Date> for Day {
    fn from(date: time::Date) -> Self {
        let year = i16::try_from(date.year()).unwrap_or(i16::MAX);
        let (month, day) = (u8::from(date.month()).cast_signed(), date.day().cast_signed());
        Self(Date::new(year, month, day).unwrap_or(Date::MIN))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn time_zone(zone: &Zone) -> TimeZone {
    TimeZone::get(zone.as_str()).unwrap_or(TimeZone::UTC)
}

/// The first moment of a day; where clocks skip midnight, the moment they skip to.
fn midnight(day: Date, zone: &Zone) -> OffsetDateTime {
    let start = day.to_zoned(time_zone(zone)).and_then(|zoned| zoned.start_of_day());
    let second = start.map_or(i64::MAX, |start| start.timestamp().as_second());
    OffsetDateTime::from_unix_timestamp(second).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(day: &str, zone: &str) -> i64 {
        let (begins, ends) =
            Day::parse(day).expect("a day").within(&Zone::parse(zone).expect("a zone"));
        (ends - begins).whole_hours()
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(Day::parse("2026-11-25").expect("a day").to_string(), "2026-11-25");
        for text in ["", "2026-02-30", "25.11.2026", "yesterday", "0001-01-01", "2026-11-25T10:00"]
        {
            assert!(Day::parse(text).is_err(), "{text:?} was taken");
        }
    }

    #[test]
    fn days_are_counted_over_the_ends_of_months() {
        let day = |text| Day::parse(text).expect("a day");
        assert_eq!(day("2026-02-27").plus(2), day("2026-03-01"));
        assert_eq!(day("2026-03-01").plus(-2), day("2026-02-27"));
        assert_eq!(day("2027-01-01").days_after(day("2026-01-01")), 365);
        assert_eq!(Day::from(day("2026-11-25").date()), day("2026-11-25"));
    }

    #[test]
    fn a_day_is_as_long_as_it_is_there() {
        assert_eq!(hours("2026-11-25", "UTC"), 24);
        assert_eq!(hours("2026-03-29", "Europe/Zurich"), 23);
        assert_eq!(hours("2026-10-25", "Europe/Zurich"), 25);
    }

    #[test]
    fn it_is_another_day_elsewhere() {
        let at = time::macros::datetime!(2026-11-25 23:30 UTC);
        let day = |zone: &str| Day::of(at, &Zone::parse(zone).expect("a zone")).to_string();
        assert_eq!((day("UTC"), day("Asia/Tokyo")), ("2026-11-25".into(), "2026-11-26".into()));
    }
}
