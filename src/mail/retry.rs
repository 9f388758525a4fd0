//! When a letter is tried again, and when it is given up.

use time::{Duration, OffsetDateTime};

/// How long to wait after each try; the last wait goes on.
const WAITS: [Duration; 5] = [
    Duration::minutes(1),
    Duration::minutes(5),
    Duration::minutes(30),
    Duration::hours(2),
    Duration::hours(6),
];

/// How old a letter may be when it is sent.
pub(super) const OLDEST: Duration = Duration::days(3);

/// When a letter of this age is tried again after so many tries; none: it is given up.
pub(super) fn next(
    created_at: OffsetDateTime,
    tries: i32,
    now: OffsetDateTime,
) -> Option<OffsetDateTime> {
    let waited = usize::try_from(tries - 1).unwrap_or(0).min(WAITS.len() - 1);
    let next = now + WAITS[waited];
    (next <= created_at + OLDEST).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-24 10:00 UTC);

    #[test]
    fn the_waits_grow_and_end_after_three_days() {
        let waits: Vec<_> =
            (1..=6).filter_map(|tries| Some(next(NOW, tries, NOW)? - NOW)).collect();
        assert_eq!(waits[..5], WAITS);
        assert_eq!(waits[5], WAITS[4]);
        assert_eq!(next(NOW - OLDEST, 9, NOW), None);
        let (mut at, mut tries) = (NOW, 0);
        while let Some(later) = next(NOW, tries + 1, at) {
            (at, tries) = (later, tries + 1);
        }
        assert_eq!(tries, 15);
    }
}
