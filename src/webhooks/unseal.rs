//! Opening what is stored sealed and a call needs: secrets, keys, and headers.

use super::claimed::Claimed;
use super::endpoints::{KEY_SEALED_FOR, SEALED_FOR};
use super::headers::Headers;
use super::keys::SigningKey;
use super::signature::{Scheme, Signing, SigningSecret};
use crate::values::secret::KeyRing;

/// What signs a call and the headers of its endpoint; none when a present key opens them not.
pub(super) fn unseal(keys: &KeyRing, claimed: &Claimed) -> Option<(Signing, Headers)> {
    let secret = |sealed: &[u8]| {
        let plain = keys.open(SEALED_FOR, sealed)?;
        SigningSecret::parse(std::str::from_utf8(&plain).ok()?).ok()
    };
    let key = |sealed: &[u8]| {
        let plain = keys.open(KEY_SEALED_FOR, sealed)?;
        SigningKey::parse(std::str::from_utf8(&plain).ok()?).ok()
    };
    let older = claimed.older_sealed_secret.as_deref();
    let older = older.map(|sealed| secret(sealed).ok_or(())).transpose().ok()?;
    let asymmetric = claimed.signature == Scheme::Ed25519 || claimed.other_too;
    let sealed_keys = [&claimed.sealed_key, &claimed.older_sealed_key];
    let sealed_keys = sealed_keys.into_iter().flatten().filter(|_| asymmetric);
    let signing = Signing {
        newer: secret(&claimed.sealed_secret)?,
        older,
        keys: sealed_keys.map(|sealed| key(sealed)).collect::<Option<_>>()?,
        symmetric: claimed.signature == Scheme::Hmac || claimed.other_too,
    };
    Some((signing, Headers::open(keys, claimed.sealed_headers.as_deref())?))
}
