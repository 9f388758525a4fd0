//! Sessions: a cookie that leads to a row with the id of a sign-in and the secret of its forms.

use sqlx::PgPool;
use time::{Date, Duration as Span};
use tower_sessions::cookie::SameSite;
use tower_sessions::{ExpiredDeletion as _, Expiry, Session, SessionManagerLayer, session_store};
use tower_sessions_sqlx_store::PostgresStore;

use super::error::Error;
use super::kept::Kept;
use super::state::App;
use crate::values::clock;
use crate::values::id::SignInId;

/// The cookie's name.
pub const COOKIE: &str = "cairn_session";

/// How long a session is kept that nobody uses: longer than the sign-in it leads to.
const LIFETIME: Span = Span::days(60);

const KEY: &str = "cairn";

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
    let Some(kept) = session.get::<Kept>(KEY).await? else { return Ok(None) };
    let kept = renew(session, kept).await?;
    app.sessions.put(id.0, kept.clone());
    Ok(Some(kept))
}

/// Once a day the session of somebody who comes by is written anew, and with it its row and its
/// cookie last as long as on the first day.
async fn renew(session: &Session, kept: Kept) -> Result<Kept, Error> {
    let Some(renewed) = kept.renewed(today()) else { return Ok(kept) };
    session.insert(KEY, &renewed).await?;
    Ok(renewed)
}

/// The token that the forms of this session show; a browser without a session is given one.
///
/// # Errors
/// A database that cannot be reached.
pub async fn csrf_token(app: &App, session: &Session) -> Result<String, Error> {
    if let Some(kept) = load(app, session).await? {
        return Ok(kept.csrf);
    }
    let kept = Kept::new(None, today());
    session.insert(KEY, &kept).await?;
    Ok(kept.csrf)
}

/// Ties the browser to a sign-in, under a new id and with a new token for its forms.
///
/// # Errors
/// A database that cannot be reached.
pub async fn sign_in(app: &App, session: &Session, id: SignInId) -> Result<(), Error> {
    session.cycle_id().await?;
    session.insert(KEY, Kept::new(Some(id), today())).await?;
    app.forget();
    Ok(())
}

/// Ends the session; the sign-in itself is revoked by the domain.
///
/// # Errors
/// A database that cannot be reached.
pub async fn end(app: &App, session: &Session) -> Result<(), Error> {
    session.flush().await?;
    app.forget_signed_out().await;
    Ok(())
}

/// Deletes the sessions that nobody has used for so long that they are over.
///
/// # Errors
/// A database that cannot be reached.
pub async fn delete_expired(pool: &PgPool) -> Result<(), session_store::Error> {
    PostgresStore::new(pool.clone()).delete_expired().await
}

fn today() -> Date {
    clock::now().date()
}
