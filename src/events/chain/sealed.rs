//! The hashes that were written: a row of them for each time that the sealer came by.

use std::collections::BTreeMap;

use sqlx::{PgExecutor, PgPool};

use super::findings::Finding;
use super::hash::Hash;
use crate::values::id::AccountId;

/// Reads the hashes of an account in order.
#[derive(Debug)]
pub(super) struct Sealed {
    pool: PgPool,
    account: AccountId,
    /// The last sequence with a hash that was read.
    last: i64,
}

impl Sealed {
    /// Reads what was written behind a sequence.
    pub(super) fn behind(pool: PgPool, account: AccountId, sequence: i64) -> Self {
        Self { pool, account, last: sequence }
    }

    /// The last sequence that has a hash, of what was read.
    pub(super) fn last(&self) -> i64 {
        self.last
    }

    /// The hashes in the rows that begin no later than at a sequence, by theirs; where one does not go
    /// on from the one before is found.
    pub(super) async fn up_to(
        &mut self,
        sequence: i64,
        findings: &mut Vec<Finding>,
    ) -> sqlx::Result<BTreeMap<i64, Hash>> {
        let rows = sqlx::query!(
            "select sequence, hashes from seals
             where account_id = $1 and sequence > $2 and sequence <= $3 order by sequence",
            self.account as _,
            self.last,
            sequence,
        );
        let mut hashes = BTreeMap::new();
        for row in rows.fetch_all(&self.pool).await? {
            if row.sequence > self.last + 1 {
                findings.push(Finding::Unsealed { first: self.last + 1, last: row.sequence - 1 });
            }
            hashes.extend(numbered(row.sequence, &row.hashes));
            self.last = hashes.last_key_value().map_or(self.last, |(last, _)| *last);
        }
        Ok(hashes)
    }
}

/// The newest hash of an account, and the sequence that it is for.
///
/// # Errors
/// A database that fails.
pub(super) async fn newest(
    executor: impl PgExecutor<'_>,
    account: AccountId,
) -> sqlx::Result<Option<(i64, Hash)>> {
    let row = sqlx::query!(
        "select sequence, hashes from seals where account_id = $1 order by sequence desc limit 1",
        account as _,
    );
    let row = row.fetch_optional(executor).await?;
    Ok(row.and_then(|row| numbered(row.sequence, &row.hashes).last()))
}

/// The hash that was written for a sequence; that of 0 stands before the first event.
///
/// # Errors
/// A database that fails.
pub async fn at(pool: &PgPool, account: AccountId, sequence: i64) -> sqlx::Result<Option<Hash>> {
    if sequence == 0 {
        return Ok(Some(Hash::beginning(account)));
    }
    let row = sqlx::query!(
        "select sequence, hashes from seals where account_id = $1 and sequence <= $2
         order by sequence desc limit 1",
        account as _,
        sequence,
    );
    let row = row.fetch_optional(pool).await?;
    let found =
        row.and_then(|row| numbered(row.sequence, &row.hashes).find(|(at, _)| *at == sequence));
    Ok(found.map(|(_, hash)| hash))
}

/// Writes hashes, the first for this sequence, unless another has.
///
/// # Errors
/// A database that fails.
pub(super) async fn write(
    pool: &PgPool,
    account: AccountId,
    first: i64,
    hashes: &[Hash],
) -> sqlx::Result<()> {
    let hashes: Vec<u8> = hashes.iter().flat_map(|hash| *hash.bytes()).collect();
    sqlx::query!(
        "insert into seals (account_id, sequence, hashes) values ($1, $2, $3) on conflict do nothing",
        account as _,
        first,
        hashes,
    )
    .execute(pool)
    .await?;
    Ok(())
}

fn numbered(first: i64, hashes: &[u8]) -> impl Iterator<Item = (i64, Hash)> {
    (first..).zip(Hash::several(hashes))
}
