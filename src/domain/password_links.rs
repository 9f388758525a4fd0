//! One-time links with which somebody sets a password.

use sqlx::{PgConnection, PgPool};
use time::Duration;

use super::letters::Occasion;
use super::passwords::Password;
use super::{Error, Letters, Result, identities, sign_ins};
use crate::values::id::IdentityId;
use crate::values::secret::Secret;
use crate::values::{Email, clock};

/// How long a link is good for.
const GOOD_FOR: Duration = Duration::DAY;

/// How many links anybody gets by mail within an hour, however often they are asked for.
const MOST_AN_HOUR: i64 = 3;

/// Makes a link's token; whoever has it can set the password once, within a day.
///
/// # Errors
/// A database that fails.
pub async fn create(pool: &PgPool, identity: IdentityId) -> Result<Secret> {
    insert(&mut *pool.acquire().await?, identity).await
}

/// Sends a link to whoever has this address; to nobody if nobody has it, or if they were sent
/// some just now. Who asks must not learn which: they are answered before.
///
/// # Errors
/// A database that fails.
pub async fn send(pool: &PgPool, email: &Email, letters: &dyn Letters) -> Result<()> {
    let Some(identity) = identities::by_email(pool, email).await? else { return Ok(()) };
    let mut transaction = pool.begin().await?;
    if made_lately(&mut transaction, identity).await? >= MOST_AN_HOUR {
        return Ok(());
    }
    let token = insert(&mut transaction, identity).await?;
    letters.owe(&mut transaction, Occasion::PasswordLink { email, token: &token }).await?;
    transaction.commit().await?;
    Ok(())
}

async fn made_lately(connection: &mut PgConnection, identity: IdentityId) -> Result<i64> {
    let made = sqlx::query_scalar!(
        r#"select count(*) as "count!" from password_links
           where identity_id = $1 and created_at > $2"#,
        identity as _,
        clock::now() - Duration::HOUR,
    );
    Ok(made.fetch_one(connection).await?)
}

async fn insert(connection: &mut PgConnection, identity: IdentityId) -> Result<Secret> {
    let (token, now) = (Secret::token(), clock::now());
    sqlx::query!(
        "insert into password_links (token_digest, identity_id, created_at, expires_at)
         values ($1, $2, $3, $4)",
        token.digest(),
        identity as _,
        now,
        now + GOOD_FOR,
    )
    .execute(connection)
    .await?;
    Ok(token)
}

/// The address of the person whom a link is for.
///
/// # Errors
/// [`Error::NotFound`] when it was used, has expired or never was.
pub async fn find(pool: &PgPool, token: &Secret) -> Result<String> {
    let email = sqlx::query_scalar!(
        "select i.email from password_links l join identities i on i.id = l.identity_id
         where l.token_digest = $1 and l.used_at is null and l.expires_at > $2",
        token.digest(),
        clock::now(),
    );
    email.fetch_optional(pool).await?.ok_or(Error::NotFound)
}

/// Uses a link up: sets the password and ends every signing in there was.
///
/// # Errors
/// [`Error::NotFound`] when it was used, has expired or never was.
pub async fn redeem(pool: &PgPool, token: &Secret, password: &Password) -> Result<IdentityId> {
    let hashed = password.hash().await;
    let mut transaction = pool.begin().await?;
    let identity = sqlx::query_scalar!(
        r#"update password_links set used_at = $2
           where token_digest = $1 and used_at is null and expires_at > $2
           returning identity_id as "identity_id: IdentityId""#,
        token.digest(),
        clock::now(),
    )
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(Error::NotFound)?;
    identities::set_password(&mut transaction, identity, &hashed).await?;
    sign_ins::revoke_all(&mut *transaction, identity, None).await?;
    transaction.commit().await?;
    Ok(identity)
}
