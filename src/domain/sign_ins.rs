//! Signing in: a row each time, which is listed, revoked, and asked by pages and sockets.

use std::collections::HashSet;
use std::net::IpAddr;

use sqlx::{PgExecutor, PgPool};
use time::{Duration, OffsetDateTime};

use super::{Access, Account, Actor, Error, Result};
use crate::db::notify;
use crate::values::id::{AccountId, IdentityId, SignInId, UserId};
use crate::values::{Color, Role, Slug, Tracked, TrackingDays, Zone, clock};

/// How long somebody who does not come by stays signed in.
const GOOD_FOR: Duration = Duration::days(30);

/// How often it is noted that somebody came by.
const NOTED_EVERY: Duration = Duration::DAY;

/// Signs a person in.
///
/// # Errors
/// A database that fails.
pub async fn start(
    pool: &PgPool,
    identity: IdentityId,
    address: Option<IpAddr>,
    user_agent: &str,
) -> Result<SignInId> {
    let (id, now) = (SignInId::new(), clock::now());
    let user_agent: String = user_agent.chars().filter(|c| !c.is_control()).take(250).collect();
    sqlx::query!(
        "insert into sign_ins (identity_id, id, created_at, last_seen_at, address, user_agent)
         values ($1, $2, $3, $3, $4, $5)",
        identity as _,
        id as _,
        now,
        address.map(|address| address.to_string()),
        user_agent,
    )
    .execute(pool)
    .await?;
    Ok(id)
}

/// The person who is signed in, whatever account they look at.
///
/// # Errors
/// A database that fails.
pub async fn identity(pool: &PgPool, id: SignInId) -> Result<Option<IdentityId>> {
    let identity = sqlx::query_scalar!(
        r#"select identity_id as "identity_id: IdentityId" from sign_ins
           where id = $1 and revoked_at is null and last_seen_at > $2"#,
        id as _,
        good_since(),
    );
    Ok(identity.fetch_optional(pool).await?)
}

/// Those of some sign-ins that are good.
///
/// # Errors
/// A database that fails.
pub async fn good(pool: &PgPool, ids: &[SignInId]) -> Result<HashSet<SignInId>> {
    let good = sqlx::query_scalar!(
        r#"select id as "id: SignInId" from sign_ins
           where id = any($1) and revoked_at is null and last_seen_at > $2"#,
        ids as _,
        good_since(),
    );
    Ok(good.fetch_all(pool).await?.into_iter().collect())
}

/// Whoever came by after this is signed in still.
pub(super) fn good_since() -> OffsetDateTime {
    clock::now() - GOOD_FOR
}

/// The member who is signed in, in the account with this slug: sign-in, person, role and account
/// in one query. None when they are not signed in or not a member.
///
/// # Errors
/// A database that fails.
pub async fn resolve(
    pool: &PgPool,
    id: SignInId,
    slug: &str,
    address: Option<IpAddr>,
) -> Result<Option<Actor>> {
    let now = clock::now();
    let found = sqlx::query!(
        r#"select a.id as "account_id: AccountId", a.slug as "slug: Slug", a.name as account_name,
               a.time_zone as "account_zone: Zone",
               a.shows_receipts, a.keeps_addresses, a.tracking_days as "tracking_days: TrackingDays",
               u.tracked as "tracked: Tracked", u.id as "user_id: UserId", u.name,
               u.color as "color: Color", u.role as "role: Role", u.time_zone as "zone: Zone",
               s.last_seen_at
           from sign_ins s
           join accounts a on a.slug = $2
           join users u on u.account_id = a.id and u.identity_id = s.identity_id
               and u.removed_at is null
           where s.id = $1 and s.revoked_at is null and s.last_seen_at > $3"#,
        id as _,
        slug,
        now - GOOD_FOR,
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = found else { return Ok(None) };
    if row.last_seen_at < now - NOTED_EVERY {
        note(pool, id).await?;
    }
    Ok(Some(Actor {
        account: Account {
            id: row.account_id,
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
        access: Access::SignIn(id),
        address,
    }))
}

/// A signing in, as the person whose it is sees it.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Its id.
    pub id: SignInId,
    /// When they signed in.
    pub created_at: OffsetDateTime,
    /// When they last came by, to the day.
    pub last_seen_at: OffsetDateTime,
    /// The network address that they signed in from.
    pub address: Option<String>,
    /// What the browser called itself.
    pub user_agent: String,
}

/// Where somebody is signed in, the newest first.
///
/// # Errors
/// A database that fails.
pub async fn own(pool: &PgPool, actor: &Actor) -> Result<Vec<SignIn>> {
    let sign_ins = sqlx::query_as!(
        SignIn,
        r#"select s.id as "id: SignInId", s.created_at, s.last_seen_at, s.address, s.user_agent
           from sign_ins s join users u on u.identity_id = s.identity_id
           where u.account_id = $1 and u.id = $2 and s.revoked_at is null and s.last_seen_at > $3
           order by s.id desc"#,
        actor.account.id as _,
        actor.user_id as _,
        good_since(),
    );
    Ok(sign_ins.fetch_all(pool).await?)
}

/// Signs somebody out in one place.
///
/// # Errors
/// [`Error::NotFound`] when they are not signed in there.
pub async fn revoke_own(pool: &PgPool, actor: &Actor, id: SignInId) -> Result<()> {
    let revoked = sqlx::query!(
        r#"with revoked as (
               update sign_ins s set revoked_at = $4 from users u
               where u.account_id = $1 and u.id = $2 and s.identity_id = u.identity_id and s.id = $3
                 and s.revoked_at is null
               returning s.id
           )
           select pg_notify($5, id::text) as told from revoked"#,
        actor.account.id as _,
        actor.user_id as _,
        id as _,
        clock::now(),
        notify::REVOCATIONS,
    )
    .fetch_optional(pool)
    .await?;
    revoked.map(drop).ok_or(Error::NotFound)
}

async fn note(pool: &PgPool, id: SignInId) -> Result<()> {
    sqlx::query!("update sign_ins set last_seen_at = $2 where id = $1", id as _, clock::now())
        .execute(pool)
        .await?;
    Ok(())
}

/// Signs out.
///
/// # Errors
/// A database that fails.
pub async fn revoke(pool: &PgPool, id: SignInId) -> Result<()> {
    sqlx::query!(
        r#"with revoked as (
               update sign_ins set revoked_at = $2 where id = $1 and revoked_at is null returning id
           )
           select pg_notify($3, id::text) as told from revoked"#,
        id as _,
        clock::now(),
        notify::REVOCATIONS,
    )
    .fetch_optional(pool)
    .await?;
    Ok(())
}

/// Signs a person out everywhere, but for the one signing in that stays.
///
/// # Errors
/// A database that fails.
pub async fn revoke_all(
    executor: impl PgExecutor<'_>,
    identity: IdentityId,
    but: Option<SignInId>,
) -> Result<()> {
    sqlx::query!(
        r#"with revoked as (
               update sign_ins set revoked_at = $2
               where identity_id = $1 and revoked_at is null and id is distinct from $3
               returning id
           )
           select pg_notify($4, id::text) as told from revoked"#,
        identity as _,
        clock::now(),
        but as _,
        notify::REVOCATIONS,
    )
    .fetch_all(executor)
    .await?;
    Ok(())
}
