//! The job that writes the hashes of what was recorded, a little behind the head.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::hash::Hash;
use super::reader::Reader;
use super::sealed;
use super::tables::Tables;
use crate::events::{Committed, Log, checkpoints};
use crate::values::id::AccountId;

/// How long what is recorded waits for more: so much may be lost sight of before it is sealed.
const GATHER: Duration = Duration::from_secs(1);

/// How often every account is looked at: another process may have died before it had sealed.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// How many events one row of hashes is for at most.
const WINDOW: i64 = 1_000;

/// Seals what is recorded. Cheap to clone.
#[derive(Clone)]
pub struct Sealer(Arc<Inner>);

struct Inner {
    log: Log,
    sealing: AtomicBool,
    stop: CancellationToken,
}

/// Says that nobody seals any more, however it ended.
struct Sealing<'a>(&'a AtomicBool);

impl Drop for Sealing<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Sealer {
    /// A sealer that works until it is stopped.
    pub fn new(log: Log, stop: CancellationToken) -> Self {
        Self(Arc::new(Inner { log, sealing: AtomicBool::new(false), stop }))
    }

    /// Whether this process seals.
    pub fn is_sealing(&self) -> bool {
        self.0.sealing.load(Ordering::Acquire)
    }

    /// Seals until stopped: what this process records, and what any has when it looks at all. A second
    /// one in the same process returns at once.
    pub async fn seal(&self) {
        if self.0.sealing.swap(true, Ordering::AcqRel) {
            return;
        }
        let _sealing = Sealing(&self.0.sealing);
        let mut fails = false;
        while !self.0.stop.is_cancelled() {
            match self.rounds().await {
                Ok(()) => return,
                Err(error) => {
                    if !std::mem::replace(&mut fails, true) {
                        tracing::warn!(%error, "sealing waits for the database");
                    }
                }
            }
            self.0.stop.run_until_cancelled(sleep(GATHER)).await;
        }
    }

    async fn rounds(&self) -> sqlx::Result<()> {
        let Inner { log, stop, .. } = &*self.0;
        let tables = Arc::new(Tables::read(log.pool()).await?);
        let mut committed = log.committed();
        let mut waiting: HashSet<AccountId> = HashSet::new();
        loop {
            waiting.extend(unsealed(log.pool()).await?);
            waiting.extend(checkpoints::behind(log.pool()).await?);
            let look_at = Instant::now() + LOOK_EVERY;
            while Instant::now() < look_at && is_told_all(&mut committed, &mut waiting) {
                for account in std::mem::take(&mut waiting) {
                    if stop.is_cancelled() {
                        return Ok(());
                    }
                    let reader = Reader::new(log.pool().clone(), Arc::clone(&tables), account);
                    while !stop.is_cancelled() && seal_part(log.pool(), &reader, account).await? {}
                    keep_boards(log.pool(), account, stop).await;
                }
                if stop.run_until_cancelled(sleep(GATHER)).await.is_none() {
                    return Ok(());
                }
            }
        }
    }
}

/// Keeps the boards that want it as they are; sealing goes on if that fails.
async fn keep_boards(pool: &PgPool, account: AccountId, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        match checkpoints::keep_part(pool, account).await {
            Ok(Some(_)) => {}
            Ok(None) => return,
            Err(error) => {
                tracing::warn!(%account, %error, "no board is kept as it is");
                return;
            }
        }
    }
}

/// Takes the accounts in which something was recorded. Whether all were told: a slow listener misses some.
fn is_told_all(committed: &mut Receiver<Committed>, waiting: &mut HashSet<AccountId>) -> bool {
    loop {
        match committed.try_recv() {
            Ok(committed) => drop(waiting.insert(committed.account_id)),
            Err(TryRecvError::Lagged(_)) => return false,
            Err(TryRecvError::Empty | TryRecvError::Closed) => return true,
        }
    }
}

/// The accounts whose newest hash is not for the head of their log.
async fn unsealed(pool: &PgPool) -> sqlx::Result<Vec<AccountId>> {
    sqlx::query_scalar!(
        r#"select head.account_id as "account_id: AccountId" from account_heads head
           left join lateral (
               select seal.sequence + octet_length(seal.hashes) / 32 - 1 as last from seals seal
               where seal.account_id = head.account_id order by seal.sequence desc limit 1) seal on true
           where head.sequence > coalesce(seal.last, 0)"#,
    )
    .fetch_all(pool)
    .await
}

/// Seals the log of an account up to its head. It locks nothing that anybody waits for: the log is read
/// as it was committed, and of two who write the same row of hashes the second leaves it.
///
/// # Errors
/// A database that fails.
pub async fn seal(pool: &PgPool, tables: &Arc<Tables>, account: AccountId) -> sqlx::Result<()> {
    let reader = Reader::new(pool.clone(), Arc::clone(tables), account);
    while seal_part(pool, &reader, account).await? {}
    Ok(())
}

/// The same for the next part of the log alone, so that whoever has to stop can; whether there was one.
async fn seal_part(pool: &PgPool, reader: &Reader, account: AccountId) -> sqlx::Result<bool> {
    let newest = sealed::newest(pool, account).await?;
    let (last, mut hash) = newest.unwrap_or((0, Hash::beginning(account)));
    let window = reader.window(last, WINDOW).await?;
    let mut hashes = Vec::new();
    for (expected, record) in (last + 1..).zip(window.records()) {
        let record = record?;
        // Over a gap there is nothing to seal: what is gone is for whoever verifies.
        if record.sequence != expected {
            break;
        }
        hash = hash.then(&record.line);
        hashes.push(hash);
    }
    if hashes.is_empty() {
        return Ok(false);
    }
    sealed::write(pool, account, last + 1, &hashes).await?;
    Ok(true)
}
