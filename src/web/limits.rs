//! Limits: the sizes of bodies, and how often one may try to sign in.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::{DefaultKeyedRateLimiter, NotUntil, Quota};

use crate::values::Email;
use crate::values::id::{AccountId, UserId};

/// The largest form: a description of 64 KiB, each byte of it percent-encoded, and some to spare.
pub const FORM_BYTES: usize = 256 * 1024;

/// The largest JSON document.
pub const JSON_BYTES: usize = 256 * 1024;

/// Beyond so many keys those that have recovered are forgotten.
const REMEMBERED_KEYS: usize = 10_000;

/// How often one may try to sign in, by address and by e-mail: first a burst, then a trickle.
pub struct SignInLimits {
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    emails: DefaultKeyedRateLimiter<Email>,
}

impl Default for SignInLimits {
    fn default() -> Self {
        Self {
            addresses: DefaultKeyedRateLimiter::keyed(quota(30, 60)),
            emails: DefaultKeyedRateLimiter::keyed(quota(6, 12)),
        }
    }
}

impl SignInLimits {
    /// Counts one more try from this address; an IPv6 network counts as one.
    ///
    /// # Errors
    /// [`TooOften`] when it is beyond bounds.
    pub fn try_address(&self, address: IpAddr) -> Result<(), TooOften> {
        count(&self.addresses, &network(address))
    }

    /// Counts one more try for this e-mail, whether anybody has it or not.
    ///
    /// # Errors
    /// [`TooOften`] when it is beyond bounds.
    pub fn try_email(&self, email: &Email) -> Result<(), TooOften> {
        count(&self.emails, email)
    }
}

/// One try too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooOften {
    /// How long until the next one is within bounds.
    pub wait: Duration,
}

impl TooOften {
    /// The same in whole seconds, at least one: what `Retry-After` says (RFC 9110, section 10.2.3).
    pub fn seconds(self) -> u64 {
        self.wait.as_millis().div_ceil(1_000).max(1).try_into().unwrap_or(u64::MAX)
    }

    /// The same for a person.
    pub fn sentence(self) -> String {
        let seconds = self.seconds();
        let unit = if seconds == 1 { "second" } else { "seconds" };
        format!("Too many tries. Try again in {seconds} {unit}.")
    }
}

/// How often somebody's browsers may report what they do.
pub struct TrackingLimits {
    users: DefaultKeyedRateLimiter<(AccountId, UserId)>,
}

impl Default for TrackingLimits {
    fn default() -> Self {
        Self { users: DefaultKeyedRateLimiter::keyed(quota(600, 100)) }
    }
}

impl TrackingLimits {
    /// Counts one more report of this person.
    ///
    /// # Errors
    /// [`TooOften`] when it is beyond bounds.
    pub fn count(&self, account: AccountId, user: UserId) -> Result<(), TooOften> {
        count(&self.users, &(account, user))
    }
}

fn quota(a_minute: u32, burst: u32) -> Quota {
    let some = |count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
    Quota::per_minute(some(a_minute)).allow_burst(some(burst))
}

fn count<K: Clone + Eq + Hash>(
    limiter: &DefaultKeyedRateLimiter<K>,
    key: &K,
) -> Result<(), TooOften> {
    if limiter.len() > REMEMBERED_KEYS {
        limiter.retain_recent();
    }
    let wait = |until: NotUntil<_>| until.wait_time_from(limiter.clock().now());
    limiter.check_key(key).map_err(|until| TooOften { wait: wait(until) })
}

/// A household holds a /64 and could use each of its addresses once.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_ends_and_says_for_how_long() {
        let limits = SignInLimits::default();
        let email = Email::parse("olive@example.com").unwrap();
        assert!((0..12).all(|_| limits.try_email(&email).is_ok()));
        let seconds = limits.try_email(&email).unwrap_err().seconds();
        assert!((1..=10).contains(&seconds), "six a minute, so not {seconds} s");
        limits.try_email(&Email::parse("rowan@example.com").unwrap()).unwrap();
    }

    #[test]
    fn a_wait_is_said_in_whole_seconds() {
        let seconds = |wait| TooOften { wait: Duration::from_millis(wait) }.seconds();
        assert_eq!([seconds(0), seconds(1), seconds(1_000), seconds(9_001)], [1, 1, 1, 10]);
    }

    #[test]
    fn an_ipv6_network_is_one_client() {
        let limits = SignInLimits::default();
        for host in 0..60 {
            limits.try_address(format!("2001:db8::{host:x}").parse().unwrap()).unwrap();
        }
        limits.try_address("2001:db8::ffff".parse().unwrap()).unwrap_err();
        limits.try_address("2001:db8:0:1::1".parse().unwrap()).unwrap();
    }
}
