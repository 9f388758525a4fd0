//! What lets a text be erased from an event although events are never changed.
//!
//! A typed row with free text holds a salt and a digest over its texts. The audit chain hashes
//! the digest; erasing sets the texts and the salt to null, and the chain still verifies.

use sha2::{Digest as _, Sha256};

use crate::values::secret::random;

/// The salt and the digest of an event's texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Sixteen random bytes, so that an erased text cannot be guessed from the digest.
    pub salt: Vec<u8>,
    /// SHA-256 over the salt and, for each text, its length as eight bytes and its bytes.
    pub digest: Vec<u8>,
}

impl Seal {
    /// Seals texts, in the order of their columns.
    pub fn over(texts: &[&str]) -> Self {
        Self::with_salt(random::<16>().to_vec(), texts)
    }

    fn with_salt(salt: Vec<u8>, texts: &[&str]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(&salt);
        for text in texts {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text.as_bytes());
        }
        Self { digest: hasher.finalize().to_vec(), salt }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_do_not_run_into_each_other() {
        let seal = |texts: &[&str]| Seal::with_salt(vec![7; 16], texts).digest;
        assert_ne!(seal(&["ab", "c"]), seal(&["a", "bc"]));
        assert_eq!(seal(&["ab", "c"]), seal(&["ab", "c"]));
    }
}
