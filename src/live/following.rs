//! What one connection follows, whatever protocol it speaks.

use std::sync::Arc;

use tokio::sync::Notify;

use super::ring::{Read, Reader};
use super::{Credential, Cursor, Frame, Hub, Name, Subscription};
use crate::domain::Result;

/// The streams of one connection, each under the key by which its client knows it.
pub struct Following<K> {
    hub: Hub,
    credential: Credential,
    bell: Arc<Notify>,
    /// A few, so that looking through them is quicker than to hash.
    followed: Vec<Followed<K>>,
}

struct Followed<K> {
    key: K,
    name: Name,
    reader: Reader,
}

/// What a connection has to tell its client.
#[derive(Debug)]
pub enum Told {
    /// A fragment of the stream.
    Frame(Frame),
    /// The client may follow the stream no more.
    Lost,
}

impl<K: Clone + Eq> Following<K> {
    /// Nothing yet.
    pub fn new(hub: Hub, credential: Credential) -> Self {
        Self { hub, credential, bell: Arc::default(), followed: Vec::new() }
    }

    /// Is rung when there may be something to tell.
    pub fn bell(&self) -> &Arc<Notify> {
        &self.bell
    }

    /// Joins the stream of a signed name; none when it may not be followed. It is followed from
    /// [`Following::follow`] on, and nothing that comes until then is lost.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn join(&self, signed: &str) -> Result<Option<Subscription>> {
        self.hub.subscribe(&self.credential, signed, &self.bell).await
    }

    /// The same from a place that the client has reached since its page was rendered.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn rejoin(&self, name: Name) -> Result<Option<Subscription>> {
        self.hub.resume(&self.credential, name, &self.bell).await
    }

    /// Follows a stream that was joined; what its page has missed.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn follow(&mut self, key: K, subscription: Subscription) -> Result<Option<Frame>> {
        let missed = self.hub.missed(&subscription).await?;
        metrics::counter!("cairn_live_subscriptions").increment(1);
        let Subscription { name, reader, .. } = subscription;
        self.forget(&key);
        self.followed.push(Followed { key, name, reader });
        Ok(missed)
    }

    /// Follows a stream no more.
    pub fn forget(&mut self, key: &K) {
        self.followed.retain(|followed| followed.key != *key);
    }

    /// The name of a stream that is followed, with the cursor of what was told last.
    pub fn name(&self, key: &K) -> Option<&Name> {
        self.followed.iter().find(|followed| followed.key == *key).map(|followed| &followed.name)
    }

    /// Up to where everything that is followed was told. Ask before the last of it is read.
    pub fn position(&self) -> Option<Cursor> {
        self.followed.first().and_then(|followed| self.hub.position(&followed.name.account))
    }

    /// The keys of all that is followed.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.followed.iter().map(|followed| &followed.key)
    }

    /// What is to be told next; none when that is all for now.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn next(&mut self) -> Result<Option<(K, Told)>> {
        loop {
            let Some((key, read)) = self.read() else { return Ok(None) };
            if let Some(frame) = read {
                return Ok(Some((key, Told::Frame(frame))));
            }
            // Boxed: a connection that rests takes no room for what is rare.
            if let Some(told) = Box::pin(self.ask_again(&key)).await? {
                return Ok(Some((key, told)));
            }
        }
    }

    /// Asks whether a stream may still be followed, and what was missed on it.
    async fn ask_again(&mut self, key: &K) -> Result<Option<Told>> {
        let Some(name) = self.name(key).cloned() else { return Ok(None) };
        // Dropped first: a reader in doubt is none that is told anything.
        self.forget(key);
        let Some(subscription) = self.rejoin(name).await? else { return Ok(Some(Told::Lost)) };
        let missed = self.follow(key.clone(), subscription).await?;
        Ok(missed.map(Told::Frame))
    }

    /// The next frame of any stream, or a stream that must be asked for again.
    fn read(&mut self) -> Option<(K, Option<Frame>)> {
        self.followed.iter_mut().find_map(|Followed { key, name, reader }| match reader.read() {
            Read::Nothing => None,
            Read::Again => Some((key.clone(), None)),
            Read::Frame(frame) => {
                name.cursor.sequence = frame.sequence;
                Some((key.clone(), Some(frame)))
            }
        })
    }

    /// Those that may be followed no more. Asked now and then, should a change have gone unnoticed.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn lost(&self) -> Result<Vec<K>> {
        let names: Vec<&Name> = self.followed.iter().map(|followed| &followed.name).collect();
        let lost = self.hub.lost(&self.credential, &names).await?;
        let is_lost = |followed: &&Followed<K>| lost.iter().any(|name| **name == followed.name);
        let followed = self.followed.iter().filter(is_lost);
        Ok(followed.map(|followed| followed.key.clone()).collect())
    }
}
