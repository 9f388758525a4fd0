//! How often something comes that somebody asked for.

use time::{Date, Duration, OffsetDateTime, UtcOffset};

use super::Invalid;

/// How often something comes that somebody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Every {
    /// Each day.
    Day,
    /// Each week.
    Week,
    /// Each month of the calendar.
    Month,
}

impl Every {
    /// All of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// Takes one by its name.
    ///
    /// # Errors
    /// [`Invalid`] when there is no such one.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| Invalid::because("The choices are day, week and month."))
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// Its next time after now, where `first` was the first time. It is counted from the first, so
    /// that nothing piles up after a standstill, and the last day of a month stays the last.
    #[must_use]
    pub fn next(self, first: OffsetDateTime, now: OffsetDateTime) -> OffsetDateTime {
        let first = first.to_offset(UtcOffset::UTC);
        if now < first {
            return first;
        }
        match self {
            Self::Day => first + Duration::days((now - first).whole_days() + 1),
            Self::Week => first + Duration::weeks((now - first).whole_weeks() + 1),
            Self::Month => {
                let between = months(now.to_offset(UtcOffset::UTC).date()) - months(first.date());
                let this_month = first.replace_date(month_of(first.date(), between));
                if this_month > now {
                    return this_month;
                }
                first.replace_date(month_of(first.date(), between + 1))
            }
        }
    }
}

/// The months of the calendar before this one.
fn months(date: Date) -> i32 {
    date.year() * 12 + i32::from(u8::from(date.month())) - 1
}

/// The same day so many months later, or the last one of a month that is too short.
fn month_of(first: Date, later: i32) -> Date {
    let months = months(first) + later;
    let (year, before) = (months.div_euclid(12), months.rem_euclid(12));
    let month = (0..before).fold(time::Month::January, |month, _| month.next());
    let day = first.day().min(month.length(year));
    Date::from_calendar_date(year, month, day).expect("the month has this day")
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn the_next_time_is_the_first_one_after_now() {
        let first = datetime!(2026-01-31 10:00 UTC);
        for (every, now, next) in [
            (Every::Day, datetime!(2026-01-31 09:59 UTC), first),
            (Every::Day, first, datetime!(2026-02-01 10:00 UTC)),
            (Every::Day, datetime!(2026-02-04 09:59 UTC), datetime!(2026-02-04 10:00 UTC)),
            (Every::Week, datetime!(2026-02-07 10:00 UTC), datetime!(2026-02-14 10:00 UTC)),
            (Every::Week, datetime!(2026-12-01 10:00 UTC), datetime!(2026-12-05 10:00 UTC)),
        ] {
            assert_eq!(every.next(first, now), next, "{every:?} after {now}");
        }
    }

    #[test]
    fn the_last_day_of_a_month_stays_the_last() {
        let first = datetime!(2026-12-31 10:00 UTC);
        for (now, next) in [
            (first, datetime!(2027-01-31 10:00 UTC)),
            (datetime!(2027-01-31 10:00 UTC), datetime!(2027-02-28 10:00 UTC)),
            (datetime!(2027-02-28 10:00 UTC), datetime!(2027-03-31 10:00 UTC)),
            (datetime!(2028-02-01 0:00 UTC), datetime!(2028-02-29 10:00 UTC)),
        ] {
            assert_eq!(Every::Month.next(first, now), next, "after {now}");
        }
    }

    #[test]
    fn each_is_taken_by_its_name() {
        for every in Every::ALL {
            assert_eq!(Every::parse(every.as_str()), Ok(every));
        }
        assert!(Every::parse("never").is_err());
    }
}
