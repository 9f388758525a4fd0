//! Who wants letters about what they have not read.

use sqlx::PgPool;

use crate::domain::Result;
use crate::values::clock;
use crate::values::id::{AccountId, UserId};

/// Whether somebody wants letters: whoever has not said otherwise does.
///
/// # Errors
/// A database that fails.
pub async fn wants_letters(pool: &PgPool, account: AccountId, user: UserId) -> Result<bool> {
    let refused = sqlx::query_scalar!(
        r#"select exists (select from letter_refusals
               where account_id = $1 and user_id = $2) as "refused!""#,
        account as _,
        user as _,
    );
    Ok(!refused.fetch_one(pool).await?)
}

/// Says whether somebody wants letters from now on. Saying so twice is no error.
///
/// # Errors
/// A database that fails.
pub async fn choose(
    pool: &PgPool,
    account: AccountId,
    user: UserId,
    wants_letters: bool,
) -> Result<()> {
    if wants_letters {
        sqlx::query!(
            "delete from letter_refusals where account_id = $1 and user_id = $2",
            account as _,
            user as _,
        )
        .execute(pool)
        .await?;
    } else {
        sqlx::query!(
            "insert into letter_refusals (account_id, user_id, created_at) values ($1, $2, $3)
             on conflict do nothing",
            account as _,
            user as _,
            clock::now(),
        )
        .execute(pool)
        .await?;
    }
    Ok(())
}
