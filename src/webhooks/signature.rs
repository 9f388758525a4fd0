//! How a delivery is signed: as Standard Webhooks says, and as one header that needs no library.

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use super::keys::SigningKey;
use crate::values::Invalid;
use crate::values::secret::{Secret, random};

/// What a secret begins with; the key follows in base64.
const PREFIX: &str = "whsec_";

/// How many random bytes a new key has; Standard Webhooks takes 24 to 64.
const KEY_BYTES: usize = 32;

/// A secret with its key: what is shown to the admin, and what signs.
#[derive(Debug)]
pub struct SigningSecret {
    shown: Secret,
    key: Vec<u8>,
}

impl SigningSecret {
    /// A new one, from the operating system's randomness.
    #[expect(clippy::new_without_default, reason = "every new secret differs; no default")]
    pub fn new() -> Self {
        let key = random::<KEY_BYTES>().to_vec();
        Self { shown: Secret::new(format!("{PREFIX}{}", STANDARD.encode(&key))), key }
    }

    /// Reads `whsec_` and a key of 24 to 64 bytes in base64.
    ///
    /// # Errors
    /// [`Invalid`] for anything else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let key = text.strip_prefix(PREFIX).and_then(|key| STANDARD.decode(key).ok());
        match key {
            Some(key) if (24..=64).contains(&key.len()) => {
                Ok(Self { shown: Secret::new(text), key })
            }
            _ => Err(Invalid::because("A secret is whsec_ and 24 to 64 bytes in base64.")),
        }
    }

    /// The secret as it is shown.
    pub fn shown(&self) -> &Secret {
        &self.shown
    }

    /// The value of `webhook-signature`: `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`.
    pub fn standard(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let code = hmac(&self.key, &[format!("{id}.{timestamp}.").as_bytes(), body]);
        format!("v1,{}", STANDARD.encode(code))
    }

    /// The value of `X-Webhook-Signature`: lower-case hex HMAC-SHA256 of the body, keyed with the
    /// bytes of the secret as it is shown.
    pub fn plain(&self, body: &[u8]) -> String {
        hex::encode(hmac(self.shown.reveal().as_bytes(), &[body]))
    }
}

/// How `webhook-signature` is made for an endpoint.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, sqlx::Type, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[schema(as = WebhookSignature)]
pub enum Scheme {
    /// With the secret, which the receiver has too (`v1`).
    #[default]
    Hmac,
    /// With a private key; the receiver has the public one (`v1a`).
    Ed25519,
}

impl Scheme {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hmac => "hmac",
            Self::Ed25519 => "ed25519",
        }
    }
}

impl FromStr for Scheme {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let found = [Self::Hmac, Self::Ed25519].into_iter().find(|scheme| scheme.name() == text);
        found.ok_or_else(|| Invalid::because("A signature is hmac or ed25519."))
    }
}

/// What signs a call: the endpoint's secret and, for a while after a rotation, the one before it,
/// and the same of its keys.
#[derive(Debug)]
pub struct Signing {
    /// The secret as it was shown last.
    pub newer: SigningSecret,
    /// The one before it, while it still signs too.
    pub older: Option<SigningSecret>,
    /// The keys that sign, the newest first.
    pub keys: Vec<SigningKey>,
    /// Whether the secrets sign `webhook-signature` too.
    pub symmetric: bool,
}

impl Signing {
    /// What signs with a secret alone.
    pub fn of(newer: SigningSecret) -> Self {
        Self { newer, older: None, keys: Vec::new(), symmetric: true }
    }

    /// The value of `webhook-signature`: one signature of each key and secret, with a space
    /// between them, as Standard Webhooks has it for rotations.
    pub fn standard(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let keys = self.keys.iter().map(|key| key.standard(id, timestamp, body));
        let secrets = [Some(&self.newer), self.older.as_ref()].into_iter().flatten();
        let secrets = secrets.filter(|_| self.symmetric);
        let secrets = secrets.map(|secret| secret.standard(id, timestamp, body));
        keys.chain(secrets).collect::<Vec<_>>().join(" ")
    }

    /// The value of `X-Webhook-Signature`: whoever has not heard of the rotation still knows it.
    pub fn plain(&self, body: &[u8]) -> String {
        self.older.as_ref().unwrap_or(&self.newer).plain(body)
    }

    /// The value of `X-Webhook-Signature-Next`, which is sent during a rotation alone.
    pub fn next(&self, body: &[u8]) -> Option<String> {
        self.older.as_ref().map(|_| self.newer.plain(body))
    }
}

/// HMAC-SHA256 of some parts in a row.
pub(super) fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut code =
        <Hmac<Sha256> as hmac::Mac>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        code.update(part);
    }
    code.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector that the official libraries share.
    const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const BODY: &[u8] = br#"{"email":"test@example.com","username":"test_user"}"#;

    #[test]
    fn the_standard_vector_comes_out() {
        let secret = SigningSecret::parse(SECRET).expect("a secret");
        assert_eq!(
            secret.standard("msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553, BODY),
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="
        );
        assert_eq!(secret.plain(BODY).len(), 64);
    }

    #[test]
    fn a_new_secret_reads_back_and_no_two_are_alike() {
        let (one, other) = (SigningSecret::new(), SigningSecret::new());
        assert_ne!(one.shown().reveal(), other.shown().reveal());
        let again = SigningSecret::parse(one.shown().reveal()).expect("a secret");
        assert_eq!(again.standard("a", 1, b"b"), one.standard("a", 1, b"b"));
    }

    #[test]
    fn short_long_and_other_keys_are_refused() {
        for text in ["", "whsec_", "whsec_AAAA", "C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_é"] {
            assert!(SigningSecret::parse(text).is_err(), "{text:?} was taken");
        }
    }
}
