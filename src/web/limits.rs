//! Limits: the sizes of bodies, and how often one may try to sign in.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota};

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
    /// Whether one more try from this address is within bounds; an IPv6 network counts as one.
    pub fn allow_address(&self, address: IpAddr) -> bool {
        forget_the_recovered(&self.addresses);
        self.addresses.check_key(&network(address)).is_ok()
    }

    /// Whether one more try for this e-mail is within bounds.
    pub fn allow_email(&self, email: &Email) -> bool {
        forget_the_recovered(&self.emails);
        self.emails.check_key(email).is_ok()
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
    /// Whether one more report of this person is within bounds.
    pub fn allow(&self, account: AccountId, user: UserId) -> bool {
        forget_the_recovered(&self.users);
        self.users.check_key(&(account, user)).is_ok()
    }
}

fn quota(a_minute: u32, burst: u32) -> Quota {
    let some = |count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
    Quota::per_minute(some(a_minute)).allow_burst(some(burst))
}

fn forget_the_recovered<K: Clone + Eq + std::hash::Hash>(limiter: &DefaultKeyedRateLimiter<K>) {
    if limiter.len() > REMEMBERED_KEYS {
        limiter.retain_recent();
    }
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
    fn a_burst_ends() {
        let limits = SignInLimits::default();
        let email = Email::parse("olive@example.com").unwrap();
        assert!((0..12).all(|_| limits.allow_email(&email)));
        assert!(!limits.allow_email(&email));
        assert!(limits.allow_email(&Email::parse("rowan@example.com").unwrap()));
    }

    #[test]
    fn an_ipv6_network_is_one_client() {
        let limits = SignInLimits::default();
        for host in 0..60 {
            assert!(limits.allow_address(format!("2001:db8::{host:x}").parse().unwrap()));
        }
        assert!(!limits.allow_address("2001:db8::ffff".parse().unwrap()));
        assert!(limits.allow_address("2001:db8:0:1::1".parse().unwrap()));
    }
}
