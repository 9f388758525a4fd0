//! How much a client may say: so many commands and bytes a second, and a burst of a few seconds' worth.

use std::time::{Duration, Instant};

/// Commands a second. A page that is left and one that is opened send a few.
const COMMANDS: f64 = 32.0;

/// Bytes a second.
const BYTES: f64 = 32.0 * 1024.0;

/// So many seconds' worth may come at once.
const BURST: f64 = 8.0;

/// What a client may still say.
#[derive(Debug)]
pub struct Budget {
    commands: f64,
    bytes: f64,
    at: Instant,
}

impl Budget {
    /// All of it.
    pub fn new(now: Instant) -> Self {
        Self { commands: COMMANDS * BURST, bytes: BYTES * BURST, at: now }
    }

    /// Takes a command of so many bytes from it; whether it was there.
    pub fn spend(&mut self, bytes: usize, now: Instant) -> bool {
        let passed = now.checked_duration_since(self.at).unwrap_or(Duration::ZERO).as_secs_f64();
        self.at = now;
        self.commands = (self.commands + passed * COMMANDS).min(COMMANDS * BURST) - 1.0;
        self.bytes = (self.bytes + passed * BYTES).min(BYTES * BURST) - bytes as f64;
        self.commands >= 0.0 && self.bytes >= 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_taken_and_a_flood_is_not() {
        let now = Instant::now();
        let mut budget = Budget::new(now);
        assert!((0..256).all(|_| budget.spend(100, now)));
        assert!(!budget.spend(100, now));
        let later = now + Duration::from_secs(8);
        assert!((0..255).all(|_| budget.spend(100, later)));
    }

    #[test]
    fn bytes_count_too() {
        let now = Instant::now();
        let mut budget = Budget::new(now);
        assert!((0..4).all(|_| budget.spend(64 * 1024, now)));
        assert!(!budget.spend(1, now));
    }
}
