//! Opening what is stored sealed and a call needs: secrets, keys, and headers.

use super::claimed::Claimed;
use super::endpoints::{KEY_SEALED_FOR, SEALED_FOR};
use super::headers::Headers;
use super::keys::SigningKey;
use super::signature::{Scheme, Signing, SigningSecret};
use crate::values::secret::KeyRing;

/// What of an endpoint is stored sealed, and how it signs.
pub(super) struct Sealed<'a> {
    pub(super) secret: &'a [u8],
    /// The secret before that, while it still signs too.
    pub(super) older_secret: Option<&'a [u8]>,
    pub(super) signature: Scheme,
    /// Whether it signs the other way too, as before it was switched.
    pub(super) other_too: bool,
    pub(super) key: Option<&'a [u8]>,
    /// The key before that, while it still signs too.
    pub(super) older_key: Option<&'a [u8]>,
    pub(super) headers: Option<&'a [u8]>,
}

/// What signs a call and the headers of its endpoint; none when a present key opens them not.
pub(super) fn unseal(keys: &KeyRing, claimed: &Claimed) -> Option<(Signing, Headers)> {
    let sealed = Sealed {
        secret: &claimed.sealed_secret,
        older_secret: claimed.older_sealed_secret.as_deref(),
        signature: claimed.signature,
        other_too: claimed.other_too,
        key: claimed.sealed_key.as_deref(),
        older_key: claimed.older_sealed_key.as_deref(),
        headers: claimed.sealed_headers.as_deref(),
    };
    sealed.open(keys)
}

impl Sealed<'_> {
    /// What signs, and the headers; none when a present key opens them not.
    pub(super) fn open(&self, keys: &KeyRing) -> Option<(Signing, Headers)> {
        let secret = |sealed: &[u8]| {
            let plain = keys.open(SEALED_FOR, sealed)?;
            SigningSecret::parse(std::str::from_utf8(&plain).ok()?).ok()
        };
        let key = |sealed: &[u8]| {
            let plain = keys.open(KEY_SEALED_FOR, sealed)?;
            SigningKey::parse(std::str::from_utf8(&plain).ok()?).ok()
        };
        let older = self.older_secret.map(|sealed| secret(sealed).ok_or(())).transpose().ok()?;
        let asymmetric = self.signature == Scheme::Ed25519 || self.other_too;
        let sealed_keys = [self.key, self.older_key].into_iter().flatten();
        let sealed_keys = sealed_keys.filter(|_| asymmetric);
        let signing = Signing {
            newer: secret(self.secret)?,
            older,
            keys: sealed_keys.map(key).collect::<Option<_>>()?,
            symmetric: self.signature == Scheme::Hmac || self.other_too,
        };
        Some((signing, Headers::open(keys, self.headers)?))
    }
}
