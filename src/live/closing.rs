//! When the sockets of a server that stops say goodbye: not all at once, or all would come back at once.

use std::sync::OnceLock;
use std::time::Duration;

use rand::Rng as _;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// All are gone after that.
const LONGEST: Duration = Duration::from_secs(8);

/// So long for each socket that is open.
const EACH: Duration = Duration::from_millis(2);

/// Whether a server stops, and until when its sockets are to leave.
#[derive(Debug, Default)]
pub(super) struct Closing {
    begun: CancellationToken,
    until: OnceLock<Instant>,
}

impl Closing {
    /// Has so many sockets leave one after the other; by when all of them will have.
    pub(super) fn begin(&self, open: usize) -> Instant {
        let open = u32::try_from(open).unwrap_or(u32::MAX);
        let within = EACH.saturating_mul(open).min(LONGEST);
        let until = *self.until.get_or_init(|| Instant::now() + within);
        self.begun.cancel();
        until
    }

    /// Is cancelled when it begins.
    pub(super) fn begun(&self) -> CancellationToken {
        self.begun.clone()
    }

    /// A moment of chance in the time that is left. Whoever came back here meanwhile has less of it.
    pub(super) fn moment(&self) -> Instant {
        let now = Instant::now();
        let left = self.until.get().map_or(Duration::ZERO, |until| *until - now);
        now + left.mul_f64(rand::thread_rng().gen_range(0.0..=1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn sockets_leave_in_a_spread_and_none_too_late() {
        let closing = Closing::default();
        let until = closing.begin(1_000);
        assert_eq!(until - Instant::now(), Duration::from_secs(2));
        let moments: Vec<Duration> = (0..1_000).map(|_| until - closing.moment()).collect();
        let early = moments.iter().filter(|left| **left > Duration::from_secs(1)).count();
        assert!((300..700).contains(&early), "{early} of a thousand leave in the first half");
        assert!(Closing::default().begin(1_000_000) - Instant::now() <= LONGEST);
    }
}
