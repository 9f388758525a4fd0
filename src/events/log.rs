//! The log that changes are recorded in, and the change that must end by recording itself.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::str::FromStr;
use std::sync::Arc;

use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use time::OffsetDateTime;
use tokio::sync::broadcast;

use super::addresses::Addresses;
use super::cache::Cache;
use super::{Consequence, Creator, Entry, Event, Pending};
use super::{carried_out, record};
use crate::values::id::{AccountId, AddressId, EventId};

/// How many events each generation of the cache holds: some 50 MiB at the most.
const CACHED_EVENTS: usize = 20_000;

/// The log of every account, with what follows from an event. Cheap to clone.
#[derive(Clone)]
pub struct Log(Arc<Inner>);

struct Inner {
    pool: PgPool,
    consequences: Vec<Arc<dyn Consequence>>,
    committed: broadcast::Sender<Committed>,
    cache: Cache,
    addresses: Addresses,
}

/// A commit of this process: the account, and the number of its newest activity then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// The account.
    pub account_id: AccountId,
    /// The newest sequence.
    pub sequence: i64,
}

impl fmt::Display for Committed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.account_id, self.sequence)
    }
}

impl FromStr for Committed {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (account, sequence) = text.split_once(' ').ok_or(())?;
        let account_id = account.parse().map_err(drop)?;
        Ok(Self { account_id, sequence: sequence.parse().map_err(drop)? })
    }
}

/// What a change came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// When it was recorded.
    pub created_at: OffsetDateTime,
    /// Its events in the log, in the order in which they were given.
    pub entries: Vec<Entry>,
}

impl Log {
    /// A log over a pool; the consequences run in this order.
    pub fn new(pool: PgPool, consequences: Vec<Arc<dyn Consequence>>) -> Self {
        let (committed, _) = broadcast::channel(1024);
        let cache = Cache::new(CACHED_EVENTS);
        let addresses = Addresses::default();
        Self(Arc::new(Inner { pool, consequences, committed, cache, addresses }))
    }

    /// The pool that it writes through.
    pub fn pool(&self) -> &PgPool {
        &self.0.pool
    }

    /// The commits of this process from now on. A slow listener may miss some: they are hints.
    pub fn committed(&self) -> broadcast::Receiver<Committed> {
        self.0.committed.subscribe()
    }

    /// Forgets what this process holds of an account, or of all: something of it was erased.
    pub fn forget(&self, account: Option<AccountId>) {
        self.0.addresses.forget(account);
        self.cache().forget(account);
    }

    /// Begins a change.
    ///
    /// # Errors
    /// A database that cannot be reached.
    pub async fn change(&self, creator: &Creator) -> sqlx::Result<Change> {
        let address_id = match creator.address {
            Some(address) => {
                let row = self.0.addresses.row(self.pool(), creator.account.id, address);
                Some(row.await?)
            }
            None => None,
        };
        let transaction = self.pool().begin().await?;
        let (log, creator) = (self.clone(), creator.clone());
        Ok(Change { transaction, log, creator, address_id, undoes_id: None })
    }

    /// Keeps what was committed at hand, and tells those who listen.
    fn after_commit(&self, pending: Vec<Pending>, entries: &[Entry]) {
        let account_id = pending[0].header.account_id;
        if pending.iter().any(|pending| pending.event.erases().is_some()) {
            self.forget(Some(account_id));
        }
        for Pending { header, event } in pending {
            self.cache().put(account_id, header.id, event);
        }
        if let Some(Entry { sequence, .. }) = entries.last() {
            // Nobody listening is no error: the command line commits too.
            let _ = self.0.committed.send(Committed { account_id, sequence: *sequence });
        }
    }

    pub(super) fn cache(&self) -> &Cache {
        &self.0.cache
    }
}

/// A change that is being made: a transaction that ends in [`Change::record`], or is rolled back
/// when it is dropped. Recording consumes it, so nothing runs after the head was taken.
pub struct Change {
    transaction: Transaction<'static, Postgres>,
    log: Log,
    creator: Creator,
    address_id: Option<AddressId>,
    undoes_id: Option<EventId>,
}

impl Change {
    /// The same change, made to undo what happened.
    #[must_use]
    pub fn undoing(self, event: EventId) -> Self {
        Self { undoes_id: Some(event), ..self }
    }

    /// Records the one event that says what was changed, and commits.
    ///
    /// # Errors
    /// A database that fails; then nothing has happened.
    pub async fn record(self, event: impl Event + 'static) -> sqlx::Result<Recorded> {
        self.record_all(vec![Arc::new(event)]).await
    }

    /// Records the event that says what was changed, and those it entailed, and commits.
    ///
    /// # Errors
    /// A database that fails, no event at all, or more than 500; then nothing has happened.
    pub async fn record_all(mut self, events: Vec<Arc<dyn Event>>) -> sqlx::Result<Recorded> {
        let pending = record::pending(&self.creator, self.address_id, self.undoes_id, events)?;
        carried_out::mark(&mut self.transaction, &self.creator).await?;
        let account = &self.creator.account;
        let consequences = &self.log.0.consequences;
        let entries = record::write(&mut self.transaction, account, consequences, &pending).await?;
        self.transaction.commit().await?;
        let created_at = pending[0].header.created_at;
        self.log.after_commit(pending, &entries);
        Ok(Recorded { created_at, entries })
    }
}

impl Deref for Change {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.transaction
    }
}

impl DerefMut for Change {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }
}
