//! Who wants the head of the account’s log by mail, and how often. It is a preference and no event.

use sqlx::PgPool;
use time::OffsetDateTime;

use crate::domain::{Actor, Result};
use crate::values::id::{AccountId, UserId};
use crate::values::{Every, clock};

/// What an owner has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// How often.
    pub every: Every,
    /// When the next one is due.
    pub due_at: OffsetDateTime,
}

/// What an owner has chosen; none: no head comes to them.
///
/// # Errors
/// [`crate::domain::Error::Forbidden`] for those who are no owners; a database that fails.
pub async fn chosen(pool: &PgPool, actor: &Actor) -> Result<Option<Choice>> {
    actor.may_own()?;
    let choice = sqlx::query_as!(
        Choice,
        r#"select every as "every: Every", due_at from head_letters
           where account_id = $1 and user_id = $2"#,
        actor.account.id as _,
        actor.user_id as _,
    );
    Ok(choice.fetch_optional(pool).await?)
}

/// Says how often the head comes to an owner from now on, the first one at once; none: never. What
/// they have chosen already goes on as it does.
///
/// # Errors
/// [`crate::domain::Error::Forbidden`] for those who are no owners; a database that fails.
pub async fn choose(pool: &PgPool, actor: &Actor, every: Option<Every>) -> Result<()> {
    actor.may_own()?;
    let Some(every) = every else { return stop(pool, actor.account.id, actor.user_id).await };
    sqlx::query!(
        "insert into head_letters as letters (account_id, user_id, every, chosen_at, due_at)
         values ($1, $2, $3, $4, $4)
         on conflict (account_id, user_id) do update
         set every = excluded.every, chosen_at = excluded.chosen_at, due_at = excluded.due_at
         where letters.every <> excluded.every",
        actor.account.id as _,
        actor.user_id as _,
        every.as_str(),
        clock::now(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// No head comes to somebody any more.
///
/// # Errors
/// A database that fails.
pub async fn stop(pool: &PgPool, account: AccountId, user: UserId) -> Result<()> {
    sqlx::query!(
        "delete from head_letters where account_id = $1 and user_id = $2",
        account as _,
        user as _,
    )
    .execute(pool)
    .await?;
    Ok(())
}
