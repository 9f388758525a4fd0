//! Reading notices, and telling the open pages of whoever has read some.

use std::fmt;
use std::str::FromStr;

use sqlx::PgPool;
use uuid::Uuid;

use crate::db::notify;
use crate::domain::{Actor, Result};
use crate::values::id::{AccountId, CardId, EndpointId, UserId};
use crate::values::{Invalid, clock};

/// Somebody has read some of their notices: all of their open pages, in whatever process, count
/// fewer from now on. Sent on [`notify::READINGS`] as `<account>/<user>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reading {
    /// The account.
    pub account_id: AccountId,
    /// Who has read.
    pub user_id: UserId,
}

/// Somebody opened a card: what happened to it is read.
///
/// # Errors
/// A database that fails.
pub async fn read_card(pool: &PgPool, actor: &Actor, card: CardId) -> Result<()> {
    read_of(pool, actor, card.uuid()).await
}

/// Somebody opened the page of a webhook endpoint: what happened to it is read.
///
/// # Errors
/// A database that fails.
pub async fn read_endpoint(pool: &PgPool, actor: &Actor, endpoint: EndpointId) -> Result<()> {
    read_of(pool, actor, endpoint.uuid()).await
}

async fn read_of(pool: &PgPool, actor: &Actor, subject: Uuid) -> Result<()> {
    let read = sqlx::query!(
        "update notifications set unread = 0, read_at = $4, letter_due_at = null
         where account_id = $1 and user_id = $2 and subject_id = $3 and read_at is null",
        actor.account.id as _,
        actor.user_id as _,
        subject,
        clock::now(),
    )
    .execute(pool)
    .await?;
    tell(pool, actor, read.rows_affected()).await;
    Ok(())
}

/// Somebody has read all of their notices.
///
/// # Errors
/// A database that fails.
pub async fn read_all(pool: &PgPool, actor: &Actor) -> Result<()> {
    let read = sqlx::query!(
        "update notifications set unread = 0, read_at = $3, letter_due_at = null
         where account_id = $1 and user_id = $2 and read_at is null",
        actor.account.id as _,
        actor.user_id as _,
        clock::now(),
    )
    .execute(pool)
    .await?;
    tell(pool, actor, read.rows_affected()).await;
    Ok(())
}

/// Sends the hint if anything was unread before; most pages that are opened change nothing.
async fn tell(pool: &PgPool, actor: &Actor, read: u64) {
    if read == 0 {
        return;
    }
    let reading = Reading { account_id: actor.account.id, user_id: actor.user_id };
    if let Err(error) = notify::hint(pool, notify::READINGS, &reading.to_string()).await {
        tracing::debug!(%error, "a hint was not sent; a count falls when its page is next told");
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account_id, self.user_id)
    }
}

impl FromStr for Reading {
    type Err = Invalid;

    fn from_str(text: &str) -> std::result::Result<Self, Invalid> {
        let (account, user) =
            text.split_once('/').ok_or_else(|| Invalid::because("This names no reader."))?;
        Ok(Self { account_id: account.parse()?, user_id: user.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_reads_back_as_it_was_written() {
        let reading = Reading { account_id: AccountId::new(), user_id: UserId::new() };
        assert_eq!(reading.to_string().parse(), Ok(reading));
        for text in ["", "/", "a/b", "0"] {
            assert!(text.parse::<Reading>().is_err(), "{text:?} was taken for a reading");
        }
    }
}
