//! When a delivery is tried again, and when it is given up.

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

/// How long to wait before each try, from the end of the one before: the example of Standard
/// Webhooks, some 75 hours and a half in all.
pub const SCHEDULE: [Duration; 10] = [
    Duration::ZERO,
    Duration::seconds(5),
    Duration::minutes(5),
    Duration::minutes(30),
    Duration::hours(2),
    Duration::hours(5),
    Duration::hours(10),
    Duration::hours(14),
    Duration::hours(20),
    Duration::hours(24),
];

/// How much later than the schedule a try may be, as a share, so that many do not come at once.
const JITTER: f64 = 0.2;

/// The longest wait that a receiver may ask for.
const LONGEST_POSTPONEMENT: Duration = Duration::hours(24);

/// How often a receiver may ask to wait before its refusals count as tries.
const MOST_POSTPONEMENTS: i32 = 20;

/// What follows from an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It arrived.
    Delivered,
    /// It is tried again then.
    Retry(OffsetDateTime),
    /// The receiver asked to wait until then; the try does not count.
    Postponed(OffsetDateTime),
    /// It is given up.
    Failed,
    /// It was not sent, and is not.
    Skipped,
}

impl Verdict {
    /// Whether the try is one of those after which a delivery is given up.
    pub fn counts(self) -> bool {
        !matches!(self, Self::Postponed(_) | Self::Skipped)
    }
}

/// What a receiver answered, as far as it decides.
#[derive(Debug, Clone, Copy, Default)]
pub struct Answer<'a> {
    /// The status code, if there was an answer.
    pub code: Option<u16>,
    /// Its `Retry-After`.
    pub retry_after: Option<&'a str>,
}

/// How often a delivery was tried before, and how often put off.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tried {
    /// Tries that counted.
    pub attempts: i32,
    /// Tries that the receiver put off.
    pub postponements: i32,
}

/// Decides after a try that ended `now`. `luck` from 0 to 1 spreads the next one.
pub fn verdict(answer: Answer<'_>, tried: Tried, now: OffsetDateTime, luck: f64) -> Verdict {
    match answer.code {
        Some(200..=299) => return Verdict::Delivered,
        Some(410) => return Verdict::Failed,
        Some(429 | 503) if tried.postponements < MOST_POSTPONEMENTS => {
            if let Some(at) = answer.retry_after.and_then(|text| asked_for(text, now)) {
                return Verdict::Postponed(at);
            }
        }
        _ => {}
    }
    let wait = usize::try_from(tried.attempts + 1).ok().and_then(|next| SCHEDULE.get(next));
    wait.map_or(Verdict::Failed, |wait| {
        Verdict::Retry(now + *wait * (1.0 + JITTER * luck.clamp(0.0, 1.0)))
    })
}

/// When a receiver wants to be asked again: seconds or an HTTP date (RFC 9110, 10.2.3), not sooner
/// than the first retry and not later than a day.
fn asked_for(text: &str, now: OffsetDateTime) -> Option<OffsetDateTime> {
    let text = text.trim();
    let wait = if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        Duration::seconds(text.parse().unwrap_or(i64::from(u32::MAX)))
    } else {
        http_date(text)? - now
    };
    Some(now + wait.clamp(SCHEDULE[1], LONGEST_POSTPONEMENT))
}

fn http_date(text: &str) -> Option<OffsetDateTime> {
    const FORM: &[BorrowedFormatItem<'_>] = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    PrimitiveDateTime::parse(text, FORM).ok().map(PrimitiveDateTime::assume_utc)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-24 10:00 UTC);

    fn after(code: u16, attempts: i32, luck: f64) -> Verdict {
        let answer = Answer { code: Some(code), retry_after: None };
        verdict(answer, Tried { attempts, postponements: 0 }, NOW, luck)
    }

    fn postponed(retry_after: &str, postponements: i32) -> Verdict {
        let answer = Answer { code: Some(503), retry_after: Some(retry_after) };
        verdict(answer, Tried { attempts: 0, postponements }, NOW, 0.0)
    }

    #[test]
    fn ten_tries_follow_the_table() {
        for (attempts, wait) in (0..9).zip(&SCHEDULE[1..]) {
            assert_eq!(after(500, attempts, 0.0), Verdict::Retry(NOW + *wait));
            assert_eq!(after(500, attempts, 1.0), Verdict::Retry(NOW + *wait * 1.2));
        }
        assert_eq!(after(500, 9, 0.0), Verdict::Failed);
    }

    #[test]
    fn only_2xx_arrives_and_410_ends_it() {
        assert_eq!(after(204, 3, 0.0), Verdict::Delivered);
        assert_eq!(after(410, 0, 0.0), Verdict::Failed);
        assert!(matches!(after(302, 0, 0.0), Verdict::Retry(_)));
        let silent = verdict(Answer::default(), Tried::default(), NOW, 0.0);
        assert!(matches!(silent, Verdict::Retry(_)));
    }

    #[test]
    fn a_receiver_may_ask_to_wait_but_not_absurdly() {
        assert_eq!(postponed("120", 0), Verdict::Postponed(NOW + Duration::minutes(2)));
        let hour = Verdict::Postponed(NOW + Duration::HOUR);
        assert_eq!(postponed("Tue, 24 Nov 2026 11:00:00 GMT", 0), hour);
        let soonest = Verdict::Postponed(NOW + SCHEDULE[1]);
        assert_eq!(postponed("0", 0), soonest);
        assert_eq!(postponed("Tue, 24 Nov 2020 11:00:00 GMT", 0), soonest);
        assert_eq!(postponed("99999999999999999999", 0), Verdict::Postponed(NOW + Duration::DAY));
        for text in ["-5", "soon", ""] {
            assert_eq!(postponed(text, 0), Verdict::Retry(NOW + SCHEDULE[1]), "{text:?}");
        }
        assert_eq!(postponed("120", 20), Verdict::Retry(NOW + SCHEDULE[1]));
    }
}
