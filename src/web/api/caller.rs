//! Who asks: the member in whose name a bearer token acts.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::problem::Problem;
use crate::domain::{Actor, Error, tokens};
use crate::values::secret::Secret;
use crate::web::client::Client;
use crate::web::state::App;

/// The member, in the account that the path names.
#[derive(Clone)]
pub(super) struct Caller(pub(super) Actor);

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        // Whoever stands before the handler and knows them has put them there.
        if let Some(caller) = parts.extensions.remove::<Self>() {
            return Ok(caller);
        }
        let token = bearer(parts).ok_or(Problem::Unauthorized)?;
        let address = parts.extensions.get::<Client>().map(|client| client.address);
        let actor = tokens::resolve(app.pool(), &token, address).await?;
        let actor = actor.ok_or(Problem::Unauthorized)?;
        let params = RawPathParams::from_request_parts(parts, app).await;
        let slug = params.ok().and_then(|params| {
            params.iter().find(|(name, _)| *name == "account").map(|(_, slug)| slug.to_owned())
        });
        match slug {
            Some(slug) if slug == actor.account.slug.as_str() => Ok(Self(actor)),
            _ => Err(Error::NotFound.into()),
        }
    }
}

fn bearer(parts: &Parts) -> Option<Secret> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(token.trim()))
}
