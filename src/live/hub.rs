//! Who follows what in this process, and what they are sent.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::{PgConnection, PgExecutor};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::catch_up::CatchUps;
use super::closing::Closing;
use super::hints::Hints;
use super::presence::Presence;
use super::ring::{Reader, Ring};
use super::sockets::Sockets;
use super::stale::Stale;
use super::{Credential, Cursor, Name, Stream, access, signature};
use crate::db;
use crate::domain::{self, Account, Actor, Result, accounts};
use crate::events::history::{self, From, Page, Scope};
use crate::events::{Activity, KINDS, Log};
use crate::notifications::Reading;
use crate::tracking::Noted;
use crate::values::Slug;
use crate::values::id::AccountId;
use crate::values::secret::KeyRing;
use crate::webhooks::changes::Changed;

/// Of so many accounts the ids are remembered by their slugs, which never change.
const REMEMBERED_ACCOUNTS: usize = 10_000;

/// The followers of this process. Cheap to clone.
#[derive(Clone)]
pub struct Hub(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) log: Log,
    keys: KeyRing,
    epoch: Mutex<String>,
    pub(super) accounts: Mutex<HashMap<AccountId, Watched>>,
    ids: Mutex<HashMap<Slug, AccountId>>,
    /// Who has read notices and whose pages do not know yet.
    pub(super) readings: Mutex<HashSet<Reading>>,
    /// Which endpoints’ logs have changed and whose pages do not know yet.
    pub(super) stale: Stale<Changed>,
    /// Of which boards and cards it has changed who has seen them, and whose pages do not know yet.
    pub(super) receipts: Stale<Noted>,
    /// What was seen here lately, should somebody just begin to look elsewhere.
    pub(super) lately: Mutex<HashMap<Noted, Instant>>,
    pub(super) catch_ups: CatchUps,
    sockets: Sockets,
    pub(super) presence: Mutex<Presence>,
    pub(super) hints: Hints,
    closing: Closing,
}

/// An account that somebody follows here.
pub(super) struct Watched {
    pub(super) account: Account,
    /// Up to where its streams have been told.
    pub(super) told: i64,
    pub(super) streams: HashMap<Stream, Arc<Ring>>,
}

/// What somebody follows from now on.
#[derive(Debug)]
pub struct Subscription {
    /// The name, with the cursor moved to where the missed part ends; [`Hub::missed`] tells it.
    pub name: Name,
    /// What comes after that.
    pub reader: Reader,
    pub(super) account: Account,
    /// Up to where the page knows what happened.
    pub(super) known: Cursor,
    pub(super) head: i64,
}

impl Hub {
    /// A hub over the log; it follows nothing until somebody subscribes.
    ///
    /// # Errors
    /// A database that cannot be reached.
    pub async fn new(log: Log, keys: KeyRing) -> Result<Self> {
        let epoch = Mutex::new(db::epoch(log.pool()).await?);
        Ok(Self(Arc::new(Inner {
            log,
            keys,
            epoch,
            accounts: Mutex::default(),
            ids: Mutex::default(),
            readings: Mutex::default(),
            stale: Stale::default(),
            receipts: Stale::default(),
            lately: Mutex::default(),
            catch_ups: CatchUps::default(),
            sockets: Sockets::default(),
            presence: Mutex::default(),
            hints: Hints::default(),
            closing: Closing::default(),
        })))
    }

    /// Where the log of an account stands. Read it before anything else that a page shows: then
    /// the page can only know more than its cursor says, never less.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn cursor(&self, executor: impl PgExecutor<'_>, actor: &Actor) -> Result<Cursor> {
        let sequence = history::head(executor, actor.account.id).await?;
        Ok(Cursor { epoch: self.epoch(), sequence })
    }

    /// The signed names of the streams of a page, for the person who looks at it.
    pub fn names(&self, actor: &Actor, cursor: &Cursor, streams: &[Stream]) -> Vec<String> {
        let name = |stream: &Stream| {
            let slug = actor.account.slug.clone();
            Name::new(slug, *stream, actor.user_id, cursor.clone())
        };
        streams.iter().map(|stream| self.signed(&name(stream))).collect()
    }

    /// Subscribes somebody under a signed name, whose bell is rung when there is something to read;
    /// none when it is not signed by us, or not theirs to follow.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn subscribe(
        &self,
        credential: &Credential,
        signed: &str,
        bell: &Arc<Notify>,
    ) -> Result<Option<Subscription>> {
        match self.verified(signed) {
            Some(name) => self.resume(credential, name, bell).await,
            None => Ok(None),
        }
    }

    /// Signs a name.
    pub fn signed(&self, name: &Name) -> String {
        signature::sign(&self.0.keys, &name.to_string())
    }

    /// Up to where all streams of an account have been told, and nothing of what was told is missing
    /// in any ring.
    pub fn position(&self, slug: &Slug) -> Option<Cursor> {
        let epoch = self.epoch();
        let id = *self.0.ids.lock().unwrap_or_else(PoisonError::into_inner).get(slug)?;
        let sequence = self.accounts().get(&id)?.told;
        Some(Cursor { epoch, sequence })
    }

    /// A name that we have signed.
    pub fn verified(&self, signed: &str) -> Option<Name> {
        signature::verify(&self.0.keys, signed).and_then(|name| name.parse().ok())
    }

    /// Subscribes somebody under a name whose signature was checked: from its cursor on.
    ///
    /// Whether they may is asked before they join. What changes it after that puts them in doubt;
    /// what was told while they were asked is not known to have been seen, so they are asked again.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn resume(
        &self,
        credential: &Credential,
        mut name: Name,
        bell: &Arc<Notify>,
    ) -> Result<Option<Subscription>> {
        let pool = self.0.log.pool();
        let Some(account) = self.account(&name.account).await? else { return Ok(None) };
        loop {
            // The epoch first: if the log is exchanged meanwhile, the reader is in doubt.
            let epoch = self.epoch();
            let head = history::head(pool, account).await?;
            let Some(actor) = access::follower(pool, credential, &name).await? else {
                return Ok(None);
            };
            let (reader, told) = self.join(&actor, name.stream, head, bell);
            if told > head {
                continue;
            }
            self.tell_presence_again(account, name.stream);
            let now = Cursor { epoch, sequence: told };
            let known = std::mem::replace(&mut name.cursor, now);
            return Ok(Some(Subscription { name, reader, account: actor.account, known, head }));
        }
    }

    async fn account(&self, slug: &Slug) -> Result<Option<AccountId>> {
        let ids = || self.0.ids.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = ids().get(slug) {
            return Ok(Some(*id));
        }
        match accounts::id(self.0.log.pool(), slug).await {
            Ok(id) => {
                let mut ids = ids();
                if ids.len() >= REMEMBERED_ACCOUNTS {
                    ids.clear();
                }
                ids.insert(slug.clone(), id);
                Ok(Some(id))
            }
            Err(domain::Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Those of some names whose streams somebody who follows them may follow no more.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn lost<'a>(
        &self,
        credential: &Credential,
        names: &[&'a Name],
    ) -> Result<Vec<&'a Name>> {
        access::lost(self.0.log.pool(), credential, names).await
    }

    /// Joins the followers of a stream. Everything after the sequence that is given comes through
    /// the reader: both are taken under one lock.
    fn join(&self, actor: &Actor, stream: Stream, head: i64, bell: &Arc<Notify>) -> (Reader, i64) {
        let mut accounts = self.accounts();
        let watched = accounts.entry(actor.account.id).or_insert_with(|| Watched {
            account: actor.account.clone(),
            told: head,
            streams: HashMap::new(),
        });
        let ring = watched.streams.entry(stream).or_default();
        (ring.join(actor.user_id, bell), watched.told)
    }

    /// The log to which it belongs.
    pub fn log(&self) -> &Log {
        &self.0.log
    }

    /// The sockets that are open here.
    pub fn sockets(&self) -> &Sockets {
        &self.0.sockets
    }

    /// Tells every socket to say goodbye, one after the other; by when all of them will have.
    pub fn close(&self) -> Instant {
        self.0.closing.begin(self.sockets().count())
    }

    /// Is cancelled when every socket is to say goodbye, at the moment that is right for it.
    pub fn closing(&self) -> CancellationToken {
        self.0.closing.begun()
    }

    /// When a socket is to say goodbye, now that the server stops.
    pub fn moment_to_leave(&self) -> Instant {
        self.0.closing.moment()
    }

    /// Takes note of what database this is now. When it is another one, what was told is worth
    /// nothing: every follower is let go, and comes back with a cursor of the old epoch.
    pub(super) fn set_epoch(&self, epoch: String) {
        let mut known = self.0.epoch.lock().unwrap_or_else(PoisonError::into_inner);
        if *known != epoch {
            tracing::info!("the database is another one; open pages load themselves anew");
            *known = epoch;
            self.0.catch_ups.forget();
            self.accounts().drain().for_each(|(_, watched)| watched.doubt_all());
        }
    }

    fn epoch(&self) -> String {
        self.0.epoch.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn accounts(&self) -> MutexGuard<'_, HashMap<AccountId, Watched>> {
        self.0.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// The activities after one sequence up to another.
    pub(super) async fn activities(
        &self,
        connection: &mut PgConnection,
        account: AccountId,
        after: i64,
        up_to: i64,
    ) -> Result<Vec<Activity>> {
        let page = Page::newest(Scope::Account, up_to - after, KINDS.to_vec());
        let page = Page { from: From::After(after), ..page };
        Ok(history::page_on(&self.log, connection, account, &page).await?)
    }
}

impl Watched {
    /// Has all who follow anything of it asked again.
    pub(super) fn doubt_all(&self) {
        self.streams.values().for_each(|ring| ring.doubt(|_| true));
    }
}
