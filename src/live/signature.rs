//! Signed stream names, byte for byte as turbo-rails signs them, so that its clients take them.
//!
//! The name as a JSON string, in padded base64 of the standard alphabet, two hyphens, and the
//! HMAC-SHA256 of that base64 text in lower-case hex (ActiveSupport's MessageVerifier).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::values::secret::KeyRing;

const PURPOSE: &str = "stream names";

/// Signs a name with the newest key.
pub fn sign(keys: &KeyRing, name: &str) -> String {
    sign_with(&keys.derive(PURPOSE)[0], name)
}

/// The name that was signed, if one of the keys signed it.
pub fn verify(keys: &KeyRing, signed: &str) -> Option<String> {
    keys.derive(PURPOSE).iter().find_map(|key| verify_with(key, signed))
}

fn sign_with(key: &[u8], name: &str) -> String {
    let encoded = STANDARD.encode(serde_json::Value::from(name).to_string());
    let digest = hex::encode(digest(key, &encoded).finalize().into_bytes());
    format!("{encoded}--{digest}")
}

fn verify_with(key: &[u8], signed: &str) -> Option<String> {
    let (encoded, code) = signed.rsplit_once("--")?;
    digest(key, encoded).verify_slice(&hex::decode(code).ok()?).ok()?;
    serde_json::from_slice(&STANDARD.decode(encoded).ok()?).ok()
}

fn digest(key: &[u8], encoded: &str) -> Hmac<Sha256> {
    let mut digest = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    digest.update(encoded.as_bytes());
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What ActiveSupport makes of these names with the key `test-key`.
    const VECTORS: [(&str, &str); 2] = [
        (
            "board:42@7",
            "ImJvYXJkOjQyQDci--629b4b306450cfd50a68aa13425df044a41c96466fe699b2e74e1b8ee7792ea4",
        ),
        (
            "é/<b>&",
            "IsOpLzxiPiYi--751f8ba0968834b936e5b6d38afaadb6c48ed133ab82059ed6b65f7583315178",
        ),
    ];

    #[test]
    fn names_are_signed_as_rails_signs_them() {
        for (name, signed) in VECTORS {
            assert_eq!(sign_with(b"test-key", name), signed);
            assert_eq!(verify_with(b"test-key", signed).as_deref(), Some(name));
        }
    }

    #[test]
    fn a_changed_name_is_refused() {
        let signed = sign_with(b"test-key", "board:42@7");
        for changed in
            [signed.replace("Im", "In"), signed.replace("--6", "--7"), signed.replace("--", "-")]
        {
            assert_eq!(verify_with(b"test-key", &changed), None);
        }
        assert_eq!(verify_with(b"other-key", &signed), None);
    }
}
