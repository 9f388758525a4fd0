//! Idempotency keys: a request that is sent again is carried out once, and answered as it was.
//!
//! A request claims its key before it runs. Its change is marked in the change's own transaction
//! ([`crate::events::carried_out`]), and its answer is kept afterwards. So a process that dies in
//! between leaves behind what is needed to know whether the request may run again.

use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};

use super::{Access, Actor, Error, Result};
use crate::values::id::{AccountId, IdempotencyKeyId, TokenId};
use crate::values::secret::KeyRing;
use crate::values::{IdempotencyKey, clock};

/// How long a key stands for its request.
const KEPT: Duration = Duration::DAY;

/// No request takes so long: one that has no answer by then was cut off.
const LONGEST: Duration = Duration::MINUTE;

/// How many old keys are swept at once.
const BATCH: u64 = 1_000;

/// What comes of claiming a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The request is to run, under this id.
    Granted(IdempotencyKeyId),
    /// The first request with this key still runs.
    Running,
    /// It was carried out, and answered like this.
    Answered(Vec<u8>),
    /// It was carried out, but was cut off before its answer was kept.
    AnswerLost,
    /// The key stands for another request.
    Taken,
}

/// Claims a key of a token for a request, which is known by a digest of all that it asks for.
///
/// # Errors
/// [`Error::Forbidden`] for those who did not show a token.
pub async fn claim(
    pool: &PgPool,
    keys: &KeyRing,
    actor: &Actor,
    key: &IdempotencyKey,
    digest: &[u8],
) -> Result<Claim> {
    let Access::Token { id: token, .. } = actor.access else {
        return Err(Error::Forbidden("Only a token has idempotency keys."));
    };
    if let Some(id) = take(pool, actor.account.id, token, key, digest).await? {
        return Ok(Claim::Granted(id));
    }
    let held = read(pool, actor.account.id, token, key).await?;
    // One that is gone again was refused in this very moment.
    Ok(held.map_or(Claim::Running, |held| held.claim(keys, digest)))
}

/// Takes the key if nobody has it, if its day is over, or if it was cut off before its change was
/// made. A request that was thought cut off and goes on finds its id gone, and makes no change.
async fn take(
    pool: &PgPool,
    account: AccountId,
    token: TokenId,
    key: &IdempotencyKey,
    digest: &[u8],
) -> Result<Option<IdempotencyKeyId>> {
    let now = clock::now();
    let id = sqlx::query_scalar!(
        r#"insert into idempotency_keys as held
               (account_id, id, token_id, key, request_digest, created_at)
           values ($1, $2, $3, $4, $5, $6)
           on conflict (account_id, token_id, key) do update
               set id = excluded.id, request_digest = excluded.request_digest,
                   created_at = excluded.created_at, carried_out_at = null, sealed_answer = null
               where held.created_at < $7
                  or (held.created_at < $8 and held.carried_out_at is null)
           returning id as "id: IdempotencyKeyId""#,
        account as _,
        IdempotencyKeyId::new() as _,
        token as _,
        key.as_str(),
        digest,
        now,
        now - KEPT,
        now - LONGEST,
    );
    Ok(id.fetch_optional(pool).await?)
}

/// A key that a request has.
struct Held {
    id: IdempotencyKeyId,
    request_digest: Vec<u8>,
    created_at: OffsetDateTime,
    sealed_answer: Option<Vec<u8>>,
}

async fn read(
    pool: &PgPool,
    account: AccountId,
    token: TokenId,
    key: &IdempotencyKey,
) -> Result<Option<Held>> {
    let held = sqlx::query_as!(
        Held,
        r#"select id as "id: IdempotencyKeyId", request_digest, created_at, sealed_answer
           from idempotency_keys where account_id = $1 and token_id = $2 and key = $3"#,
        account as _,
        token as _,
        key.as_str(),
    );
    Ok(held.fetch_optional(pool).await?)
}

impl Held {
    /// What it means to somebody who wants the key too.
    fn claim(&self, keys: &KeyRing, digest: &[u8]) -> Claim {
        if self.request_digest != digest {
            return Claim::Taken;
        }
        match &self.sealed_answer {
            // What no key opens any more is as good as lost.
            Some(sealed) => {
                keys.open(&purpose(self.id), sealed).map_or(Claim::AnswerLost, Claim::Answered)
            }
            None if self.created_at < clock::now() - LONGEST => Claim::AnswerLost,
            None => Claim::Running,
        }
    }
}

/// Forgets what requests of an account were answered: nobody knows any more what stood in it. They are
/// not carried out again.
///
/// # Errors
/// A database that fails.
pub(super) async fn forget_answers(
    connection: &mut PgConnection,
    account: AccountId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update idempotency_keys set sealed_answer = null
         where account_id = $1 and sealed_answer is not null",
        account as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps what a request was answered, sealed: an answer may hold a secret that is shown once.
///
/// # Errors
/// A database that fails.
pub async fn keep(
    pool: &PgPool,
    keys: &KeyRing,
    account: AccountId,
    id: IdempotencyKeyId,
    answer: &[u8],
) -> sqlx::Result<()> {
    sqlx::query!(
        "update idempotency_keys
         set sealed_answer = $3, carried_out_at = coalesce(carried_out_at, $4)
         where account_id = $1 and id = $2",
        account as _,
        id as _,
        keys.seal(&purpose(id), answer),
        clock::now(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Lets go of the key of a request that was refused or failed, unless its change was made.
///
/// # Errors
/// A database that fails.
pub async fn release(pool: &PgPool, account: AccountId, id: IdempotencyKeyId) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from idempotency_keys
         where account_id = $1 and id = $2 and carried_out_at is null",
        account as _,
        id as _,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// An answer is sealed for its own row, so that none can be put in the place of another.
fn purpose(id: IdempotencyKeyId) -> String {
    format!("idempotency key {id}")
}

/// Removes the keys whose day is over, account by account, a batch at a time.
///
/// # Errors
/// A database that fails.
pub async fn sweep(pool: &PgPool) -> sqlx::Result<()> {
    let accounts = sqlx::query_scalar!(r#"select id as "id: AccountId" from accounts"#);
    let over = clock::now() - KEPT;
    for account in accounts.fetch_all(pool).await? {
        while sweep_batch(pool, account, over).await? == BATCH {}
    }
    Ok(())
}

async fn sweep_batch(pool: &PgPool, account: AccountId, over: OffsetDateTime) -> sqlx::Result<u64> {
    let swept = sqlx::query!(
        "delete from idempotency_keys where account_id = $1 and created_at < $2 and id in (
             select id from idempotency_keys where account_id = $1 and created_at < $2
             order by created_at limit $3)",
        account as _,
        over,
        BATCH.cast_signed(),
    );
    Ok(swept.execute(pool).await?.rows_affected())
}
