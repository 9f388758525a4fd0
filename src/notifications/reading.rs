//! Reading notices.

use sqlx::PgPool;

use crate::domain::{Actor, Result};
use crate::values::clock;
use crate::values::id::CardId;

/// Somebody opened a card: what happened to it is read.
///
/// # Errors
/// A database that fails.
pub async fn read_card(pool: &PgPool, actor: &Actor, card: CardId) -> Result<()> {
    sqlx::query!(
        "update notifications set unread = 0, read_at = $4
         where account_id = $1 and user_id = $2 and card_id = $3 and read_at is null",
        actor.account.id as _,
        actor.user_id as _,
        card as _,
        clock::now(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Somebody has read all of their notices.
///
/// # Errors
/// A database that fails.
pub async fn read_all(pool: &PgPool, actor: &Actor) -> Result<()> {
    sqlx::query!(
        "update notifications set unread = 0, read_at = $3
         where account_id = $1 and user_id = $2 and read_at is null",
        actor.account.id as _,
        actor.user_id as _,
        clock::now(),
    )
    .execute(pool)
    .await?;
    Ok(())
}
