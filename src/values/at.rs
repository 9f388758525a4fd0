//! A point of the past that somebody names: a number of the log, or a time.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use time::OffsetDateTime;

use super::{Invalid, Moment, Zone};

/// The word for the last change there is, for links that stay as they are whatever happens.
pub const NEWEST: &str = "newest";

/// A point of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// After the last change there is.
    Newest,
    /// After the activity of this number in the account's log.
    Sequence(i64),
    /// After all that was recorded by this time.
    Time(OffsetDateTime),
}

impl At {
    /// Takes the word `newest`, a number, a time as RFC 3339 writes it, or a date and a time of day somewhere, as the
    /// field of a form sends it. One that clocks skip there is taken an hour later.
    ///
    /// # Errors
    /// [`Invalid`] when it is none of these.
    pub fn parse(text: &str, zone: &Zone) -> Result<Self, Invalid> {
        let text = text.trim();
        if text == NEWEST {
            return Ok(Self::Newest);
        }
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let most = if text.starts_with('-') { i64::MIN } else { i64::MAX };
            return Ok(Self::Sequence(text.parse().unwrap_or(most)));
        }
        let time = text.parse::<Moment>().ok().map(|moment| moment.0);
        let time = time.or_else(|| local(text, zone));
        // Before the calendar of computers began, nothing was recorded.
        let time = time.map(|time| time.max(OffsetDateTime::UNIX_EPOCH));
        time.map(Self::Time).ok_or(Invalid::because(
            "Write a time as 2026-11-25T09:30:00Z, or the number of an activity.",
        ))
    }

    /// A time as a field of a form writes it, in this zone: the first full second by which it was.
    pub fn in_field(time: OffsetDateTime, zone: &Zone) -> String {
        let second = time.unix_timestamp() + i64::from(time.nanosecond() > 0);
        let at = jiff::Timestamp::from_second(second).unwrap_or_default();
        at.to_zoned(time_zone(zone)).strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }

    /// The day and the time of day in this zone, as they stand on a scale: `25 Nov 2026`, `09:30`.
    pub fn on_scale(time: OffsetDateTime, zone: &Zone) -> [String; 2] {
        let at = jiff::Timestamp::from_second(time.unix_timestamp()).unwrap_or_default();
        let at = at.to_zoned(time_zone(zone));
        ["%-d %b %Y", "%H:%M"].map(|words| at.strftime(words).to_string())
    }
}

fn local(text: &str, zone: &Zone) -> Option<OffsetDateTime> {
    // A day alone has no time, and a sign or a zone behind the time would be passed over.
    let plain = |byte: u8| byte.is_ascii_digit() || b"-:.T ".contains(&byte);
    if !text.contains(['T', ' ']) || !text.bytes().all(plain) {
        return None;
    }
    let zoned = text.parse::<DateTime>().ok()?.to_zoned(time_zone(zone)).ok()?;
    OffsetDateTime::from_unix_timestamp_nanos(zoned.timestamp().as_nanosecond()).ok()
}

fn time_zone(zone: &Zone) -> TimeZone {
    TimeZone::get(zone.as_str()).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn parsed(text: &str) -> Result<At, Invalid> {
        At::parse(text, &Zone::parse("Europe/Zurich").expect("a zone"))
    }

    #[test]
    fn a_number_is_a_sequence() {
        assert_eq!(parsed(" 512 "), Ok(At::Sequence(512)));
        assert_eq!(parsed("-3"), Ok(At::Sequence(-3)));
        assert_eq!(parsed("99999999999999999999"), Ok(At::Sequence(i64::MAX)));
        assert_eq!(parsed("-99999999999999999999"), Ok(At::Sequence(i64::MIN)));
    }

    #[test]
    fn the_last_change_has_a_word() {
        assert_eq!(parsed(NEWEST), Ok(At::Newest));
    }

    #[test]
    fn a_time_is_one_of_a_zone_or_a_local_one() {
        let time = At::Time(datetime!(2026-11-25 9:30 +1));
        assert_eq!(parsed("2026-11-25T08:30:00Z"), Ok(time));
        assert_eq!(parsed("2026-11-25T09:30:00+01:00"), Ok(time));
        assert_eq!(parsed("2026-11-25T09:30"), Ok(time));
        assert_eq!(parsed("2026-11-25T09:30:00"), Ok(time));
        assert_eq!(parsed("-000044-01-01T00:00"), Ok(At::Time(OffsetDateTime::UNIX_EPOCH)));
        let skipped = At::Time(datetime!(2026-03-29 3:30 +2));
        assert_eq!(parsed("2026-03-29T02:30"), Ok(skipped));
    }

    #[test]
    fn nothing_else_is() {
        for text in ["", "-", "soon", "2026-11-25", "2026-13-25T09:30", "1.5", "0x10", "\0"] {
            assert!(parsed(text).is_err(), "{text:?} was taken for a point of the past");
        }
        assert!(parsed("2026-11-25T09:30[Europe/Zurich]").is_err());
    }

    #[test]
    fn a_field_shows_what_it_takes() {
        let zone = Zone::parse("Europe/Zurich").expect("a zone");
        assert_eq!(At::in_field(datetime!(2026-11-25 8:30:04.2 UTC), &zone), "2026-11-25T09:30:05");
        let late = datetime!(2026-11-05 23:30:04.2 UTC);
        assert_eq!(At::on_scale(late, &zone), ["6 Nov 2026", "00:30"]);
        let time = datetime!(2026-11-25 8:30:05 UTC);
        assert_eq!(At::in_field(time, &zone), "2026-11-25T09:30:05");
        assert_eq!(At::parse(&At::in_field(time, &zone), &zone), Ok(At::Time(time)));
    }
}
