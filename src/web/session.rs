//! Sessions: a cookie that leads to a row with the id of a sign-in and the secret of its forms.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use time::Duration as Span;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, Session, SessionManagerLayer};
use tower_sessions_sqlx_store::PostgresStore;

use super::error::Error;
use super::state::App;
use crate::values::id::SignInId;
use crate::values::secret::Secret;

/// The cookie's name.
pub const COOKIE: &str = "cairn_session";

/// How long a browser that is not used stays signed in.
const LIFETIME: Span = Span::days(60);

/// How long a resolved session may stand in the process: a revocation elsewhere acts that late.
const FRESH: Duration = Duration::from_secs(1);

/// Beyond so many entries a cache is emptied rather than searched for old ones.
const REMEMBERED: usize = 20_000;

const KEY: &str = "cairn";

/// All that a session holds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Kept {
    /// What every form of this session shows.
    pub csrf: String,
    /// The sign-in; none before it, and then the row only serves the sign-in form.
    pub sign_in: Option<SignInId>,
}

/// Sessions read within the last second, by the number that is their id.
pub type Sessions = Fresh<i128, Kept>;

/// The layer that finds a request's session; its row is read only when somebody asks.
pub fn layer(app: &App) -> SessionManagerLayer<PostgresStore> {
    SessionManagerLayer::new(PostgresStore::new(app.pool().clone()))
        .with_name(COOKIE)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(app.is_https())
        .with_expiry(Expiry::OnInactivity(LIFETIME))
}

/// What the request's session holds; none when there is no session.
///
/// # Errors
/// A database that cannot be reached.
pub async fn load(app: &App, session: &Session) -> Result<Option<Kept>, Error> {
    let Some(id) = session.id() else {
        return Ok(session.get(KEY).await?);
    };
    if let Some(kept) = app.sessions.get(&id.0) {
        return Ok(Some(kept));
    }
    let kept: Option<Kept> = session.get(KEY).await?;
    if let Some(kept) = &kept {
        app.sessions.put(id.0, kept.clone());
    }
    Ok(kept)
}

/// The token that the forms of this session show; a browser without a session is given one.
///
/// # Errors
/// A database that cannot be reached.
pub async fn csrf_token(app: &App, session: &Session) -> Result<String, Error> {
    if let Some(kept) = load(app, session).await? {
        return Ok(kept.csrf);
    }
    let kept = Kept { csrf: Secret::token().reveal().to_owned(), sign_in: None };
    session.insert(KEY, &kept).await?;
    Ok(kept.csrf)
}

/// Ties the browser to a sign-in, under a new id and with a new token for its forms.
///
/// # Errors
/// A database that cannot be reached.
pub async fn sign_in(app: &App, session: &Session, id: SignInId) -> Result<(), Error> {
    session.cycle_id().await?;
    let kept = Kept { csrf: Secret::token().reveal().to_owned(), sign_in: Some(id) };
    session.insert(KEY, &kept).await?;
    app.forget();
    Ok(())
}

/// Ends the session; the sign-in itself is revoked by the domain.
///
/// # Errors
/// A database that cannot be reached.
pub async fn end(app: &App, session: &Session) -> Result<(), Error> {
    session.flush().await?;
    app.forget();
    Ok(())
}

/// Values that are good for a second.
pub struct Fresh<K, V>(Mutex<HashMap<K, (Instant, V)>>);

impl<K, V> Default for Fresh<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Fresh<K, V> {
    /// The value, if it was put here within the last second.
    pub fn get(&self, key: &K) -> Option<V> {
        let values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        values.get(key).filter(|(at, _)| at.elapsed() < FRESH).map(|(_, value)| value.clone())
    }

    /// Keeps a value that was read just now.
    pub fn put(&self, key: K, value: V) {
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if values.len() >= REMEMBERED {
            values.clear();
        }
        values.insert(key, (Instant::now(), value));
    }

    /// Forgets the values that do not pass.
    pub fn retain(&self, passes: impl Fn(&V) -> bool) {
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        values.retain(|_, (_, value)| passes(value));
    }

    /// Forgets every value.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_revoked_is_forgotten() {
        let fresh = Fresh::default();
        fresh.put(1, "olive");
        assert_eq!(fresh.get(&1), Some("olive"));
        fresh.clear();
        assert_eq!(fresh.get(&1), None);
    }
}
