//! Who follows what in this process, and what they are sent.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::PgExecutor;
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use super::{Credential, Cursor, Name, Stream, access, fragments, signature};
use crate::db;
use crate::domain::{Account, Actor, Result};
use crate::events::history::{self, From, Page, Scope};
use crate::events::{Activity, KINDS, Log};
use crate::notifications::Reading;
use crate::values::id::AccountId;
use crate::values::secret::KeyRing;

/// How many fragments a stream keeps for those who are a little behind.
const RING: usize = 256;

/// Beyond so many activities a page is better loaded anew than caught up.
const MOST_MISSED: i64 = 1_000;

/// The followers of this process. Cheap to clone.
#[derive(Clone)]
pub struct Hub(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) log: Log,
    keys: KeyRing,
    epoch: Mutex<String>,
    pub(super) accounts: Mutex<HashMap<AccountId, Watched>>,
    /// Who has read notices and whose pages do not know yet.
    pub(super) readings: Mutex<HashSet<Reading>>,
    pub(super) hint: Notify,
    closing: CancellationToken,
}

/// An account that somebody follows here.
pub(super) struct Watched {
    pub(super) account: Account,
    /// Up to where its streams have been told.
    pub(super) told: i64,
    pub(super) streams: HashMap<Stream, broadcast::Sender<Frame>>,
}

/// A fragment for all who follow a stream.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Up to where the log is known by whoever has it.
    pub sequence: i64,
    /// The fragment as a JSON string, escaped once.
    pub fragment: Arc<str>,
}

/// What somebody follows from now on.
pub struct Subscription {
    /// The name, with the cursor moved to where the missed part ends; [`Hub::missed`] tells it.
    pub name: Name,
    /// What comes after that. It closes when the log is another one than it was.
    pub frames: broadcast::Receiver<Frame>,
    account: Account,
    known: Cursor,
    head: i64,
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
            readings: Mutex::default(),
            hint: Notify::new(),
            closing: CancellationToken::new(),
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
            Name::new(slug, *stream, actor.user_id, cursor.clone()).to_string()
        };
        streams.iter().map(|stream| signature::sign(&self.0.keys, &name(stream))).collect()
    }

    /// Subscribes somebody under a signed name; none when it is not signed by us, or not theirs to
    /// follow.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn subscribe(
        &self,
        credential: &Credential,
        signed: &str,
    ) -> Result<Option<Subscription>> {
        let name = signature::verify(&self.0.keys, signed).and_then(|name| name.parse().ok());
        match name {
            Some(name) => self.resume(credential, name).await,
            None => Ok(None),
        }
    }

    /// Subscribes somebody under a name whose signature was checked: from its cursor on.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn resume(
        &self,
        credential: &Credential,
        mut name: Name,
    ) -> Result<Option<Subscription>> {
        let Some(actor) = access::follower(self.0.log.pool(), credential, &name).await? else {
            return Ok(None);
        };
        // The epoch first: if the log is exchanged meanwhile, the frames close and this is old.
        let epoch = self.epoch();
        let head = history::head(self.0.log.pool(), actor.account.id).await?;
        let (frames, told) = self.register(&actor.account, name.stream, head);
        let now = Cursor { epoch, sequence: told };
        let known = std::mem::replace(&mut name.cursor, now);
        Ok(Some(Subscription { name, frames, account: actor.account, known, head }))
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
    /// the receiver: both are taken under one lock.
    fn register(
        &self,
        account: &Account,
        stream: Stream,
        head: i64,
    ) -> (broadcast::Receiver<Frame>, i64) {
        let mut accounts = self.accounts();
        let watched = accounts.entry(account.id).or_insert_with(|| Watched {
            account: account.clone(),
            told: head,
            streams: HashMap::new(),
        });
        let sender = watched.streams.entry(stream).or_insert_with(|| broadcast::channel(RING).0);
        (sender.subscribe(), watched.told)
    }

    /// What a page has missed between the cursor it came with and the frames that come; none when
    /// it is nothing. It may take a while: confirm the subscription first.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn missed(&self, subscription: &Subscription) -> Result<Option<Frame>> {
        let Subscription { name, account, known, head, .. } = subscription;
        let (known, told) = (known, &name.cursor);
        let foreign = known.epoch != told.epoch || known.sequence > (*head).max(told.sequence);
        if foreign || told.sequence - known.sequence > MOST_MISSED {
            metrics::counter!("cairn_live_refreshes").increment(1);
            return Ok(Some(Frame::new(told.sequence, &fragments::refresh())));
        }
        let mut html = String::new();
        if known.sequence < told.sequence {
            let activities = self.0.activities(account.id, known.sequence, told.sequence).await?;
            html = fragments::render(&self.0.log, account, name.stream, &activities).await?;
        }
        if let Stream::User(user) = name.stream
            && html.is_empty()
        {
            // What somebody read elsewhere meanwhile stands in no log.
            html = fragments::notice_count(self.0.log.pool(), account.id, user).await?;
        }
        Ok((!html.is_empty()).then(|| Frame::new(told.sequence, &html)))
    }

    /// The log to which it belongs.
    pub fn log(&self) -> &Log {
        &self.0.log
    }

    /// Something may have been committed: look now rather than at the next second.
    pub fn look(&self) {
        self.0.hint.notify_one();
    }

    /// Tells every socket to say goodbye.
    pub fn close(&self) {
        self.0.closing.cancel();
    }

    /// Is cancelled when every socket is to say goodbye.
    pub fn closing(&self) -> CancellationToken {
        self.0.closing.clone()
    }

    /// Takes note of what database this is now. When it is another one, what was told is worth
    /// nothing: every follower is let go, and comes back with a cursor of the old epoch.
    pub(super) fn set_epoch(&self, epoch: String) {
        let mut known = self.0.epoch.lock().unwrap_or_else(PoisonError::into_inner);
        if *known != epoch {
            tracing::info!("the database is another one; open pages load themselves anew");
            *known = epoch;
            self.accounts().clear();
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
        account: AccountId,
        after: i64,
        up_to: i64,
    ) -> Result<Vec<Activity>> {
        let page = Page::newest(Scope::Account, up_to - after, KINDS.to_vec());
        let page = Page { from: From::After(after), ..page };
        Ok(history::page(&self.log, account, &page).await?)
    }
}

impl Frame {
    /// Asks a page to load itself anew, whatever it knows.
    pub fn refresh() -> Self {
        Self::new(0, &fragments::refresh())
    }

    pub(super) fn new(sequence: i64, html: &str) -> Self {
        Self { sequence, fragment: serde_json::Value::from(html).to_string().into() }
    }
}
