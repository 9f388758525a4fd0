//! Bearer tokens of the API: they carry their account, and act in a member's name.

use std::net::IpAddr;

use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Access, Account, Actor, Error, Page, Result};
use crate::events::kinds::token_created::TokenCreated;
use crate::events::kinds::token_revoked::TokenRevoked;
use crate::events::{AccountRef, Change, Creator, Log};
use crate::values::id::{AccountId, TokenId, UserId};
use crate::values::secret::Secret;
use crate::values::{Color, Email, Name, Role, Scope, Slug, Tracked, TrackingDays, Zone, clock};

/// What a token begins with, so that people and scanners know it for one.
const PREFIX: &str = "cairn";

/// How often it is noted that a token was used.
const NOTED_EVERY: Duration = Duration::MINUTE;

/// How many tokens a member may have at once: removing somebody revokes all of theirs in one change.
const MOST: i64 = 100;

/// How many tokens a page shows.
const SHOWN: i64 = 1_000;

/// A token as it is listed; what it is in letters, nobody knows any more.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// The member in whose name it acts.
    pub user_id: UserId,
    /// What that member is called.
    #[serde(skip)]
    pub holder: String,
    /// What it is for.
    pub name: String,
    /// How far it reaches.
    pub scope: Scope,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last used, to the minute.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub last_used_at: Option<OffsetDateTime>,
}

/// Makes a token that acts in one’s own name, and gives it this once.
///
/// # Errors
/// [`Error::Invalid`] when it would reach further than the token that asks, or than a member may;
/// [`Error::Forbidden`] with a token that only reads.
pub async fn create(log: &Log, actor: &Actor, name: Name, scope: Scope) -> Result<(Token, Secret)> {
    actor.may_write()?;
    if !actor.scopes().contains(&scope) {
        return Err(Error::invalid("scope", "This reaches further than you do here."));
    }
    let change = log.change(&actor.creator()).await?;
    make(change, actor.account.id, actor.user_id, name, scope).await
}

/// Makes a token for a member of an account from the command line, and gives it this once.
///
/// # Errors
/// [`Error::NotFound`] when there is no such account or no such member in it.
pub async fn issue(
    log: &Log,
    account: &Slug,
    email: &Email,
    name: Name,
    scope: Scope,
) -> Result<Secret> {
    let member = sqlx::query!(
        r#"select u.account_id as "account_id: AccountId", u.id as "user_id: UserId"
           from accounts a join users u on u.account_id = a.id
           join identities i on i.id = u.identity_id
           where a.slug = $1 and i.email = $2 and u.removed_at is null"#,
        account.as_str(),
        email.as_str(),
    )
    .fetch_optional(log.pool())
    .await?
    .ok_or(Error::NotFound)?;
    // Whoever has the command line is nobody in the account.
    let creator = Creator::system(AccountRef { id: member.account_id, slug: account.clone() });
    let change = log.change(&creator).await?;
    let (_, secret) = make(change, member.account_id, member.user_id, name, scope).await?;
    Ok(secret)
}

async fn make(
    mut change: Change,
    account: AccountId,
    user_id: UserId,
    name: Name,
    scope: Scope,
) -> Result<(Token, Secret)> {
    let holder = holder(&mut change, account, user_id).await?;
    let account_part = account.uuid().simple();
    let secret = Secret::new(format!("{PREFIX}_{account_part}_{}", Secret::token().reveal()));
    let (id, created_at) = (TokenId::new(), clock::now());
    sqlx::query!(
        "insert into tokens (account_id, id, user_id, name, scope, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        account as _,
        id as _,
        user_id as _,
        name.as_str(),
        scope.as_str(),
        secret.digest(),
        created_at,
    )
    .execute(&mut *change)
    .await?;
    let name = name.into_string();
    change.record(TokenCreated { token_id: id, user_id, name: name.clone(), scope }).await?;
    Ok((Token { id, user_id, holder, name, scope, created_at, last_used_at: None }, secret))
}

/// What the member is called who is to hold one more token; nobody removes them meanwhile.
async fn holder(connection: &mut PgConnection, account: AccountId, user: UserId) -> Result<String> {
    let name = sqlx::query_scalar!(
        "select name from users where account_id = $1 and id = $2 and removed_at is null
         for no key update",
        account as _,
        user as _,
    );
    let name = name.fetch_optional(&mut *connection).await?.ok_or(Error::NotFound)?;
    let held = sqlx::query_scalar!(
        r#"select count(*) as "count!" from tokens
           where account_id = $1 and user_id = $2 and revoked_at is null"#,
        account as _,
        user as _,
    );
    if held.fetch_one(connection).await? >= MOST {
        let message = format!("A member has at most {MOST} tokens; revoke one first.");
        return Err(Error::invalid("name", message));
    }
    Ok(name)
}

/// One’s own tokens, and for those who administer everybody’s; the newest first.
///
/// # Errors
/// A database that fails.
pub async fn all(pool: &PgPool, actor: &Actor) -> Result<Vec<Token>> {
    let tokens = sqlx::query_as!(
        Token,
        r#"select t.id as "id: TokenId", t.user_id as "user_id: UserId", u.name as holder, t.name,
               t.scope as "scope: Scope", t.created_at, t.last_used_at
           from tokens t join users u on u.account_id = $1 and u.id = t.user_id
           where t.account_id = $1 and t.revoked_at is null
             and ($2::uuid is null or t.user_id = $2)
           order by t.id desc limit $3"#,
        actor.account.id as _,
        shown(actor) as _,
        SHOWN,
    );
    Ok(tokens.fetch_all(pool).await?)
}

/// A page of the same, the oldest first.
///
/// # Errors
/// A database that fails.
pub async fn page(pool: &PgPool, actor: &Actor, page: Page<TokenId>) -> Result<Vec<Token>> {
    let tokens = sqlx::query_as!(
        Token,
        r#"select t.id as "id: TokenId", t.user_id as "user_id: UserId", u.name as holder, t.name,
               t.scope as "scope: Scope", t.created_at, t.last_used_at
           from tokens t join users u on u.account_id = $1 and u.id = t.user_id
           where t.account_id = $1 and t.revoked_at is null
             and ($2::uuid is null or t.user_id = $2) and ($3::uuid is null or t.id > $3)
           order by t.id limit $4"#,
        actor.account.id as _,
        shown(actor) as _,
        page.after as _,
        page.limit,
    );
    Ok(tokens.fetch_all(pool).await?)
}

/// Whose tokens somebody sees; none: everybody’s.
fn shown(actor: &Actor) -> Option<UserId> {
    (!actor.administers()).then_some(actor.user_id)
}

/// Revokes a token that one sees. Nothing can be done with it from then on.
///
/// # Errors
/// [`Error::NotFound`] when there is none such for them; [`Error::Forbidden`] with a token that
/// only reads.
pub async fn revoke(log: &Log, actor: &Actor, id: TokenId) -> Result<()> {
    actor.may_write()?;
    let mut change = log.change(&actor.creator()).await?;
    let event = sqlx::query_as!(
        TokenRevoked,
        r#"update tokens set revoked_at = $4
           where account_id = $1 and id = $2 and revoked_at is null
             and ($3::uuid is null or user_id = $3)
           returning id as "token_id: TokenId", user_id as "user_id: UserId", name"#,
        actor.account.id as _,
        id as _,
        shown(actor) as _,
        clock::now(),
    )
    .fetch_optional(&mut *change)
    .await?
    .ok_or(Error::NotFound)?;
    change.record(event).await?;
    Ok(())
}

/// Revokes the tokens of somebody who is removed; an event for each, to be recorded.
pub(super) async fn revoke_all(
    connection: &mut PgConnection,
    account: AccountId,
    user: UserId,
) -> Result<Vec<TokenRevoked>> {
    let events = sqlx::query_as!(
        TokenRevoked,
        r#"update tokens set revoked_at = $3
           where account_id = $1 and user_id = $2 and revoked_at is null
           returning id as "token_id: TokenId", user_id as "user_id: UserId", name"#,
        account as _,
        user as _,
        clock::now(),
    );
    Ok(events.fetch_all(connection).await?)
}

/// The member in whose name a token acts; none when it was revoked or never was.
///
/// # Errors
/// A database that fails.
pub async fn resolve(
    pool: &PgPool,
    token: &Secret,
    address: Option<IpAddr>,
) -> Result<Option<Actor>> {
    let Some(account_id) = account(token) else { return Ok(None) };
    let found = sqlx::query!(
        r#"select a.slug as "slug: Slug", a.name as account_name, a.time_zone as "account_zone: Zone",
               a.shows_receipts, a.keeps_addresses, a.tracking_days as "tracking_days: TrackingDays",
               u.tracked as "tracked: Tracked",
               u.id as "user_id: UserId", u.name, u.color as "color: Color", u.role as "role: Role",
               u.time_zone as "zone: Zone", t.id as "token_id: TokenId", t.scope as "scope: Scope",
               t.last_used_at
           from tokens t
           join users u on u.account_id = t.account_id and u.id = t.user_id
               and u.removed_at is null
           join accounts a on a.id = t.account_id
           where t.account_id = $1 and t.digest = $2 and t.revoked_at is null"#,
        account_id as _,
        token.digest(),
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = found else { return Ok(None) };
    let now = clock::now();
    if row.last_used_at.is_none_or(|at| at < now - NOTED_EVERY) {
        note(pool, account_id, row.token_id).await?;
    }
    Ok(Some(Actor {
        account: Account {
            id: account_id,
            slug: row.slug,
            name: row.account_name,
            zone: row.account_zone,
            shows_receipts: row.shows_receipts,
            keeps_addresses: row.keeps_addresses,
            tracking_days: row.tracking_days,
        },
        user_id: row.user_id,
        name: row.name,
        color: row.color,
        role: row.role,
        zone: row.zone,
        tracked: row.tracked,
        access: Access::Token { id: row.token_id, scope: row.scope, idempotency_key_id: None },
        address,
    }))
}

async fn note(pool: &PgPool, account: AccountId, id: TokenId) -> Result<()> {
    sqlx::query!(
        "update tokens set last_used_at = $3 where account_id = $1 and id = $2",
        account as _,
        id as _,
        clock::now(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The account that a token carries.
fn account(token: &Secret) -> Option<AccountId> {
    let (account, _) = token.reveal().strip_prefix(PREFIX)?.strip_prefix('_')?.split_once('_')?;
    Uuid::try_parse(account).ok().map(AccountId::from)
}
