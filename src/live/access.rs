//! Who may follow a stream: asked in the database when somebody subscribes, and now and then after.

use sqlx::PgPool;

use super::{Name, Stream};
use crate::domain::{self, Actor, Result, sign_ins, tokens};
use crate::values::id::{BoardId, CardId, EndpointId, SignInId};
use crate::values::secret::Secret;
use crate::webhooks::endpoints;

/// With what a socket was opened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

/// Those of some names whose streams somebody may follow no more. However many they are, it takes
/// three queries for each account among them.
///
/// # Errors
/// A database that fails.
pub async fn lost<'a>(
    pool: &PgPool,
    credential: &Credential,
    names: &[&'a Name],
) -> Result<Vec<&'a Name>> {
    let mut lost = Vec::new();
    for of_account in names.chunk_by(|one, other| one.account == other.account) {
        let actor = credential.actor(pool, of_account[0]).await?;
        let actor = actor.filter(|actor| actor.account.slug == of_account[0].account);
        let Some(actor) = actor else {
            lost.extend(of_account);
            continue;
        };
        let streams: Vec<Stream> = of_account.iter().map(|name| name.stream).collect();
        let seen = Seen::of(pool, &actor, &streams).await?;
        lost.extend(of_account.iter().filter(|name| !seen.has(&actor, name.stream)));
    }
    Ok(lost)
}

async fn sees(pool: &PgPool, actor: &Actor, stream: Stream) -> Result<bool> {
    Ok(Seen::of(pool, actor, &[stream]).await?.has(actor, stream))
}

/// What somebody sees of the boards, cards and endpoints that some streams are about.
struct Seen {
    boards: Vec<BoardId>,
    cards: Vec<CardId>,
    endpoints: Vec<EndpointId>,
}

impl Seen {
    async fn of(pool: &PgPool, actor: &Actor, streams: &[Stream]) -> Result<Self> {
        let (mut boards, mut cards, mut endpoints) = (Vec::new(), Vec::new(), Vec::new());
        for stream in streams {
            match stream {
                Stream::Board(id) | Stream::BoardActivities(id) => boards.push(*id),
                Stream::Card(id) | Stream::CardActivities(id) => cards.push(*id),
                Stream::Deliveries(id) => endpoints.push(*id),
                Stream::AccountActivities | Stream::AccountRefreshes | Stream::User(_) => {}
            }
        }
        if !boards.is_empty() {
            boards = domain::boards::seen_of(pool, actor, &boards).await?;
        }
        if !cards.is_empty() {
            cards = domain::cards::seen_of(pool, actor, &cards).await?;
        }
        if !endpoints.is_empty() {
            endpoints = endpoints::seen_of(pool, actor, &endpoints).await?;
        }
        Ok(Self { boards, cards, endpoints })
    }

    fn has(&self, actor: &Actor, stream: Stream) -> bool {
        match stream {
            Stream::Board(id) | Stream::BoardActivities(id) => self.boards.contains(&id),
            Stream::Card(id) | Stream::CardActivities(id) => self.cards.contains(&id),
            Stream::AccountActivities | Stream::AccountRefreshes => true,
            Stream::Deliveries(id) => self.endpoints.contains(&id),
            Stream::User(id) => id == actor.user_id,
        }
    }
}
