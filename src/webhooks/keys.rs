//! The key pairs of endpoints that are signed with ed25519, in the words of Standard Webhooks: who
//! checks the signature needs no secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{Ed25519KeyPair, KeyPair as _};

use crate::values::Invalid;
use crate::values::secret::{Secret, random};

/// What a private key begins with; the seed and the public key follow in base64.
const PRIVATE: &str = "whsk_";

/// What a public key begins with.
const PUBLIC: &str = "whpk_";

/// How many bytes each half of a pair has.
const HALF: usize = 32;

/// A pair that signs.
#[derive(Debug)]
pub struct SigningKey {
    pair: Ed25519KeyPair,
    private: Secret,
}

impl SigningKey {
    /// A new one, from the operating system's randomness.
    #[expect(clippy::new_without_default, reason = "every new key differs; no default")]
    pub fn new() -> Self {
        let seed = random::<HALF>();
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("a seed has 32 bytes");
        let bytes = [&seed, pair.public_key().as_ref()].concat();
        Self { pair, private: Secret::new(format!("{PRIVATE}{}", STANDARD.encode(bytes))) }
    }

    /// Reads `whsk_` and a pair in base64.
    ///
    /// # Errors
    /// [`Invalid`] for anything else, a seed with the public key of another one too.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let bytes = text.strip_prefix(PRIVATE).and_then(|rest| STANDARD.decode(rest).ok());
        let halves = bytes.as_deref().and_then(|bytes| bytes.split_at_checked(HALF));
        let pair = halves
            .and_then(|(seed, public)| Ed25519KeyPair::from_seed_and_public_key(seed, public).ok());
        let invalid = || Invalid::because("A key is whsk_ and the 64 bytes of a pair in base64.");
        Ok(Self { pair: pair.ok_or_else(invalid)?, private: Secret::new(text) })
    }

    /// The private key, to be sealed.
    pub fn private(&self) -> &Secret {
        &self.private
    }

    /// The public key, with which receivers check.
    pub fn public(&self) -> String {
        format!("{PUBLIC}{}", STANDARD.encode(self.pair.public_key()))
    }

    /// A token of `webhook-signature`: `v1a,` and the base64 signature of `id.timestamp.body`.
    pub fn standard(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let message = [format!("{id}.{timestamp}.").as_bytes(), body].concat();
        format!("v1a,{}", STANDARD.encode(self.pair.sign(&message)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::signature::{ED25519, UnparsedPublicKey};

    #[test]
    fn whoever_has_the_public_key_can_check() {
        let key = SigningKey::parse(SigningKey::new().private().reveal()).expect("a key");
        let public = key.public();
        let public =
            STANDARD.decode(public.strip_prefix(PUBLIC).expect("a prefix")).expect("base64");
        let token = key.standard("msg", 7, b"{}");
        let signature = STANDARD.decode(token.strip_prefix("v1a,").expect("a version"));
        let signature = signature.expect("base64");
        let checker = UnparsedPublicKey::new(&ED25519, public);
        assert!(checker.verify(b"msg.7.{}", &signature).is_ok());
        assert!(checker.verify(b"msg.8.{}", &signature).is_err());
    }

    #[test]
    fn what_is_no_pair_is_refused_and_nothing_is_printed() {
        let (one, other) = (SigningKey::new(), SigningKey::new());
        assert_ne!(one.public(), other.public());
        let bytes = |key: &SigningKey| {
            STANDARD.decode(&key.private().reveal()[PRIVATE.len()..]).expect("base64")
        };
        let mixed = [&bytes(&one)[..HALF], &bytes(&other)[HALF..]].concat();
        let mixed = format!("{PRIVATE}{}", STANDARD.encode(mixed));
        for text in ["", "whsk_", "whsk_AAAA", &one.public(), &mixed] {
            assert!(SigningKey::parse(text).is_err(), "{text:?} was taken");
        }
        assert!(!format!("{one:?}").contains(&one.private().reveal()[PRIVATE.len()..]));
    }

    #[test]
    fn the_vector_of_rfc_8032_comes_out() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        let bytes = hex::decode([seed, public].concat()).expect("hex");
        let key = SigningKey::parse(&format!("{PRIVATE}{}", STANDARD.encode(bytes)));
        assert_eq!(
            key.expect("a pair").public(),
            "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
        );
    }
}
