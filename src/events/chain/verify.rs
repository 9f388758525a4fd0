//! Computes the hashes of an account's log anew and compares them with those that were written.

use std::collections::BTreeMap;
use std::sync::Arc;

use sqlx::PgPool;

use super::check::Check;
use super::findings::Finding;
use super::hash::Hash;
use super::reader::{Reader, Window};
use super::sealed::Sealed;
use super::strays::strays;
use super::tables::Tables;
use crate::events::history;
use crate::values::id::AccountId;

/// How many events are read at once.
const WINDOW: i64 = 5_000;

/// What a verification came to.
#[derive(Debug)]
pub struct Verified {
    /// How many events were read.
    pub events: i64,
    /// The last one.
    pub sequence: i64,
    /// Its hash; none where it cannot be known.
    pub hash: Option<Hash>,
    /// The last one whose hash stood written.
    pub sealed: i64,
    /// What is not as it was, the first in the log first.
    pub findings: Vec<Finding>,
}

/// Verifies the log of an account from what follows on a sequence with this hash; heads that were taken
/// of it before must be met.
///
/// # Errors
/// A database that fails.
pub async fn verify(
    pool: &PgPool,
    tables: &Arc<Tables>,
    account: AccountId,
    (after, hash): (i64, Hash),
    heads: &[(i64, Hash)],
) -> sqlx::Result<Verified> {
    // What is recorded meanwhile is not verified: neither is it missing.
    let head = history::head(pool, account).await?;
    let reader = Reader::new(pool.clone(), Arc::clone(tables), account);
    let mut sealed = Sealed::behind(pool.clone(), account, after);
    let (mut check, mut events, mut findings) = (Check::behind(after, hash), 0, Vec::new());
    let mut window = reader.window(after, WINDOW).await?;
    while let Some(last) = window.last() {
        let written = sealed.up_to(last, &mut findings).await?;
        let heads = heads.to_vec();
        let compared =
            tokio::task::spawn_blocking(move || compare(check, &window, &written, &heads));
        let (next, compared) = tokio::join!(reader.window(last, WINDOW), compared);
        let (checked, count) =
            compared.map_err(|error| sqlx::Error::Protocol(error.to_string()))??;
        (check, window, events) = (checked, next?, events + count);
    }
    let (sequence, hash) = check.at();
    let last_sealed = check.sealed();
    findings.extend(check.end());
    findings.extend(of_the_end(head, sequence, &mut sealed, pool, account).await?);
    let missed = heads.iter().map(|(at, _)| *at).filter(|at| *at > sequence.max(head)).max();
    findings.extend(missed.map(|last| Finding::Removed { first: sequence.max(head) + 1, last }));
    findings.extend(strays(pool, tables, account).await?);
    findings.sort_by_key(|finding| finding.sequence().unwrap_or(i64::MAX));
    Ok(Verified { events, sequence, hash, sealed: last_sealed, findings })
}

fn compare(
    mut check: Check,
    window: &Window,
    written: &BTreeMap<i64, Hash>,
    heads: &[(i64, Hash)],
) -> sqlx::Result<(Check, i64)> {
    let mut events = 0;
    for record in window.records() {
        check.event(&record?, written);
        events += 1;
        let (sequence, hash) = check.at();
        let taken = heads.iter().find(|(at, _)| *at == sequence);
        if taken.is_some_and(|(_, taken)| hash != Some(*taken)) {
            check.found(Finding::OtherHead { sequence });
        }
    }
    Ok((check, events))
}

/// What is wrong where the log ends: it should end where the account’s head says, and nothing should be
/// sealed that is not there.
async fn of_the_end(
    head: i64,
    sequence: i64,
    sealed: &mut Sealed,
    pool: &PgPool,
    account: AccountId,
) -> sqlx::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    sealed.up_to(i64::MAX, &mut findings).await?;
    let head_now = history::head(pool, account).await?;
    if sequence < head {
        findings.push(Finding::Removed { first: sequence + 1, last: head });
    }
    if sequence > head_now {
        findings.push(Finding::Inserted { first: head_now + 1, last: sequence });
    }
    let end = head_now.max(sequence);
    if sealed.last() > end {
        findings.push(Finding::Removed { first: end + 1, last: sealed.last() });
    }
    Ok(findings)
}
