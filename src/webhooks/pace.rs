//! How many calls a second an endpoint takes at most: a bucket of half a second that fills evenly.
//!
//! The bucket stands in the endpoint's row of `webhook_due`, so that whoever has the turn sees what
//! every process took. It is kept as the time when it will be full again.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use crate::values::Invalid;
use crate::values::id::{AccountId, EndpointId};

/// The pace of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    /// How many calls a second.
    limit: i32,
    /// When the bucket is full.
    full_at: OffsetDateTime,
}

/// Reads a number of calls a second.
///
/// # Errors
/// A sentence for one that is not from 1 to 500.
pub fn parse(number: i64) -> Result<i32, Invalid> {
    let parsed = i32::try_from(number).ok().filter(|number| (1..=500).contains(number));
    parsed.ok_or_else(|| Invalid::because("A limit is 1 to 500 calls a second."))
}

impl Pace {
    /// The pace of an endpoint that has one.
    pub(super) fn of(limit: Option<i32>, full_at: Option<OffsetDateTime>) -> Option<Self> {
        let full_at = full_at.unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Some(Self { limit: limit?.max(1), full_at })
    }

    /// How many calls it takes now.
    pub(super) fn allows(self, now: OffsetDateTime) -> i64 {
        let room = now + self.interval() * self.most() - self.full_at.max(now);
        let calls = room.whole_nanoseconds() / self.interval().whole_nanoseconds();
        i64::try_from(calls).unwrap_or(0).max(0)
    }

    /// The pace after so many calls.
    pub(super) fn after(self, calls: usize, now: OffsetDateTime) -> Self {
        let calls = i32::try_from(calls).unwrap_or(i32::MAX);
        Self { full_at: self.full_at.max(now) + self.interval() * calls, ..self }
    }

    /// When it next takes a call.
    fn next_at(self) -> OffsetDateTime {
        self.full_at - self.interval() * (self.most() - 1)
    }

    fn interval(self) -> Duration {
        Duration::SECOND / self.limit
    }

    /// How many calls the bucket holds: who looks four times a second misses none.
    fn most(self) -> i32 {
        (self.limit + 1) / 2
    }

    /// Keeps what was taken, and lets the endpoint wait until it takes more.
    pub(super) async fn keep(
        self,
        connection: &mut PgConnection,
        account: AccountId,
        endpoint: EndpointId,
    ) -> sqlx::Result<()> {
        sqlx::query!(
            "update webhook_due set full_at = $3, due_at = greatest(due_at, $4)
             where account_id = $1 and endpoint_id = $2",
            account as _,
            endpoint as _,
            self.full_at,
            self.next_at(),
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-24 10:00 UTC);

    fn fresh(limit: i32) -> Pace {
        Pace::of(Some(limit), None).expect("a limit")
    }

    #[test]
    fn a_bucket_holds_half_a_second_and_fills_evenly() {
        let pace = fresh(10);
        assert_eq!(pace.allows(NOW), 5);
        let empty = pace.after(5, NOW);
        assert_eq!(empty.allows(NOW), 0);
        assert_eq!(empty.next_at(), NOW + Duration::milliseconds(100));
        assert_eq!(empty.allows(NOW + Duration::milliseconds(100)), 1);
        assert_eq!(empty.allows(NOW + Duration::HOUR), 5);
        assert_eq!(fresh(1).allows(NOW), 1);
        assert!(Pace::of(None, Some(NOW)).is_none());
    }

    #[test]
    fn limits_are_from_1_to_500() {
        for number in [1, 500] {
            assert!(parse(number).is_ok());
        }
        for number in [i64::MIN, -1, 0, 501, i64::MAX] {
            assert!(parse(number).is_err(), "{number} was taken");
        }
    }

    proptest! {
        #[test]
        fn no_window_takes_more_than_its_share_and_one_bucket(
            limit in 1..=500_i32,
            looks in prop::collection::vec((0..400_i64, 0..9_i64), 1..200),
        ) {
            let (mut pace, mut now, mut taken) = (fresh(limit), NOW, 0);
            for (wait, wanted) in looks {
                now += Duration::milliseconds(wait);
                let calls = wanted.min(pace.allows(now));
                pace = pace.after(usize::try_from(calls).expect("few"), now);
                taken += calls;
                let share = (now - NOW).as_seconds_f64() * f64::from(limit);
                let most = share + f64::from((limit + 1) / 2) + 0.001;
                prop_assert!(taken as f64 <= most, "{taken} of {most}");
            }
        }
    }
}
