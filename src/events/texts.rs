//! What lets a text be erased from an event although events are never changed.
//!
//! A typed row with free text holds a salt and a digest over its texts. The audit chain hashes
//! the digest; erasing sets the texts and the salt to null, and the chain still verifies.
//!
//! The texts of a row are its nullable columns of type text in their order, then those of its details
//! in the order of their attributes; null counts as empty.

use sha2::{Digest as _, Sha256};

use crate::values::secret::random;

/// What stands beside an event’s texts: the salt and the digest over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// Sixteen random bytes, so that an erased text cannot be guessed from the digest.
    pub salt: Vec<u8>,
    /// SHA-256 over the salt and, for each text, its length as eight bytes and its bytes.
    pub digest: Vec<u8>,
}

impl Texts {
    /// What stands beside new texts.
    pub fn over(texts: &[&str]) -> Self {
        Self::with_salt(random::<16>().to_vec(), texts)
    }

    fn with_salt(salt: Vec<u8>, texts: &[&str]) -> Self {
        Self { digest: digest(&salt, texts.iter().copied()).to_vec(), salt }
    }
}

/// SHA-256 over a salt and texts, as [`Texts::digest`] says.
pub fn digest<'a>(salt: &[u8], texts: impl Iterator<Item = &'a str>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    for text in texts {
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_do_not_run_into_each_other() {
        let sealed = |texts: &[&str]| Texts::with_salt(vec![7; 16], texts).digest;
        assert_ne!(sealed(&["ab", "c"]), sealed(&["a", "bc"]));
        assert_eq!(sealed(&["ab", "c"]), sealed(&["ab", "c"]));
    }
}
