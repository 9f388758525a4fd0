//! Who looks: the member behind a request, and the browser of somebody who may not be signed in.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use tower_sessions::Session;

use super::client::Client;
use super::error::Error;
use super::security::Nonce;
use super::session;
use super::state::App;
use crate::domain::{Actor, sign_ins};
use crate::values::Slug;
use crate::values::id::{IdentityId, SignInId};

/// A member of the account that the path names, and what the page shown to them needs.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Who they are.
    pub actor: Actor,
    /// What their forms show.
    pub csrf_token: String,
    /// What the answer's one inline style sheet carries.
    pub nonce: String,
    /// Where they see this server, without a slash at the end.
    pub origin: String,
}

impl FromRequestParts<App> for Viewer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        let sign_in = visitor.sign_in.ok_or(Error::SignedOut)?;
        let slug = account_slug(parts, app).await?;
        let mut actor = member(app, sign_in, slug).await?;
        actor.address = Some(visitor.client.address);
        Ok(Self {
            actor,
            csrf_token: visitor.csrf_token(app).await?,
            nonce: visitor.nonce,
            origin: visitor.client.origin,
        })
    }
}

/// What does not read as a slug is not asked of the database.
async fn account_slug(parts: &mut Parts, app: &App) -> Result<Slug, Error> {
    let params =
        RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::NotFound)?;
    let slug = params.iter().find(|(name, _)| *name == "account").map(|(_, value)| value);
    slug.and_then(|slug| Slug::parse(slug).ok()).ok_or(Error::NotFound)
}

async fn member(app: &App, sign_in: SignInId, slug: Slug) -> Result<Actor, Error> {
    let key = (sign_in, slug);
    if let Some(actor) = app.actors.get(&key) {
        return Ok(actor);
    }
    match sign_ins::resolve(app.pool(), key.0, key.1.as_str(), None).await? {
        Some(actor) => {
            app.actors.put(key, actor.clone());
            Ok(actor)
        }
        None if sign_ins::identity(app.pool(), sign_in).await?.is_some() => Err(Error::NotFound),
        None => Err(Error::SignedOut),
    }
}

/// Somebody's browser, signed in or not.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The session, which may not have a row yet.
    pub session: Session,
    /// The sign-in that the session speaks of; it may have been revoked.
    pub sign_in: Option<SignInId>,
    /// What the answer's one inline style sheet carries.
    pub nonce: String,
    /// The other end.
    pub client: Client,
}

impl Visitor {
    /// What the forms shown to them carry; a session is made for it if there is none.
    ///
    /// # Errors
    /// A database that cannot be reached.
    pub async fn csrf_token(&self, app: &App) -> Result<String, Error> {
        session::csrf_token(app, &self.session).await
    }

    /// The person, whatever account they look at; none when they are not signed in.
    ///
    /// # Errors
    /// A database that cannot be reached.
    pub async fn identity(&self, app: &App) -> Result<Option<IdentityId>, Error> {
        match self.sign_in {
            Some(id) => Ok(sign_ins::identity(app.pool(), id).await?),
            None => Ok(None),
        }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let missing = || Error::Unexpected("a layer of the router is missing".into());
        let session = parts.extensions.get::<Session>().cloned().ok_or_else(missing)?;
        let client = parts.extensions.get::<Client>().cloned().ok_or_else(missing)?;
        let nonce = parts.extensions.get::<Nonce>().cloned().ok_or_else(missing)?.0;
        let sign_in = session::load(app, &session).await?.and_then(|kept| kept.sign_in);
        Ok(Self { session, sign_in, nonce, client })
    }
}
