//! Secrets: texts that are never printed, and the keys with which Cairn signs and seals.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};

/// A text that must not reach a log: a token, a password, a signing secret.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A new token: 32 random bytes, in letters that stand in an address as they are.
    pub fn token() -> Self {
        Self(URL_SAFE_NO_PAD.encode(random::<32>()))
    }

    /// The text itself; the caller sees to it that it goes only where it belongs.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// SHA-256 of the text: what is stored of a token that has full entropy of its own.
    pub fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rngs::OsRng.fill_bytes(&mut bytes);
    bytes
}

/// The server's secret key and the one before it, from which a key for each purpose is derived.
#[derive(Clone)]
pub struct KeyRing {
    roots: Vec<Vec<u8>>,
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyRing(…)")
    }
}

const NONCE_BYTES: usize = 24;

impl KeyRing {
    /// Takes the key that signs and seals, and perhaps the one before it, which still verifies
    /// and opens.
    pub fn new(current: &[u8], previous: Option<&[u8]>) -> Self {
        Self {
            roots: [Some(current), previous].into_iter().flatten().map(<[u8]>::to_vec).collect(),
        }
    }

    /// The keys for a purpose, the newest first.
    pub fn derive(&self, purpose: &str) -> Vec<[u8; 32]> {
        self.roots.iter().map(|root| authenticate(root, purpose.as_bytes())).collect()
    }

    /// HMAC-SHA256 of the bytes with the newest key for the purpose.
    pub fn sign(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        authenticate(&self.newest(purpose), bytes)
    }

    /// Whether one of the keys for the purpose made this code; in constant time.
    pub fn verify(&self, purpose: &str, bytes: &[u8], code: &[u8]) -> bool {
        self.derive(purpose).iter().any(|key| hasher(key, bytes).verify_slice(code).is_ok())
    }

    /// Encrypts bytes for a purpose with XChaCha20-Poly1305; the nonce stands in front.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Vec<u8> {
        let nonce = random::<NONCE_BYTES>();
        let payload = Payload { msg: plain, aad: purpose.as_bytes() };
        let cipher = XChaCha20Poly1305::new(&self.newest(purpose).into());
        let sealed = cipher
            .encrypt(XNonce::from_slice(&nonce), payload)
            .expect("the cipher takes any message that fits in memory");
        [&nonce[..], &sealed].concat()
    }

    /// Decrypts what [`KeyRing::seal`] made; none when no key fits or a byte was changed.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES)?;
        self.derive(purpose).into_iter().find_map(|key| {
            let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
            XChaCha20Poly1305::new(&key.into()).decrypt(XNonce::from_slice(nonce), payload).ok()
        })
    }

    fn newest(&self, purpose: &str) -> [u8; 32] {
        authenticate(&self.roots[0], purpose.as_bytes())
    }
}

fn authenticate(key: &[u8], bytes: &[u8]) -> [u8; 32] {
    hasher(key, bytes).finalize().into_bytes().into()
}

fn hasher(key: &[u8], bytes: &[u8]) -> Hmac<Sha256> {
    let mut hasher =
        <Hmac<Sha256> as hmac::Mac>::new_from_slice(key).expect("HMAC takes a key of any length");
    hasher.update(bytes);
    hasher
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{:?}", Secret::new("open sesame")), "Secret(…)");
    }

    #[test]
    fn what_was_sealed_opens_with_the_old_key_too() {
        let old = KeyRing::new(b"one", None);
        let sealed = old.seal("test", b"words");
        let new = KeyRing::new(b"two", Some(b"one"));
        assert_eq!(new.open("test", &sealed).as_deref(), Some(&b"words"[..]));
        assert_eq!(new.open("other", &sealed), None);
        assert_eq!(KeyRing::new(b"two", None).open("test", &sealed), None);
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let keys = KeyRing::new(b"one", None);
        let mut sealed = keys.seal("test", b"words");
        sealed[30] ^= 1;
        assert_eq!(keys.open("test", &sealed), None);
        assert_eq!(keys.open("test", b"short"), None);
    }

    #[test]
    fn signatures_are_for_one_purpose() {
        let keys = KeyRing::new(b"one", None);
        let code = keys.sign("a", b"words");
        assert!(keys.verify("a", b"words", &code));
        assert!(!keys.verify("b", b"words", &code));
        assert!(!keys.verify("a", b"word", &code));
    }
}
