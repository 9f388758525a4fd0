//! Who may follow a stream: asked in the database when somebody subscribes.

use sqlx::PgPool;

use super::{Name, Stream};
use crate::domain::{Actor, Result, boards, cards, sign_ins, tokens};
use crate::values::id::SignInId;
use crate::values::secret::Secret;

/// With what a socket was opened.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A browser that is signed in.
    SignIn(SignInId),
    /// A bearer token.
    Token(Secret),
}

impl Credential {
    /// Whether it is still good.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn is_good(&self, pool: &PgPool) -> Result<bool> {
        match self {
            Self::SignIn(id) => Ok(sign_ins::identity(pool, *id).await?.is_some()),
            Self::Token(token) => Ok(tokens::resolve(pool, token, None).await?.is_some()),
        }
    }

    async fn actor(&self, pool: &PgPool, name: &Name) -> Result<Option<Actor>> {
        match self {
            Self::SignIn(id) => sign_ins::resolve(pool, *id, name.account.as_str(), None).await,
            Self::Token(token) => tokens::resolve(pool, token, None).await,
        }
    }
}

/// Who follows the stream under this name; none when they may not: signed out, another person's
/// name, another account, or something they do not see.
///
/// # Errors
/// A database that fails.
pub async fn follower(
    pool: &PgPool,
    credential: &Credential,
    name: &Name,
) -> Result<Option<Actor>> {
    let Some(actor) = credential.actor(pool, name).await? else { return Ok(None) };
    let own = actor.account.slug == name.account && actor.user_id == name.user;
    Ok(if own && sees(pool, &actor, name.stream).await? { Some(actor) } else { None })
}

async fn sees(pool: &PgPool, actor: &Actor, stream: Stream) -> Result<bool> {
    let account = actor.account.id;
    match stream {
        Stream::Board(id) | Stream::BoardActivities(id) => {
            Ok(boards::by_id(pool, account, id).await?.is_some())
        }
        Stream::Card(id) | Stream::CardActivities(id) => {
            Ok(cards::by_id(pool, account, id).await?.is_some())
        }
        Stream::AccountActivities | Stream::AccountRefreshes => Ok(true),
        Stream::User(id) => Ok(id == actor.user_id),
    }
}
