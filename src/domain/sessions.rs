//! Signing in, as accounts hear of it: in the log of each that the person belongs to.

use std::net::IpAddr;

use sqlx::PgPool;
use time::Duration;

use super::{Result, identities};
use crate::events::kinds::session_refused::SessionRefused;
use crate::events::kinds::session_started::SessionStarted;
use crate::events::{AccountRef, Creator, Log, Source};
use crate::values::id::{AccountId, IdentityId, SignInId, UserId};
use crate::values::{Email, Slug, clock};

/// How often a refusal is recorded for one person, however often somebody guesses.
const REFUSED_EVERY: Duration = Duration::MINUTE;

/// Records that a person has signed in.
///
/// # Errors
/// A database that fails; then some of the accounts may have it already.
pub async fn started(
    log: &Log,
    identity: IdentityId,
    sign_in_id: SignInId,
    address: Option<IpAddr>,
) -> Result<()> {
    for (account, user_id) in memberships(log.pool(), identity).await? {
        let creator = Creator {
            user_id: Some(user_id),
            source: Source::Browser,
            address,
            ..Creator::system(account)
        };
        log.change(&creator).await?.record(SessionStarted { user_id, sign_in_id }).await?;
    }
    Ok(())
}

/// Records that a sign-in with this address was refused, at most once a minute for a person. An
/// address that nobody has stands in no log of an account: nobody there knows of it.
///
/// # Errors
/// A database that fails; then some of the accounts may have it already.
pub async fn refused(log: &Log, email: &Email, address: Option<IpAddr>) -> Result<()> {
    let Some(identity) = identities::by_email(log.pool(), email).await? else {
        // What was typed may be somebody’s password, so it is not written down.
        tracing::info!("refused a sign-in with an address that nobody has");
        return Ok(());
    };
    if !is_worth_telling(log.pool(), identity).await? {
        return Ok(());
    }
    for (account, user_id) in memberships(log.pool(), identity).await? {
        // Whoever typed the wrong password need not be the one whose address it is.
        let creator = Creator { source: Source::Browser, address, ..Creator::system(account) };
        log.change(&creator).await?.record(SessionRefused { user_id }).await?;
    }
    Ok(())
}

/// Whether none was told of within the last minute; the one statement holds for all processes.
async fn is_worth_telling(pool: &PgPool, identity: IdentityId) -> Result<bool> {
    let now = clock::now();
    let updated = sqlx::query!(
        "update identities set refused_at = $2
         where id = $1 and (refused_at is null or refused_at <= $3)",
        identity as _,
        now,
        now - REFUSED_EVERY,
    )
    .execute(pool)
    .await?;
    Ok(updated.rows_affected() == 1)
}

async fn memberships(pool: &PgPool, identity: IdentityId) -> Result<Vec<(AccountRef, UserId)>> {
    let rows = sqlx::query!(
        r#"select a.id as "account_id: AccountId", a.slug as "slug: Slug", u.id as "user_id: UserId"
           from users u join accounts a on a.id = u.account_id
           where u.identity_id = $1 and u.removed_at is null order by a.id"#,
        identity as _,
    );
    let rows = rows.fetch_all(pool).await?.into_iter();
    Ok(rows.map(|row| (AccountRef { id: row.account_id, slug: row.slug }, row.user_id)).collect())
}
