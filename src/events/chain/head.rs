//! A head that is kept elsewhere: whoever has it can tell later whether the log up to it is the same.

use std::fmt;

use sha2::{Digest as _, Sha256};
use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::hash::Hash;
use super::sealed;
use crate::values::id::AccountId;
use crate::values::{Slug, clock};

/// What a file with a head says that it is.
const FORMAT: &str = "cairn head 1";

/// How far the log of an account went when this was taken, and the hash over all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The account.
    pub account: AccountId,
    /// The last sequence it stands for.
    pub sequence: i64,
    /// Its hash.
    pub hash: Hash,
    /// When it was taken.
    pub taken_at: OffsetDateTime,
}

/// Why something is no head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadHead {
    /// It is something else.
    #[error("it is not a head of Cairn’s")]
    NotAHead,
    /// A part of it is not as it was written.
    #[error("it is damaged: its checksum is another")]
    Damaged,
}

/// The file, as JSON.
#[derive(serde::Serialize, serde::Deserialize)]
struct Written {
    format: String,
    account: AccountId,
    sequence: i64,
    hash: String,
    #[serde(with = "time::serde::rfc3339")]
    taken_at: OffsetDateTime,
    /// SHA-256 over the other values, a line each: a slip of the hand is no tampering.
    checksum: String,
}

impl Head {
    /// The newest head that is sealed; none before anything is.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn newest(
        executor: impl PgExecutor<'_>,
        account: AccountId,
    ) -> sqlx::Result<Option<Self>> {
        let newest = sealed::newest(executor, account).await?;
        Ok(newest.map(|(sequence, hash)| Self { account, sequence, hash, taken_at: clock::now() }))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is no head, or is damaged.
    pub fn parse(text: &str) -> Result<Self, BadHead> {
        let written: Written = serde_json::from_str(text).map_err(|_| BadHead::NotAHead)?;
        if written.format != FORMAT {
            return Err(BadHead::NotAHead);
        }
        let hash = written.hash.parse().map_err(|_| BadHead::Damaged)?;
        let Written { account, sequence, taken_at, checksum, .. } = written;
        let head = Self { account, sequence, hash, taken_at };
        if head.checksum() != checksum {
            return Err(BadHead::Damaged);
        }
        Ok(head)
    }

    /// What the file is called; `slug` is the account’s.
    pub fn file_name(&self, slug: &Slug) -> String {
        format!("{slug}-head-{}.json", self.sequence)
    }

    fn checksum(&self) -> String {
        let Self { account, sequence, hash, taken_at } = self;
        let words =
            format!("{FORMAT}\n{account}\n{sequence}\n{hash}\n{}\n", taken_at.unix_timestamp());
        hex::encode(Sha256::digest(words))
    }
}

/// The file.
impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = Written {
            format: FORMAT.to_owned(),
            account: self.account,
            sequence: self.sequence,
            hash: self.hash.to_string(),
            taken_at: self.taken_at,
            checksum: self.checksum(),
        };
        let text = serde_json::to_string_pretty(&written).map_err(|_| fmt::Error)?;
        writeln!(f, "{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_reads_back_and_tells_when_it_is_damaged() {
        let account = AccountId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000001"));
        let taken_at = time::macros::datetime!(2026-11-24 10:00 UTC);
        let head = Head { account, sequence: 7, hash: Hash::beginning(account), taken_at };
        let text = head.to_string();
        assert_eq!(Head::parse(&text), Ok(head));
        for (good, bad, why) in [
            ("\"sequence\": 7", "\"sequence\": 8", BadHead::Damaged),
            ("head 1", "heart 1", BadHead::NotAHead),
            ("{", "", BadHead::NotAHead),
        ] {
            assert_eq!(Head::parse(&text.replacen(good, bad, 1)), Err(why));
        }
    }
}
