//! The one clock for times that are stored.

use time::OffsetDateTime;

/// Now, in UTC, cut to the microseconds that Postgres keeps, so that a time reads back as it was.
#[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
pub fn now() -> OffsetDateTime {
    to_microseconds(OffsetDateTime::now_utc())
}

fn to_microseconds(at: OffsetDateTime) -> OffsetDateTime {
    at.replace_nanosecond(at.microsecond() * 1_000).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn times_are_cut_to_microseconds() {
        let fine = datetime!(2026-11-24 10:00:00.123456789 UTC);
        assert_eq!(to_microseconds(fine), datetime!(2026-11-24 10:00:00.123456 UTC));
    }
}
