//! A link of the chain.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::values::id::AccountId;

/// How many bytes a hash has.
pub(super) const LENGTH: usize = 32;

/// SHA-256 over the hash before it and a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hash([u8; LENGTH]);

impl Hash {
    /// What stands before the first event of an account: SHA-256 over the words `cairn chain 1`, a
    /// space, and the account’s id.
    pub fn beginning(account: AccountId) -> Self {
        Self(Sha256::digest(format!("cairn chain 1 {account}")).into())
    }

    /// The hash of the event that comes next, by its record.
    #[must_use]
    pub fn then(self, record: &[u8]) -> Self {
        Self(Sha256::new_with_prefix(self.0).chain_update(record).finalize().into())
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// The hashes that stand one after another; a rest that is none is left out.
    pub(super) fn several(bytes: &[u8]) -> impl Iterator<Item = Self> {
        bytes.as_chunks::<LENGTH>().0.iter().map(|hash| Self(*hash))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for Hash {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, hex::FromHexError> {
        let mut bytes = [0; LENGTH];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_of_all_before_it() {
        let account = AccountId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000001"));
        let beginning = Hash::beginning(account);
        let expected = "9fab76";
        assert_eq!(beginning.to_string()[..6], *expected);
        assert_ne!(beginning.then(b"a").then(b"b"), beginning.then(b"b").then(b"a"));
        assert_eq!(beginning.to_string().parse(), Ok(beginning));
    }
}
