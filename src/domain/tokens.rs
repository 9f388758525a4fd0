//! Bearer tokens of the API: they carry their account, and act in a member's name.

use std::net::IpAddr;

use sqlx::PgPool;
use time::Duration;
use uuid::Uuid;

use super::{Access, Account, Actor, Error, Result};
use crate::values::id::{AccountId, TokenId, UserId};
use crate::values::secret::Secret;
use crate::values::{Color, Email, Name, Role, Scope, Slug, Zone, clock};

/// What a token begins with, so that people and scanners know it for one.
const PREFIX: &str = "cairn";

/// How often it is noted that a token was used.
const NOTED_EVERY: Duration = Duration::MINUTE;

/// Makes a token for a member of an account, and gives it this once.
///
/// # Errors
/// [`Error::NotFound`] when there is no such account or no such member in it.
pub async fn create(
    pool: &PgPool,
    account: &Slug,
    email: &Email,
    name: &Name,
    scope: Scope,
) -> Result<Secret> {
    let member = sqlx::query!(
        r#"select u.account_id as "account_id: AccountId", u.id as "user_id: UserId"
           from accounts a join users u on u.account_id = a.id
           join identities i on i.id = u.identity_id
           where a.slug = $1 and i.email = $2"#,
        account.as_str(),
        email.as_str(),
    )
    .fetch_optional(pool)
    .await?
    .ok_or(Error::NotFound)?;
    let account_part = member.account_id.uuid().simple();
    let token = Secret::new(format!("{PREFIX}_{account_part}_{}", Secret::token().reveal()));
    sqlx::query!(
        "insert into tokens (account_id, id, user_id, name, scope, digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        member.account_id as _,
        TokenId::new() as _,
        member.user_id as _,
        name.as_str(),
        scope.as_str(),
        token.digest(),
        clock::now(),
    )
    .execute(pool)
    .await?;
    Ok(token)
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
               u.id as "user_id: UserId", u.name, u.color as "color: Color", u.role as "role: Role",
               u.time_zone as "zone: Zone", t.id as "token_id: TokenId", t.scope as "scope: Scope",
               t.last_used_at
           from tokens t
           join users u on u.account_id = t.account_id and u.id = t.user_id
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
        },
        user_id: row.user_id,
        name: row.name,
        color: row.color,
        role: row.role,
        zone: row.zone,
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
